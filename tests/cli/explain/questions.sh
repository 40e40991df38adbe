gridclear run scenarios/duck-curve -o run.h5 -q
gridclear explain run.h5 --node RIDGE_500 --at 'HE 20'
gridclear explain run.h5 --node TIE_NORTH --at 2026-04-16T03:00Z
gridclear explain run.h5 --node DLAP_NORTH --at 17 --mw -30
gridclear explain run.h5 --resource ST_BAYHEAD --at '2026-04-15 20'
gridclear explain run.h5 --resource LOAD_MERIDIAN_FLEX --at 20
gridclear explain run.h5 --resource CT_TIDEWAY --at 20
gridclear explain run.h5 --resource SC_GRANITE:TH_MIDSTATE:supply --at 20
gridclear explain run.h5 --bid CC_DELTA
gridclear explain run.h5 --infeasible
gridclear run scenarios/what-if/line-lost -o line.h5 -q
gridclear explain line.h5 --infeasible
gridclear explain line.h5 --node RIDGE_500 --at 20
gridclear run scenarios/08-load-pocket -o pocket.h5 -q
gridclear explain pocket.h5 --resource A1 --at 1
