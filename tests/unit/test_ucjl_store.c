/* test_ucjl_store.c - storage units and interfaces of UnitCommitment.jl, and what they cost. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/message.h"
#include "tests/oracle/commit_rows.h"
#include "tests/support/commit_text.h"

#define HEAD(version, horizon, rest)                                                   \
 "{\"Parameters\": {\"Version\": \"" version "\", \"Time horizon (h)\": " horizon rest \
 "},\n"
#define PLAIN     HEAD("0.5", "2", "")
#define BUS(load) "\"Buses\": {\"b\": {\"Load (MW)\": " load "}},\n"
/* Up to 100 MW at 10 $/MWh, on already, and as much at 50. */
#define GENS                                                                          \
 "\"Generators\": {\"g\": {\"Bus\": \"b\", \"Production cost curve (MW)\": [0, 100]," \
 "\"Production cost curve ($)\": [0, 1000], \"Must run?\": true,"                     \
 "\"Initial status (h)\": 9, \"Initial power (MW)\": 50},"                            \
 "\"p\": {\"Type\": \"Profiled\", \"Bus\": \"b\", \"Cost ($/MW)\": 50,"               \
 "\"Maximum power (MW)\": 100}},\n"
#define LOSING(rest)                                                      \
 "\"Storage units\": {\"s\": {\"Bus\": \"b\", \"Charge cost ($/MW)\": 1," \
 "\"Discharge cost ($/MW)\": 2, \"Maximum charge rate (MW)\": 20,"        \
 "\"Maximum discharge rate (MW)\": 20" rest "}}}"
#define STORE(rest) LOSING(", \"Charge efficiency\": 0.8" rest)
#define LEVEL       ", \"Maximum level (MWh)\": 100"

/* Solved, in every row of its model, with the cost of its rows. */
static struct commit_answer solved(struct commit_case *c, double cost_usd)
{
    static const struct commit_options options = {.gap = 1e-9};
    struct commit_answer a;
    struct commit_certificate check;
    struct err err = {0};
    cr_assert_eq(commit_case_connect(c, &err), ERR_OK, "%s", err.msg);
    cr_assert_eq(commit_solve(&c->problem, &options, &a, &err), ERR_OK, "%s", err.msg);
    cr_assert_eq(commit_certificate_check(&c->problem, &a, &check, &err), ERR_OK);
    cr_expect_leq(check.violation_mw, 1e-5, "%s", check.rule);
    const struct commit_rows rows = commit_rows_check(c, &a);
    cr_expect_leq(rows.worst_mw, 1e-4, "%s", rows.row);
    cr_expect_float_eq(rows.cost_usd + rows.overload_usd, cost_usd, 1e-6 * cost_usd,
                       "rows: %.9g", rows.cost_usd + rows.overload_usd);
    cr_expect_float_eq(a.cost_usd, cost_usd, 1e-6 * cost_usd, "%.9g", a.cost_usd);
    cr_expect_float_eq(a.bound_usd, cost_usd, 1e-6 * cost_usd, "%.9g", a.bound_usd);
    return a;
}

static void costs(const char *text, double cost_usd)
{
    struct commit_case c = commit_text_case(text);
    struct commit_answer a = solved(&c, cost_usd);
    commit_answer_release(&a);
    commit_case_release(&c);
    cr_assert_eq(mem_live(), 0);
}

/* Without it 130 MW cost 1000 + 30 x 50, 50 MW 500. It charges 20 MW for 200 + 20: 16 MWh. */
Test(ucjl_store, energy_is_bought_cheaply_and_given_dearly)
{
    /* 16 MW for 32 in place of 800. */
    costs(PLAIN BUS("[50, 130]") GENS STORE(LEVEL), 3000 + 220 + 32 - 800);
    /* A quarter is lost: 12 MW for 24 in place of 600. */
    costs(PLAIN BUS("[50, 130]") GENS STORE(LEVEL ", \"Loss factor\": 0.25"),
          3000 + 220 + 24 - 600);
    /* Half comes out: 8 MW for 16 in place of 400. */
    costs(PLAIN BUS("[50, 130]") GENS STORE(LEVEL ", \"Discharge efficiency\": 0.5"),
          3000 + 220 + 16 - 400);
    /* No more than 8 MWh fit at first: 10 MW charged. */
    costs(PLAIN BUS("[50, 130]") GENS STORE(", \"Maximum level (MWh)\": [8, 100]"),
          3000 + 110 + 16 - 400);
    /* 6 MWh stay. */
    costs(PLAIN BUS("[50, 130]")
              GENS STORE(LEVEL ", \"Last period minimum level (MWh)\": 6"),
          3000 + 220 + 20 - 500);
    /* 12 MWh were there, of which 9 and 6.75 are left: what is charged adds 12. */
    costs(PLAIN BUS("[50, 130]")
              GENS STORE(LEVEL ", \"Initial level (MWh)\": 12, \"Loss factor\": 0.25"),
          3000 + 220 + 2 * 18.75 - 50 * 18.75);
    /* 4 of 34 stay: 20 go in the dear hour, 10 in the cheap one. */
    costs(PLAIN BUS("[50, 130]")
              GENS STORE(LEVEL ", \"Initial level (MWh)\": 34,"
                               "\"Last period minimum level (MWh)\": 4,"
                               "\"Last period maximum level (MWh)\": 4"),
          3000 + 40 - 1000 + 20 - 100);
}

Test(ucjl_store, what_is_lost_may_vary_in_time)
{
    /* Half of 20 MW goes in and all of it comes out: 10 MW for 20 in place of 500. */
    costs(PLAIN BUS("[50, 130]")
              GENS LOSING(LEVEL ", \"Charge efficiency\": [0.5, 0.9],"
                                "\"Discharge efficiency\": [0.25, 1]"),
          3000 + 220 + 20 - 500);
    /* 8 MWh of 10 are there when it charges, 24 after it, of which 12 are left. */
    costs(PLAIN BUS("[50, 130]") GENS STORE(LEVEL ", \"Initial level (MWh)\": 10,"
                                                  "\"Loss factor\": [0.2, 0.5]"),
          3000 + 220 + 24 - 600);
}

Test(ucjl_store, money_and_energy_of_half_hours)
{
    struct commit_case c =
        commit_text_case(HEAD("0.4", "1", ", \"Time step (min)\": 30") BUS("[50, 130]")
                             GENS STORE(LEVEL ", \"Loss factor\": 0.25"));
    const struct commit_store *s = c.problem.unit[1].store;
    cr_assert_str_eq(c.unit_id[1], "s");
    cr_assert_float_eq(c.problem.curve[s->charge_curve[1]].cost_usd_per_mwh[0], 2, 0);
    cr_assert_float_eq(s->loss[1], 0.25, 0);
    cr_assert_null(s->one_way);
    /* 8 MWh kept, 6 left: 12 MW, each priced per step as a MW of an hour is. */
    struct commit_answer a = solved(&c, 3000 + 220 + 24 - 600);
    cr_expect_float_eq(a.energy_mwh[1], 8, 1e-6);
    commit_answer_release(&a);
    commit_case_release(&c);
}

/* 10 MW that must run and 5 MW of load: energy that nobody wants. */
#define SURPLUS(allowed)                                                              \
 HEAD("0.4", "1", "")                                                                 \
 BUS("5")                                                                             \
 "\"Generators\": {\"g\": {\"Bus\": \"b\", \"Production cost curve (MW)\": [10, 20]," \
 "\"Production cost curve ($)\": [100, 200], \"Must run?\": true,"                    \
 "\"Initial status (h)\": 9, \"Initial power (MW)\": 10}},"                           \
 "\"Storage units\": {\"s\": {\"Bus\": \"b\", \"Charge cost ($/MW)\": 3,"             \
 "\"Discharge cost ($/MW)\": 3, \"Maximum charge rate (MW)\": 20,"                    \
 "\"Maximum discharge rate (MW)\": 20, \"Charge efficiency\": 0.5,"                   \
 "\"Discharge efficiency\": 0.5, \"Maximum level (MWh)\": 7,"                         \
 "\"Initial level (MWh)\": 7,"                                                        \
 "\"Allow simultaneous charging and discharging\": " allowed "}}}"

/* A full store gets rid of 5 MW by 20/3 in and 5/3 out, where it may do so; else it is
 * surplus. */
Test(ucjl_store, both_ways_at_once_only_where_that_is_allowed)
{
    struct commit_case c;
    costs(SURPLUS("true"), 100 + 3 * 25.0 / 3);
    costs(SURPLUS("[true]"), 100 + 3 * 25.0 / 3);
    c = commit_text_case(SURPLUS("[false]"));
    cr_assert(c.problem.unit[1].store->one_way[0]);
    struct commit_answer a = solved(&c, 100 + 5 * 1000);
    cr_expect(a.ways_decided);
    commit_answer_release(&a);
    commit_case_release(&c);
    /* Where power is worth something it does not want to. */
    c = commit_text_case(PLAIN BUS("[50, 130]") GENS STORE(
        LEVEL ", \"Allow simultaneous charging and discharging\": false"));
    a = solved(&c, 3000 + 220 + 32 - 800);
    cr_expect_not(a.ways_decided);
    commit_answer_release(&a);
    commit_case_release(&c);
}

/* To charge pays 15 and to give costs 2. */
#define PAID(allowed)                                                           \
 PLAIN BUS("50") GENS                                                           \
     "\"Storage units\": {\"s\": {\"Bus\": \"b\", \"Charge cost ($/MW)\": -15," \
     "\"Discharge cost ($/MW)\": 2, \"Maximum charge rate (MW)\": 20,"          \
     "\"Maximum discharge rate (MW)\": 20, \"Maximum level (MWh)\": 5,"         \
     "\"Allow simultaneous charging and discharging\": " allowed "}}}"

Test(ucjl_store, both_ways_at_once_may_pay)
{
    /* 20 in and 20 out, twice; or 5 in, which are 50 $ of g, and out again. */
    costs(PAID("true"), 1000 - 2 * (300 - 40));
    costs(PAID("false"), 1000 - 75 + 10);
}

#define APART LEVEL ", \"Allow simultaneous charging and discharging\": false"

Test(ucjl_store, a_least_rate_or_none)
{
    /* 7.5 MW in would do for 6 MW at 50; with 12 another 3.6 MW of g are spared. */
    costs(PLAIN BUS("[50, 106]") GENS STORE(LEVEL ", \"Minimum charge rate (MW)\": 12"),
          500 + 132 + 964 + 2 * 9.6);
    /* No more than 16 MWh are there. */
    costs(PLAIN BUS("[50, 130]")
              GENS STORE(APART ", \"Minimum discharge rate (MW)\": 17"),
          3000);
    costs(PLAIN BUS("[50, 130]")
              GENS STORE(APART ", \"Minimum discharge rate (MW)\": [17, 16]"),
          3000 + 220 + 32 - 800);
    /* But for 1.25 MW in at the same time, where that is allowed. */
    costs(PLAIN BUS("[50, 130]")
              GENS STORE(LEVEL ", \"Minimum discharge rate (MW)\": 17"),
          3000 + 220 + 34 + 1.25 - 50 * (17 - 1.25));
    /* What can never be reached is never done. */
    costs(PLAIN BUS("[50, 130]") GENS STORE(LEVEL ", \"Minimum charge rate (MW)\": 21"),
          3000);
}

/* With another store the answer breaks a rule. */
static void breaks(const struct commit_case *c, const struct commit_answer *a,
                   const struct commit_store *s, const char *rule)
{
    struct commit_unit unit[2] = {c->problem.unit[0], c->problem.unit[1]};
    struct commit_problem p = c->problem;
    struct commit_certificate check;
    struct err err = {0}, said = {0};
    unit[1].store = s;
    p.unit = unit;
    cr_assert_eq(commit_certificate_check(&p, a, &check, &err), ERR_OK);
    cr_expect_str_eq(check.rule, rule);
    cr_expect_float_eq(check.violation_mw, 1, 1e-6, "%g", check.violation_mw);
    cr_expect_eq(check.unit, 1);
    cr_expect_eq(commit_breaks_rule(&p, &check, &said), ERR_NUMERIC);
    cr_expect_not_null(strstr(said.msg, " of store 's', interval "), "%s", said.msg);
}

/* 12 MW in, in the first interval, and 9.6 out, in the second. */
Test(ucjl_store, a_rate_below_the_least_is_noticed)
{
    static const double charge[2] = {13, 99}, discharge[2] = {99, 10.6};
    struct commit_case c = commit_text_case(
        PLAIN BUS("[50, 106]") GENS STORE(LEVEL ", \"Minimum charge rate (MW)\": 12"));
    struct commit_answer a = solved(&c, 500 + 132 + 964 + 2 * 9.6);
    struct commit_store s = *c.problem.unit[1].store;
    s.charge_min_mw = charge;
    breaks(&c, &a, &s, "least charge");
    s.charge_min_mw = NULL;
    s.discharge_min_mw = discharge;
    breaks(&c, &a, &s, "least discharge");
    commit_answer_release(&a);
    commit_case_release(&c);
}

/* Half of the sum of weighted flows is that of l1 of 4 S, half that of l2 of 12 S. */
#define LINES(interface)                                                           \
 PLAIN                                                                             \
 "\"Buses\": {\"a\": {\"Load (MW)\": 0}, \"b\": {\"Load (MW)\": 100}},\n"          \
 "\"Generators\": {\"g\": {\"Bus\": \"a\", \"Production cost curve (MW)\": [0, "   \
 "200],"                                                                           \
 "\"Production cost curve ($)\": [0, 2000], \"Must run?\": true,"                  \
 "\"Initial status (h)\": 9, \"Initial power (MW)\": 50},"                         \
 "\"p\": {\"Type\": \"Profiled\", \"Bus\": \"b\", \"Cost ($/MW)\": 50,"            \
 "\"Maximum power (MW)\": 100}},\n"                                                \
 "\"Transmission lines\": {"                                                       \
 "\"l1\": {\"Source bus\": \"a\", \"Target bus\": \"b\", \"Susceptance (S)\": 4}," \
 "\"l2\": {\"Source bus\": \"b\", \"Target bus\": \"a\", \"Susceptance (S)\": 12}" \
 "},\n\"Interfaces\": {\"i\": {" interface "}}}"

Test(ucjl_store, an_interface_limits_what_its_lines_carry_together)
{
    /* 60 and 80 MW at 10, the rest at 50. */
    costs(LINES("\"Outbound lines\": [\"l1\"], \"Inbound lines\": [\"l2\"],"
                "\"Net flow upper limit (MW)\": [60, 80]"),
          600 + 2000 + 800 + 1000);
    costs(LINES("\"Outbound lines\": [\"l2\"], \"Inbound lines\": [\"l1\"],"
                "\"Net flow lower limit (MW)\": [-60, -80]"),
          600 + 2000 + 800 + 1000);
    /* 2 x 1/4 + 3/4 of what goes there: 48 MW. */
    costs(LINES("\"Lines\": {\"l1\": 2, \"l2\": -1}, \"Net flow upper limit (MW)\": 60,"
                "\"Flow limit penalty ($/MW)\": -1"),
          2 * (480 + 52 * 50));
    /* 40 MW above it cost 5 each, which is less than 40. */
    costs(LINES("\"Outbound lines\": [\"l1\"], \"Inbound lines\": [\"l2\"],"
                "\"Net flow upper limit (MW)\": 60, \"Flow limit penalty ($/MW)\": 5"),
          2 * (1000 + 200));
}

Test(ucjl_store, an_interface_makes_a_network_without_any_other_limit)
{
    struct commit_case c = commit_text_case(LINES(
        "\"Outbound lines\": [\"l2\", \"l1\"], \"Net flow upper limit (MW)\": 9"));
    const struct commit_limit *l = c.problem.limit;
    cr_assert(c.has_network);
    cr_assert_eq(c.problem.n_limit, 1);
    cr_assert_str_eq(c.limit_id[0], "i");
    cr_assert_eq(l->n_branch, 2);
    cr_assert_eq(l->branch[0], 1);
    cr_assert_float_eq(l->branch_weight[1], 1, 0);
    cr_assert(isinf(l->min_mw[0]));
    cr_assert_float_eq(l->max_mw[1], 9, 0);
    cr_assert_float_eq(l->usd_per_mwh, 5000, 0);
    commit_case_release(&c);
    cr_assert_eq(mem_live(), 0);
}

Test(ucjl_store, keys_of_0_5_that_say_nothing_of_operation_are_read_over)
{
    costs(HEAD("0.5", "2", ", \"Investment cost weight\": 3") BUS("[50, 130]")
              GENS STORE(LEVEL ", \"Investment cost ($)\": 0"),
          3000 + 220 + 32 - 800);
}

Test(ucjl_store, what_is_no_rate_or_is_to_be_built_is_refused_by_name)
{
    commit_text_faults(
        PLAIN BUS("[50, 130]") GENS STORE(
            LEVEL ",\n\"Minimum charge rate (MW)\": [0, -5],\n"
                  "\"Discharge efficiency\": [0.9, 0],\n\"Investment cost ($)\": 7,\n"
                  "\"Loss factor\": 1"),
        "5:33: 'Minimum charge rate (MW)' is -5; expected 0 to 1000000000\n"
        "6:31: 'Discharge efficiency' is 0; expected 0.001 to 1\n"
        "7:24: 'Investment cost ($)' is 7; expected 0, investments are not supported\n"
        "8:16: 'Loss factor' is 1; expected 0 to 0.95\n");
    commit_text_faults(
        PLAIN BUS("[50, 130]") GENS
        "\"Storage units\": {\"g\": {\"Bus\": \"b\", \"Minimum level (MWh)\": 4,\n"
        "\"Maximum level (MWh)\": [9, 3],"
        "\"Maximum charge rate (MW)\": 1, \"Discharge cost ($/MW)\": 1,"
        "\"Maximum discharge rate (MW)\": 1,\n"
        "\"Allow simultaneous charging and discharging\": [true, 3]}}}",
        "4:24: a level of at least 4 and at most 3 MWh in interval 2; expected the "
        "least "
        "first\n"
        "4:24: a storage unit with the name of a generator, 'g'; expected another\n"
        "4:24: no 'Charge cost ($/MW)'; expected a number or a series\n"
        "6:55: 'Allow simultaneous charging and discharging' is a number; expected "
        "true or "
        "false\n");
    commit_text_faults(
        LINES("\"Outbound lines\": [\"l9\", 4]},\n\"j\": {\"Lines\": {\"l\": 1},"
              "\"Net flow lower limit (MW)\": 4,"
              "\"Net flow upper limit (MW)\": 3},\n\"k\": {"),
        "5:41: unknown line 'l9'; expected one of the file\n"
        "5:47: a number; expected the name of a line\n"
        "6:6: at least 4 and at most 3 MW in interval 1; expected the least first\n"
        "6:22: unknown line 'l'; expected one of the file\n"
        "7:6: no lines; expected 'Lines', 'Outbound lines' or 'Inbound lines'\n");
}

Test(ucjl_store, a_decision_in_every_interval_is_refused_where_there_are_too_many)
{
    commit_text_faults(
        HEAD("0.5", "86", "") BUS("50")
            GENS STORE(LEVEL ",\n\"Minimum charge rate (MW)\": 3"),
        "5:29: 'Minimum charge rate (MW)' is 3 in interval 1; expected 0 "
        "in more than 85 intervals\n");
    costs(HEAD("0.5", "86", "") BUS("50")
              GENS STORE(LEVEL ",\n\"Minimum charge rate (MW)\": 0"),
          86 * 500);
}

Test(ucjl_store, what_no_schedule_can_do_is_a_fault_of_the_file)
{
    commit_text_faults(
        PLAIN BUS("[50, 130]") GENS
        "\"Storage units\": {\"p\": {"
        "\"Bus\": \"b\", \"Charge cost ($/MW)\": -3,\n"
        "\"Discharge cost ($/MW)\": 1, \"Maximum level (MWh)\": 9,"
        "\"Maximum charge rate (MW)\": 1,\n"
        "\"Maximum discharge rate (MW)\": 1,"
        "\"Last period minimum level (MWh)\": 3,\n"
        "\"Allow simultaneous charging and discharging\": false}}}",
        "4:24: a level from 3 to 9 MWh in interval 2; its rates allow 0 to "
        "2\n"
        "4:24: a storage unit with the name of a generator, 'p'; expected "
        "another\n");
}

/* The answer of what is solved twice, as a store may not do what it did at first. */
Test(ucjl_store, every_allocation_of_a_second_solution_may_fail)
{
    static const struct commit_options options = {.gap = 1e-9};
    struct commit_case c = commit_text_case(SURPLUS("false"));
    const long live = mem_live();
    enum err_code code = ERR_NOMEM;
    for (long n = 0; code == ERR_NOMEM; n++) {
        struct commit_answer a;
        struct err err = {0};
        mem_fail_after(n);
        code = commit_solve(&c.problem, &options, &a, &err);
        mem_fail_after(-1);
        if (code == ERR_OK)
            commit_answer_release(&a);
        cr_assert(code == ERR_OK || code == ERR_NOMEM, "%ld: %s", n, err.msg);
        cr_assert_eq(mem_live(), live, "leak after %ld allocations", n);
        cr_assert_lt(n, 100000);
    }
    commit_case_release(&c);
}

Test(ucjl_store, every_allocation_may_fail)
{
    commit_text_fail_each(PLAIN BUS("[50, 130]") GENS STORE(
        LEVEL ", \"Loss factor\": 0.5, \"Minimum charge rate (MW)\": 3,"
              "\"Allow simultaneous charging and discharging\": false"));
    commit_text_fail_each(
        LINES("\"Outbound lines\": [\"l1\"], \"Net flow upper limit (MW)\": 60"));
}
