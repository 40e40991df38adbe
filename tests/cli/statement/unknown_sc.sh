gridclear run scenarios/01-merit-order -q -o run.h5 && gridclear statement run.h5 --sc SC_GAZ
