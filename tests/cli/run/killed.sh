# Killed at any moment, a run leaves the old file or the new one, and the next run works.
gridclear run scenarios/01-merit-order -q -o old.h5 || exit
gridclear run scenarios/duck-curve -q -o new.h5 || exit
for ms in 00 01 02 03 04 05 06 07 08 09 10 11 12 15 20; do
    cp old.h5 run.h5
    gridclear run scenarios/duck-curve -q -o run.h5 &
    sleep 0.$ms
    kill -KILL $! 2>/dev/null
    wait $! 2>/dev/null
    cmp -s run.h5 old.h5 || cmp -s run.h5 new.h5 || echo "after 0.$ms s: neither"
done
gridclear run scenarios/duck-curve -q -o run.h5 && cmp run.h5 new.h5
ls
