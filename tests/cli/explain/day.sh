gridclear run scenarios/duck-curve -o run.h5 -q
gridclear explain run.h5 --node RIDGE_500 | sed -n '1,5p;20,$p'
gridclear explain run.h5 --resource BESS_BAYHEAD | sed -n '1,4p;20,$p'
gridclear explain run.h5 --resource SC_MERIDIAN:DLAP_SOUTH:demand | sed -n '20,24p'
gridclear explain run.h5 --resource BESS_BAYHEAD --at 21
gridclear explain run.h5 --resource BESS_BAYHEAD --at 12 | grep charging
gridclear explain run.h5 --at 10
gridclear explain run.h5 --node RIDGE_500 --at 20 --mw 1000 | sed -n '/^1,000/p;/^That/,/^The/p'
gridclear explain run.h5 --node RIDGE_500 --json | sed -n '1,14p'
gridclear explain run.h5 --resource BESS_BAYHEAD --json | sed -n '1,13p'
