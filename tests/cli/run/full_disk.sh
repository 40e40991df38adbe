# A file that may not grow stands for a disk that is full: the old run stays.
gridclear run scenarios/01-merit-order -q -o run.h5 && cp run.h5 old.h5 || exit
(ulimit -f 8 && gridclear run scenarios/duck-curve -o run.h5)
status=$?
cmp run.h5 old.h5 && ls
exit $status
