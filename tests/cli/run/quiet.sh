# Nothing is said when all is well.
gridclear run scenarios/01-merit-order -q --output=run.h5 && test -s run.h5
