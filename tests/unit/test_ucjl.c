/* test_ucjl.c - instances of UnitCommitment.jl become problems of commitment. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "tests/support/commit_text.h"

#define HEAD "{\"Parameters\": {\"Version\": \"0.4\", \"Time horizon (h)\": 2},\n"
#define BUSES                                                                  \
 "\"Buses\": {\"b10\": {\"Load (MW)\": [5, 6]}, \"b9\": {\"Load (MW)\": 7},\n" \
 "\"b11\": {\"Load (MW)\": 0}},\n"
#define CURVE                                    \
 "\"Production cost curve (MW)\": [10, 20, 30]," \
 "\"Production cost curve ($)\": [100, 150, 250],"
#define BEFORE    "\"Initial status (h)\": 5, \"Initial power (MW)\": 15"
#define GEN(rest) "\"Bus\": \"b9\", " CURVE BEFORE rest
#define GENS(all) "\"Generators\": {" all "},\n"
#define LINES                                                                        \
 "\"Transmission lines\": {"                                                         \
 "\"l2\": {\"Source bus\": \"b9\", \"Target bus\": \"b10\", \"Susceptance (S)\": 4," \
 "\"Normal flow limit (MW)\": 8, \"Emergency flow limit (MW)\": 9},\n"               \
 "\"l1\": {\"Source bus\": \"b10\", \"Target bus\": \"b11\", \"Susceptance (S)\": "  \
 "-3},"                                                                              \
 "\"l3\": {\"Source bus\": \"b11\", \"Target bus\": \"b9\", \"Susceptance (S)\": "   \
 "2}},\n"
#define FULL                                                                           \
 HEAD BUSES GENS("\"g2\": {" GEN(                                                      \
     ", \"Startup costs ($)\": [3, 4], \"Startup delays (h)\": [2, 5],"                \
     "\"Minimum downtime (h)\": 3, \"Minimum uptime (h)\": 4,"                         \
     "\"Ramp up limit (MW)\": 6, \"Startup limit (MW)\": 12,"                          \
     "\"Shutdown cost ($)\": 9, \"Must run?\": [true, false],"                         \
     "\"Commitment status\": [null, false],"                                           \
     "\"Reserve eligibility\": [\"r2\", \"r1\"]") "},\n"                               \
                                                  "\"g1\": {" GEN(                     \
                                                      "") "},"                         \
                                                          "\"w\": {\"Type\": "         \
                                                          "\"Profiled\", \"Bus\": "    \
                                                          "\"b11\", \"Cost ($/MW)\": " \
                                                          "2,"                         \
                                                          "\"Maximum power (MW)\": "   \
                                                          "[3, 4]}") LINES             \
     "\"Reserves\": {\"r1\": {\"Type\": \"spinning\", \"Amount (MW)\": 1},"            \
     "\"r2\": {\"Type\": \"spinning\", \"Amount (MW)\": [2, 3],"                       \
     "\"Shortfall penalty ($/MW)\": 50}},\n"                                           \
     "\"Price-sensitive loads\": {\"p\": {\"Bus\": \"b10\", \"Revenue ($/MW)\": 40,"   \
     "\"Demand (MW)\": 5}},\n"                                                         \
     "\"Contingencies\": {\"c2\": {\"Affected lines\": [\"l3\", \"l1\", \"l3\"]},"     \
     "\"c1\": {\"Affected lines\": [\"l2\"]}, \"c3\": {}}}"

Test(ucjl, units_have_every_number_in_its_place)
{
    struct commit_case c = commit_text_case(FULL);
    const struct commit_problem *p = &c.problem;
    const struct commit_unit *u = &p->unit[1];
    cr_assert_eq(c.format, COMMIT_UNITCOMMITMENT_JL);
    cr_assert_eq(p->n_interval, 2);
    cr_assert_eq(p->n_unit, 2);
    cr_assert_str_eq(c.unit_id[1], "g2");
    cr_assert_float_eq(u->min_mw, 10, 0);
    cr_assert_float_eq(u->max_mw, 30, 0);
    cr_assert_float_eq(u->ramp_up_mw, 6, 0);
    cr_assert(isinf(u->ramp_down_mw) && isinf(u->stop_max_mw));
    cr_assert_float_eq(u->start_max_mw, 12, 0);
    cr_assert_eq(u->min_up, 4);
    cr_assert_eq(u->min_down, 3);
    cr_assert_eq(u->n_start, 2);
    cr_assert_eq(u->start[1].lag, 5);
    cr_assert_float_eq(u->start[0].cost_usd, 3, 0);
    cr_assert_float_eq(u->stop_cost_usd, 9, 0);
    cr_assert(u->on_before);
    cr_assert_eq(u->age_before, 5);
    cr_assert_float_eq(u->mw_before, 15, 0);
    cr_assert_eq(u->status[0], COMMIT_ON);
    cr_assert_eq(u->status[1], COMMIT_OFF);
    cr_assert_eq(u->n_offer, 2);
    cr_assert_eq(u->offer[0].product, 1);
    cr_assert_eq(u->n_bus, 1);
    cr_assert_eq(u->bus[0], 0);
    const struct commit_curve *curve = &p->curve[u->curve[1]];
    cr_assert_eq(curve->n_segment, 2);
    cr_assert_float_eq(curve->cost_usd_per_mwh[1], 10, 0);
    cr_assert_float_eq(u->min_cost_usd_per_h[1], 100, 0);
    cr_assert_eq(p->unit[0].n_offer, 0);
    cr_assert_null(p->unit[0].status);
    cr_assert_eq(p->unit[0].min_down, 1);
    cr_assert_eq(p->unit[0].n_start, 0);
    commit_case_release(&c);
    cr_assert_eq(mem_live(), 0);
}

Test(ucjl, what_is_not_committed_and_what_is_required)
{
    struct commit_case c = commit_text_case(FULL);
    const struct commit_problem *p = &c.problem;
    cr_assert_eq(p->n_other, 2);
    cr_assert_str_eq(c.other_id[0], "w");
    cr_assert_float_eq(p->other[0].max_mw[1], 4, 0);
    cr_assert_float_eq(p->other[0].cost_usd_per_mwh[0], 2, 0);
    cr_assert_eq(p->other[0].bus, 2);
    cr_assert_float_eq(p->other[1].min_mw[0], -5, 0);
    cr_assert_float_eq(p->other[1].max_mw[0], 0, 0);
    cr_assert_float_eq(p->other[1].cost_usd_per_mwh[1], 40, 0);
    cr_assert_float_eq(p->load_mw[1], 13, 0);
    cr_assert_float_eq(p->bus_load_mw[1 * 3 + 1], 6, 0);
    cr_assert_float_eq(p->shortage_usd_per_mwh, 1000, 0);
    cr_assert_not(p->pglib_start_rows);
    cr_assert_eq(p->n_requirement, 2);
    cr_assert_eq(p->requirement[1].products, 2u);
    cr_assert_float_eq(p->requirement[1].need_mw[1], 3, 0);
    cr_assert_eq(p->requirement[0].n_step, 0);
    cr_assert_eq(p->requirement[1].n_step, 1);
    cr_assert_float_eq(p->requirement[1].step_usd_per_mw[0], 50, 0);
    commit_case_release(&c);
}

Test(ucjl, lines_and_contingencies_make_a_network)
{
    struct commit_case c = commit_text_case(FULL);
    const struct dispatch_outages *o = c.problem.outages;
    struct err err = {0};
    cr_assert(c.has_network);
    cr_assert_eq(c.network.n_branch, 3);
    cr_assert_str_eq(c.branch_id[1], "l2");
    cr_assert_eq(c.network.from[1], 0);
    cr_assert_eq(c.network.to[1], 1);
    cr_assert_float_eq(c.network.susceptance_mw_per_rad[0], -3, 0);
    cr_assert(isinf(c.network.flow_max_mw[0]));
    cr_assert_float_eq(c.network.flow_min_mw[1], -8, 0);
    cr_assert_float_eq(o->max_mw[1], 9, 0);
    cr_assert_eq(o->n_outage, 2);
    cr_assert_str_eq(c.outage_id[1], "c2");
    cr_assert_eq(o->branch_start[2], 3);
    cr_assert_eq(o->branch[1], 0);
    cr_assert_eq(o->branch[2], 2);
    cr_assert_float_eq(c.problem.branch_usd_per_mwh, 5000, 0);
    cr_assert_eq(commit_case_connect(&c, &err), ERR_OK, "%s", err.msg);
    cr_assert_not_null(c.problem.net);
    commit_case_release(&c);
    cr_assert_eq(mem_live(), 0);
}

Test(ucjl, money_of_a_step_becomes_money_of_an_hour)
{
    struct commit_case c = commit_text_case(
        "{\"Parameters\": {\"Version\": \"0.3\", \"Time horizon (h)\": 1,"
        "\"Time step (min)\": 30, \"Power balance penalty ($/MW)\": 100}," BUSES GENS(
            "\"g\": {" GEN(", \"Minimum uptime (h)\": 1.5") "}") "\"Reserves\": {}}");
    const struct commit_problem *p = &c.problem;
    cr_assert_eq(p->n_interval, 2);
    cr_assert_float_eq(p->interval_h, 0.5, 0);
    cr_assert_float_eq(p->shortage_usd_per_mwh, 200, 0);
    cr_assert_float_eq(p->unit[0].min_cost_usd_per_h[0], 200, 0);
    cr_assert_float_eq(p->curve[0].cost_usd_per_mwh[0], 10, 0);
    cr_assert_eq(p->unit[0].min_up, 3);
    cr_assert_eq(p->unit[0].min_down, 2);
    cr_assert_eq(p->unit[0].age_before, 10);
    cr_assert_not(c.has_network);
    commit_case_release(&c);
}

Test(ucjl, the_old_format_has_one_reserve_for_all)
{
    struct commit_case c =
        commit_text_case("{\"Parameters\": {\"Time (h)\": 2}," BUSES GENS(
            "\"g1\": {" GEN("") "}, \"g2\": {" GEN(
                ", \"Provides spinning reserves?\": false") "}") "\"Reserves\": "
                                                                 "{\"Spinning (MW)\": "
                                                                 "[3, 4]}, \"SOURCE\": "
                                                                 "\"x\"}");
    const struct commit_problem *p = &c.problem;
    cr_assert_eq(p->n_requirement, 1);
    cr_assert_eq(p->requirement[0].n_step, 0);
    cr_assert_float_eq(p->requirement[0].need_mw[1], 4, 0);
    cr_assert_eq(p->unit[0].n_offer, 1);
    cr_assert_eq(p->unit[1].n_offer, 0);
    commit_case_release(&c);
}

Test(ucjl, costs_may_vary_in_time_and_limits_may_not)
{
    struct commit_case c = commit_text_case(HEAD BUSES GENS(
        "\"g\": {\"Bus\": \"b9\", \"Production cost curve (MW)\": [10, 30],"
        "\"Production cost curve ($)\": [[100, 110], [300, 410]]," BEFORE
        "}") "\"Reserves\": {}}");
    const struct commit_problem *p = &c.problem;
    cr_assert_eq(p->n_curve, 2);
    cr_assert_float_eq(p->unit[0].min_cost_usd_per_h[1], 110, 0);
    cr_assert_float_eq(p->curve[p->unit[0].curve[1]].cost_usd_per_mwh[0], 15, 0);
    commit_case_release(&c);
    commit_text_faults(
        HEAD BUSES GENS(
            "\"g\": {\"Bus\": \"b9\", \"Production cost curve (MW)\": "
            "[10, [30, 25]],\"Production cost curve ($)\": [100, 200]," BEFORE
            "}") "\"Reserves\": {}}",
        "4:65: a production limit that varies in time is not supported; expected the "
        "same "
        "in every interval\n");
}

Test(ucjl, what_is_not_supported_is_refused_by_name)
{
    commit_text_faults(
        HEAD BUSES GENS("\"g\": {" GEN(
            ", \"Investment cost ($)\": 4") "}") "\"Reserves\": {\"r\": {\"Type\": "
                                                 "\"flexiramp\","
                                                 "\"Amount (MW)\": 1}},\n"
                                                 "\"Contingencies\": {\"c\": "
                                                 "{\"Affected generators\": [\"g\"]}}}",
        "4:197: 'Investment cost ($)' is 4; expected 0, investments are not "
        "supported\n"
        "5:28: reserves of type 'flexiramp' are not supported; expected "
        "spinning\n"
        "6:48: contingencies with generators are not supported; expected "
        "lines only\n");
}

Test(ucjl, faults_have_positions)
{
    commit_text_faults(
        HEAD BUSES GENS("\"g\": {" GEN(
            ", \"Startup costs ($)\": [3],"
            "\"Startup delays (h)\": [2]") "},\n"
                                           "\"h\": {\"Bus\": \"b1\", " CURVE
                                           "\"Initial status (h)\": 0,"
                                           "\"Initial power (MW)\": 0}") "\"Reserves\":"
                                                                         " {}}",
        "4:222: the first startup delay is above the minimum downtime; expected the "
        "same\n"
        "5:14: unknown bus 'b1'; expected one of the file\n"
        "5:130: 'Initial status (h)' is 0; expected the hours on, or minus the hours "
        "off\n");
    commit_text_faults(
        "{\"Parameters\": {\"Version\": \"0.9\", \"Time horizon (h)\": 999,"
        "\"Time step (min)\": 7}}",
        "1:1: no 'Buses'; expected an object\n"
        "1:1: no 'Generators'; expected an object\n"
        "1:28: 'Version' is '0.9'; expected 0.2 to 0.5\n"
        "1:55: 999 intervals; expected a whole number from 1 to 192\n"
        "1:78: 'Time step (min)' is 7; expected a divisor of 60\n");
    commit_text_faults(HEAD BUSES GENS("\"g\": {" GEN(
                           "") "}") "\"Transmission lines\": {\"l\": {\"Source bus\": "
                                    "\"b9\", \"Target bus\": "
                                    "\"b10\", \"Susceptance (S)\": 1, \"Normal flow "
                                    "limit (MW)\": 4}}}",
                       "5:23: a network in several parts is not supported; expected "
                       "lines that connect "
                       "all buses\n");
}

Test(ucjl, every_allocation_may_fail)
{
    commit_text_fail_each(FULL);
}
