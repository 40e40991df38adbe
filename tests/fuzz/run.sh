#!/bin/sh
# Run each fuzz target for a while from a copy of its corpus, so that the tree stays clean.
#     run.sh SECONDS TARGET...
# FUZZ_SEED (default 1) starts the generator, so that two runs begin alike.
# A crashing input stays in build/fuzz/TARGET/crash-*. Last line: "N passed, M failed, 0
# skipped".
set -u
seconds=$1
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
passed=0 failed=0
export OPENBLAS_NUM_THREADS=1
for target; do
    name=$(basename "$target")
    work=$root/build/fuzz/$name
    mkdir -p "$work/corpus"
    [ ! -d "$root/tests/fuzz/corpus/$name" ] ||
        find "$root/tests/fuzz/corpus/$name" -type f -exec cp {} "$work/corpus/" \;
    set -- -seed="${FUZZ_SEED:-1}" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -artifact_prefix="$work/"
    [ ! -f "$root/tests/fuzz/$name.dict" ] || set -- "$@" -dict="$root/tests/fuzz/$name.dict"
    if "$root/$target" "$@" "$work/corpus" >"$work/log" 2>&1; then
        passed=$((passed + 1))
        [ -z "${V:-}" ] || tail -n 1 "$work/log"
    else
        failed=$((failed + 1))
        echo "FAIL fuzz $name: see build/fuzz/$name/log and the input beside it"
        tail -n 40 "$work/log" | sed 's/^/    /'
    fi
done
echo "$passed passed, $failed failed, 0 skipped"
[ $failed = 0 ]
