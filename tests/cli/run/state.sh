# Two days at once, and the second from the state that the first left: the same.
day() {
    cp -r scenarios/duck-curve "$1"
    sed -i "s/^trade_dates: .*/trade_dates: [$2]/" "$1/scenario.yaml"
    echo "  real_time: on" >>"$1/scenario.yaml"
    cat >"$1/commitment.csv" <<EOF
resource_id,min_up_h,min_down_h,start_cost_usd,min_load_usd_per_h,initial_h
CC_PORT,4,4,3000,1500,
CC_DELTA,6,6,4000,1800,
EOF
    cat >"$1/real_time_availability.csv" <<EOF
resource_id,hour_ending,minute,available_mw,known_from_hour_ending,known_from_minute
CC_REFINERY,24,,0,24,20
SOLAR_CANYON,12,,100,,
EOF
    shift 2
    gridclear run "$@"
}
day both "2026-04-15, 2026-04-16" both -q -o both.h5 --state-out both.csv || exit
day first "2026-04-15" first -q -o first.h5 --state-out first.csv || exit
day second "2026-04-16" second -q -o second.h5 --state-in first.csv --state-out second.csv || exit
cmp both.csv second.csv && echo "the same state"
for table in day_ahead/award day_ahead/on day_ahead/lmp hour_ahead/block fifteen_minute/award \
    fifteen_minute/lmp real_time/award real_time/energy real_time/lmp; do
    gridclear export both.h5 $table | grep 2026-04-1[67] | grep -v 2026-04-15, >a
    gridclear export second.h5 $table | grep 2026-04-1[67] >b
    cmp a b && [ -s b ] && echo "the same $table"
done
head -1 second.csv
sed 's/^BESS_ALKALI,2026-04-15,0,0,.*/BESS_ALKALI,2026-04-15,0,0,1e6/; /^CC_PORT/d' first.csv >bad.csv
gridclear run second -q -o bad.h5 --state-in bad.csv
echo "exit $?"
test -e bad.h5 || echo "nothing written"
