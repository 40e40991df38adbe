#!/bin/sh
# One table: work, size, seconds by stage (median of RUNS after one warm-up), peak memory.
# Usage: bench/measure.sh GRIDCLEAR MAKE_SCENARIO
set -eu
gridclear=$1 make_scenario=$2 runs=${RUNS:-5}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# field NAME < summary.json: a number of the summary, "-" if it has none.
field() { sed -n "s/^ *\"$1\": \([-0-9.e+]*\),\{0,1\}\$/\1/p" | head -n 1 | grep . || echo -; }
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# row LABEL COMMAND...: runs it, prints one line.
row() {
    label=$1
    shift
    "$@" >"$work/warm.json" 2>/dev/null || [ $? = 1 ] || {
        printf '%-34s failed\n' "$label"
        return 0
    }
    i=0
    rm -f "$work"/run.*
    while [ "$i" -lt "$runs" ]; do
        "$@" >"$work/run.$i" 2>/dev/null || [ $? = 1 ]
        i=$((i + 1))
    done
    printf '%-34s %7s %8s %6s %6s' "$label" "$(field buses <"$work/warm.json")" \
        "$(field columns <"$work/warm.json")" "$(field rows_added <"$work/warm.json")" \
        "$(field binding <"$work/warm.json")"
    for stage in read factor lp screen write total; do
        printf ' %7.3f' "$(for f in "$work"/run.*; do field "$stage" <"$f"; done | median)"
    done
    printf ' %7.0f\n' "$(for f in "$work"/run.*; do field peak_memory_mb <"$f"; done | median)"
}

echo "# $(uname -sm), $(nproc) processors, $("$gridclear" --version | head -n 1), median of $runs"
printf '%-34s %7s %8s %6s %6s %7s %7s %7s %7s %7s %7s %7s\n' work buses columns rows binding \
    'read_s' 'fact_s' 'lp_s' 'scrn_s' 'write_s' 'total_s' 'peak_MB'
row 'run duck-curve' "$gridclear" run scenarios/duck-curve -o "$work/run.h5" --json
[ -n "${CASES:-}" ] || {
    echo "# CASES is not set: public networks skipped"
    exit 0
}
for model in matpower pglib; do
    for case in matpower/case2383wp pglib/pglib_opf_case2853_sdet matpower/case2869pegase \
        matpower/case_ACTIVSg2000 pglib/pglib_opf_case6515_rte matpower/case9241pegase \
        matpower/case_ACTIVSg10k pglib/pglib_opf_case10000_goc matpower/case13659pegase; do
        [ -f "$CASES/$case.m" ] || continue
        row "dispatch ${case#*/} $model" "$gridclear" dispatch "$CASES/$case.m" \
            --dc-model "$model" -o "$work/run.h5" --json
    done
done
for case in pglib/pglib_opf_case1354_pegase matpower/case_ACTIVSg2000; do
    [ -f "$CASES/$case.m" ] || continue
    "$make_scenario" "$CASES/$case.m" "$work/day"
    row "run ${case#*/}, 24 h" "$gridclear" run "$work/day" -o "$work/run.h5" --json
    rm -rf "$work/day"
done
[ -f "$CASES/matpower/case13659pegase.m" ] || exit 0
"$make_scenario" "$CASES/matpower/case13659pegase.m" "$work/month" 31
bytes=$(wc -c <"$work/month/energy_bids.csv") lines=$(wc -l <"$work/month/energy_bids.csv")
/usr/bin/env time -f '%e %M' "$gridclear" check "$work/month" 2>"$work/time" >/dev/null || true
tail -n 1 "$work/time" | awk -v b="$bytes" -v n="$lines" \
    '{ printf "check, %.1f million bid rows: %.1f s, %.0f MB/s, peak %.0f MB\n", n / 1e6, $1, b / 1e6 / $1, $2 / 1024 }'
