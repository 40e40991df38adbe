# The first signal ends a long run at its next step: status 130, the old file stays.
cp -r scenarios/duck-curve long && mkdir out || exit
dates=$(awk 'BEGIN {
    for (m = 1; m <= 12; m++)
        for (d = 1; d <= 28; d++)
            printf "%s2026-%02d-%02d", (m + d > 2 ? ", " : ""), m, d
}')
sed -i "s/^trade_dates:.*/trade_dates: [$dates]/" long/scenario.yaml
# A zone without days of 23 hours, which would lack an hour that is bid for.
sed -i 's/^time_zone:.*/time_zone: America\/Phoenix/' long/scenario.yaml
echo old >out/run.h5
gridclear run long -o out/run.h5 --progress=never &
sleep 0.7
kill -TERM $!
wait $!
status=$?
ls out && cat out/run.h5
exit $status
