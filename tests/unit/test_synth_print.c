/* Tests of sim/app/synth_print.c: what is written is read, dispatched, and the same. */
#include "sim/app/synth_print.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/hash.h"
#include "sim/base/mem.h"
#include "sim/clear/case_dispatch.h"
#include "sim/input/matpower.h"

/* The text of a case; the caller frees it. */
static char *text_of(struct synth_options opt, size_t *len)
{
    struct synth s;
    struct err err = {0};
    char *text = NULL;
    cr_assert_eq(synth_create(&opt, &s, &err), ERR_OK, "%s", err.msg);
    FILE *out = open_memstream(&text, len);
    cr_assert_not_null(out);
    synth_print_case(&s, "sample", &opt, out);
    cr_assert_eq(fclose(out), 0);
    synth_release(&s);
    return text;
}

static struct grid read_back(struct synth_options opt)
{
    size_t len;
    char *text = text_of(opt, &len);
    struct source src;
    struct grid g;
    struct err_list faults = {0};
    struct err err = {0};
    cr_assert_eq(source_from_text("sample.m", text, len, &src, &err), ERR_OK);
    cr_assert_eq(matpower_read(&src, &g, &faults, &err), ERR_OK, "%s", err.msg);
    cr_assert_eq(faults.total, 0);
    source_release(&src);
    err_list_release(&faults);
    free(text);
    return g;
}

static int looks;

static bool stop_at_once(void)
{
    looks++;
    return true;
}

Test(synth_print, who_wants_to_stop_is_asked_while_making_and_while_writing)
{
    struct synth s;
    struct err err = {0};
    struct synth_options opt = {500, 3, -1, stop_at_once};
    cr_assert_eq(synth_create(&opt, &s, &err), ERR_INTERRUPTED);
    cr_assert_eq(looks, 1);
    cr_assert_null(s.bus);
    opt.stop = NULL;
    cr_assert_eq(synth_create(&opt, &s, &err), ERR_OK);
    opt.stop = stop_at_once;
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);
    synth_print_case(&s, "sample", &opt, out);
    cr_assert_eq(fclose(out), 0);
    cr_assert_not_null(strstr(text, "mpc.bus = ["));
    cr_assert_lt(len, 2000, "tables without rows");
    free(text);
    synth_release(&s);
}

Test(synth_print, a_case_reads_back_as_it_was_made)
{
    struct synth s;
    struct err err = {0};
    const struct synth_options opt = {500, 3, -1, NULL};
    cr_assert_eq(synth_create(&opt, &s, &err), ERR_OK);
    struct grid g = read_back(opt);
    cr_assert_eq(g.n_bus, s.n_bus);
    cr_assert_eq(g.n_branch, s.n_branch);
    cr_assert_eq(g.n_unit, s.n_unit);
    double rate = 0, read_rate = 0, x = 0, read_x = 0;
    for (int32_t l = 0; l < s.n_branch; l++) {
        rate += s.branch[l].rate_mw;
        read_rate += g.branch[l].rate_mw;
        x += s.branch[l].x_pu * s.branch[l].tap;
        read_x += g.branch[l].x_pu * g.branch[l].tap;
    }
    cr_assert_float_eq(read_rate, rate, 1e-6);
    cr_assert_float_eq(read_x, x, 1e-9);
    for (int32_t n = 0; n < s.n_bus; n++)
        cr_assert_float_eq(g.bus[n].load_mw, s.bus[n].load_mw, 1e-12);
    for (int32_t u = 0; u < s.n_unit; u++) {
        cr_assert_eq(g.unit[u].bus, s.unit[u].bus);
        cr_assert_float_eq(g.unit[u].pmax_mw, s.unit[u].pmax_mw, 1e-12);
        cr_assert_eq(g.unit[u].n_cost, s.unit[u].n_cost);
    }
    grid_release(&g);
    synth_release(&s);
    cr_assert_eq(mem_live(), 0);
}

Test(synth_print, the_same_options_give_the_same_bytes_and_others_do_not)
{
    size_t n[3];
    char *one = text_of((struct synth_options){800, 5, -1, NULL}, &n[0]);
    char *same = text_of((struct synth_options){800, 5, -1, NULL}, &n[1]);
    char *other = text_of((struct synth_options){800, 6, -1, NULL}, &n[2]);
    cr_assert(n[0] == n[1] && memcmp(one, same, n[0]) == 0);
    cr_assert(n[0] != n[2] || memcmp(one, other, n[0]) != 0);
    free(one);
    free(same);
    free(other);
}

/* On every machine and with every compiler. A change here is a change of all networks:
 * a line under "Changed results" in CHANGELOG.md. */
Test(synth_print, the_bytes_are_those_of_all_machines)
{
    size_t len;
    char *text = text_of((struct synth_options){1000, 1, -1, NULL}, &len);
    uint64_t hash = hash_bytes(HASH_START, text, len);
    cr_assert_eq(hash, UINT64_C(0x3c91c9f1f183f8dc), "%#llx", (unsigned long long)hash);
    free(text);
}

static void check_dispatch(const struct grid *g, enum dc_model model, int least,
                           int most)
{
    struct outcome o;
    struct err err = {0};
    cr_assert_eq(case_dispatch(g, model, &o, &err), ERR_OK, "%s", err.msg);
    cr_assert_eq(o.n_relaxation, 0);
    cr_assert_lt(o.certificate.primal_residual_mw, 1e-6);
    cr_assert_lt(o.certificate.dual_residual_usd_per_mwh, 1e-6);
    cr_assert(o.stats.rows_binding >= least && o.stats.rows_binding <= most,
              "%d limits bind", o.stats.rows_binding);
    outcome_release(&o);
}

Test(synth_print, two_thousand_buses_are_served_with_tens_of_limits_binding)
{
    struct grid g = read_back((struct synth_options){2000, 1, -1, NULL});
    check_dispatch(&g, DC_MATPOWER, 20, 100);
    grid_release(&g);
}

Test(synth_print, networks_of_any_seed_can_be_served_under_either_convention)
{
    for (uint64_t seed = 0; seed < 12; seed++) {
        struct grid g =
            read_back((struct synth_options){1 + (int32_t)seed * 37, seed, -1, NULL});
        check_dispatch(&g, DC_MATPOWER, 0, 40);
        check_dispatch(&g, DC_PGLIB, 0, 40);
        grid_release(&g);
    }
}
