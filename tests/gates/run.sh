#!/bin/sh
# Who tests the tests? Plant a leak and wrong expectations; every gate has to notice, and has
# to be content once the plant is gone. Needs build/{asan,debug}/tests/gates/planted_leak.
#     run.sh
set -u
cd "$(dirname "$0")/../.." || exit 1
work=build/gates
rm -rf $work
mkdir -p $work
passed=0 failed=0

# expect pass|fail WHAT COMMAND...
expect() {
    want=$1 what=$2
    shift 2
    if "$@" >$work/log 2>&1 </dev/null; then got=pass; else got=fail; fi
    if [ $got = $want ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL gate: $what: this should have been a $want"
        sed 's/^/    /' $work/log
    fi
}

# put FILE TEXT
put() {
    mkdir -p "$(dirname "$1")"
    printf '%b' "$2" >"$1"
}

leak=tests/gates/planted_leak
expect pass "a leak nobody looks for" tests/run.sh build/asan plain build/debug/$leak
expect fail "a leak under asan" tests/run.sh build/asan asan build/asan/$leak
expect fail "a leak under valgrind" tests/run.sh build/debug valgrind build/debug/$leak
expect fail "a test that was not built" tests/run.sh $work plain $work/no_such_test
expect fail "a test that does not exist" make test-no_such_test

# A report one of whose charts is not drawn, in a browser.
if command -v chromium >/dev/null && command -v python3 >/dev/null; then
    export GRIDCLEAR=$PWD/build/debug/gridclear REPORT_TESTS=case
    expect pass "a right report" tests/report/run.sh $work
    put $work/report_cut "#!/bin/sh\n'$GRIDCLEAR' \"\$@\" || exit\n"
    printf '[ "$1" != report ] || sed -i "s/durationLines(host, {/(() => {})(host, {/" "$4"\n' \
        >>$work/report_cut
    chmod +x $work/report_cut
    GRIDCLEAR=$PWD/$work/report_cut
    expect fail "a report without one of its curves" tests/report/run.sh $work
else
    echo "skip gate: reports: chromium or python3 is not installed"
fi

export GRIDCLEAR=$PWD/tests/gates/gridclear
cli=$work/cli_cases
put $cli/t/right.sh 'gridclear run a -o b\n'
put $cli/t/right.stdout.exact 'load served 100.0 MWh\n'
put $cli/t/globbed.sh 'gridclear run a -o b; echo x; gridclear refuse'
put $cli/t/globbed.stdout.glob 'load*[1]?0.? MWh\n...\n'
put $cli/t/globbed.stderr.glob "*:3:10: 'abc' is not*\n"
put $cli/t/globbed.exit 3
sed -i 's/\[1\]?0/?00/' $cli/t/globbed.stdout.glob
expect pass "right command-line cases" tests/cli/run.sh $work $cli
for wrong in 'right.stdout.exact load\n' 'right.exit 1' 'right.stderr.exact x\n' \
    'globbed.stdout.glob load*\n' 'globbed.stdout.glob ...\ny\n' 'globbed.stderr.glob b.csv*\n' \
    'globbed.exit 0'; do
    cp -r $cli $work/cli_wrong
    put "$work/cli_wrong/t/${wrong%% *}" "${wrong#* }"
    expect fail "command line: $wrong" tests/cli/run.sh $work $work/cli_wrong
    rm -r $work/cli_wrong
done
cp -r $cli $work/cli_wrong
rm $work/cli_wrong/t/globbed.stderr.glob
expect fail "command line: words on stderr" tests/cli/run.sh $work $work/cli_wrong

golden=$work/golden_cases
right='node,lmp_usd_per_mwh,amount_cents\nA,20,100\nB,-60,-100\n'
put $golden/one/expected/stdout.exact 'load served 100.0 MWh\n'
put $golden/one/expected/prices.csv "$right"
put $golden/two/expected/prices.csv 'amount_cents,node\n100,A\n-100,B\n'
put $golden/bad_three/expected/command refuse
put $golden/bad_three/expected/exit 3
put $golden/bad_three/expected/stderr.exact \
    "bids.csv:3:10: 'abc' is not a number; expected MW\n"
expect pass "right golden cases" tests/golden/run.sh $work $golden
for wrong in 'one/expected/prices.csv node,lmp_usd_per_mwh\nA,20.00001\nB,-60\n' \
    'one/expected/prices.csv node,lmp_usd_per_mwh\nA,20\n' \
    'one/expected/prices.csv node,lmp_usd_per_mwh\nA,20\nB,-60\nC,1\n' \
    'one/expected/prices.csv node,amount_cents\nA,100\nB,-101\n' \
    'one/expected/prices.csv node,amount_cents\nA,100.0000001\nB,-100\n' \
    'one/expected/prices.csv node,other_usd\nA,1\nB,2\n' 'one/expected/prices.csv ' \
    'one/expected/stdout.exact load\n' 'one/expected/exit 1' 'bad_three/expected/exit 0' \
    'bad_three/expected/stderr.exact bids.csv:3:11: x\n'; do
    cp -r $golden $work/golden_wrong
    put "$work/golden_wrong/${wrong%% *}" "${wrong#* }"
    expect fail "golden: $wrong" tests/golden/run.sh $work $work/golden_wrong
    rm -r $work/golden_wrong
done

# The Python package with a tutorial of one line, right and wrong.
if /usr/bin/python3 -c 'import pytest, xarray, h5netcdf' 2>/dev/null; then
    package=$work/python_package
    cp -r results/python $package
    rm $package/tests/*.py
    put $package/tests/test_one.py 'def test_one():\n    assert True\n'
    put $package/tutorial.md '    >>> 1 + 1\n    2\n'
    expect pass "a right Python package" tests/python/run.sh $work $package
    for wrong in 'tutorial.md     >>> 1 + 1\n    3\n' 'tests/test_one.py def test_one(:\n' \
        'src/gridclear/more.py x: int = "one"\n' 'src/gridclear/program.py import nobody\n'; do
        case $wrong in *more.py*) command -v mypy >/dev/null || continue ;; esac
        rm -rf $work/python_wrong
        cp -r $package $work/python_wrong
        put "$work/python_wrong/${wrong%% *}" "${wrong#* }"
        expect fail "python: $wrong" tests/python/run.sh $work $work/python_wrong
    done
fi

expect fail "a file installed in the wrong place" \
    env ZSHDIR=/opt/elsewhere GRIDCLEAR="$PWD/build/gridclear" tests/install/run.sh $work

# A package whose changelog has another version, and that does not build.
put $work/package_wrong/VERSION '9.9.9\n'
cp -r debian $work/package_wrong
if command -v dpkg-buildpackage >/dev/null && command -v lintian >/dev/null; then
    (cd $work/package_wrong && git init -q && git add -A && git -c user.name=g -c user.email=g@g.invalid \
        commit -qm wrong)
    expect fail "a package that does not build" tests/package/run.sh $work $work/package_wrong
fi

# One planted fault per rule of the lint, in a tree with one good file.
good=$work/good_source
export LINT_ROOT=$work/source
export CC="${CC:-gcc}" CFLAGS='-std=c11 -I.'
guarded='#ifndef SIM_BASE_BAD_H\n#define SIM_BASE_BAD_H\n'
put $good/.clang-format "$(cat .clang-format)\n"
put $good/sim/base/good.h '#ifndef SIM_BASE_GOOD_H\n#define SIM_BASE_GOOD_H\n\n#endif\n'
put $good/solver/good.c '/* good.c - system() and stdout. */\n#include "sim/base/good.h"\n'
put $good/results/README.md 'Of `named.h` and of `a_*.c`.\n'
plant() {
    rm -rf "$LINT_ROOT"
    cp -r $good "$LINT_ROOT"
    [ "$2" = nothing ] || put "$LINT_ROOT/$2" "$3"
    expect "$1" "lint: $2: $3" tests/lint/run.sh
}
plant pass nothing ''
plant pass results/named.c 'extern int x;\n'
plant pass results/a_b.c 'extern int x;\n'
plant fail results/other.c 'extern int x;\n'
plant fail sim/base/bad.c '#include "solver/lp.h"\n'
plant fail solver/bad.c '#include "results/schema.h"\n'
plant fail sim/clear/bad.c '#include "outcome.h"\n'
plant fail solver/bad.c '#include <hdf5.h>\n'
plant fail sim/app/bad.c '#include <glpk.h>\n'
plant fail sim/app/bad.c 'void f(char *s)\n{\n    system(s);\n}\n'
plant fail tests/unit/bad.c 'void f(char *s)\n{\n    strcpy(s, s);\n}\n'
plant fail solver/bad.c 'void f(void)\n{\n    printf("x");\n}\n'
plant fail solver/bad.c 'void f(void)\n{\n    fputs("x", stderr);\n}\n'
plant fail sim/admit/bad.c 'void f(void *p)\n{\n    free(p);\n}\n'
plant fail solver/bad.c '/* FIXME: later */\n'
plant fail solver/bad.c '/* TODO later */\n'
plant fail solver/bad.c "$(yes 'extern int x;' | head -801)\n"
plant fail solver/bad.c "void f(void)\n{\n$(yes '    g();' | head -81)\n}\n"
plant fail sim/base/bad.h "${guarded}size_t f(void);\n#endif\n"
plant fail sim/base/bad.h '#ifndef BAD\n#define BAD\n#endif\n'
if command -v clang-format >/dev/null; then
    plant fail solver/bad.c 'void f (void) { g( ); }\n'
fi
echo "$passed passed, $failed failed, 0 skipped"
[ $failed = 0 ]
