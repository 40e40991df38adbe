#!/bin/sh
# The measuring tools still work, and the twin agrees: bench/README.md. No time is asserted.
#     run.sh BUILD_FOLDER
# Last line: "N passed, M failed, K skipped".
set -u
cd "$(dirname "$0")/../.." || exit 1
build=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0

# expect NAME COMMAND...
expect() {
    name=$1
    shift
    if "$@" >"$work/said" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL bench $name"
        sed 's/^/    /' "$work/said"
    fi
}

# agree INPUT [OPTION...]: the full form has an optimum, at the program's cost to 1e-4.
agree() {
    "$build/bench/full_form" "$@" >"$work/twin.json" || return 1
    tr ',{}' '\n' <"$work/twin.json" | awk -F'"' '
        { sub(/^: /, "", $3) }
        $2 == "status"        { optimal = $4 == "optimal" }
        $2 == "objective_usd" { twin = $3 + 0; n++ }
        $2 == "ours_usd"      { ours = $3 + 0; n++ }
        { print }
        END {
            off = twin - ours
            size = ours < 0 ? -ours : ours
            exit !(optimal && n == 2 && off <= 1e-4 * size && off >= -1e-4 * size)
        }'
}

# One row of the table: the cost of the twin stands beside ours and is the same.
table() {
    ROWS='^dispatch 02-congestion$' RUNS=1 CASES='' PEERS=off BASE='' TWIN_SECONDS=60 \
        python3 bench/measure.py "$build" "${GRIDCLEAR:-$build/gridclear}" >"$work/table" || {
        cat "$work/table"
        return 1
    }
    cat "$work/table"
    awk '/^work / { for (k = 1; k <= NF; k++) at[$k] = k + 1; columns = NF + 1 }
        /^dispatch 02-congestion / {
            rows++
            good = NF == columns && $at["buses"] == 3 && $at["gap"] < 1e-6 &&
                $at["ratio"] ~ /^x/ && $at["differ"] < 1e-6 && $at["differ"] > -1e-6
        }
        END { exit !(rows == 1 && good) }' "$work/table"
}

# A day through all five market runs: codes of each of them, and seconds of each stage.
five_runs() {
    ROWS='^day duck-curve-rt$' RUNS=1 CASES='' PEERS=off BASE='' \
        python3 bench/measure.py "$build" "${GRIDCLEAR:-$build/gridclear}" >"$work/table" || {
        cat "$work/table"
        return 1
    }
    cat "$work/table"
    awk '/^work .* real_s/ { columns = NF + 1 }
        /^day duck-curve-rt / { rows++; good = NF == columns && $3 > 10 && $4 > 7000 && $7 > 0 }
        END { exit !(rows == 1 && good) }' "$work/table"
}

# The day that settlement is measured with has all codes that there are.
every_charge() {
    program=${GRIDCLEAR:-$build/gridclear}
    python3 bench/make_day.py scenarios/13-every-charge "$work/charges" 60 &&
        "$program" run "$work/charges" -o "$work/charges.h5" -q &&
        "$program" export "$work/charges.h5" statement -o "$work/charges.csv" || return 1
    for code in $("$program" schema --charges | sed -n 's/^  \([0-9][0-9]*\)  .*/\1/p'); do
        # of 4989 only where rounding leaves something
        grep -q ",$code," "$work/charges.csv" || [ "$code" = 4989 ] || {
            echo "no line of $code"
            return 1
        }
    done
}

expect 'the twin of a case' agree scenarios/02-congestion/network.m
expect 'the twin of a case, dual simplex' agree --method dual scenarios/02-congestion/network.m
expect 'the twin of a day with ramps and stores' agree scenarios/duck-curve
expect 'free MPS for others' "$build/bench/full_form" --write "$work/full.mps" \
    scenarios/02-congestion/network.m
expect 'which has a balance at each bus' grep -q '^ E ' "$work/full.mps"
expect 'a market out of a network' "$build/bench/make_scenario" \
    scenarios/02-congestion/network.m "$work/day"
expect 'and its twin' agree "$work/day"
expect 'the same with ancillary services' "$build/bench/make_scenario" \
    scenarios/02-congestion/network.m "$work/services" 0 services
expect 'and its twin' agree "$work/services"
if command -v python3 >/dev/null; then
    expect 'one row of the table' table
    expect 'a day through all five market runs' five_runs
    expect 'a day of many resources has every charge code' every_charge
else
    skipped=3
    echo 'skip bench one row of the table, a day of five runs, a day of many resources: python3 is not installed'
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
