/* test_export.c - tables as CSV, JSON, XML and text. */
#include "results/export.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/mem.h"
#include "tests/support/sample_run.h"

static char path[64];
static struct run_read *rd;

static void open_sample(void)
{
    const struct sample_run s = {0};
    snprintf(path, sizeof path, "/tmp/gridclear_export_XXXXXX");
    int fd = mkstemp(path);
    cr_assert_geq(fd, 0);
    close(fd);
    cr_assert_eq(sample_run_write(path, &s, NULL), ERR_OK);
    cr_assert_eq(run_read_open(path, &rd, NULL), ERR_OK);
}

static void close_sample(void)
{
    run_read_close(rd);
    (void)unlink(path);
}

TestSuite(export, .init = open_sample, .fini = close_sample);

static char shown[1 << 16];

static const char *show(const char *table, enum export_format format)
{
    struct err err = {0};
    FILE *f = tmpfile();
    cr_assert_not_null(f);
    cr_assert_eq(export_table(rd, table, NULL, format, f, &err), ERR_OK, "%s", err.msg);
    rewind(f);
    shown[fread(shown, 1, sizeof shown - 1, f)] = '\0';
    fclose(f);
    return shown;
}

static size_t count_lines(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += *text == '\n';
    return n;
}

Test(export, what_the_run_says_of_itself_is_a_table_of_names_and_values)
{
    char version[64];
    snprintf(version, sizeof version, "name,value\nformat_version,%s\n",
             RUN_FORMAT_VERSION);
    cr_expect_eq(strncmp(show("meta", EXPORT_CSV), version, strlen(version)), 0);
    cr_expect_not_null(strstr(shown, "\nsettings/"));
    cr_expect_null(strstr(shown, ",\n"), "an empty value");
    char *once = strdup(shown);
    cr_expect_str_eq(show("/meta", EXPORT_CSV), once);
    free(once);
}

Test(export, prices_have_the_columns_of_oasis)
{
    static const char start[] =
        "INTERVALSTARTTIME_GMT,INTERVALENDTIME_GMT,OPR_DT,OPR_HR,OPR_INTERVAL,"
        "NODE_ID_XML,NODE_ID,NODE,MARKET_RUN_ID,LMP_TYPE,XML_DATA_ITEM,PNODE_RESMRID,"
        "GRP_TYPE,POS,MW,GROUP\n"
        "2026-04-15T07:00:00-00:00,2026-04-15T08:00:00-00:00,2026-04-15,01,0,N1,N1,N1,"
        "DAM,LMP,LMP_PRC,N1,ALL,0,0.25,1\n"
        "2026-04-15T08:00:00-00:00,2026-04-15T09:00:00-00:00,2026-04-15,02,0,N1,N1,N1,"
        "DAM,LMP,LMP_PRC,N1,ALL,0,10.25,1\n"
        "2026-04-15T07:00:00-00:00,2026-04-15T08:00:00-00:00,2026-04-15,01,0,N1,N1,N1,"
        "DAM,MCC,LMP_CONG_PRC,N1,ALL,0,0,1\n";
    const char *csv = show("lmp", EXPORT_CSV);
    cr_assert_eq(strncmp(csv, start, strlen(start)), 0, "%s", csv);
    cr_assert_eq(count_lines(csv), 1 + 2 * 3 * 4);
    cr_assert_not_null(strstr(csv, ",02,0,N3,N3,N3,DAM,MCE,LMP_ENE_PRC,N3,ALL_APNODES,"
                                   "0,12.25,1\n"));
}

Test(export, a_variable_is_one_row_per_value_with_its_labels)
{
    cr_assert_str_eq(show("award", EXPORT_CSV),
                     "interval_start,trade_date,hour_ending,resource,award\n"
                     "2026-04-15T07:00:00Z,2026-04-15,1,R1,0.1\n"
                     "2026-04-15T07:00:00Z,2026-04-15,1,R2,1.1\n"
                     "2026-04-15T08:00:00Z,2026-04-15,2,R1,2.1\n"
                     "2026-04-15T08:00:00Z,2026-04-15,2,R2,3.1\n");
}

Test(export, nothing_to_say_is_an_empty_field_null_or_a_dash)
{
    cr_assert_not_null(strstr(show("energy", EXPORT_CSV), ",1,R1,\n"));
    cr_assert_not_null(strstr(show("energy", EXPORT_JSON), "\"energy\":null}"));
    cr_assert_not_null(strstr(show("energy", EXPORT_XML), "</resource></row>"));
    cr_assert_not_null(strstr(show("energy", EXPORT_TEXT), "R1             -\n"));
}

Test(export, text_is_quoted_as_each_form_asks)
{
    cr_assert_str_eq(
        show("statement", EXPORT_CSV),
        "sc,charge_code,trade_date,published,version,amount_cents\n"
        "\"with, comma \"\"quoted\"\" <&> \xc3\xa9\",0,2026-04-15,2026-04-15,0,-1\n"
        "plain,0,2026-04-15,2026-04-15,0,0\n");
    cr_assert_not_null(strstr(show("statement", EXPORT_JSON),
                              "{\"sc\":\"with, comma \\\"quoted\\\" <&> \xc3\xa9\","
                              "\"charge_code\":0,"));
    cr_assert_not_null(strstr(show("statement", EXPORT_XML),
                              "<row><sc>with, comma &quot;quoted&quot; &lt;&amp;&gt; "
                              "\xc3\xa9</sc><charge_code>0</charge_code>"));
}

Test(export, the_account_of_the_operator_is_called_iso)
{
    cr_assert_not_null(
        strstr(show("interval_line", EXPORT_CSV), "\nISO,0,,,2026-04-15T07:00:00Z,"));
}

Test(export, decisions_are_a_readable_table)
{
    const char *text = show("admission", EXPORT_TEXT);
    cr_assert_eq(strncmp(text, "sc  resource  virtual  interval_start", 37), 0);
    cr_assert_eq(count_lines(text), 3);
}

Test(export, every_short_name_and_every_table_can_be_exported)
{
    size_t n;
    const struct table *t = schema_tables(&n);
    for (size_t i = 0; export_name(i); i++)
        for (int f = EXPORT_CSV; f <= EXPORT_TEXT; f++)
            cr_assert_gt(strlen(show(export_name(i), (enum export_format)f)), 0);
    for (size_t i = 0; i < n; i++)
        if (run_read_has(rd, t[i].path))
            cr_assert_gt(strlen(show(t[i].path, EXPORT_CSV)), 0, "%s", t[i].path);
}

Test(export, a_table_that_is_not_known_or_not_there_is_refused)
{
    struct err err = {0};
    FILE *f = tmpfile();
    cr_assert_eq(export_table(rd, "nonsense", NULL, EXPORT_CSV, f, &err), ERR_USAGE);
    cr_assert_not_null(strstr(err.msg, "there is no table 'nonsense'; expected"));
    cr_assert_eq(export_table(rd, "/day_ahead", NULL, EXPORT_CSV, f, NULL), ERR_USAGE);
    cr_assert_eq(export_table(rd, "/dispatch/lmp", NULL, EXPORT_CSV, f, NULL),
                 ERR_INPUT);
    cr_assert_eq(ftell(f), 0, "nothing is written unless all could be read");
    fclose(f);
}

Test(export, an_output_that_takes_nothing_is_reported)
{
    struct err err = {0};
    FILE *full = fopen("/dev/full", "w");
    cr_assert_not_null(full);
    cr_assert_eq(export_table(rd, "lmp", NULL, EXPORT_CSV, full, &err), ERR_IO);
    cr_assert_str_eq(err.msg, "cannot write the table lmp: No space left on device");
    fclose(full);
}

Test(export, failed_allocations_are_reported_and_nothing_leaks)
{
    static const char *const table[] = {"lmp", "decision", "award"};
    long live = mem_live();
    for (int i = 0; i < 3; i++) {
        enum err_code code = ERR_NOMEM;
        FILE *f = tmpfile();
        for (long n = 0; code == ERR_NOMEM; n++) {
            mem_fail_after(n);
            code = export_table(rd, table[i], NULL, EXPORT_CSV, f, NULL);
            mem_fail_after(-1);
            cr_assert_eq(mem_live(), live, "leak after %ld allocations", n);
        }
        cr_assert_eq(code, ERR_OK);
        fclose(f);
    }
}
