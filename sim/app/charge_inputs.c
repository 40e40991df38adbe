/* charge_inputs.c - what a charge is made of. */
#include "sim/app/charge_inputs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/app/amount.h"

enum {
    TYPE_LOAD = 1 /* of /input/resource/type */
};

/* ---- reading ---- */

static enum err_code table(const struct charge_inputs *in, const char *path,
                           void *pointer, size_t *n, struct err *err)
{
    void *array = NULL;
    enum err_code code = run_read_table(in->rd, path, in->arena, &array, n, err);
    memcpy(pointer, &array, sizeof array);
    return code;
}

/* A table that must be as long as its list. */
static enum err_code column(const struct charge_inputs *in, const char *path,
                            void *pointer, size_t n, struct err *err)
{
    size_t found;
    enum err_code code = table(in, path, pointer, &found, err);
    if (!code && found != n)
        code = err_set(err, ERR_INPUT, "%s is not as long as its list", path);
    return code;
}

static enum err_code read_lines(struct charge_inputs *in, struct err *err)
{
    const struct {
        const char *path;
        void *pointer;
        size_t n;
    } want[] = {
        {"/day_ahead/interval", &in->hour_start_min, in->s->n_interval},
        {"/input/resource/node", &in->resource_node, in->s->n_resource},
        {"/input/resource/type", &in->resource_type, in->s->n_resource},
        {"/input/virtual/node", &in->position_node, in->s->n_position},
    };
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < sizeof want / sizeof *want && !code; i++)
        code = column(in, want[i].path, want[i].pointer, want[i].n, err);
    return code;
}

static enum err_code read_areas(struct charge_inputs *in, struct err *err)
{
    enum err_code code = ERR_OK;
    if (run_read_has(in->rd, "/input/node/utility_area"))
        code = table(in, "/input/node/utility_area", &in->node_area, &in->n_node, err);
    if (!code && run_read_has(in->rd, "/meter/area_sc"))
        code = table(in, "/meter/area_sc", &in->area_sc, &in->n_area, err);
    return code;
}

static enum err_code read_services(struct charge_inputs *in, struct err *err)
{
    enum err_code code = ERR_OK;
    if (run_read_has(in->rd, "/day_ahead/as_bid_resource")) {
        code = table(in, "/day_ahead/as_bid_resource", &in->offer_resource,
                     &in->n_offer, err);
        if (!code)
            code = column(in, "/day_ahead/as_bid_product", &in->offer_product,
                          in->n_offer, err);
    }
    if (!code && run_read_has(in->rd, "/day_ahead/as_product")) {
        code = table(in, "/day_ahead/as_product", &in->need_product, &in->n_need, err);
        if (!code)
            code =
                column(in, "/day_ahead/as_region", &in->need_region, in->n_need, err);
    }
    return code;
}

static bool ends_in(const char *path, const char *end)
{
    size_t n = strlen(path), m = strlen(end);
    return n >= m && strcmp(path + n - m, end) == 0;
}

/* What the second dimension of a table counts; false: nothing that a charge is for. */
static bool find_dimension(const char *dim, struct charge_input *of)
{
    static const struct {
        const char *end;
        enum charge_of of;
    } known[] = {{"/resource", OF_RESOURCE}, {"/virtual", OF_POSITION},
                 {"/node", OF_NODE},         {"/utility_area", OF_AREA},
                 {"/as_bid", OF_OFFER},      {"/as_requirement", OF_REQUIREMENT}};
    for (size_t k = 0; k < sizeof known / sizeof *known; k++)
        if (ends_in(dim, known[k].end)) {
            of->of = known[k].of;
            return true;
        }
    return false;
}

/* A table with a value for each interval of a stage, alone or beside one more dimension. */
static enum err_code read_table(const struct charge_inputs *in, struct charge_input *of,
                                struct err *err)
{
    const struct table *t = schema_find(of->path);
    size_t n;
    if (!t || t->role != TABLE_VARIABLE || t->type != TABLE_F64 ||
        !ends_in(t->dim[0], "/interval") || !run_read_has(in->rd, of->path))
        return ERR_OK;
    if (t->rank == 2 && !find_dimension(t->dim[1], of))
        return ERR_OK;
    of->unit = t->unit;
    enum err_code code = table(in, t->dim[0], &of->start_min, &of->n_t, err);
    if (!code)
        code = table(in, of->path, &of->value, &n, err);
    if (!code && of->n_t)
        of->n_other = n / of->n_t;
    return code;
}

/* Adds up amounts, or quantities, of a code over everybody, hour by hour. */
static enum err_code add_up(const struct charge_inputs *in, int32_t code,
                            const double *of, double **sum, struct err *err)
{
    const struct statements *s = in->s;
    *sum = ARENA_ARRAY(in->arena, double, s->n_interval);
    if (!*sum)
        return err_set(err, ERR_NOMEM, "cannot hold what a code comes to");
    for (size_t k = 0; k < s->n_detail; k++)
        if (s->detail_code[k] == code && s->detail_version[k] == in->version)
            (*sum)[s->detail_interval[k]] += of[k];
    return ERR_OK;
}

/* ---- where a charge is ---- */

/* The node that a resource or position is at, -1 = none. */
static int32_t node_of(const struct charge_inputs *in, int32_t r, int32_t v)
{
    return r >= 0 ? in->resource_node[r] : v >= 0 ? in->position_node[v] : -1;
}

/* The utility area that a charge is for: of its resource, else of who answers for one. */
static int32_t area_of(const struct charge_inputs *in, size_t i)
{
    const struct statements *s = in->s;
    int32_t node = node_of(in, s->detail_resource[i], s->detail_position[i]), area = 0;
    if (node >= 0)
        return in->node_area && (size_t)node < in->n_node ? in->node_area[node] : -1;
    while ((size_t)area < in->n_area && in->area_sc[area] != s->detail_sc[i])
        area++;
    return s->detail_sc[i] >= 0 && (size_t)area < in->n_area ? area : -1;
}

/* The service of a code, as the run file numbers them; -1: of none. */
static int product_of(int32_t code)
{
    static const int hundred[] = {65, 61, 62, 66}; /* RU SR NR RD */
    for (int k = 0; k < 4; k++)
        if (code / 100 == hundred[k])
            return k;
    return -1;
}

static int32_t requirement_of(const struct charge_inputs *in)
{
    for (size_t k = 0; k < in->n_need; k++)
        if (in->need_product[k] == product_of(in->code) &&
            strcmp(in->need_region[k], "SYSTEM") == 0)
            return (int32_t)k;
    return -1;
}

static int32_t other_of(const struct charge_inputs *in, const struct charge_input *of,
                        size_t i)
{
    int32_t r = in->s->detail_resource[i], v = in->s->detail_position[i];
    switch (of->of) {
    case OF_RESOURCE:
        return r;
    case OF_POSITION:
        return v;
    case OF_NODE:
        return node_of(in, r, v);
    case OF_AREA:
        return area_of(in, i);
    case OF_REQUIREMENT:
        return requirement_of(in);
    default:
        return 0;
    }
}

/* ---- values ---- */

/* Offers of a resource, of the code's product or of all; NaN: it has none. */
static double offers(const struct charge_inputs *in, const struct charge_input *of,
                     size_t t, int32_t r)
{
    int product = product_of(in->code);
    double sum = (double)NAN;
    for (size_t b = 0; b < in->n_offer && b < of->n_other; b++)
        if (in->offer_resource[b] == r &&
            (product < 0 || in->offer_product[b] == product))
            sum = (isnan(sum) ? 0 : sum) + of->value[t * of->n_other + b];
    return sum;
}

/* The mean over what interval line i is for; energy and money are summed up; NaN where the
 * table has none. */
static double value_of(const struct charge_inputs *in, const struct charge_input *of,
                       size_t i)
{
    const struct statements *s = in->s;
    int32_t other = of->value ? other_of(in, of, i) : -1;
    int64_t start = in->hour_start_min[s->detail_interval[i]] + s->detail_minute[i];
    size_t t = 0;
    if (other < 0 || (size_t)other >= of->n_other)
        return (double)NAN;
    for (size_t past = of->n_t; t + 1 < past;) { /* the last that has begun */
        size_t middle = t + (past - t) / 2;
        if (of->start_min[middle] <= start)
            t = middle;
        else
            past = middle;
    }
    size_t end = t + 1;
    while (end < of->n_t && of->start_min[end] < start + s->detail_length[i])
        end++;
    double sum = 0;
    for (size_t k = t; k < end; k++)
        sum += of->of == OF_OFFER ? offers(in, of, k, s->detail_resource[i])
                                  : of->value[k * of->n_other + (size_t)other];
    bool adds_up = strcmp(of->unit, "MWh") == 0 || strcmp(of->unit, "USD") == 0;
    return adds_up ? sum : sum / (double)(end - t);
}

/* ---- codes ---- */

/* Whose part of the price an offset gives back; "": all of it, or no offset. */
static const char *part_of(int32_t code)
{
    return code == 6774 ? "_congestion" : code == 6985 ? "_loss" : "";
}

static enum err_code read_part(const struct charge_inputs *in, const char *table_path,
                               const char *part, struct charge_input *of,
                               struct err *err)
{
    *of = (struct charge_input){.unit = ""};
    (void)snprintf(of->path, sizeof of->path, "%s%s", table_path, part);
    return read_table(in, of, err);
}

/* What a code comes to of one part of the price alone: real-time energy of an offset. */
static enum err_code add_up_part(const struct charge_inputs *in, int32_t code,
                                 const char *part, double **sum, struct err *err)
{
    const struct statements *s = in->s;
    bool fifteen = code == 6460 || code == 6473;
    struct charge_input price, load;
    enum err_code failed = read_part(
        in, fifteen ? "/fifteen_minute/lmp" : "/real_time/lmp", part, &price, err);
    if (!failed)
        failed = read_part(in, "/settlement/load_price", part, &load, err);
    *sum = ARENA_ARRAY(in->arena, double, s->n_interval);
    if (!failed && !*sum)
        failed = err_set(err, ERR_NOMEM, "cannot hold what a code comes to");
    for (size_t k = 0; k < s->n_detail && !failed; k++) {
        if (s->detail_code[k] != code || s->detail_version[k] != in->version)
            continue;
        int32_t r = s->detail_resource[k];
        bool of_load = code == 6475 && r >= 0 && in->resource_type[r] == TYPE_LOAD;
        (*sum)[s->detail_interval[k]] -=
            s->detail_quantity[k] * value_of(in, of_load ? &load : &price, k);
    }
    return failed;
}

static enum err_code read_code(struct charge_inputs *in, struct charge_input *of,
                               struct err *err)
{
    const char *part = part_of(in->code);
    double *usd = NULL;
    of->code = (int32_t)strtol(of->path, NULL, 10);
    of->unit = !*part                             ? "USD in that hour"
               : strcmp(part, "_congestion") == 0 ? "USD of congestion in that hour"
                                                  : "USD of losses in that hour";
    enum err_code code = *part ? add_up_part(in, of->code, part, &usd, err)
                               : add_up(in, of->code, in->s->detail_usd, &usd, err);
    of->usd = usd;
    return code;
}

static enum err_code read_named(struct charge_inputs *in, const char *names,
                                struct err *err)
{
    enum err_code code = ERR_OK;
    for (const char *p = names; *p && in->n_input < CHARGE_INPUTS && !code;) {
        size_t n = strcspn(p, " ");
        struct charge_input *of = &in->input[in->n_input++];
        *of = (struct charge_input){.unit = ""};
        (void)snprintf(of->path, sizeof of->path, "%.*s",
                       (int)(n < CHARGE_INPUT_PATH ? n : CHARGE_INPUT_PATH - 1), p);
        code = *of->path == '/' ? read_table(in, of, err) : read_code(in, of, err);
        p += n + (p[n] == ' ');
    }
    return code;
}

enum err_code charge_inputs_read(struct charge_inputs *in, const char *names,
                                 bool by_shares, struct err *err)
{
    enum err_code code = read_lines(in, err);
    if (!code)
        code = read_areas(in, err);
    if (!code)
        code = read_services(in, err);
    if (!code)
        code = read_named(in, names, err);
    if (!code && by_shares)
        code = add_up(in, in->code, in->s->detail_quantity, &in->all_mwh, err);
    return code;
}

/* ---- telling ---- */

/* Loads and others are charged for uninstructed energy by formulas of their own. */
static bool is_beside(const struct charge_inputs *in, const struct charge_input *of,
                      size_t i)
{
    int32_t r = in->s->detail_resource[i];
    if (in->code != 6475 || r < 0 || strcmp(of->path, "/meter/energy") == 0)
        return false;
    bool for_load = strcmp(of->path, "/settlement/load_price") == 0 ||
                    strcmp(of->path, "/day_ahead/award") == 0;
    return for_load != (in->resource_type[r] == TYPE_LOAD);
}

/* Tables of what the first statements counted: a recalculation had other meters. */
static bool is_first_only(const char *path)
{
    return strncmp(path, "/meter/", 7) == 0 ||
           strncmp(path, "/settlement/recovery/", 21) == 0;
}

void charge_inputs_print(const struct charge_inputs *in, size_t i, FILE *out)
{
    const char *before = "           ";
    for (int k = 0; k < in->n_input; k++) {
        const struct charge_input *of = &in->input[k];
        double value =
            of->code ? of->usd[in->s->detail_interval[i]] : value_of(in, of, i);
        bool nothing = of->code && fabs(value) < 5e-5;
        bool other = in->version > 0 && is_first_only(of->path);
        if (isnan(value) || other || nothing || is_beside(in, of, i))
            continue;
        (void)fprintf(out, "%s%s %s %s", before, of->path,
                      amount_from_number(value, 4).text, of->unit);
        before = ", ";
    }
    if (in->all_mwh && in->version == 0) {
        (void)fprintf(
            out, "%sof %s in all", before,
            amount_from_number(in->all_mwh[in->s->detail_interval[i]], 4).text);
        before = ", ";
    }
    if (strcmp(before, ", ") == 0)
        (void)fputc('\n', out);
}
