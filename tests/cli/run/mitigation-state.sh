# A load pocket with a battery through real time, mitigated in every run: two days at once, and
# the second from the state that the first left.
day() {
    cp -r scenarios/08-load-pocket "$1"
    rm -rf "$1/expected"
    sed -i "s/^trade_dates: .*/trade_dates: [$2]/" "$1/scenario.yaml"
    printf '  real_time: on\n  rt_mitigation: 2\n' >>"$1/scenario.yaml"
    sed -i '1s/$/,energy_max_mwh,initial_energy_mwh/; 2,$s/$/,,/' "$1/resources.csv"
    echo "S1,storage,SC_B,CITY,-10,10,40,20" >>"$1/resources.csv"
    echo "S1,energy,-10,10,85" >>"$1/energy_bids.csv"
    printf 'resource_id,hour_ending,available_mw,known_from_hour_ending\nF1,24,5,24\n' >"$1/real_time_availability.csv"
    shift 2
    gridclear run "$@"
}
day both "2026-01-15, 2026-01-16" both -q -o both.h5 --state-out both.csv || exit
day first "2026-01-15" first -q -o first.h5 --state-out first.csv || exit
day second "2026-01-16" second -q -o second.h5 --state-in first.csv --state-out second.csv || exit
cmp both.csv second.csv && echo "the same state"
for table in mitigation/test hour_ahead_mitigation/offer fifteen_minute_mitigation/test fifteen_minute_mitigation/offer \
    real_time_mitigation/test fifteen_minute/award real_time/lmp real_time/energy; do
    gridclear export both.h5 $table | grep ,2026-01-16, >a
    gridclear export second.h5 $table | grep ,2026-01-16, >b
    cmp a b && [ -s b ] && echo "the same $table"
done
gridclear explain both.h5 --stage fifteen_minute --resource A1 --at 2026-01-16/1 | grep lowered
