/* test_read_tie_responses.c - table tie_responses and column tie_option, sound and wrong. */
#include <criterion/criterion.h>

#include "tests/support/scenario_files.h"

#define HEADER "resource_id,trade_date,hour_ending,response,accepted_mw,late\n"
#define RESOURCES                                             \
 "resource_id,type,sc_id,node_id,tie_id,pmax_mw,tie_option\n" \
 "G1,generator,SC1,A,,100,\n"                                 \
 "I1,import,SC1,,T1,60,hourly_one_change\n"                   \
 "I2,import,SC1,,T1,60,fifteen_minute\n"                      \
 "E1,export,SC1,A,T1,30,\n"

static void load(const char *resources, const char *responses,
                 struct scenario_result *r)
{
    struct scenario_files s;
    scenario_files_base(&s);
    scenario_files_put(&s, "resources.csv", resources);
    scenario_files_put(&s, "energy_bids.csv",
                       "resource_id,to_mw,price_usd_per_mwh\nG1,100,20\n");
    scenario_files_put(&s, "virtual_bids.csv",
                       "sc_id,node_id,side,to_mw,price_usd_per_mwh\n");
    if (responses)
        scenario_files_put(&s, "tie_responses.csv", responses);
    scenario_files_load(&s, r);
    scenario_files_release(&s);
}

static void refused_table(const char *file, const char *text, const char *fault)
{
    char got[1024];
    struct scenario_result r;
    struct scenario_files s;
    scenario_files_base(&s);
    scenario_files_put(&s, "resources.csv",
                       RESOURCES "I3,import,SC1,,T1,60,self_variable\n");
    scenario_files_put(&s, "energy_bids.csv",
                       "resource_id,to_mw,price_usd_per_mwh\nG1,100,20\n");
    scenario_files_put(&s, "virtual_bids.csv",
                       "sc_id,node_id,side,to_mw,price_usd_per_mwh\n");
    scenario_files_put(&s, file, text);
    scenario_files_load(&s, &r);
    scenario_result_faults(&r, got, sizeof got);
    cr_expect_str_eq(got, fault);
    scenario_result_release(&r);
    scenario_files_release(&s);
}

static void refused(const char *resources, const char *responses, const char *fault)
{
    char text[1024];
    struct scenario_result r;
    load(resources, responses, &r);
    cr_expect_eq(r.code, ERR_INPUT);
    scenario_result_faults(&r, text, sizeof text);
    cr_expect_str_eq(text, fault);
    scenario_result_release(&r);
}

Test(read_tie_responses, the_more_special_row_holds)
{
    char text[1024];
    struct scenario_result r;
    load(RESOURCES,
         HEADER "I1,2026-04-16,3,decline,,yes\n"
                "I1,,3,partial,7.5,\n"
                "I1,,,none,,no\n",
         &r);
    scenario_result_faults(&r, text, sizeof text);
    cr_assert_eq(r.code, ERR_OK, "%s", text);
    const struct market *m = &r.market;
    int32_t import = 2; /* E1, G1, I1, I2 */
    cr_expect_str_eq(m->resource[import].id, "I1");
    cr_expect_eq(m->resource[import].tie_option, TIE_OPTION_CHANGE);
    cr_expect_eq(m->resource[0].tie_option, TIE_OPTION_HOURLY);
    const struct tie_response *at = m->tie_response + import;
    cr_expect_eq(at[0].answer, TIE_ANSWER_NONE);
    cr_expect_eq(at[2 * m->n_resource].answer, TIE_ANSWER_PARTIAL);
    cr_expect_float_eq(at[2 * m->n_resource].accepted_mw, 7.5, 0);
    cr_expect_not(at[2 * m->n_resource].late);
    cr_expect_eq(at[26 * m->n_resource].answer, TIE_ANSWER_DECLINE);
    cr_expect(at[26 * m->n_resource].late);
    cr_expect_eq(m->tie_response[0].answer, TIE_ANSWER_ACCEPT);
    scenario_result_release(&r);
}

Test(read_tie_responses, every_wrong_row_is_told_at_its_place)
{
    refused(RESOURCES, HEADER "X9,,,none,,\n",
            "tie_responses.csv:2:1: unknown resource 'X9'; expected a resource_id of "
            "table resources\n");
    refused(RESOURCES, HEADER "G1,,,none,,\n",
            "tie_responses.csv:2:1: 'G1' is of type generator; expected an import or "
            "export\n");
    refused(RESOURCES, HEADER "I2,,,none,,\n",
            "tie_responses.csv:2:1: 'I2' is scheduled as fifteen_minute; expected an "
            "import or export with an hourly block\n");
    refused(RESOURCES, HEADER "I1,,,partial,,\n",
            "tie_responses.csv:2:14: accepted_mw is empty; expected the MW that are "
            "accepted\n");
    refused(RESOURCES, HEADER "I1,,,partial,-1,\n",
            "tie_responses.csv:2:14: accepted_mw is -1; expected a number of MW from 0 "
            "to 1e+07\n");
    refused(
        RESOURCES, HEADER "I1,,,decline,4,\n",
        "tie_responses.csv:2:14: accepted_mw is 4; expected it only with partial\n");
    refused(RESOURCES, HEADER "I1,,,accept,,yes\n",
            "tie_responses.csv:2:14: late is yes; expected it only with partial and "
            "decline\n");
    refused(RESOURCES, HEADER "I1,,3,accept,,\nI1,,3,none,,\n",
            "tie_responses.csv:3:1: a second row for the same time, after line 2; "
            "expected one\n");
    refused(
        "resource_id,type,sc_id,node_id,pmax_mw,tie_option\n"
        "G1,generator,SC1,A,100,dynamic\n",
        NULL,
        "resources.csv:2:24: tie_option on a generator; expected it only on imports "
        "and exports\n");
    refused("resource_id,type,sc_id,node_id,tie_id,pmax_mw,tie_option\n"
            "G1,generator,SC1,A,,100,\n"
            "X1,export,SC1,,T1,100,self_variable\n",
            NULL,
            "resources.csv:3:23: tie_option self_variable on an export; expected it "
            "only on imports\n");
    refused(RESOURCES "I3,import,SC1,,T1,60,self_variable\n", HEADER "I3,,,none,,\n",
            "tie_responses.csv:2:1: 'I3' is scheduled as self_variable; expected an "
            "import or export with an hourly block\n");
}

Test(read_tie_responses, availability_is_the_forecast_of_self_variable_imports_only)
{
#define AVAILABLE "resource_id,available_mw\n"
    refused_table("real_time_availability.csv", AVAILABLE "I3,40\nG1,70\n", "");
    refused_table("real_time_availability.csv", AVAILABLE "I2,40\n",
                  "real_time_availability.csv:2:1: 'I2' is of type import; expected a "
                  "generator, storage, pdr, dera or an import with tie_option "
                  "self_variable\n");
}
