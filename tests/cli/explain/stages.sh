echo 'market: {real_time: on}' >real.yaml
gridclear run scenarios/duck-curve --override real.yaml -o run.h5 -q
gridclear explain run.h5 --stage real_time --node RIDGE_500 --at 20:15
gridclear explain run.h5 --stage real_time --resource CT_BORDER --at 20:15
gridclear explain run.h5 --stage fifteen_minute --bid PDR_CANAL --at 20:30
gridclear compare run.h5 run.h5 --stage real_time
gridclear explain run.h5 --stage real_time | sed -n 's/^  explain .* --node .*/gridclear &/p' >question.sh
cat question.sh
sh ./question.sh | sed -n 1p
gridclear explain run.h5 --bid CC_DELTA --at 20
