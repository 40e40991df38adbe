# Found before any work is done.
gridclear run scenarios/duck-curve -o no/such/folder/run.h5
