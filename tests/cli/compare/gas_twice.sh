gridclear run scenarios/duck-curve -o duck.h5 -q
gridclear run scenarios/what-if/gas-twice -o gas.h5 -q
gridclear compare duck.h5 duck.h5
echo "status $?"
gridclear compare duck.h5 gas.h5 duck.h5 --top 3
echo "status $?"
gridclear compare duck.h5 gas.h5 --json --tolerance 1e9
gridclear compare duck.h5 gas.h5 --stage real_time
