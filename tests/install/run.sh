#!/bin/sh
# Installation into a folder of its own: what is there afterwards, manual pages that man and
# mandoc read without a word, completion in a real bash, zsh and fish, and nothing left after
# uninstall. What is not installed here is skipped with a word.
#     run.sh BUILD_FOLDER
# $GRIDCLEAR names the program. Last line: "N passed, M failed, K skipped".
set -u
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.." || exit 1
mkdir -p "$1/install"
work=$(cd "$1/install" && pwd)
to=$work/to
passed=0 failed=0 skipped=0
rm -rf "$to"

# expect WHAT COMMAND...: counts once; shows what the command said when it fails.
expect() {
    what=$1
    shift
    if "$@" >"$work/log" 2>&1 </dev/null; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL install: $what"
        sed 's/^/    /' "$work/log"
    fi
}

skip() {
    skipped=$((skipped + 1))
    echo "skip install $1"
}

files() {
    cd "$to" && find . -type f | LC_ALL=C sort
}

silent() {
    "$@" >"$work/said" 2>&1
    status=$?
    cat "$work/said"
    [ $status = 0 ] && [ ! -s "$work/said" ]
}

# A page in the form that man gives to groff, which says what it stumbles over.
read_page() {
    silent sh -c 'LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -l "$1" 2>&1 >/dev/null' sh "$1"
}

make="make --no-print-directory PREFIX=/opt/g PYTHONDIR=/opt/g/lib/python DESTDIR=$to"
expect "make install" $make install
expect "make install-python" $make install-python
for file in bin/gridclear share/man/man1/gridclear.1 share/man/man1/gridclear-run.1 \
    share/man/man5/gridclear-run.5 share/man/man5/gridclear-scenario.5 \
    share/bash-completion/completions/gridclear share/zsh/site-functions/_gridclear \
    share/fish/vendor_completions.d/gridclear.fish share/doc/gridclear/LICENSE \
    lib/python/gridclear/run.py lib/python/gridclear/py.typed; do
    expect "$file is installed" test -f "$to/opt/g/$file"
done
expect "an installed scenario runs" "$to/opt/g/bin/gridclear" run -q -o "$work/run.h5" \
    "$to/opt/g/share/doc/gridclear/examples/scenarios/duck-curve"
expect "a what-if finds its base" "$to/opt/g/bin/gridclear" check \
    "$to/opt/g/share/doc/gridclear/examples/scenarios/what-if/line-lost"
expect "nothing outside of the prefix" sh -c '! (cd "$1" && find . -type f | grep -v "^./opt/g/")' \
    sh "$to"

# Every command has a page, every page names itself and every option of the help.
gridclear=$to/opt/g/bin/gridclear
for command in $("$gridclear" --help | sed -n '/^  help /q; s/^  \([a-z-]*\)  *[a-z].*/\1/p'); do
    page=$to/opt/g/share/man/man1/gridclear-$command.1
    expect "gridclear-$command(1) has every option" sh -c '
        test -s "$2" || exit
        for option in $("$1" "$3" --help | sed -n "s/^  .* --\([a-z0-9-]*\).*/\1/p"); do
            grep -q "$(echo "fB--$option" | sed "s/-/\\\\\\\\-/g")" "$2" || { echo "$option"; exit 1; }
        done' sh "$gridclear" "$page" "$command"
done
expect "gridclear-run(5) has the columns of the schema" sh -c '
    "$1" schema | sed -n "s/^  \([a-z_]*\) .*/\1/p" | sort -u | while read -r name; do
        grep -qx "\\\\fB$name\\\\fR" "$2" || { echo "$name"; exit 1; }
    done' sh "$gridclear" "$to/opt/g/share/man/man5/gridclear-run.5"

if command -v mandoc >/dev/null; then
    for page in "$to"/opt/g/share/man/man*/*; do
        expect "mandoc: ${page##*/}" silent mandoc -Tlint -W style "$page"
    done
else
    skip "mandoc: not installed"
fi
if command -v man >/dev/null && man --warnings --version >/dev/null 2>&1; then
    for page in "$to"/opt/g/share/man/man*/*; do
        expect "man: ${page##*/}" read_page "$page"
    done
else
    skip "man: not installed"
fi

for shell in bash zsh; do
    case $shell in
    bash) script=$to/opt/g/share/bash-completion/completions/gridclear ;;
    zsh) script=$to/opt/g/share/zsh/site-functions/_gridclear ;;
    esac
    if command -v python3 >/dev/null && command -v $shell >/dev/null; then
        expect "completion in $shell" timeout 100 python3 "$here/complete.py" $shell \
            "$to/opt/g/bin" "$script" "$work"
    else
        skip "$shell: $shell or python3 is not installed"
    fi
done
if command -v fish >/dev/null; then
    HOME=$work XDG_CONFIG_HOME=$work expect "completion in fish" timeout 100 fish --no-config \
        "$here/complete.fish" "$to/opt/g/share/fish/vendor_completions.d/gridclear.fish"
else
    skip "fish: not installed"
fi

expect "make uninstall" $make uninstall
files >"$work/left"
expect "nothing is left" sh -c 'cat "$1"; ! test -s "$1"' sh "$work/left"
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
