/* test_progress.c - one line on the terminal. */
#include "sim/app/progress.h"

#include <criterion/criterion.h>
#include <math.h>
#include <signal.h>
#include <string.h>

#include "sim/app/interrupt.h"

static int64_t clock_ms;

static int64_t fake_clock(void)
{
    return clock_ms;
}

static struct progress on_file(FILE *f)
{
    clock_ms = 5000;
    return (struct progress){.out = f,
                             .now_ms = fake_clock,
                             .start_ms = 5000,
                             .last_ms = 5000,
                             .gap = (double)NAN};
}

static int count_lines_drawn(FILE *f)
{
    int n = 0, c;
    rewind(f);
    for (c = fgetc(f); c != EOF; c = fgetc(f))
        n += c == '\r';
    return n;
}

Test(progress, short_work_shows_nothing)
{
    FILE *f = tmpfile();
    struct progress p = on_file(f);
    for (; clock_ms < 5999; clock_ms += 10)
        cr_assert_eq(progress_step(&p, "clearing", 0, 24, NULL), ERR_OK);
    progress_end(&p, ERR_OK);
    cr_assert_eq(count_lines_drawn(f), 0);
    (void)fclose(f);
}

Test(progress, long_work_is_drawn_six_times_a_second_and_erased)
{
    FILE *f = tmpfile();
    struct progress p = on_file(f);
    for (; clock_ms < 8000; clock_ms++)
        cr_assert_eq(progress_step(&p, "clearing", 2, 24, NULL), ERR_OK);
    progress_end(&p, ERR_OK);
    int drawn = count_lines_drawn(f) - 2; /* erasing takes two returns */
    cr_assert(drawn >= 11 && drawn <= 12, "%d", drawn);
    char text[64] = "";
    rewind(f);
    cr_assert_gt(fread(text, 1, sizeof text - 1, f), 0);
    cr_assert_eq(strncmp(text, "\rclearing 3/24\r", 15), 0);
    (void)fclose(f);
}

Test(progress, a_shorter_line_wipes_the_longer_one)
{
    FILE *f = tmpfile();
    struct progress p = on_file(f);
    clock_ms += 2000;
    cr_assert_eq(progress_step(&p, "a long stage", 0, 0, NULL), ERR_OK);
    clock_ms += 2000;
    cr_assert_eq(progress_step(&p, "short", 0, 0, NULL), ERR_OK);
    char text[64] = "";
    rewind(f);
    cr_assert_gt(fread(text, 1, sizeof text - 1, f), 0);
    cr_assert_str_eq(text, "\ra long stage\rshort       ");
    (void)fclose(f);
}

Test(progress, never_shows_nothing_and_ending_twice_is_fine)
{
    struct progress p = progress_begin(PROGRESS_NEVER, false);
    cr_assert_null(p.out);
    cr_assert_eq(progress_step(&p, "clearing", 0, 1, NULL), ERR_OK);
    progress_end(&p, ERR_OK);
    progress_end(&p, ERR_OK);
}

static const char *written(FILE *f)
{
    static char text[4096];
    rewind(f);
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    return text;
}

Test(progress, the_line_has_day_interval_gap_and_time_left)
{
    FILE *f = tmpfile();
    struct progress p = on_file(f);
    const struct watch *w = progress_watch(&p);
    cr_assert_eq(progress_day(&p, "clearing", 0, 7, 20558, NULL), ERR_OK);
    clock_ms += 2000;
    cr_assert_eq(watch_step(w, 5, 24, (double)NAN, NULL), ERR_OK);
    clock_ms += 2000; /* 6 of 24 in 4 s: 12 s are left of this stage */
    cr_assert_eq(watch_step(w, 6, 24, (double)NAN, NULL), ERR_OK);
    clock_ms += 1000;
    cr_assert_eq(watch_step(w, 0, 0, 0.0035, NULL), ERR_OK);
    clock_ms += 5000; /* a day in 10 s: six more */
    cr_assert_eq(progress_day(&p, "clearing", 1, 7, 20559, NULL), ERR_OK);
    clock_ms += 4000;
    cr_assert_eq(progress_day(&p, "settling", 1, 7, 20559, NULL), ERR_OK);
    clock_ms += 7000000;
    cr_assert_eq(progress_day(&p, "settling", 2, 7, 20560, NULL), ERR_OK);
    cr_expect_str_eq(
        written(f),
        "\rclearing 2026-04-15 (1/7), interval 6/24"
        "\rclearing 2026-04-15 (1/7), interval 7/24, 0:12 left"
        "\rclearing 2026-04-15 (1/7), interval 7/24, gap 0.35 %, 0:15 left"
        "\rclearing 2026-04-16 (2/7), 1:00 left                           "
        "\rsettling 2026-04-16 (2/7), 0:56 left                           "
        "\rsettling 2026-04-17 (3/7), 4:52:15 left                        ");
}

Test(progress, a_log_has_an_object_per_stage_and_at_most_ten_parts_a_second)
{
    FILE *f = tmpfile();
    struct progress p = on_file(f);
    p.json = true;
    const struct watch *w = progress_watch(&p);
    cr_assert_eq(progress_step(&p, "checking bids", 0, 0, NULL), ERR_OK);
    cr_assert_eq(progress_day(&p, "clearing", 0, 2, 20558, NULL), ERR_OK);
    for (int k = 0; k < 24; k++, clock_ms += 60)
        cr_assert_eq(watch_step(w, k, 24, (double)NAN, NULL), ERR_OK);
    cr_assert_eq(watch_step(w, 0, 0, (double)NAN, NULL), ERR_OK, "nothing new");
    cr_assert_eq(watch_step(w, 0, 0, 0.0125, NULL), ERR_OK);
    progress_end(&p, ERR_OK);
    progress_end(&p, ERR_OK);
    const char *text = written(f);
    static const char start[] =
        "{\"seconds\":0.000,\"stage\":\"checking bids\"}\n"
        "{\"seconds\":0.000,\"stage\":\"clearing\",\"day\":\"2026-04-15\",\"done\":0,"
        "\"total\":2}\n"
        "{\"seconds\":0.120,\"stage\":\"clearing\",\"day\":\"2026-04-15\",\"done\":0,"
        "\"total\":2,\"part\":2,\"parts\":24}\n";
    cr_expect_eq(strncmp(text, start, strlen(start)), 0, "%s", text);
    static const char end[] = "\"part\":23,\"parts\":24,\"gap\":0.0125}\n{\"seconds\":"
                              "1.440,\"stage\":\"done\"}\n";
    cr_assert_gt(strlen(text), strlen(end));
    cr_expect_str_eq(text + strlen(text) - strlen(end), end);
    int lines = 0;
    for (const char *c = text; *c; c++)
        lines += *c == '\n';
    cr_expect(lines >= 14 && lines <= 16, "%d", lines);
}

Test(progress, a_log_says_how_it_failed)
{
    FILE *f = tmpfile();
    struct progress p = on_file(f);
    p.json = true;
    progress_end(&p, ERR_NUMERIC);
    cr_expect_str_eq(written(f),
                     "{\"seconds\":0.000,\"stage\":\"failed\",\"status\":4}\n");
}

Test(progress, a_signal_stops_whoever_is_watched)
{
    struct progress p = progress_begin(PROGRESS_NEVER, false);
    struct err err = {0};
    interrupt_install();
    cr_assert_eq(progress_day(&p, "clearing", 1, 7, 20559, &err), ERR_OK);
    (void)raise(SIGTERM);
    cr_assert_eq(watch_step(progress_watch(&p), 3, 24, (double)NAN, &err),
                 ERR_INTERRUPTED);
    cr_assert_str_eq(err.msg,
                     "interrupted while clearing day 2 of 7; nothing was written");
    cr_assert_eq(watch_step(NULL, 3, 24, (double)NAN, &err), ERR_OK, "nobody looks");
}

Test(progress, a_signal_stops_the_next_step)
{
    struct progress p = progress_begin(PROGRESS_NEVER, false);
    struct err err = {0};
    interrupt_install();
    cr_assert_eq(progress_step(&p, "clearing", 0, 1, &err), ERR_OK);
    (void)raise(SIGTERM);
    cr_assert_eq(progress_step(&p, "clearing day", 11, 336, &err), ERR_INTERRUPTED);
    cr_assert_str_eq(err.msg,
                     "interrupted while clearing day 12 of 336; nothing was written");
    err = (struct err){0};
    cr_assert_eq(progress_step(&p, "writing", 0, 0, &err), ERR_INTERRUPTED);
    cr_assert_str_eq(err.msg, "interrupted while writing; nothing was written");
}

Test(progress, a_second_signal_kills, .signal = SIGINT)
{
    interrupt_install();
    (void)raise(SIGINT);
    cr_assert(interrupt_requested());
    (void)raise(SIGINT);
}
