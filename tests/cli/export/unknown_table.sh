gridclear run scenarios/01-merit-order -q -o run.h5 && gridclear export run.h5 prices
