# Where the scenario says where its nodes are, the map believes it.
cp -r scenarios/02-congestion/. market && rm -rf market/expected
gridclear run market -q -o run.h5 && gridclear report run.h5 -o a.html && grep -o '"from":"[a-z]*"' a.html
printf 'node_id,longitude,latitude\n1,-121,38\n2,-120,38\n3,-120,37\n' >market/nodes.csv
gridclear run market -q -o run.h5 && gridclear report run.h5 -o a.html && grep -o '"from":"[a-z]*"' a.html
grep -o '"y":\[0,0,1000' a.html
