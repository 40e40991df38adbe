/*
 * test_readers.c - other people's programs read the run file as it is: h5dump, ncdump,
 * Python's xarray and pandas. A program that is not installed is skipped with a word.
 */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/sample_run.h"

static char path[64];

static void make_path(void)
{
    snprintf(path, sizeof path, "/tmp/gridclear_readers_XXXXXX");
    int fd = mkstemp(path);
    cr_assert_geq(fd, 0);
    close(fd);
}

static void remove_path(void)
{
    (void)unlink(path);
}

TestSuite(readers, .init = make_path, .fini = remove_path);

/* Runs a program with stdout to a file of that name; its exit status, 127 = absent. */
static int run(const char *const argument[], const char *to)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        int out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (out < 0 || dup2(out, 1) < 0)
            _exit(126);
        execvp(argument[0], (char *const *)(uintptr_t)argument); /* it only reads */
        _exit(127);
    }
    cr_assert_eq(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static char shown[1 << 18];

static const char *run_and_read(const char *const argument[])
{
    char to[80];
    snprintf(to, sizeof to, "%s.out", path);
    int status = run(argument, to);
    FILE *f = fopen(to, "r");
    shown[f ? fread(shown, 1, sizeof shown - 1, f) : 0] = '\0';
    if (f)
        fclose(f);
    (void)unlink(to);
    if (status == 127)
        cr_skip_test("%s is not installed", argument[0]);
    cr_assert_eq(status, 0, "%s ended with %d", argument[0], status);
    return shown;
}

static void write_sample(bool empty_lists)
{
    const struct sample_run s = {.empty_lists = empty_lists};
    struct err err = {0};
    cr_assert_eq(sample_run_write(path, &s, &err), ERR_OK, "%s", err.msg);
}

Test(readers, h5dump_reads_all_of_it)
{
    const char *const argument[] = {"h5dump", path, NULL};
    for (int empty = 0; empty < 2; empty++) {
        write_sample(empty);
        cr_assert_not_null(strstr(run_and_read(argument), "DATASET \"lmp_energy\""));
    }
}

Test(readers, ncdump_sees_dimensions_units_and_times)
{
    const char *const argument[] = {"ncdump", "-h", path, NULL};
    for (int empty = 0; empty < 2; empty++) {
        write_sample(empty);
        const char *text = run_and_read(argument);
        cr_assert_not_null(strstr(text, "node = 3 ;"));
        cr_assert_not_null(strstr(text, "double lmp(interval, node) ;"));
        cr_assert_not_null(strstr(text, "lmp:units = \"USD/MWh\" ;"));
        cr_assert_not_null(strstr(text, "double shadow_price(interval, constraint) ;"));
        cr_assert_not_null(
            strstr(text, "interval:units = \"minutes since 1970-01-01 00:00:00\" ;"));
        cr_assert_not_null(strstr(text, "int64 amount_cents(line) ;"));
        cr_assert_not_null(strstr(text, "double limit(sc) ;"));
    }
}

/* Every group opens without a warning; labels of the root fit the tables of groups. */
static const char read_groups[] =
    "import sys\n"
    "try:\n"
    "    import pandas, h5netcdf, xarray as xr\n"
    "except ImportError:\n"
    "    sys.exit(127)\n"
    "import warnings\n"
    "warnings.simplefilter('error')\n"
    "path, rows = sys.argv[1], int(sys.argv[2])\n"
    "def group(name):\n"
    "    d = xr.open_dataset(path, engine='h5netcdf', group=name)\n"
    "    d.load()\n"
    "    return d\n"
    "def walk(g, name):\n"
    "    group(name)\n"
    "    for k in g.groups:\n"
    "        walk(g.groups[k], name + '/' + k)\n"
    "with h5netcdf.File(path, 'r', decode_vlen_strings=True) as f:\n"
    "    for k in f.groups:\n"
    "        walk(f.groups[k], k)\n"
    "root, day = group('/'), group('day_ahead')\n"
    "assert list(root.node.values) == ['N1', 'N2', 'N3'], root.node\n"
    "assert day.lmp.dims == ('interval', 'node') and day.lmp.units == 'USD/MWh'\n"
    "assert str(day.interval.values[0]).startswith('2026-04-15T07:00'), day.interval\n"
    "lmp = day.lmp.assign_coords(node=root.node)\n"
    "assert float(lmp.sel(node='N3').isel(interval=1)) == 12.25\n"
    "parts = day.lmp_energy + day.lmp_congestion + day.lmp_loss\n"
    "assert bool((day.lmp == parts).all())\n"
    "assert day.sizes['constraint'] == rows and day.sizes['virtual'] == rows\n"
    "frame = lmp.to_dataframe()\n"
    "assert frame.shape == (6, 1) and frame.loc[(slice(None), 'N1'), 'lmp'].size == 2\n"
    "lines = group('settlement/statement').to_dataframe()\n"
    "assert list(lines.columns) == ['sc', 'charge_code', 'trade_date', "
    "'published', 'version', 'amount_cents']\n"
    "assert len(lines) == rows and lines.amount_cents.dtype == 'int64'\n"
    "account = group('credit/account')\n"
    "assert account.limit.dims == ('sc',) and account.sizes['sc'] == 2\n"
    "meta = group('meta').attrs\n"
    "assert meta['sum_of_charges_cents'] == 0 and meta['objective_usd'] == 0.5\n"
    "assert group('meta/settings').attrs['energy_bid_cap'] == 1000\n"
    "print('read')\n";

Test(readers, xarray_and_pandas_read_every_group)
{
    const char *const argument[] = {
        "/usr/bin/python3", "-c", read_groups, path, "2", NULL};
    write_sample(false);
    cr_assert_str_eq(run_and_read(argument), "read\n");
}

Test(readers, xarray_reads_empty_lists)
{
    const char *const argument[] = {
        "/usr/bin/python3", "-c", read_groups, path, "0", NULL};
    write_sample(true);
    cr_assert_str_eq(run_and_read(argument), "read\n");
}
