/*
 * fuzz_commit.c - any text as JSON, and as an instance of unit commitment.
 *
 * Property: no crash; a refusal has faults, each with one line of text and a position
 * inside the file; a tree that is accepted spans exactly its values, each of them inside
 * the file; an instance that is accepted is fit for the solver: series as long as it has
 * intervals, limits in order, convex curves that reach the most power, places in its lists.
 */
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/input/commit_file.h"
#include "sim/input/json_tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        __builtin_trap();
}

/* Line and column lead to a byte of the text, or to the newline that ends the line. */
static void check_position(const struct source *src, struct src_pos at)
{
    const char *p = src->text;
    must(at.file == src->path && at.line >= 1 && at.column >= 1);
    for (uint32_t line = 1; line < at.line; line++) {
        p = strchr(p, '\n');
        must(p != NULL);
        p++;
    }
    must(at.column <= strcspn(p, "\n") + 1);
}

static void check_tree(const struct source *src)
{
    struct json_tree t;
    struct err err = {0};
    enum err_code code = json_tree_read(src, &t, &err);
    must(code == ERR_OK || code == ERR_INPUT);
    if (code) {
        check_position(src, err.at);
        return;
    }
    must(t.n >= 1 && t.value[0].span == t.n);
    for (uint32_t i = 0; i < t.n; i++) {
        const struct json_value *v = &t.value[i];
        uint32_t members = 0;
        must(v->at < src->len && v->span >= 1 && i + v->span <= t.n);
        must(v->kind != JSON_NUMBER || isfinite(v->as.number));
        if (v->kind == JSON_ARRAY || v->kind == JSON_OBJECT) {
            for
                JSON_EACH(member, v)
            members++;
            must(members == v->n);
        } else {
            must(v->span == 1);
        }
    }
    json_tree_release(&t);
}

static void check_unit(const struct commit_problem *p, const struct commit_unit *u)
{
    must(u->min_mw >= 0 && u->min_mw <= u->max_mw);
    must(u->min_up >= 1 && u->min_down >= 1 && u->age_before >= 1);
    must(u->on_before ? u->mw_before >= u->min_mw - 1e-6 : !(u->mw_before > 0));
    must(u->n_start == 0 || u->start[0].lag <= u->min_down);
    for (int32_t s = 1; s < u->n_start; s++)
        must(u->start[s].lag > u->start[s - 1].lag &&
             u->start[s].cost_usd >= u->start[s - 1].cost_usd);
    for (int32_t t = 0; t < p->n_interval; t++) {
        must(u->curve[t] >= 0 && u->curve[t] < p->n_curve);
        must(isfinite(u->min_cost_usd_per_h[t]));
        const struct commit_curve *c = &p->curve[u->curve[t]];
        double width_mw = 0;
        for (int32_t s = 0; s < c->n_segment; s++) {
            must(c->width_mw[s] > 0);
            must(s == 0 || c->cost_usd_per_mwh[s] >= c->cost_usd_per_mwh[s - 1]);
            width_mw += c->width_mw[s];
        }
        must(width_mw >= u->max_mw - u->min_mw);
    }
}

static void check_case(const struct commit_case *c)
{
    const struct commit_problem *p = &c->problem;
    must(p->n_interval >= 1 && p->n_interval <= COMMIT_INTERVALS);
    for (int32_t g = 0; g < p->n_unit; g++) {
        must(g == 0 || strcmp(c->unit_id[g - 1], c->unit_id[g]) != 0);
        check_unit(p, &p->unit[g]);
    }
    for (int32_t k = 0; k < p->n_other; k++)
        for (int32_t t = 0; t < p->n_interval; t++)
            must(p->other[k].min_mw[t] <= p->other[k].max_mw[t]);
    for (int32_t l = 0; l < c->network.n_branch; l++)
        must(c->network.from[l] >= 0 && c->network.from[l] < c->network.n_bus &&
             c->network.to[l] >= 0 && c->network.to[l] < c->network.n_bus);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct source src = {0};
    struct commit_case c = {0};
    struct err_list faults = {0};
    struct err err = {0};
    if (source_from_text("fuzz.json", (const char *)data, size, &src, &err) == ERR_OK) {
        check_tree(&src);
        enum err_code code = commit_file_read(&src, &c, &faults, &err);
        must(code == ERR_OK || code == ERR_INPUT);
        must((code == ERR_INPUT) == (faults.total > 0));
        for (size_t i = 0; i < faults.n; i++) {
            check_position(&src, faults.item[i].at);
            must(!strchr(faults.item[i].msg, '\n') && faults.item[i].msg[0]);
        }
        if (!code)
            check_case(&c);
    }
    commit_case_release(&c);
    err_list_release(&faults);
    source_release(&src);
    must(mem_live() == 0);
    return 0;
}
