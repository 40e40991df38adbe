/* test_report.c - a page that no name from a run can break out of. */
#include "results/report/report.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "results/report/asset.h"
#include "results/report/run_json.h"
#include "results/report/run_places.h"
#include "sim/base/mem.h"
#include "tests/support/sample_run.h"

static char path[64];
static struct run_read *rd;

static void open_run(const struct sample_run *s)
{
    snprintf(path, sizeof path, "/tmp/gridclear_report_XXXXXX");
    int fd = mkstemp(path);
    cr_assert_geq(fd, 0);
    close(fd);
    cr_assert_eq(sample_run_write(path, s, NULL), ERR_OK);
    cr_assert_eq(run_read_open(path, &rd, NULL), ERR_OK);
}

static void close_run(void)
{
    run_read_close(rd);
    rd = NULL;
    (void)unlink(path);
}

/* The page, ended by NUL; to be freed. */
static char *page(size_t *n)
{
    struct err err = {0};
    const struct report_run run = {.rd = rd, .label = path};
    char *text = NULL;
    FILE *f = open_memstream(&text, n);
    cr_assert_not_null(f);
    cr_assert_eq(report_write(&run, 1, f, &err), ERR_OK, "%s", err.msg);
    fclose(f);
    return text;
}

static int count(const char *text, const char *word)
{
    int n = 0;
    for (; (text = strstr(text, word)); text++)
        n++;
    return n;
}

static bool holds(const struct asset *a, const char *word)
{
    size_t n = strlen(word);
    for (const char *p = a->first; p + n <= a->after; p++)
        if (memcmp(p, word, n) == 0)
            return true;
    return false;
}

Test(report, what_it_carries_cannot_end_the_element_it_stands_in)
{
    for (size_t i = 0; asset_at(i); i++) {
        const struct asset *a = asset_at(i);
        cr_expect_gt(a->after - a->first, 100, "%s", a->name);
        cr_expect_eq(*a->after, '\0', "%s", a->name);
        if (a->kind == ASSET_LICENCE)
            continue;
        cr_expect(!holds(a, "</script"), "%s", a->name);
        cr_expect(!holds(a, "</style"), "%s", a->name);
        cr_expect(!holds(a, "<!--"), "%s", a->name);
    }
}

Test(report, the_program_makes_no_elements_out_of_text)
{
    static const char *const never[] = {
        "innerHTML", "outerHTML", "insertAdjacent", "document.wri", ".html(", "eval(",
        "Function(", "fetch(",    "XMLHttp",        "http:",        "https:"};
    for (size_t i = 0; asset_at(i); i++)
        for (size_t k = 0;
             asset_at(i)->kind == ASSET_PROGRAM && k < sizeof never / sizeof *never;
             k++)
            cr_expect(!holds(asset_at(i), never[k]), "%s has %s", asset_at(i)->name,
                      never[k]);
}

Test(report, a_name_stays_in_its_block_of_data)
{
    size_t n, plain_n;
    const struct sample_run plain = {0};
    const struct sample_run evil = {.sc_name = "</script><script>harm()</script><!--"};
    open_run(&plain);
    char *calm = page(&plain_n);
    close_run();
    open_run(&evil);
    char *text = page(&n);
    close_run();
    cr_expect_eq(count(text, "</script>"), count(calm, "</script>"));
    cr_expect_eq(count(text, "<script"), count(calm, "<script"));
    cr_expect_eq(count(text, "<!--"), count(calm, "<!--"));
    cr_expect_eq(count(text, "\\u003cscript\\u003eharm()"), 1);
    free(calm);
    free(text);
}

Test(report, the_same_file_gives_the_same_bytes_wherever_it_lies)
{
    size_t n[2];
    char *text[2], moved[80];
    const struct sample_run s = {0};
    open_run(&s);
    text[0] = page(&n[0]);
    close_run();
    open_run(&s);
    text[1] = page(&n[1]);
    snprintf(moved, sizeof moved, "%s", strrchr(path, '/') + 1);
    cr_expect_not_null(strstr(text[1], moved));
    cr_expect_null(strstr(text[1], "/tmp/"));
    close_run();
    cr_expect_eq(n[0], n[1]);
    free(text[0]);
    free(text[1]);
}

Test(report, the_page_fetches_nothing_and_names_the_licence)
{
    size_t n;
    const struct sample_run s = {0};
    open_run(&s);
    char *text = page(&n);
    cr_expect_not_null(strstr(text, "default-src 'none'"));
    cr_expect_eq(count(text, "<link"), 0);
    cr_expect_eq(count(text, " src="), 0);
    cr_expect_not_null(strstr(text, "Michael Bostock"));
    cr_expect_not_null(strstr(text, "BSD-3-Clause"));
    free(text);
    close_run();
}

Test(report, large_tables_are_averaged_and_say_so)
{
    size_t n;
    const struct sample_run s = {.n_node = 30000, .n_interval = 36};
    open_run(&s);
    char *text = page(&n);
    cr_expect_not_null(strstr(text, "\"/day_ahead/lmp\":3"));
    cr_expect_lt(n, 10u << 20);
    free(text);
    close_run();
}

Test(report, aggregated_nodes_are_not_on_the_map_and_the_rest_fit_it)
{
    struct run_places p = {0};
    struct err err = {0};
    const struct sample_run s = {.n_node = 40};
    open_run(&s);
    cr_assert_eq(run_places_find(rd, "/day_ahead", 8, &p, &err), ERR_OK, "%s", err.msg);
    cr_expect_eq(p.n_node, 40);
    size_t n_shown = 0;
    for (size_t i = 0; i < p.n_node; i++) {
        cr_expect_eq(p.x[i] == p.x[i], p.y[i] == p.y[i], "both or none");
        if (p.x[i] == p.x[i]) { /* not NaN */
            n_shown++;
            cr_expect(p.x[i] >= 0 && p.x[i] <= 1000 && p.y[i] >= 0 && p.y[i] <= 1000);
        }
    }
    cr_expect_gt(n_shown, 0);
    cr_expect_leq(p.n_price, 8);
    cr_expect_gt(p.n_price, 1);
    for (size_t i = 1; i < p.n_price; i++)
        cr_expect_gt(p.price[i], p.price[i - 1]);
    run_places_release(&p);
    close_run();
}

Test(report, two_runs_are_compared_and_called_apart)
{
    struct err err = {0};
    struct run_read *other = NULL;
    char *text = NULL, wanted[120];
    size_t n = 0;
    const struct sample_run small = {0}, large = {.n_node = 5};
    open_run(&small);
    char first[64];
    snprintf(first, sizeof first, "%s", path);
    struct run_read *mine = rd;
    open_run(&large);
    other = rd;
    const struct report_run run[] = {{.rd = mine, .label = first},
                                     {.rd = other, .label = path}};
    const struct report_run twice[] = {{.rd = mine, .label = "a/run.h5"},
                                       {.rd = other, .label = "b/run.h5"}};
    FILE *f = open_memstream(&text, &n);
    cr_assert_not_null(f);
    cr_assert_eq(report_write(run, 2, f, &err), ERR_OK, "%s", err.msg);
    fclose(f);
    snprintf(wanted, sizeof wanted, "\"label\":\"%s\"", strrchr(first, '/') + 1);
    cr_expect_eq(count(text, wanted), 1);
    cr_expect_eq(count(text, "\n\"stage\":\"/day_ahead\""), 2);
    cr_expect_geq(count(text, "{\"run\":1,\"section\":\"prices\""), 1);
    free(text);
    f = open_memstream(&text, &n);
    cr_assert_not_null(f);
    cr_assert_eq(report_write(twice, 2, f, &err), ERR_OK, "%s", err.msg);
    fclose(f);
    cr_expect_eq(count(text, "\"label\":\"b/run.h5\""), 1, "alike but for the folder");
    free(text);
    run_read_close(mine);
    (void)unlink(first);
    close_run();
}

Test(report, running_out_of_memory_is_told_and_leaves_nothing)
{
    const struct sample_run s = {0};
    open_run(&s);
    const struct report_run run = {.rd = rd, .label = path};
    long before = mem_live();
    enum err_code code = ERR_NOMEM;
    for (long n = 0; code == ERR_NOMEM && n < 5000; n++) {
        struct err err = {0};
        FILE *f = fopen("/dev/null", "w");
        cr_assert_not_null(f);
        mem_fail_after(n);
        code = report_write(&run, 1, f, &err);
        mem_fail_after(-1);
        fclose(f);
        cr_assert_eq(mem_live(), before);
        cr_assert(code == ERR_OK || code == ERR_NOMEM, "%s", err.msg);
    }
    cr_expect_eq(code, ERR_OK);
    close_run();
}
