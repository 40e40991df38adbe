# A unit that the fifteen-minute market started is on over midnight: two days at once, and the
# second from the state that the first left, to the minute.
day() {
    cp -r scenarios/18-fast-start "$1"
    rm -rf "$1/expected"
    sed -i "s/^trade_dates: .*/trade_dates: [$2]/" "$1/scenario.yaml"
    {
        echo node_id,trade_date,hour_ending,minute,load_mw
        for minute in 45 50 55; do
            echo "CITY,2026-04-15,24,$minute,155"
        done
        echo CITY,2026-04-16,5,,155
    } | grep -E "load_mw|$(echo "$2" | sed 's/, /|/')" >"$1/real_time_load.csv"
    shift 2
    gridclear run "$@"
}
day both "2026-04-15, 2026-04-16" both -q -o both.h5 --state-out both.csv || exit
day first "2026-04-15" first -q -o first.h5 --state-out first.csv || exit
day second "2026-04-16" second -q -o second.h5 --state-in first.csv --state-out second.csv || exit
cat first.csv
cmp both.csv second.csv && echo "the same state"
for table in day_ahead/award fifteen_minute/award fifteen_minute/on fifteen_minute/start_cost \
    fifteen_minute/min_load_cost real_time/award real_time/lmp; do
    gridclear export both.h5 $table | grep ,2026-04-16, >a
    gridclear export second.h5 $table | grep ,2026-04-16, >b
    cmp a b && [ -s b ] && echo "the same $table"
done
gridclear export both.h5 fifteen_minute/on | grep "2026-04-16,1,PEAKER"
sed 's/,15$/,17/' first.csv >bad.csv
gridclear run second -q -o bad.h5 --state-in bad.csv
echo "exit $?"
