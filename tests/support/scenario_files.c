/* scenario_files.c - scenario folders for tests. */
#include "tests/support/scenario_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/market_check.h"

static const struct {
    const char *name, *text;
} base[] = {
    {"scenario.yaml",
     "name: base\n"
     "description: all features\n"
     "trade_dates: [2026-04-15, 2026-04-16]\n"
     "time_zone: America/Los_Angeles\n"
     "network: {buses: buses.csv, branches: branches.csv, base_mva: 100}\n"
     "tables:\n"
     "  energy_bids: energy_bids.csv\n"
     "market:\n"
     "  energy_bid_cap: 900\n"
     "  dc_model: pglib\n"},
    {"buses.csv", "bus_id,load_mw\n"
                  "A,0\n"
                  "B,90\n"
                  "C,30\n"
                  "D,\n"
                  "E10,5\n"
                  "E9,-5\n"},
    {"branches.csv",
     "from_bus,to_bus,circuit,r_pu,x_pu,tap,shift_deg,rate_mw,rate_after_mw\n"
     "A,B,,0.01,0.1,,,100,120\n"
     "A,B,2,0.01,0.2,1.02,-3,50,\n"
     "B,C,1,0,0.1,,,,\n"
     "C,A,,0,-0.1,,,,90\n"
     "E10,E9,,0,0.1,,,,\n"},
    {"outages.csv", "outage_id,kind,element_id\n"
                    "PAIR,branch,A-B\n"
                    "LOOP,,C-A\n"
                    "PAIR,,A-B-2\n"},
    {"scheduling_coordinators.csv",
     "sc_id,name,certified_from,certified_to,unsecured_limit_usd,posted_security_usd,"
     "invoiced_usd,published_usd,estimated_usd,extrapolated_usd,crr_usd,other_usd\n"
     "SC2,\"Wind, and more\",2020-01-01,2030-12-31,1000,500,-10,1,2,3,4,5\n"
     "SC1,,,,,,,,,,,\n"},
    {"resources.csv",
     "resource_id,type,sc_id,node_id,tie_id,pmin_mw,pmax_mw,ramp_mw_per_min,"
     "ramp_down_mw_per_min,initial_mw,energy_min_mwh,energy_max_mwh,charge_efficiency,"
     "discharge_efficiency,initial_energy_mwh,end_energy_mwh,forecast_share,status,"
     "registered_from,registered_to,technology\n"
     "G1,generator,SC1,A,,10,100,2,1,50,,,,,,,,active,2000-01-01,2100-01-01,gas\n"
     "L1,load,SC2,LAP1,,,200,,,,,,,,,,0.5,,,,\n"
     "L2,load,SC2,B,,,80,,,,,,,,,,,,,,\n"
     "S1,storage,SC1,C,,,20,,,,1,80,0.95,0.9,10,5,,,,,battery\n"
     "P1,pdr,SC2,B,,,5,,,,,,,,,,,,,,\n"
     "D1,dera,SC2,DER,,-2,4,,,,,,,,,,,planned,,,\n"
     "I1,import,SC1,,T1,,60,,,,,,,,,,,,,,\n"
     "E1,export,SC1,A,T1,,30,,,,,,,,,,,,,,\n"},
    {"nodes.csv", "node_id,sub_lap,virtual_eligible,virtual_limit_mw,"
                  "reference_supply_usd_per_mwh,reference_demand_usd_per_mwh,"
                  "longitude,latitude\n"
                  "B,SLAP,no,,,,-120.5,38\n"
                  "C,SLAP,,25,3,4,,\n"
                  "HUB1,,yes,100,,,,\n"},
    {"aggregation_nodes.csv", "apnode_id,kind,pnode_id,factor\n"
                              "LAP1,lap,B,0.6\n"
                              "LAP1,,C,0.4\n"
                              "DER,,C,\n"
                              "DER,,B,\n"
                              "DER,aggregate,A,\n"
                              "HUB1,hub,A,1\n"},
    {"ties.csv", "tie_id,pnode_id,import_limit_mw,export_limit_mw\n"
                 "T1,A,50,\n"},
    {"load_forecast.csv", "node_id,trade_date,hour_ending,forecast_mw\n"
                          "LAP1,,,100\n"
                          "LAP1,2026-04-16,,110\n"
                          "LAP1,,18,120\n"
                          "LAP1,2026-04-16,18,130\n"},
    {"energy_bids.csv",
     "resource_id,trade_date,hour_ending,kind,from_mw,to_mw,price_usd_per_mwh\n"
     "G1,,,self_pt,0,10,\n"
     "G1,,,energy,10,50,20\n"
     "G1,,,energy,,100,30\n"
     "G1,2026-04-16,,energy,10,100,25\n"
     "G1,,18,energy,10,100,40\n"
     "G1,2026-04-16,18,energy,10,90,45.5\n"
     "L2,,,,0,40,500\n"
     "L2,,,,,80,100\n"
     "L1,2026-04-15,3,self_lpt,,70,\n"
     "S1,,,energy,,0,15\n"
     "S1,,,energy,,20,60\n"
     "P1,,19,,,5,300\n"
     "D1,,20,,,4,-10\n"
     "I1,,,self_tor,,20,\n"
     "I1,,,energy,20,60,35\n"
     "E1,,,energy,0,30,50\n"},
    {"virtual_bids.csv",
     "sc_id,node_id,side,trade_date,hour_ending,from_mw,to_mw,price_usd_per_mwh\n"
     "SC1,LAP1,demand,,,,10,60\n"
     "SC1,LAP1,demand,,,,20,50\n"
     "SC1,LAP1,supply,2026-04-15,7,,5,10\n"
     "SC2,A,supply,,12,0,5,20\n"
     "SC2,A,supply,,12,5,8,20\n"},
};

static const char services_resources[] =
    "resource_id,type,sc_id,node_id,tie_id,pmin_mw,pmax_mw,ramp_mw_per_min,"
    "ramp_down_mw_per_min,initial_mw,energy_min_mwh,energy_max_mwh,charge_efficiency,"
    "discharge_efficiency,initial_energy_mwh,end_energy_mwh,forecast_share,status,"
    "registered_from,registered_to,technology,"
    "ru_certified_mw,sr_certified_mw,nr_certified_mw,rd_certified_mw\n"
    "G1,generator,SC1,A,,10,100,2,1,50,,,,,,,,active,2000-01-01,2100-01-01,gas,20,30,"
    "30,"
    "20\n"
    "L1,load,SC2,LAP1,,,200,,,,,,,,,,0.5,,,,,,,,\n"
    "L2,load,SC2,B,,,80,,,,,,,,,,,,,,,,,,\n"
    "S1,storage,SC1,C,,,20,,,,1,80,0.95,0.9,10,5,,,,,battery,10,,,10\n"
    "P1,pdr,SC2,B,,,5,,,,,,,,,,,,,,,,2,2,\n"
    "D1,dera,SC2,DER,,-2,4,,,,,,,,,,,planned,,,,,,,\n"
    "I1,import,SC1,,T1,,60,,,,,,,,,,,,,,,,,,\n"
    "E1,export,SC1,A,T1,,30,,,,,,,,,,,,,,,,,,\n";

static const struct {
    const char *name, *text;
} services[] = {
    {"as_regions.csv", "region_id,node_id,resource_id\n"
                       "NORTH,A,\n"
                       "NORTH,,S1\n"
                       "CITY,,S1\n"},
    {"as_requirements.csv", "region_id,product,trade_date,hour_ending,required_mw\n"
                            "SYSTEM,RU,,,10\n"
                            ",SR,,,15.5\n"
                            "NORTH,SR,,18,5\n"
                            ",RD,2026-04-16,,8\n"
                            ",RD,,,4\n"
                            "CITY,RU,2026-04-15,3,1\n"},
    {"as_bids.csv",
     "resource_id,product,trade_date,hour_ending,kind,mw,price_usd_per_mw\n"
     "G1,RU,,,,20,4\n"
     "G1,SR,,,offer,30,2\n"
     "G1,SR,,18,,25,3.5\n"
     "G1,SR,,,self_provision,5,\n"
     "G1,RD,2026-04-16,,,20,1\n"
     "S1,RU,,,,10,6\n"
     "S1,RD,,,,10,0\n"
     "P1,NR,,19,,2,9\n"},
    {"ruc_bids.csv", "resource_id,trade_date,hour_ending,price_usd_per_mw\n"
                     "G1,,,5\n"
                     "G1,2026-04-16,,6\n"
                     "G1,,18,7.5\n"
                     "G1,2026-04-16,18,0\n"},
};

static void *need(void *p)
{
    if (!p)
        abort();
    return p;
}

static int find(const struct scenario_files *s, const char *name)
{
    for (int i = 0; i < s->n; i++)
        if (strcmp(s->file[i].name, name) == 0)
            return i;
    return -1;
}

void scenario_files_base(struct scenario_files *s)
{
    *s = (struct scenario_files){0};
    for (size_t i = 0; i < sizeof base / sizeof *base; i++)
        scenario_files_put(s, base[i].name, base[i].text);
}

void scenario_files_services(struct scenario_files *s)
{
    scenario_files_put(s, "resources.csv", services_resources);
    for (size_t i = 0; i < sizeof services / sizeof *services; i++)
        scenario_files_put(s, services[i].name, services[i].text);
}

const char *scenario_files_get(const struct scenario_files *s, const char *name)
{
    int i = find(s, name);
    return i < 0 ? NULL : s->file[i].text;
}

void scenario_files_put(struct scenario_files *s, const char *name, const char *text)
{
    scenario_files_put_bytes(s, name, text, strlen(text));
}

void scenario_files_put_bytes(struct scenario_files *s, const char *name,
                              const char *text, size_t len)
{
    int i = find(s, name);
    char *copy = need(malloc(len + 1));
    memcpy(copy, text, len);
    copy[len] = '\0';
    if (i < 0) {
        if (s->n == SCENARIO_FILES_MAX)
            abort();
        i = s->n++;
        (void)snprintf(s->file[i].name, sizeof s->file[i].name, "%s", name);
        s->file[i].text = NULL;
    }
    free(s->file[i].text);
    s->file[i].text = copy;
}

void scenario_files_drop(struct scenario_files *s, const char *name)
{
    int i = find(s, name);
    if (i < 0)
        abort();
    free(s->file[i].text);
    s->file[i] = s->file[--s->n];
}

void scenario_files_change(struct scenario_files *s, const char *name, const char *from,
                           const char *to)
{
    const char *text = need((void *)(uintptr_t)scenario_files_get(s, name));
    const char *at = need((void *)(uintptr_t)strstr(text, from));
    size_t size = strlen(text) + strlen(to) + 1;
    char *changed = need(malloc(size));
    (void)snprintf(changed, size, "%.*s%s%s", (int)(at - text), text, to,
                   at + strlen(from));
    scenario_files_put(s, name, changed);
    free(changed);
}

/* splitmix64 (Steele, Lea, Flood, 2014). */
static uint64_t draw(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static void shuffle_lines(char *text, uint64_t *state)
{
    char *line[256];
    char *copy = need(strdup(text));
    size_t n = 0;
    for (char *p = copy; *p && n < 256; p = strchr(p, '\n') + 1)
        line[n++] = p;
    for (size_t i = n - 1; i > 1; i--) {
        size_t j = 1 + draw(state) % i;
        char *t = line[i];
        line[i] = line[j];
        line[j] = t;
    }
    for (size_t i = 0; i < n; i++) {
        size_t len = (size_t)(strchr(line[i], '\n') - line[i]) + 1;
        memcpy(text, line[i], len);
        text += len;
    }
    free(copy);
}

void scenario_files_shuffle(struct scenario_files *s, uint64_t seed)
{
    for (int i = 0; i < s->n; i++)
        if (strstr(s->file[i].name, ".csv"))
            shuffle_lines(s->file[i].text, &seed);
}

void scenario_files_release(struct scenario_files *s)
{
    for (int i = 0; i < s->n; i++)
        free(s->file[i].text);
    *s = (struct scenario_files){0};
}

/* ---- loading ---- */

void scenario_folder_write(const char *dir, const char *name, const char *text)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = need(fopen(path, "w"));
    if (fputs(text, f) < 0 || fclose(f) != 0)
        abort();
}

void scenario_folder_make(const struct scenario_files *s, char dir[40])
{
    (void)snprintf(dir, 40, "/tmp/gridclear-test-XXXXXX");
    need(mkdtemp(dir));
    for (int i = 0; i < s->n; i++)
        scenario_folder_write(dir, s->file[i].name, s->file[i].text);
}

void scenario_folder_load(const char *dir, struct scenario_result *out)
{
    *out = (struct scenario_result){.code = ERR_OK};
    (void)snprintf(out->dir, sizeof out->dir, "%s", dir);
    out->code = scenario_load(out->dir, &out->market, &out->faults, &out->err);
}

void scenario_folder_remove(const struct scenario_files *s, const char *dir)
{
    char path[128];
    for (int i = 0; i < s->n; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", dir, s->file[i].name);
        (void)unlink(path);
    }
    (void)rmdir(dir);
}

void scenario_files_load(const struct scenario_files *s, struct scenario_result *out)
{
    char dir[40];
    scenario_folder_make(s, dir);
    scenario_folder_load(dir, out);
    scenario_folder_remove(s, dir);
}

void scenario_files_load_changed(const struct scenario_files *s, const char *override,
                                 struct scenario_result *out)
{
    char dir[40], path[80];
    scenario_folder_make(s, dir);
    scenario_folder_write(dir, "change.yaml", override);
    *out = (struct scenario_result){.code = ERR_OK};
    (void)snprintf(out->dir, sizeof out->dir, "%s", dir);
    (void)snprintf(path, sizeof path, "%s/change.yaml", dir);
    out->code = scenario_load_changed(dir, path, &out->market, &out->faults, &out->err);
    (void)unlink(path);
    scenario_folder_remove(s, dir);
}

void scenario_result_release(struct scenario_result *r)
{
    err_list_release(&r->faults);
    market_release(&r->market);
}

static const char *without_dir(const struct scenario_result *r, const char *file)
{
    size_t n = strlen(r->dir);
    return file && strncmp(file, r->dir, n) == 0 ? file + n + 1 : "?";
}

void scenario_result_faults(const struct scenario_result *r, char *out, size_t size)
{
    size_t used = 0;
    *out = '\0';
    for (size_t i = 0; i < r->faults.n && used < size; i++) {
        const struct err *e = &r->faults.item[i];
        used += (size_t)snprintf(out + used, size - used, "%s:%u:%u: %s\n",
                                 without_dir(r, e->at.file), (unsigned)e->at.line,
                                 (unsigned)e->at.column, e->msg);
    }
}

static bool is_inside(const char *text, struct src_pos at)
{
    for (uint32_t line = 1; line < at.line; line++) {
        text = strchr(text, '\n');
        if (!text)
            return false;
        text++;
    }
    return at.line > 0 && at.column > 0 && at.column <= strcspn(text, "\n") + 1;
}

const char *scenario_result_misplaced(const struct scenario_files *s,
                                      const struct scenario_result *r)
{
    for (size_t i = 0; i < r->faults.n; i++) {
        const struct err *e = &r->faults.item[i];
        const char *text = scenario_files_get(s, without_dir(r, e->at.file));
        if (!text)
            return "a fault in a file that the scenario does not have";
        /* Positions in a gzip file are those of the text it holds. */
        bool packed = strncmp(text, "\x1f\x8b", 2) == 0;
        if (!packed && !is_inside(text, e->at))
            return e->msg;
        if (!strchr(e->msg, ';') || strchr(e->msg, '\n'))
            return "a fault that does not say what was expected";
    }
    return NULL;
}

static bool case_holds(const struct fault_case *c, bool with_services)
{
    enum {
        SIZE = 16384
    };
    struct scenario_files s;
    struct scenario_result r;
    char *got = need(malloc(SIZE));
    scenario_files_base(&s);
    if (with_services)
        scenario_files_services(&s);
    scenario_files_change(&s, c->file, c->from, c->to);
    scenario_files_load(&s, &r);
    scenario_result_faults(&r, got, SIZE);
    const char *misplaced = scenario_result_misplaced(&s, &r);
    bool holds = strcmp(got, c->expected) == 0 && !misplaced &&
                 r.code == (*c->expected ? ERR_INPUT : ERR_OK);
    if (!holds)
        (void)fprintf(stderr, "%s: '%s' -> '%s'\ngot (%d):\n%sexpected:\n%s%s\n",
                      c->file, c->from, c->to, (int)r.code, got, c->expected,
                      misplaced ? misplaced : "");
    scenario_result_release(&r);
    scenario_files_release(&s);
    free(got);
    return holds;
}

bool fault_case_holds(const struct fault_case *c)
{
    return case_holds(c, false);
}

bool fault_case_holds_with_services(const struct fault_case *c)
{
    return case_holds(c, true);
}

const char *scenario_result_broken(const struct scenario_files *s,
                                   const struct scenario_result *r)
{
    static char why[MARKET_CHECK_SIZE];
    if (r->code != ERR_OK && r->code != ERR_INPUT)
        return r->err.msg;
    if ((r->code == ERR_OK) != (r->faults.total == 0))
        return "faults and the code differ";
    const char *misplaced = scenario_result_misplaced(s, r);
    if (misplaced || r->code)
        return misplaced;
    return market_check(&r->market, why) ? NULL : why;
}

const struct resource *scenario_result_resource(const struct scenario_result *r,
                                                const char *id)
{
    const struct market *m = &r->market;
    for (int32_t k = 0; k < m->n_resource; k++)
        if (strcmp(m->resource[k].id, id) == 0)
            return &m->resource[k];
    return NULL;
}
