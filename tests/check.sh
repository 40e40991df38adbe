#!/bin/sh
# What CI runs: every gate, even if an earlier one failed. A gate that only says yes or no
# counts as one test. Output of a gate is shown when it fails (V=1: always).
#     MAKE=make check.sh
# Last line: "N passed, M failed, K skipped".
set -u
cd "$(dirname "$0")/.." || exit 1
mkdir -p build/check
passed=0 failed=0 skipped=0

# gate NAME COMMAND...
gate() {
    name=$1
    shift
    start=$(date +%s)
    "$@" >"build/check/$name.log" 2>&1 </dev/null
    status=$?
    # A gate that ends with a sum adds its parts, any other counts once.
    set -- $(awk -v status=$status '
        /^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$/ { split($0, w, /[ ,]+/); sum = 1 }
        END {
            if (!sum)
                print (status == 0), (status != 0), 0
            else
                print w[1], w[3] + (status != 0 && w[3] == 0), w[5]
        }' "build/check/$name.log")
    passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
    if [ "$2" = 0 ]; then verdict=ok; else verdict=FAILED; fi
    printf '%-12s %-6s %5d passed, %d failed, %d skipped (%d s)\n' "$name" $verdict \
        "$1" "$2" "$3" $(($(date +%s) - start))
    if [ $verdict = FAILED ] || [ -n "${V:-}" ]; then
        sed 's/^/    /' "build/check/$name.log"
    else
        grep '^skip ' "build/check/$name.log" | sed 's/^/    /'
    fi
}

make=${MAKE:-make}
gate lint $make --no-print-directory lint
gate gcc $make --no-print-directory CC=gcc all build-tests
if command -v clang >/dev/null; then
    gate clang $make --no-print-directory CC=clang all build-tests
else
    echo "skip clang: not installed"
    skipped=$((skipped + 1))
fi
gate test $make --no-print-directory test
gate large $make --no-print-directory large-test
gate python $make --no-print-directory python-test
gate report $make --no-print-directory report-test
gate install $make --no-print-directory install-test
gate package $make --no-print-directory deb
gate asan $make --no-print-directory asan
gate valgrind $make --no-print-directory valgrind
gate check-gates $make --no-print-directory check-gates
gate fuzz $make --no-print-directory fuzz "FUZZ_SECONDS=${FUZZ_SECONDS:-10}"
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
