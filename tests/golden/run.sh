#!/bin/sh
# Golden tests: every scenarios/*/expected against what the program gives (see clear.sh).
#     run.sh BUILD_FOLDER [SCENARIOS_FOLDER]
# $GRIDCLEAR names the program. Last line: "N passed, M failed, K skipped".
set -u
cd "$(dirname "$0")/../.." || exit 1
here=tests/golden
. $here/clear.sh
build=$1
scenarios=${2:-scenarios}
passed=0 failed=0

# text NAME EXPECTED WORK: exact, glob, or (stderr only) empty.
text() {
    if [ -f "$2/$1.exact" ]; then
        diff -u "$2/$1.exact" "$3/$1"
    elif [ -f "$2/$1.glob" ]; then
        awk -f tests/cli/match.awk "$2/$1.glob" "$3/$1" || { cat "$3/$1"; return 1; }
    elif [ "$1" = stderr ] && [ -s "$3/$1" ]; then
        echo "nothing was expected on stderr:"
        cat "$3/$1"
        return 1
    fi
}

for expected in "$scenarios"/*/expected "$scenarios"/*/*/expected; do
    [ -d "$expected" ] || continue
    folder=${expected%/expected}
    work=$build/golden/$(basename "$folder")
    clear_scenario "$folder" "$work"
    want=0
    [ ! -f "$expected/exit" ] || want=$(cat "$expected/exit")
    {
        fault=0
        got=$(cat "$work/exit")
        [ "$got" = "$want" ] || { fault=1; echo "exit status $got, expected $want"; }
        text stdout "$expected" "$work" || fault=1
        text stderr "$expected" "$work" || fault=1
        for table in "$expected"/*.csv; do
            [ -f "$table" ] || continue
            awk -f $here/csv.awk -f $here/compare.awk "$table" "$work/$(basename "$table")" || fault=1
        done
    } >"$work/fault"
    if [ $fault = 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL golden $folder"
        sed 's/^/    /' "$work/fault"
    fi
done
echo "$passed passed, $failed failed, 0 skipped"
[ $failed = 0 ]
