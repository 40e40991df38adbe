/* test_feed.c - reports in the words of OASIS, gridstatus and ISO New England. */
#include "results/feed.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "results/feed_parts.h"
#include "sim/base/mem.h"
#include "tests/support/sample_run.h"

static char path[64];
static struct run_read *rd;

static void open_run(const struct sample_run *s)
{
    snprintf(path, sizeof path, "/tmp/gridclear_feed_XXXXXX");
    int fd = mkstemp(path);
    cr_assert_geq(fd, 0);
    close(fd);
    cr_assert_eq(sample_run_write(path, s, NULL), ERR_OK);
    cr_assert_eq(run_read_open(path, &rd, NULL), ERR_OK);
}

static void open_sample(void)
{
    const struct sample_run s = {0};
    open_run(&s);
}

static void close_sample(void)
{
    run_read_close(rd);
    (void)unlink(path);
    rd = NULL;
}

static char shown[1 << 18];

static const char *show(enum feed_style style, const char *report, const char *stage,
                        enum export_format format)
{
    struct err err = {0};
    FILE *f = tmpfile();
    cr_assert_not_null(f);
    cr_assert_eq(feed_export(rd, style, report, stage, true, format, f, &err), ERR_OK,
                 "%s: %s", report, err.msg);
    rewind(f);
    shown[fread(shown, 1, sizeof shown - 1, f)] = '\0';
    fclose(f);
    return shown;
}

static void expect_start(const char *text, const char *start)
{
    cr_expect(strncmp(text, start, strlen(start)) == 0, "expected\n%s\ngot\n%.*s",
              start, (int)strlen(start) + 40, text);
}

TestSuite(feed, .init = open_sample, .fini = close_sample);

Test(feed, prices_have_the_columns_of_gridstatus_and_local_times)
{
    expect_start(
        show(FEED_GRIDSTATUS, "lmp", NULL, EXPORT_CSV),
        "Time,Interval Start,Interval End,Market,Location,Location Type,LMP,Energy,"
        "Congestion,Loss\n"
        "2026-04-15 00:00:00-07:00,2026-04-15 00:00:00-07:00,"
        "2026-04-15 01:00:00-07:00,DAY_AHEAD_HOURLY,N1,Node,0.25,0.25,0,0\n"
        "2026-04-15 00:00:00-07:00,2026-04-15 00:00:00-07:00,"
        "2026-04-15 01:00:00-07:00,DAY_AHEAD_HOURLY,N2,Node,1.25,1.25,0,0\n"
        "2026-04-15 00:00:00-07:00,2026-04-15 00:00:00-07:00,"
        "2026-04-15 01:00:00-07:00,DAY_AHEAD_HOURLY,N3,DLAP,2.25,2.25,0,0\n"
        "2026-04-15 01:00:00-07:00,");
}

Test(feed, a_name_with_spaces_becomes_an_element_without)
{
    cr_expect_not_null(strstr(show(FEED_GRIDSTATUS, "lmp", NULL, EXPORT_XML),
                              "<Interval_Start>2026-04-15 00:00:00-07:00"
                              "</Interval_Start>"));
}

Test(feed, prices_are_a_document_of_iso_new_england)
{
    expect_start(show(FEED_ISO_NE, "hourlylmp/da/final", NULL, EXPORT_XML),
                 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                 "<HourlyLmps xmlns=\"http://WEBSERV.iso-ne.com\">\n"
                 "<HourlyLmp><BeginDate>2026-04-15T00:00:00.000-07:00</BeginDate>"
                 "<Location LocId=\"1\" LocType=\"NETWORK NODE\">N1</Location>"
                 "<LmpTotal>0.25</LmpTotal><EnergyComponent>0.25</EnergyComponent>"
                 "<CongestionComponent>0</CongestionComponent>"
                 "<LossComponent>0</LossComponent></HourlyLmp>\n");
    expect_start(show(FEED_ISO_NE, "lmp", NULL, EXPORT_JSON),
                 "{\"HourlyLmps\":{\"HourlyLmp\":[\n"
                 "{\"BeginDate\":\"2026-04-15T00:00:00.000-07:00\",\"Location\":"
                 "{\"@LocId\":\"1\",\"@LocType\":\"NETWORK NODE\",\"$\":\"N1\"},"
                 "\"LmpTotal\":0.25,\"EnergyComponent\":0.25,\"CongestionComponent\":0,"
                 "\"LossComponent\":0},\n");
}

Test(feed, the_xml_of_oasis_has_an_item_per_node_and_kind_of_price)
{
    show(FEED_OASIS, "PRC_LMP", NULL, EXPORT_XML);
    size_t n = 0;
    for (const char *p = shown; (p = strstr(p, "<REPORT_ITEM>")); p++)
        n++;
    cr_expect_eq(n, 3 * 4);
    cr_expect_not_null(
        strstr(shown, "<TZ>PPT</TZ><REPORT>PRC_LMP</REPORT><MKT_TYPE>DAM</MKT_TYPE>"
                      "<UOM>US$/MWh</UOM><INTERVAL>ENDING</INTERVAL>"
                      "<SEC_PER_INTERVAL>3600</SEC_PER_INTERVAL></REPORT_HEADER>\n"
                      "<REPORT_DATA><DATA_ITEM>LMP_PRC</DATA_ITEM>"
                      "<RESOURCE_NAME>N1</RESOURCE_NAME><OPR_DATE>2026-04-15</OPR_DATE>"
                      "<INTERVAL_NUM>1</INTERVAL_NUM>"));
}

Test(feed, services_have_the_columns_of_oasis)
{
    expect_start(show(FEED_OASIS, "as_price", NULL, EXPORT_CSV),
                 "INTERVALSTARTTIME_GMT,INTERVALENDTIME_GMT,OPR_DT,OPR_HR,OPR_INTERVAL,"
                 "OPR_TYPE,ANC_TYPE,ANC_REGION,MARKET_RUN_ID,XML_DATA_ITEM,MW,GROUP\n"
                 "2026-04-15T07:00:00-00:00,2026-04-15T08:00:00-00:00,2026-04-15,01,0,"
                 "AS,RU,\"with, comma \"\"quoted\"\" <&> \xc3\xa9\",DAM,RU_CLR_PRC,");
}

Test(feed, hostile_names_do_not_leave_their_place)
{
    show(FEED_ISO_NE, "daasreservedata", NULL, EXPORT_XML);
    cr_expect_not_null(strstr(shown, "<ReserveZoneName>with, comma &quot;quoted&quot; "
                                     "&lt;&amp;&gt; \xc3\xa9</ReserveZoneName>"));
    show(FEED_GRIDSTATUS, "fuel_mix", NULL, EXPORT_JSON);
    cr_expect_not_null(strstr(shown, "\"with, comma \\\"quoted\\\" <&> \xc3\xa9\":"));
    show(FEED_GRIDSTATUS, "fuel_mix", NULL, EXPORT_XML);
    cr_expect_not_null(strstr(shown, "</with__comma__quoted________>"));
}

/* A report may need what the sample does not have, but it says so and writes nothing. */
Test(feed, every_report_is_written_in_every_format_or_says_what_is_missing)
{
    for (int style = 0; style < FEED_STYLES; style++) {
        size_t n, written = 0;
        const struct feed_report *r = feed_reports((enum feed_style)style, &n);
        for (size_t i = 0; i < n; i++)
            for (int format = EXPORT_CSV; format <= EXPORT_TEXT; format++) {
                struct err err = {0};
                FILE *f = tmpfile();
                enum err_code code =
                    feed_export(rd, (enum feed_style)style, r[i].name, "/day_ahead",
                                true, (enum export_format)format, f, &err);
                cr_assert(code == ERR_OK || code == ERR_INPUT, "%s: %s", r[i].name,
                          err.msg);
                cr_assert_eq(code == ERR_OK, ftell(f) > 0, "%s", r[i].name);
                written += code == ERR_OK;
                fclose(f);
            }
        cr_assert_eq(written, 4 * n, "of style %d only %zu", style, written);
    }
}

Test(feed, every_report_can_be_empty)
{
    const struct sample_run s = {.empty_lists = true};
    close_sample();
    open_run(&s);
    for (int style = 0; style < FEED_STYLES; style++) {
        size_t n;
        const struct feed_report *r = feed_reports((enum feed_style)style, &n);
        for (size_t i = 0; i < n; i++)
            cr_expect_gt(strlen(show((enum feed_style)style, r[i].name, "/day_ahead",
                                     EXPORT_JSON)),
                         0);
    }
    expect_start(show(FEED_ISO_NE, "daasreservedata", NULL, EXPORT_JSON),
                 "{\"DayAheadReserves\":{\"DayAheadReserve\":[\n]}}\n");
}

Test(feed, an_unknown_report_or_stage_is_refused)
{
    struct err err = {0};
    FILE *f = tmpfile();
    cr_expect_eq(feed_export(rd, FEED_OASIS, "PRC", NULL, true, EXPORT_CSV, f, &err),
                 ERR_USAGE);
    cr_expect_not_null(
        strstr(err.msg, "no report 'PRC' of that style; expected PRC_LMP"));
    err = (struct err){0};
    cr_expect_eq(
        feed_export(rd, FEED_OASIS, "PRC_LMP", "/dispatch", true, EXPORT_CSV, f, &err),
        ERR_INPUT);
    cr_expect_str_eq(err.msg, "the run has no stage dispatch, which PRC_LMP shows");
    cr_expect_eq(ftell(f), 0);
    fclose(f);
}

Test(feed, failed_allocations_are_reported_and_nothing_leaks)
{
    static const struct {
        enum feed_style style;
        const char *report;
    } one[] = {{FEED_OASIS, "AS_RESULTS"},
               {FEED_GRIDSTATUS, "fuel_mix"},
               {FEED_ISO_NE, "lmpIndex"},
               {FEED_ISO_NE, "externalflow"}};
    long live = mem_live();
    for (size_t i = 0; i < sizeof one / sizeof *one; i++) {
        enum err_code code = ERR_NOMEM;
        FILE *f = tmpfile();
        for (long n = 0; code == ERR_NOMEM; n++) {
            mem_fail_after(n);
            code = feed_export(rd, one[i].style, one[i].report, "/day_ahead", true,
                               EXPORT_JSON, f, NULL);
            mem_fail_after(-1);
            cr_assert_eq(mem_live(), live, "leak after %ld allocations", n);
        }
        cr_assert_eq(code, ERR_OK, "%s", one[i].report);
        fclose(f);
    }
}

/* ---- intervals shorter than an hour ---- */

static void open_quarters(void)
{
    const struct sample_run s = {.n_interval = 8, .minutes = 15};
    open_run(&s);
}

TestSuite(feed_quarters, .init = open_quarters, .fini = close_sample);

Test(feed_quarters, intervals_are_counted_within_their_hour)
{
    expect_start(show(FEED_OASIS, "PRC_INTVL_LMP", "/day_ahead", EXPORT_CSV),
                 "INTERVALSTARTTIME_GMT,INTERVALENDTIME_GMT,OPR_DT,OPR_HR,NODE_ID_XML,"
                 "NODE_ID,NODE,MARKET_RUN_ID,LMP_TYPE,XML_DATA_ITEM,PNODE_RESMRID,"
                 "GRP_TYPE,POS,VALUE,OPR_INTERVAL,GROUP\n"
                 "2026-04-15T07:00:00-00:00,2026-04-15T07:15:00-00:00,2026-04-15,01,N1,"
                 "N1,N1,RTM,LMP,LMP_PRC,N1,ALL,0,0.25,1,1\n"
                 "2026-04-15T07:15:00-00:00,2026-04-15T07:30:00-00:00,2026-04-15,01,N1,"
                 "N1,N1,RTM,LMP,LMP_PRC,N1,ALL,0,10.25,2,1\n");
    cr_expect_not_null(strstr(shown,
                              "2026-04-15T08:00:00-00:00,2026-04-15T08:15:00-00:00,"
                              "2026-04-15,02,N1,N1,N1,RTM,LMP,LMP_PRC,N1,ALL,0,"
                              "40.25,1,1\n"));
    show(FEED_OASIS, "PRC_INTVL_LMP", "/day_ahead", EXPORT_XML);
    cr_expect_not_null(strstr(shown, "<INTERVAL_NUM>8</INTERVAL_NUM>"));
    cr_expect_null(strstr(shown, "<INTERVAL_NUM>9</INTERVAL_NUM>"));
}

/* lmp is 10 t + node + 0.25: the mean of t = 0..3 is 15, of t = 4..7 is 55. */
Test(feed_quarters, hourly_prices_are_averages_of_the_hour)
{
    expect_start(show(FEED_ISO_NE, "hourlylmp/rt/final", "/day_ahead", EXPORT_CSV),
                 "BeginDate,Location@LocId,Location@LocType,Location,LmpTotal,"
                 "EnergyComponent,CongestionComponent,LossComponent\n"
                 "2026-04-15T00:00:00.000-07:00,1,NETWORK NODE,N1,15.25,15.25,0,0\n"
                 "2026-04-15T00:00:00.000-07:00,2,NETWORK NODE,N2,16.25,16.25,0,0\n"
                 "2026-04-15T00:00:00.000-07:00,3,LOAD ZONE,N3,17.25,17.25,0,0\n"
                 "2026-04-15T01:00:00.000-07:00,1,NETWORK NODE,N1,55.25,55.25,0,0\n");
}

/* ---- the two hours of an index ---- */

static void open_day(void)
{
    const struct sample_run s = {.n_interval = 24};
    open_run(&s);
}

TestSuite(feed_day, .init = open_day, .fini = close_sample);

/* A Wednesday. On peak: hours ending 8 to 23, t = 7..22, mean 14.5; the other eight are
 * t = 0..6 and 23, mean 44 / 8; all: 11.5. */
Test(feed_day, an_index_averages_peak_and_other_hours)
{
    expect_start(
        show(FEED_ISO_NE, "lmpIndex", NULL, EXPORT_CSV),
        "BeginDate,Location@LocId,Location@LocType,Location,OnPeak,OffPeak,"
        "Average\n"
        "2026-04-15T00:00:00.000-07:00,1,NETWORK NODE,N1,145.25,55.25,115.25\n");
    char *day = strdup(shown);
    cr_expect_str_eq(show(FEED_ISO_NE, "weeklylmpindex", NULL, EXPORT_CSV), day);
    cr_expect_str_eq(show(FEED_ISO_NE, "monthlylmpindex", NULL, EXPORT_CSV), day);
    free(day);
}

Test(feed_day, weeks_begin_on_monday)
{
    cr_expect_eq(feed_weekday(0), 3, "1970-01-01 was a Thursday");
    cr_expect_eq(feed_weekday(-4), 6);
    cr_expect_eq(feed_weekday(20558), 2, "2026-04-15 is a Wednesday");
}
