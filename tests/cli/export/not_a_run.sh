# Other files, and run files that were cut or changed, are refused with one message each.
gridclear export scenarios/duck-curve/nodes.csv lmp
gridclear run scenarios/01-merit-order -q -o run.h5 || exit
head -c 5000 run.h5 >cut.h5
gridclear export cut.h5 lmp
{ head -c 5000 run.h5; printf x; tail -c +5002 run.h5; } >changed.h5
cmp -s run.h5 changed.h5 || gridclear export changed.h5 lmp
