gridclear run scenarios/01-merit-order -q -o run.h5 || exit
gridclear export run.h5 statement | head -n 2
gridclear export run.h5 credit/account --format text | head -n 1
gridclear export run.h5 sc --format xml | head -n 3
gridclear export run.h5 lmp -o lmp.json --format=json && head -c 1 lmp.json && ls
