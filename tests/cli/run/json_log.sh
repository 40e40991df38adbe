# A log of JSON objects, one per line, on standard error: stages, days, how it ended; faults
# and errors, too.
sed 's/2026-01-15/2026-01-15, 2026-01-16/' scenarios/01-merit-order/scenario.yaml >scenario.yaml
cp -r scenarios/01-merit-order market && mv scenario.yaml market/ || exit
gridclear run market -q -o run.h5 --json-log 2>&1 | sed 's/"seconds":[0-9.]*,//; s/,"seconds_left":[0-9.]*//'
gridclear run nowhere -o run.h5 --json-log 2>&1 | sed 's/"seconds":[0-9.]*,//'
gridclear run scenarios/bad-values -o run.h5 --json-log 2>&1 | sed -n '2p;$p'
