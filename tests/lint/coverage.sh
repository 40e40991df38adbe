#!/bin/sh
# Coverage of each source file from the counts that the tests left.
#     coverage.sh BUILD_FOLDER SOURCE...
# Walks the sources, not the data: a file that no test links counts as 0 %.
set -u
build=$1
shift
for src; do
    gcov --no-output --branch-probabilities --object-directory "$build/$(dirname "$src")" \
        "$src" 2>/dev/null |
        awk -v src="$src" -v size="$(grep -c ';$' "$src")" '
            $1 == "File" { mine = index($0, "\047" src "\047") }
            mine && /^Lines executed/ { split($0, w, /[:% ]+/); line = w[3]; lines = w[5] }
            mine && /^Branches executed/ { split($0, w, /[:% ]+/); branches = w[5] }
            mine && /^Taken at least once/ { split($0, w, /[:% ]+/); branch = w[5] }
            END {
                if (!lines) lines = size
                printf "%s %d %.1f %d %.1f\n", src, lines, line, branches, branch
            }'
done | awk '
    BEGIN { printf "%-34s %7s %7s %9s %7s\n", "file", "lines", "%", "branches", "%" }
    {
        printf "%-34s %7d %7.1f %9d %7.1f\n", $1, $2, $3, $4, $5
        lines += $2; hit += $2 * $3; branches += $4; taken += $4 * $5
    }
    END {
        if (lines)
            printf "%-34s %7d %7.1f %9d %7.1f\n", "all", lines, hit / lines, branches,
                branches ? taken / branches : 0
    }'
