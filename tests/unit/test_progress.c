/* test_progress.c - one line on the terminal. */
#include "sim/app/progress.h"

#include <criterion/criterion.h>
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
    return (struct progress){
        .out = f, .now_ms = fake_clock, .start_ms = 5000, .last_ms = 5000};
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
    progress_end(&p);
    cr_assert_eq(count_lines_drawn(f), 0);
    (void)fclose(f);
}

Test(progress, long_work_is_drawn_six_times_a_second_and_erased)
{
    FILE *f = tmpfile();
    struct progress p = on_file(f);
    for (; clock_ms < 8000; clock_ms++)
        cr_assert_eq(progress_step(&p, "clearing", 2, 24, NULL), ERR_OK);
    progress_end(&p);
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
    struct progress p = progress_begin(PROGRESS_NEVER);
    cr_assert_null(p.out);
    cr_assert_eq(progress_step(&p, "clearing", 0, 1, NULL), ERR_OK);
    progress_end(&p);
    progress_end(&p);
}

Test(progress, a_signal_stops_the_next_step)
{
    struct progress p = progress_begin(PROGRESS_NEVER);
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
