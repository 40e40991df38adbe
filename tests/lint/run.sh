#!/bin/sh
# Lint: rules on the source text, headers that compile alone, format.
#     run.sh
# $CC and $CFLAGS compile the headers; $LINT_ROOT is the tree to look at (the repository).
set -u
here=$(cd "$(dirname "$0")" && pwd)
cd "${LINT_ROOT:-$here/../..}" || exit 1
files=$(find sim solver results bench tests -name '*.[ch]' ! -path 'tests/gates/*' \
    2>/dev/null | LC_ALL=C sort)
fault=0

awk -f "$here/source.awk" "$here/layers.txt" $files || fault=1

named=$(find sim solver results bench tests \( -name '*.[ch]' -o -name '*.js' -o -name '*.py' \) \
    ! -path 'tests/gates/*' ! -path '*/python/*' 2>/dev/null | LC_ALL=C sort)
readmes=$(find sim solver results bench tests -name README.md ! -path 'tests/gates/*' \
    ! -path '*/python/*' 2>/dev/null)
[ -z "$readmes" ] || awk -f "$here/named.awk" $readmes $named || fault=1

for h in $files; do
    case $h in *.c) continue ;; esac
    printf '#include "%s"\nextern int stand_alone_;\n' "$h" |
        ${CC:-gcc} ${CFLAGS:--std=c11 -I.} -fsyntax-only -x c - || {
        echo "$h:1: does not compile alone"
        fault=1
    }
    guard=$(echo "$h" | tr 'a-z/.' 'A-Z__')
    grep -q "^#ifndef $guard\$" "$h" || {
        echo "$h:1: the guard is the path in capitals, $guard"
        fault=1
    }
done

if command -v clang-format >/dev/null && clang-format --version | grep -q 'version 14\.'; then
    scripts=$(find results/report -name '*.js' 2>/dev/null | LC_ALL=C sort)
    [ -z "$files" ] || clang-format --dry-run -Werror $files $scripts 2>&1 |
        awk -F: '/: error:/ && !seen[$1]++ { print $1 ":" $2 ": not formatted; run make format" }
            END { for (f in seen) exit 1 }' || fault=1
else
    echo "lint: format is not checked, clang-format 14 is not installed"
fi
[ $fault = 0 ] && echo "lint: clean"
exit $fault
