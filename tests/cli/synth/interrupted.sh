# A signal ends the making of a large network: status 130, the old file stays.
mkdir out && echo old >out/net.m || exit
gridclear synth --buses 300000 -o out/net.m &
sleep 0.2
kill -TERM $!
wait $!
status=$?
ls out && cat out/net.m
exit $status
