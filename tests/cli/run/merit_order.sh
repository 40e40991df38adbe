gridclear run scenarios/01-merit-order -o run.h5 && test -s run.h5 && ls
