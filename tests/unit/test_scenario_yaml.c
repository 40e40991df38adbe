/* test_scenario_yaml.c - keys of scenario.yaml and what may be wrong with them. */
#include "sim/input/scenario_yaml.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/scenario_files.h"

// clang-format off
static const struct fault_case cases[] = {
        {"scenario.yaml", "name: base",
         "nmae: base",
         "scenario.yaml:1:1: key 'name' is missing; expected it (short name of the scenario)\n"
         "scenario.yaml:1:1: unknown key 'nmae'; expected 'name'?\n"},
        {"scenario.yaml", "name: base",
         "name: base\nname: again",
         "scenario.yaml:2:1: key 'name' appears twice; expected it once\n"},
        {"scenario.yaml", "name: base",
         "name: [a, b]",
         "scenario.yaml:1:7: name is a list; expected one line of at most 64 bytes\n"},
        {"scenario.yaml", "name: base",
         "name:",
         "scenario.yaml:1:6: name is empty; expected one line of at most 64 bytes\n"},
        {"scenario.yaml", "name: base",
         "name: &x base",
         "scenario.yaml:1:7: an anchor; expected a value written out where it is used\n"},
        {"scenario.yaml", "name: base",
         "name: !!str base",
         "scenario.yaml:1:7: a tag; expected a plain value\n"},
        {"scenario.yaml", "name: base",
         "name: *x",
         "scenario.yaml:1:7: an alias; expected a value written out where it is used\n"},
        {"scenario.yaml", "name: base",
         "? [a]\n: b",
         "scenario.yaml:1:3: a map or list as a key; expected a word\n"},
        {"scenario.yaml", "name: base",
         "name: {a: {b: {c: {d: {e: {f: g}}}}}}",
         "scenario.yaml:1:27: too many levels; expected at most 6\n"},
        {"scenario.yaml", "name: base",
         "name: \"base",
         "scenario.yaml:11:1: found unexpected end of stream while scanning a quoted scalar; expected valid YAML\n"},
        {"scenario.yaml", "name: base",
         "name: base\n--- \nx: 1",
         "scenario.yaml:2:1: a second document; expected one\n"},
        {"scenario.yaml", "description: all features",
         "description: \"a\nb\\\nc\"",
         ""},
        {"scenario.yaml", "[2026-04-15, 2026-04-16]",
         "2026-04-15",
         "scenario.yaml:3:14: trade_dates is '2026-04-15'; expected a list of one or more dates, such as [2026-04-15]\n"},
        {"scenario.yaml", "[2026-04-15, 2026-04-16]",
         "[]",
         "scenario.yaml:3:14: trade_dates is an empty list; expected a list of one or more dates, such as [2026-04-15]\n"},
        {"scenario.yaml", "[2026-04-15, 2026-04-16]",
         "[2026-04-15, 2026-04-31]",
         "scenario.yaml:3:27: trade_dates is '2026-04-31'; expected a date YYYY-MM-DD from 1970 to 2199\n"},
        {"scenario.yaml", "[2026-04-15, 2026-04-16]",
         "[2026-04-15, 2026-04-15]",
         "scenario.yaml:3:27: trade date 2026-04-15 does not come after the one before it; expected ascending dates\n"},
        {"scenario.yaml", "America/Los_Angeles",
         "America/Nowhere",
         "scenario.yaml:4:12: time zone 'America/Nowhere' is not known; expected an IANA name such as America/Los_Angeles\n"},
        {"scenario.yaml", "{buses: buses.csv, branches: branches.csv, base_mva: 100}",
         "{buses: buses.csv}",
         "scenario.yaml:5:10: key 'branches' is missing; expected it (table of branches)\n"},
        {"scenario.yaml", "{buses: buses.csv, branches: branches.csv, base_mva: 100}",
         "none.m",
         "scenario.yaml:5:10: none.m: no such file; expected a readable file\n"},
        {"scenario.yaml", "{buses: buses.csv, branches: branches.csv, base_mva: 100}",
         "buses.csv",
         "buses.csv:1:1: 'bus_id,load_mw' is not understood; expected mpc.FIELD = value\n"
         "buses.csv:1:1: mpc.baseMVA is missing; expected it in every case\n"
         "buses.csv:1:1: mpc.branch is missing; expected it in every case\n"
         "buses.csv:1:1: mpc.bus is missing; expected it in every case\n"
         "buses.csv:1:1: mpc.gen is missing; expected it in every case\n"
         "buses.csv:1:1: mpc.version is missing; expected it in every case\n"
         "buses.csv:1:1: not a MATPOWER case of version 2; expected 'function mpc = NAME' first\n"
         "buses.csv:1:8: 'load_mw' is not understood; expected mpc.FIELD = value\n"
         "buses.csv:2:1: 'A,0' is not understood; expected mpc.FIELD = value\n"
         "buses.csv:2:3: '0' is not understood; expected mpc.FIELD = value\n"
         "buses.csv:3:1: 'B,90' is not understood; expected mpc.FIELD = value\n"
         "buses.csv:3:3: '90' is not understood; expected mpc.FIELD = value\n"
         "buses.csv:4:1: 'C,30' is not understood; expected mpc.FIELD = value\n"
         "buses.csv:4:3: '30' is not understood; expected mpc.FIELD = value\n"
         "buses.csv:5:1: 'D,' is not understood; expected mpc.FIELD = value\n"
         "buses.csv:6:1: 'E10,5' is not understood; expected mpc.FIELD = value\n"
         "buses.csv:6:5: '5' is not understood; expected mpc.FIELD = value\n"
         "buses.csv:7:1: 'E9,-5' is not understood; expected mpc.FIELD = value\n"
         "buses.csv:7:4: '-5' is not understood; expected mpc.FIELD = value\n"},
        {"scenario.yaml", "{buses: buses.csv, branches: branches.csv, base_mva: 100}",
         "[buses.csv]",
         "scenario.yaml:5:10: network is a list; expected a file name of at most 255 bytes\n"},
        {"scenario.yaml", "base_mva: 100",
         "base_mva: 0",
         "scenario.yaml:5:63: base_mva is 0; expected a number of MVA from 0.001 to 1e+06\n"},
        {"scenario.yaml", "energy_bids: energy_bids.csv",
         "energy_bids: bids.csv",
         "scenario.yaml:7:16: bids.csv: no such file; expected a readable file\n"},
        {"scenario.yaml", "energy_bids: energy_bids.csv",
         "energy_bids: ../energy_bids.csv",
         "scenario.yaml:7:16: energy_bids is '../energy_bids.csv'; expected a path inside the scenario folder, without '..'\n"},
        {"scenario.yaml", "energy_bids: energy_bids.csv",
         "energy_bids: /energy_bids.csv",
         "scenario.yaml:7:16: energy_bids is '/energy_bids.csv'; expected a path inside the scenario folder, without '..'\n"},
        {"scenario.yaml", "energy_bids: energy_bids.csv",
         "energy_bid: energy_bids.csv",
         "scenario.yaml:7:3: unknown key 'energy_bid'; expected 'energy_bids'?\n"},
        {"scenario.yaml", "energy_bid_cap: 900",
         "energy_bid_cap: 1e9",
         "scenario.yaml:9:19: energy_bid_cap is 1e9; expected a number of USD/MWh from 0 to 100000\n"},
        {"scenario.yaml", "energy_bid_cap: 900",
         "energy_bid_cap: '900'",
         "scenario.yaml:9:19: energy_bid_cap is '900'; expected a number\n"},
        {"scenario.yaml", "energy_bid_cap: 900",
         "energy_bid_cap: .nan",
         "scenario.yaml:9:19: energy_bid_cap is '.nan'; expected a number\n"},
        {"scenario.yaml", "energy_bid_cap: 900",
         "energy_bid_cap: nan",
         "scenario.yaml:9:19: energy_bid_cap is nan; expected a number of USD/MWh from 0 to 100000\n"},
        {"scenario.yaml", "energy_bid_cap: 900",
         "energy_bid_cap: {}",
         "scenario.yaml:9:19: energy_bid_cap is a map; expected a number\n"},
        {"scenario.yaml", "energy_bid_cap: 900",
         "zzz: 1",
         "scenario.yaml:9:3: unknown key 'zzz'; expected a key of market\n"},
        {"scenario.yaml", "dc_model: pglib",
         "dc_model: ac",
         "scenario.yaml:10:13: dc_model is 'ac'; expected matpower or pglib\n"},
        {"scenario.yaml", "dc_model: pglib",
         "losses: 3",
         "scenario.yaml:10:11: losses is '3'; expected off, reference or ends\n"},
        {"scenario.yaml", "dc_model: pglib",
         "losses: [ends]",
         "scenario.yaml:10:11: losses is a list; expected off, reference or ends\n"},
        {"scenario.yaml", "energy_bid_cap: 900",
         "energy_bid_cap: 2000\n  self_rmt: 2500\n  self_pt_demand: 1999",
         "scenario.yaml:9:19: balance_pricing is 1000 and energy_bid_cap 2000; expected a penalty of at least 2000\n"
         "scenario.yaml:9:19: self_lpt_demand is 1050 and energy_bid_cap 2000; expected a penalty of at least 2000\n"
         "scenario.yaml:11:19: self_pt_demand is 1999 and energy_bid_cap 2000; expected a penalty of at least 2000\n"},
        {"scenario.yaml", "energy_bid_cap: 900",
         "energy_bid_floor: -920",
         "scenario.yaml:9:21: self_lpt_supply is 900 and energy_bid_floor -920; expected a penalty of at least 920\n"
         "scenario.yaml:9:21: surplus_pricing is 150 and energy_bid_floor -920; expected a penalty of at least 920\n"},
        {"scenario.yaml", "\nmarket:",
         "\nmarket: 7\nmarkt:",
         "scenario.yaml:8:9: market is '7'; expected a map\n"
         "scenario.yaml:9:1: unknown key 'markt'; expected 'market'?\n"},
        {"scenario.yaml", "market:\n",
         "balance_pricing: 1000\nmarket:\n",
         "scenario.yaml:8:1: key 'balance_pricing' at the top level; expected it under market:\n"},
        {"scenario.yaml", "market:\n",
         "energy_bids: x.csv\nmarket:\n  base_mva: 5\n  description: x\n",
         "scenario.yaml:8:1: key 'energy_bids' at the top level; expected it under tables:\n"
         "scenario.yaml:10:3: key 'base_mva' under market; expected it under network:\n"
         "scenario.yaml:11:3: key 'description' under market; expected it at the top level\n"},
        {"scenario.yaml", "time_zone:",
         "\\ttime_zone:",
         "scenario.yaml:1:1: key 'time_zone' is missing; expected it (IANA name of the zone whose days are traded)\n"
         "scenario.yaml:4:1: unknown key '\\ttime_zone'; expected 'time_zone'?\n"},
};
// clang-format on

Test(scenario_yaml, every_wrong_setting_is_told_at_its_place)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_assert(fault_case_holds(&cases[i]), "case %zu", i);
}

static void read_text(const char *text, struct scenario_yaml *y,
                      struct err_list *faults)
{
    struct source src;
    struct err err = {0};
    cr_assert_eq(source_from_text("s.yaml", text, strlen(text), &src, &err), ERR_OK);
    cr_assert_eq(scenario_yaml_read(&src, y, faults, &err), ERR_OK);
    source_release(&src);
}

Test(scenario_yaml, what_is_absent_has_its_default)
{
    struct scenario_yaml y;
    struct err_list faults = {0};
    read_text("name: x\ntrade_dates: [2026-01-01]\ntime_zone: UTC\nnetwork: n.m\n"
              "tables:\nmarket:\n  self_pt_demand: 1200.5\n",
              &y, &faults);
    cr_assert_eq(faults.total, 0);
    cr_assert_str_eq(y.name.text, "x");
    cr_assert_null(y.description.text);
    cr_assert_str_eq(y.network.text, "n.m");
    cr_assert_null(y.file[TABLE_BIDS].text);
    cr_assert_float_eq(y.rules.energy_bid_cap, 1000, 0);
    cr_assert_float_eq(y.rules.self_pt_demand, 1200.5, 0);
    cr_assert_eq(y.rules.dc_model, DC_MATPOWER);
    cr_assert_eq(y.rules.losses, LOSS_OFF);
    cr_assert_eq(y.n_date, 1);
    scenario_yaml_release(&y);
}

Test(scenario_yaml, losses_are_a_word)
{
    static const char *const word[] = {"off", "reference", "ends"};
    for (int k = 0; k < 3; k++) {
        struct scenario_yaml y;
        struct err_list faults = {0};
        char text[256];
        (void)snprintf(text, sizeof text,
                       "name: x\ntrade_dates: [2026-01-01]\ntime_zone: UTC\n"
                       "network: n.m\nmarket:\n  losses: %s\n",
                       word[k]);
        read_text(text, &y, &faults);
        cr_assert_eq(faults.total, 0);
        cr_assert_eq((int)y.rules.losses, k);
        scenario_yaml_release(&y);
    }
}

Test(scenario_yaml, the_fingerprint_depends_on_values_only)
{
    struct scenario_yaml a, b, c;
    struct err_list faults = {0};
    read_text("name: x\ntrade_dates: [2026-01-01]\ntime_zone: UTC\nnetwork: n.m\n"
              "market: {self_tor: 7000, self_etc: 6000}\n",
              &a, &faults);
    read_text("# a remark\ntime_zone: 'UTC'\nnetwork: other.m\nname: x\nmarket:\n"
              "  self_etc: 6000\n  self_tor: 7000\ntrade_dates:\n- 2026-01-01\n",
              &b, &faults);
    read_text("name: x\ntrade_dates: [2026-01-01]\ntime_zone: UTC\nnetwork: n.m\n"
              "market: {self_tor: 6000, self_etc: 7000}\n",
              &c, &faults);
    cr_assert_eq(faults.total, 0);
    cr_assert_eq(a.fingerprint, b.fingerprint);
    cr_assert_neq(a.fingerprint, c.fingerprint);
    scenario_yaml_release(&a);
    scenario_yaml_release(&b);
    scenario_yaml_release(&c);
}

Test(scenario_yaml, columns_are_counted_in_bytes)
{
    struct scenario_yaml y;
    struct err_list faults = {0};
    read_text("name: \"\xC3\xA9\xE2\x82\xAC\"\ntrade_dates: [2026-01-01]\n"
              "network: n.m\nmarket: {\"\xC3\xA9\": 1, self_tor: x}\ntime_zone: UTC\n",
              &y, &faults);
    cr_assert_eq(faults.total, 2);
    cr_assert_eq(faults.item[0].at.line, 4);
    cr_assert_eq(faults.item[0].at.column, 10);
    cr_assert_eq(faults.item[1].at.column, 29);
    err_list_release(&faults);
    scenario_yaml_release(&y);
}

Test(scenario_yaml, there_is_a_largest_number_of_dates)
{
    struct scenario_yaml y;
    struct err_list faults = {0};
    static char text[16384] = "name: x\ntime_zone: UTC\nnetwork: n.m\n"
                              "market: {dc_model: matpower}\ntrade_dates:\n";
    for (date_t d = 10000; d < 10000 + TRADE_DATES_MAX; d++) {
        char date[11];
        date_format(d, date);
        (void)snprintf(text + strlen(text), sizeof text - strlen(text), "- %s\n", date);
    }
    read_text(text, &y, &faults);
    cr_assert_eq(faults.total, 0);
    cr_assert_eq(y.n_date, TRADE_DATES_MAX);
    scenario_yaml_release(&y);
    (void)snprintf(text + strlen(text), sizeof text - strlen(text), "- 2100-01-01\n");
    read_text(text, &y, &faults);
    cr_assert_eq(faults.total, 1);
    cr_assert_str_eq(faults.item[0].msg, "401 trade dates; expected at most 400");
    cr_assert(y.dates_wrong);
    err_list_release(&faults);
    scenario_yaml_release(&y);
}

Test(scenario_yaml, what_is_no_map_is_no_scenario)
{
    static const char *const text[] = {"", "# nothing\n", "[a]\n", "name\n"};
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        struct scenario_yaml y;
        struct err_list faults = {0};
        read_text(text[i], &y, &faults);
        cr_assert_eq(faults.total, 1, "case %zu", i);
        cr_assert_eq(faults.item[0].at.line, 1);
        err_list_release(&faults);
        scenario_yaml_release(&y);
    }
}

Test(scenario_yaml, every_key_is_documented)
{
    int n;
    const struct scenario_key *key = scenario_yaml_keys(&n);
    int n_rule;
    (void)rules_table(&n_rule);
    cr_assert_eq(n, 9 + 4 + TABLE_NAMED + 5 + n_rule);
    for (int i = 0; i < n; i++) {
        cr_assert(*key[i].name && *key[i].meaning);
        cr_assert(key[i].if_absent || key[i].type == KEY_NUMBER);
        cr_assert_eq(key[i].required,
                     key[i].if_absent && strcmp(key[i].if_absent, "-") == 0);
        cr_assert(*scenario_key_type_name(key[i].type));
    }
}
