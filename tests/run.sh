#!/bin/sh
# Run tests and add them up.
#     run.sh BUILD_FOLDER plain|asan|valgrind ITEM...
# An ITEM is a Criterion binary, or a script whose last line is "N passed, M failed, K
# skipped". All of them run, whatever happens, as many at once as there are processors ($LANES);
# what fails is shown in full, in the order of the items, the rest is silent (V=1: one line
# each). Last line: "N passed, M failed, K skipped". Status 1 if anything failed.
#
# asan, valgrind: Criterion drops the exit status of its workers, so a leak would pass.
# Reports therefore go to files, and a file that is not empty is one failure.
#
# Items share nothing: each is a run of this script of its own, --item, which leaves in
# STEM.count what it counted, in STEM.said what is to be shown and in STEM.skipped what it left out.
set -u

# stem ITEM: where what is known of it lies.
stem() {
    echo "$out/$(echo "${1#"$build"/}" | tr / _)"
}

# note NAME PASSED FAILED SKIPPED LOG
note() {
    passed=$((passed + $2)) failed=$((failed + $3)) skipped=$((skipped + $4))
    if [ "$3" != 0 ]; then
        echo "FAIL $1: $2 passed, $3 failed, $4 skipped"
        [ ! -f "$5" ] || sed 's/^/    /' "$5"
    elif [ -n "${V:-}" ]; then
        echo "ok   $1: $2 passed, $3 failed, $4 skipped"
    fi
}

# binary ITEM: counts come from the TAP report; a plan that was not fulfilled is a failure.
binary() {
    name=${1#"$build"/}
    if [ ! -x "$1" ]; then
        echo "it was not built" >"$at.log"
        note "$name" 0 1 0 "$at.log"
        return
    fi
    # Criterion now and then waits for ever for a worker that has ended (one run in hundreds,
    # with sanitizers): what does not end in time gets a second chance. A test that hangs
    # by itself hangs again.
    for try in first second; do
        timeout -k 10 400 $under "$1" --color=never --tap="$at.tap" >"$at.log" 2>&1 </dev/null
        status=$?
        [ $status = 124 ] || break
        echo "$name: no end after 400 s, $try try"
    done
    set -- $(awk -v status=$status '
        /^1\.\.[0-9]/ { plan = substr($1, 4) + 0; planned = 1 }
        /^ok.*# SKIP/ { skipped++; next }
        /^ok/         { passed++ }
        /^not ok/     { failed++ }
        END {
            lost = plan - passed - failed - skipped
            if (lost > 0) failed += lost
            if (!planned || (status != 0 && failed == 0)) failed++
            print passed + 0, failed + 0, skipped + 0
        }' "$at.tap" 2>/dev/null || echo 0 1 0)
    grep -h '# SKIP' "$at.tap" 2>/dev/null | sed "s|^ok - |skip $name: |; s|  *# SKIP|:|" \
        >"$at.skipped"
    note "$name" "$1" "$2" "$3" "$at.log"
}

# script ITEM
script() {
    "$1" "$build" >"$at.log" 2>&1 </dev/null
    status=$?
    set -- "$1" $(awk -v status=$status '
        { last = $0 }
        END {
            if (split(last, w, /[ ,]+/) != 6 || w[2] != "passed") print 0, 1, 0
            else if (status != 0 && w[3] == 0) print w[1], 1, w[5]
            else print w[1], w[3], w[5]
        }' "$at.log")
    grep '^skip ' "$at.log" >"$at.skipped"
    note "$1" "$2" "$3" "$4" "$at.log"
}

# run_item ITEM
run_item() {
    at=$(stem "$1") passed=0 failed=0 skipped=0
    reports=$at.reports
    mkdir -p "$reports"
    case $reports in /*) root= ;; *) root=$(pwd)/ ;; esac
    under=
    case $mode in
    asan)
        export ASAN_OPTIONS="log_path=$root$reports/r:detect_leaks=1:${ASAN_OPTIONS:-}"
        export UBSAN_OPTIONS="log_path=$root$reports/u:print_stacktrace=1:${UBSAN_OPTIONS:-}"
        export LSAN_OPTIONS="print_suppressions=0:${LSAN_OPTIONS:-}"
        ;;
    valgrind)
        under="valgrind --quiet --trace-children=yes --leak-check=full
            --log-file=$root$reports/%p.log"
        ;;
    esac
    case $1 in
    *.sh) script "$1" ;;
    *) binary "$1" ;;
    esac
    for report in "$reports"/*; do
        [ ! -s "$report" ] || note "$1 under $mode" 0 1 0 "$report"
    done
    echo "$passed $failed $skipped" >"$at.count"
}

if [ "$1" = --item ]; then
    build=$2 mode=$3 out=$2/run-$3
    run_item "$4" >"$(stem "$4").said" 2>&1
    exit 0
fi

build=$1 mode=$2
shift 2
out=$build/run-$mode
rm -rf "$out"
mkdir -p "$out"
# One thread: the same sums in the same order on every machine.
export OPENBLAS_NUM_THREADS=1
printf '%s\n' "$@" | xargs -n 1 -P "${LANES:-$(nproc)}" "$0" --item "$build" "$mode"

passed=0 failed=0 skipped=0
for item; do
    at=$(stem "$item")
    cat "$at.said"
    read -r p f k <"$at.count" || p=0 f=1 k=0
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + k))
done
cat "$out"/*.skipped 2>/dev/null
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
