#!/bin/sh
# Command-line tests: each tests/cli/TOPIC/CASE.sh runs in an empty folder of its own, with
# `gridclear` on the PATH, the repository in $ROOT and a link to its scenarios/. Beside it:
#     CASE.stdout.exact  or  CASE.stdout.glob     neither: stdout is free
#     CASE.stderr.exact  or  CASE.stderr.glob     neither: stderr must be empty
#     CASE.exit                                   absent: 0
# A case that ends with status 77 is skipped; its last line on stdout says why.
#     run.sh BUILD_FOLDER [CASES_FOLDER]
# $GRIDCLEAR names the program. Last line: "N passed, M failed, K skipped".
set -u
ROOT=$(cd "$(dirname "$0")/../.." && pwd)
export ROOT
cases=$(cd "${2:-$ROOT/tests/cli}" && pwd)
here=$ROOT/tests/cli
mkdir -p "$1/cli"
work=$(cd "$1/cli" && pwd)
PATH=$(dirname "$GRIDCLEAR"):$PATH
export PATH
passed=0 failed=0 skipped=0

# compare EXPECTED_STEM GOT: false, with the difference on stdout, if they differ.
compare() {
    if [ -f "$1.exact" ]; then
        diff -u "$1.exact" "$2"
    elif [ -f "$1.glob" ]; then
        awk -f "$here/match.awk" "$1.glob" "$2" || {
            echo "does not match $1.glob:"
            cat "$2"
            return 1
        }
    elif [ "${2##*.}" = stderr ] && [ -s "$2" ]; then
        echo "nothing was expected on stderr:"
        cat "$2"
        return 1
    fi
}

for case in "$cases"/*/*.sh; do
    [ -f "$case" ] || continue
    stem=${case%.sh}
    name=${stem#"$cases"/}
    dir=$work/$name
    rm -rf "$dir"
    mkdir -p "$dir/in"
    ln -s "$ROOT/scenarios" "$dir/in/scenarios"
    (cd "$dir/in" && timeout 300 sh -u "$case") >"$dir/out.stdout" 2>"$dir/out.stderr" </dev/null
    status=$?
    if [ $status = 77 ]; then
        skipped=$((skipped + 1))
        echo "skip cli $name: $(tail -n 1 "$dir/out.stdout")"
        continue
    fi
    want=0
    [ ! -f "$stem.exit" ] || want=$(cat "$stem.exit")
    {
        fault=0
        [ $status = "$want" ] || { fault=1; echo "exit status $status, expected $want"; }
        compare "$stem.stdout" "$dir/out.stdout" || fault=1
        compare "$stem.stderr" "$dir/out.stderr" || fault=1
    } >"$dir/fault"
    if [ $fault = 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL cli $name"
        sed 's/^/    /' "$dir/fault"
    fi
done
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
