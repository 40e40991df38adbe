[ -c /dev/full ] || { echo "no /dev/full"; exit 77; }
gridclear run scenarios/01-merit-order -q -o run.h5 || exit
gridclear export run.h5 lmp -o no/such/folder/lmp.csv
echo $?
gridclear export run.h5 lmp -o /dev/full
echo $?
gridclear export run.h5 lmp >/dev/full
