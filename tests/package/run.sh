#!/bin/sh
# The Debian packages: built from the last commit in a folder of their own, without a fault that
# lintian calls one, and unpacked they run.
#     run.sh BUILD_FOLDER [CHECKOUT]
# Last line: "N passed, M failed, K skipped".
set -u
cd "$(dirname "$0")/../.." || exit 1
mkdir -p "$1"
work=$(cd "$1" && pwd)/package
cd "${2:-.}" || exit 1
version=$(cat VERSION)
passed=0 failed=0

for tool in git dpkg-buildpackage dh dh_python3 lintian; do
    command -v $tool >/dev/null && continue
    echo "skip package: $tool is not installed"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
done

# expect WHAT COMMAND...: counts once; shows what the command said when it fails.
expect() {
    what=$1
    shift
    if "$@" >"$work/log" 2>&1 </dev/null; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL package: $what"
        tail -n 40 "$work/log" | sed 's/^/    /'
    fi
}

# Neither compiler flags nor variants of the make that called are for the package.
build() {
    cd "$work/gridclear-$version" &&
        env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS -u CFLAGS -u LDFLAGS -u CC -u VARIANT \
            dpkg-buildpackage -us -uc
}

unpack() {
    for deb in "$work"/gridclear_"$version"_*.deb "$work"/python3-gridclear_"$version"_all.deb; do
        dpkg-deb -x "$deb" "$work/root" || return
    done
}

rm -rf "$work"
mkdir -p "$work"
git archive --prefix="gridclear-$version/" HEAD | tar -x -C "$work"
expect "VERSION and debian/changelog agree" \
    sh -c 'test "$1" = "$(dpkg-parsechangelog -S Version)"' sh "$version"
expect "dpkg-buildpackage" build
expect "lintian" sh -c 'lintian --allow-root --fail-on error,warning "$1"/*.changes' sh "$work"
expect "the packages unpack" unpack
expect "the program runs" "$work/root/usr/bin/gridclear" run -q -o "$work/run.h5" \
    "$work/root/usr/share/doc/gridclear/examples/scenarios/01-merit-order"
for file in man/man1/gridclear-run.1.gz man/man5/gridclear-run.5.gz \
    bash-completion/completions/gridclear zsh/vendor-completions/_gridclear \
    doc/gridclear/copyright; do
    expect "$file is there" test -f "$work/root/usr/share/$file"
done
if /usr/bin/python3 -c 'import xarray, h5netcdf' 2>/dev/null; then
    expect "the Python package reads what it wrote" \
        env PYTHONPATH="$work/root/usr/lib/python3/dist-packages" PYTHONDONTWRITEBYTECODE=1 \
        /usr/bin/python3 -c 'import gridclear, sys; gridclear.open(sys.argv[1]).lmp.values' \
        "$work/run.h5"
fi
echo "$passed passed, $failed failed, 0 skipped"
[ $failed = 0 ]
