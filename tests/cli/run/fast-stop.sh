# A fast unit that the day before scheduled: real time stops it in an hour that turns out to need
# less, does not start it in another, and on the second day it is not there when it should start.
# Two days at once, and the second from the state that the first left.
day() {
    cp -r scenarios/18-fast-start "$1"
    rm -rf "$1/expected" "$1/real_time_bids.csv"
    sed -i "s/^trade_dates: .*/trade_dates: [$2]/" "$1/scenario.yaml"
    for hour in 18 19 20 24; do echo "TOWN,$hour,self_pt,0,150,"; done >>"$1/energy_bids.csv"
    {
        echo node_id,trade_date,hour_ending,load_mw
        for hour in 19 20 24; do echo "CITY,2026-04-15,$hour,110"; done
    } | grep -E "load_mw|$(echo "$2" | sed 's/, /|/')" >"$1/real_time_load.csv"
    case $2 in
    *2026-04-16*)
        echo resource_id,trade_date,hour_ending,available_mw,known_from_hour_ending,known_from_minute
        echo PEAKER,2026-04-16,18,0,18,5
        ;;
    *)
        echo resource_id,trade_date,hour_ending,available_mw
        echo SUN,2026-04-15,1,80
        ;;
    esac >"$1/real_time_availability.csv"
    shift 2
    gridclear run "$@"
}
day both "2026-04-15, 2026-04-16" both -q -o both.h5 --state-out both.csv || exit
day first "2026-04-15" first -q -o first.h5 --state-out first.csv || exit
day second "2026-04-16" second -q -o second.h5 --state-in first.csv --state-out second.csv || exit
cmp both.csv second.csv && echo "the same state"
for table in day_ahead/award fifteen_minute/award fifteen_minute/on fifteen_minute/start_cost \
    fifteen_minute/min_load_cost real_time/award real_time/lmp; do
    gridclear export both.h5 $table | grep ,2026-04-16, >a
    gridclear export second.h5 $table | grep ,2026-04-16, >b
    cmp a b && [ -s b ] && echo "the same $table"
done
gridclear export both.h5 day_ahead/on | grep "PEAKER,yes"
for table in on start_cost min_load_cost; do
    echo $table
    gridclear export both.h5 fifteen_minute/$table | grep "PEAKER,[-1-9y]"
done
gridclear statement both.h5 | grep -E "4515|SC_|6620"
for at in 2026-04-15/19 2026-04-17T00:30Z; do
    gridclear explain both.h5 --stage fifteen_minute --resource PEAKER --at $at | grep -E "had it on|to be on"
done
gridclear run both -o both.h5 | grep "fast units"
