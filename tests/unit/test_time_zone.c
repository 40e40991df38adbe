/* test_time_zone.c - TZif bytes, good and bad; offsets against the C library's own. */
#include "sim/base/time_zone.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/base/calendar.h"
#include "sim/base/mem.h"

/* A small zone: UTC+1 until 1000, UTC+2 until 2000, then the rule of Central Europe. */
enum {
    FILE_ROOM = 512,
    V2 = 44 + 6 + 4
};

struct bytes {
    unsigned char at[FILE_ROOM];
    size_t n;
};

static void add(struct bytes *b, const void *data, size_t n)
{
    cr_assert_leq(b->n + n, FILE_ROOM);
    memcpy(b->at + b->n, data, n);
    b->n += n;
}

static void add_u32(struct bytes *b, uint32_t v)
{
    unsigned char p[4] = {(unsigned char)(v >> 24), (unsigned char)(v >> 16),
                          (unsigned char)(v >> 8), (unsigned char)v};
    add(b, p, 4);
}

static void add_header(struct bytes *b, uint32_t n_change, uint32_t n_type)
{
    static const unsigned char reserved[15];
    add(b, "TZif2", 5);
    add(b, reserved, sizeof reserved);
    add_u32(b, 0);
    add_u32(b, 0);
    add_u32(b, 0);
    add_u32(b, n_change);
    add_u32(b, n_type);
    add_u32(b, 4);
}

static void add_type(struct bytes *b, uint32_t offset_s)
{
    add_u32(b, offset_s);
    add(b, "\0\0", 2);
}

static struct bytes sample(const char *rule)
{
    struct bytes b = {0};
    add_header(&b, 0, 1);
    add_type(&b, 0);
    add(&b, "ABC", 4);
    add_header(&b, 2, 2);
    add_u32(&b, 0);
    add_u32(&b, 1000);
    add_u32(&b, 0);
    add_u32(&b, 2000);
    add(&b, "\1\0", 2);
    add_type(&b, 3600);
    add_type(&b, 7200);
    add(&b, "ABC", 4);
    add(&b, "\n", 1);
    add(&b, rule, strlen(rule));
    add(&b, "\n", 1);
    return b;
}

static enum err_code read_code(const struct bytes *b, size_t n)
{
    struct time_zone *tz = NULL;
    struct err err = {0};
    /* An exact heap copy, so that a read past the end is seen by the sanitiser. */
    unsigned char *copy = mem_alloc(n, 1);
    memcpy(copy, b->at, n);
    enum err_code code = time_zone_from_bytes("Test/Zone", copy, n, &tz, &err);
    cr_assert_eq(code == ERR_OK, tz != NULL);
    cr_assert_eq(code, err.code);
    time_zone_close(tz);
    mem_free(copy);
    return code;
}

Test(time_zone, a_small_file_gives_its_offsets)
{
    struct bytes b = sample("CET-1CEST,M3.5.0,M10.5.0/3");
    struct time_zone *tz = NULL;
    cr_assert_eq(time_zone_from_bytes("Test", b.at, b.n, &tz, NULL), ERR_OK);
    cr_assert_eq(time_zone_offset_s(tz, 999), 3600);
    cr_assert_eq(time_zone_offset_s(tz, 1000), 7200);
    cr_assert_eq(time_zone_offset_s(tz, 1999), 7200);
    cr_assert_eq(time_zone_offset_s(tz, 2000), 3600);
    cr_assert_eq(time_zone_offset_s(tz, INT64_C(2383725600)), 7200); /* July 2045 */
    cr_assert_eq(time_zone_offset_s(tz, INT64_MIN), 3600);
    cr_assert_neq(time_zone_offset_s(tz, INT64_MAX), 0);
    struct tz_span span = time_zone_span(tz, 1500);
    cr_assert_eq(span.from_utc_s, 1000);
    cr_assert_eq(span.until_utc_s, 2000);
    time_zone_close(tz);
}

Test(time_zone, without_a_rule_the_last_offset_stays)
{
    struct bytes b = sample("");
    struct time_zone *tz = NULL;
    cr_assert_eq(time_zone_from_bytes("Test", b.at, b.n, &tz, NULL), ERR_OK);
    cr_assert_eq(time_zone_offset_s(tz, INT64_C(2383725600)), 3600);
    time_zone_close(tz);
}

Test(time_zone, every_cut_file_is_refused)
{
    struct bytes b = sample("CET-1CEST,M3.5.0,M10.5.0/3");
    cr_assert_eq(read_code(&b, b.n), ERR_OK);
    for (size_t n = 0; n < b.n; n++)
        cr_assert_eq(read_code(&b, n), ERR_INPUT, "%zu bytes", n);
}

Test(time_zone, every_single_damaged_byte_is_survived)
{
    static const unsigned char damage[] = {0x00, 0x01, 0x7F, 0x80, 0xFF, '\n'};
    const struct bytes good = sample("CET-1CEST,M3.5.0,M10.5.0/3");
    for (size_t i = 0; i < good.n; i++)
        for (size_t k = 0; k < sizeof damage; k++) {
            struct bytes b = good;
            b.at[i] = damage[k];
            enum err_code code = read_code(&b, b.n);
            cr_assert(code == ERR_OK || code == ERR_INPUT);
        }
    cr_assert_eq(mem_live(), 0);
}

Test(time_zone, contradictions_are_refused)
{
    const struct bytes good = sample("UTC0");
    const struct {
        size_t at;
        unsigned char value;
    } change[] = {
        {4, 0},             /* version 1 */
        {V2 + 31, 1},       /* leap seconds */
        {V2 + 39, 0},       /* no types */
        {V2 + 38, 0xFF},    /* too many */
        {V2 + 23, 1},       /* indicator counts that differ from the types */
        {V2 + 44 + 15, 0},  /* a change before the one before it (2000 -> 1792) */
        {V2 + 44 + 16, 2},  /* a type that is not there */
        {V2 + 44 + 18, 1},  /* an offset of 194 days */
        {V2 + 44 + 22, 2},  /* daylight flag */
        {V2 + 44 + 23, 4},  /* abbreviation index */
        {V2 + 44 + 34, 'x'} /* no newline before the rule */
    };
    for (size_t i = 0; i < sizeof change / sizeof *change; i++) {
        struct bytes b = good;
        b.at[change[i].at] = change[i].value;
        if (i == 5)
            b.at[V2 + 44 + 14] = 3, b.at[V2 + 44 + 15] = 0xE8; /* 1000 again */
        cr_assert_eq(read_code(&b, b.n), ERR_INPUT, "change %zu", i);
    }
    struct bytes odd = sample("PST8PDT");
    cr_assert_eq(read_code(&odd, odd.n), ERR_INPUT);
}

Test(time_zone, names_that_leave_the_folder_or_do_not_exist_are_refused)
{
    static const char *const bad[] = {
        "",         "/etc/localtime",    "../zoneinfo/UTC",        "America/../UTC",
        "America",  "America/",          "America/Los Angeles",    "UTC\n",
        "zone.tab", "leapseconds",       "right/America/New_York", "Nowhere/Atlantis",
        "UTC/x",    "America\\New_York",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct time_zone *tz = NULL;
        struct err err = {0};
        cr_assert_eq(time_zone_open(bad[i], &tz, &err), ERR_INPUT, "%s", bad[i]);
        cr_assert_null(tz);
        cr_assert_not_null(strstr(err.msg, "expected"));
    }
    char longest[3000];
    memset(longest, 'A', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    struct time_zone *tz = NULL;
    cr_assert_eq(time_zone_open(longest, &tz, NULL), ERR_INPUT);
    cr_assert_eq(mem_live(), 0);
}

static const char *const zone_name[] = {
    "UTC",
    "America/Los_Angeles",
    "America/New_York",
    "America/Havana",
    "America/St_Johns",
    "America/Nuuk",
    "America/Sao_Paulo",
    "Europe/Berlin",
    "Europe/Dublin",
    "Asia/Kolkata",
    "Asia/Beirut",
    "Asia/Gaza",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Antarctica/Troll",
    "Asia/Tehran",
};

Test(time_zone, offsets_agree_with_the_system_from_1970_to_2100)
{
    for (size_t z = 0; z < sizeof zone_name / sizeof *zone_name; z++) {
        struct time_zone *tz = NULL;
        cr_assert_eq(time_zone_open(zone_name[z], &tz, NULL), ERR_OK, "%s",
                     zone_name[z]);
        cr_assert_eq(setenv("TZ", zone_name[z], 1), 0);
        tzset();
        for (int64_t t = 0; t < INT64_C(4102444800); t += 24607) {
            struct tm local;
            time_t when = (time_t)t;
            cr_assert_not_null(localtime_r(&when, &local));
            int64_t local_s =
                day_from_civil(local.tm_year + 1900, local.tm_mon + 1, local.tm_mday) *
                    86400 +
                local.tm_hour * 3600 + local.tm_min * 60 + local.tm_sec;
            cr_assert_eq(time_zone_offset_s(tz, t), local_s - t, "%s at %lld",
                         zone_name[z], (long long)t);
        }
        time_zone_close(tz);
    }
}

Test(time_zone, a_failed_allocation_leaves_nothing_behind)
{
    enum err_code code = ERR_NOMEM;
    for (long n = 0; code == ERR_NOMEM; n++) {
        struct time_zone *tz = NULL;
        struct err err = {0};
        mem_fail_after(n);
        code = time_zone_open("America/Los_Angeles", &tz, &err);
        mem_fail_after(-1);
        cr_assert_eq(code, err.code);
        time_zone_close(tz);
        cr_assert_eq(mem_live(), 0, "leak after %ld allocations", n);
        cr_assert_lt(n, 100);
    }
    cr_assert_eq(code, ERR_OK);
}
