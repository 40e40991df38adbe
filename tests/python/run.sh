#!/bin/sh
# The Python package: its tests and tutorial under pytest, its types under mypy, and an
# installed copy imported from elsewhere. What is not installed is skipped with a word.
#     run.sh BUILD_FOLDER [PACKAGE_FOLDER]
# $GRIDCLEAR names the program. Last line: "N passed, M failed, K skipped".
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$1/python"
work=$(cd "$1/python" && pwd)
package=$(cd "${2:-$root/results/python}" && pwd)
passed=0 failed=0 skipped=0
export PYTHONDONTWRITEBYTECODE=1

python=$(for p in python3 /usr/bin/python3; do
    $p -c 'import pytest, xarray, pandas' 2>/dev/null && echo $p && break
done)
if [ -z "$python" ] || ! $python -c 'import h5netcdf' 2>/dev/null &&
    ! $python -c 'import netCDF4' 2>/dev/null; then
    echo "skip python: python3-pytest, python3-xarray or python3-h5netcdf is not installed"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi

# The number before a word of pytest's last line, "27 passed, 1 skipped in 3.9s".
count() {
    sed -n '$ s/.*[^0-9]*\b\([0-9][0-9]*\) '"$1"'.*/\1/p' "$work/pytest.log" | grep . || echo 0
}

(cd "$package" && $python -m pytest -rs) >"$work/pytest.log" 2>&1
status=$?
passed=$(count passed) failed=$(($(count failed) + $(count error))) skipped=$(count skipped)
[ $status = 0 ] || [ "$failed" != 0 ] || failed=1
[ "$failed" = 0 ] || cat "$work/pytest.log"
sed -n 's/^SKIPPED/skip python/p' "$work/pytest.log"

# step NAME COMMAND...: counts once.
step() {
    name=$1
    shift
    if "$@" >"$work/$name.log" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL python $name"
        sed 's/^/    /' "$work/$name.log"
    fi
}

types() {
    cd "$package" && mypy --cache-dir="$work/mypy"
}

# A copy is built, so that the build leaves nothing in the source.
installed() {
    rm -rf "$work/source" "$work/site" && mkdir -p "$work/source" &&
        cp -r "$package/pyproject.toml" "$package/README.md" "$package/src" "$work/source" &&
        $python -m pip install -q --no-deps --no-build-isolation --no-index --no-warn-script-location \
            --root-user-action=ignore --target "$work/site" "$work/source" &&
        cd / && PYTHONPATH=$work/site $python -c '
import gridclear, pathlib, sys
home = pathlib.Path(gridclear.__file__).parent
assert str(home).startswith(sys.argv[1]), home
assert (home / "py.typed").exists() and (home / "plot.py").exists()
assert gridclear.__version__ == open(sys.argv[2]).read().strip(), "VERSION and __version__"
' "$work/site" "$root/VERSION"
}

if command -v mypy >/dev/null; then
    step types types
else
    echo "skip python types: mypy is not installed"
    skipped=$((skipped + 1))
fi
if $python -c 'import setuptools, wheel, pip' 2>/dev/null; then
    step installed installed
else
    echo "skip python installed: python3-pip, python3-setuptools or python3-wheel is missing"
    skipped=$((skipped + 1))
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
