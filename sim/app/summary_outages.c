/* summary_outages.c - what became of outages, for people and as JSON. */
#include "sim/app/amount.h"
#include "sim/app/summary.h"

enum {
    MOST_UNSCREENED = 5
};

static const char *plural(int32_t n)
{
    return n == 1 ? "" : "s";
}

static void print_unscreened(const struct grid_outages *outages,
                             const struct unscreened *u, FILE *out)
{
    if (u->n_bus_cut_off == 0)
        (void)fprintf(out, "                %s: nobody can replace what it loses\n",
                      outages->id[u->outage]);
    else
        (void)fprintf(out, "                %s cuts %d bus%s with %s MW of load off\n",
                      outages->id[u->outage], u->n_bus_cut_off,
                      u->n_bus_cut_off == 1 ? "" : "es",
                      amount_from_number(u->load_cut_off_mw, 3).text);
}

void summary_print_outages(const struct grid_outages *outages, const struct outcome *o,
                           FILE *out)
{
    if (o->n_outage == 0 && o->n_outage_idle == 0)
        return;
    (void)fprintf(
        out, "outages         %d screened; %d limit%s after them entered, %d bind%s\n",
        o->n_outage - o->n_unscreened, o->stats.outage_rows_added,
        plural(o->stats.outage_rows_added), o->stats.outage_rows_binding,
        o->stats.outage_rows_binding == 1 ? "s" : "");
    if (o->n_outage_idle)
        (void)fprintf(out, "                %d of what is out of service anyway\n",
                      o->n_outage_idle);
    if (o->n_unscreened)
        (void)fprintf(out, "                %d without limits afterwards:\n",
                      o->n_unscreened);
    for (int32_t k = 0; k < o->n_unscreened && k < MOST_UNSCREENED; k++)
        print_unscreened(outages, &o->unscreened[k], out);
    if (o->n_unscreened > MOST_UNSCREENED)
        (void)fprintf(out, "                ... and %d more\n",
                      o->n_unscreened - MOST_UNSCREENED);
}

void summary_json_outages(struct json *j, const struct grid_outages *outages,
                          const struct outcome *o)
{
    int32_t islanding = 0;
    if (o->n_outage == 0 && o->n_outage_idle == 0)
        return;
    for (int32_t k = 0; k < o->n_unscreened; k++)
        islanding += o->unscreened[k].n_bus_cut_off > 0;
    json_open(j, "outages");
    json_integer(j, "screened", o->n_outage - o->n_unscreened);
    json_integer(j, "islanding", islanding);
    json_integer(j, "not_replaced", o->n_unscreened - islanding);
    json_integer(j, "out_of_service", o->n_outage_idle);
    json_integer(j, "limits_added", o->stats.outage_rows_added);
    json_integer(j, "limits_binding", o->stats.outage_rows_binding);
    json_open_list(j, "unscreened");
    for (int32_t k = 0; k < o->n_unscreened; k++) {
        json_open(j, NULL);
        json_text(j, "outage", outages->id[o->unscreened[k].outage]);
        json_integer(j, "buses_cut_off", o->unscreened[k].n_bus_cut_off);
        json_number(j, "load_cut_off_mw", o->unscreened[k].load_cut_off_mw);
        json_close(j);
    }
    json_close_list(j);
    json_close(j);
}
