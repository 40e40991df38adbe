mkdir run.h5 && gridclear run scenarios/01-merit-order -o run.h5
