/* cmd_schema.c - gridclear schema: formats, codes, rules and parameters, from the tables
 * that the program itself works by. */
#include "results/schema.h"
#include "sim/admit/admit.h"
#include "sim/app/command.h"
#include "sim/app/facts.h"
#include "sim/app/input_schema.h"
#include "sim/model/rules.h"
#include "sim/settle/settle.h"

struct schema_args {
    bool inputs, charges, rules, parameters;
};

// clang-format off
static const struct option schema_options[] = {
    OPTION_FLAG(0, "inputs", struct schema_args, inputs,
                "scenario.yaml and the CSV tables of a scenario"),
    OPTION_FLAG(0, "charges", struct schema_args, charges, "charge codes and their formulas"),
    OPTION_FLAG(0, "rules", struct schema_args, rules, "rules by which bids are admitted"),
    OPTION_FLAG(0, "parameters", struct schema_args, parameters,
                "market parameters: unit, default, bounds"),
    OPTION_END,
};
// clang-format on

static void print_charges(void)
{
    int n;
    const struct charge_code_row *row = charge_code_table(&n);
    (void)printf(
        "charge codes; positive amounts are paid by the participant, every group "
        "adds up to zero\n");
    for (int i = 0; i < n; i++)
        (void)printf("\n  %d  %s\n        group    %s; each %s\n        who      %s\n"
                     "        amount   %s\n        from     %s\n",
                     row[i].code, row[i].name, row[i].group, row[i].interval,
                     row[i].who, row[i].formula, row[i].inputs);
}

static void print_rules(void)
{
    (void)printf("rules of admission, in the order in which they are asked\n\n");
    for (int rule = ADMIT_NO_RULE + 1; rule < FACT_RULES; rule++) {
        (void)printf("  %-4s  ", admit_rule_id((enum admit_rule)rule));
        options_print_wrapped(admit_rule_text((enum admit_rule)rule), 8, stdout);
    }
}

static void print_parameters(void)
{
    int n;
    const struct rules_row *row = rules_table(&n);
    (void)printf("market parameters: keys under market: in scenario.yaml\n\n"
                 "  %-26s %-8s %10s  %-18s %s\n",
                 "key", "unit", "default", "from .. to", "meaning");
    for (int i = 0; i < n; i++) {
        char range[48];
        (void)snprintf(range, sizeof range, "%g .. %g", row[i].min, row[i].max);
        (void)printf("  %-26s %-8s %10g  %-18s %s\n", row[i].name, row[i].unit,
                     row[i].value_default, range, row[i].meaning);
    }
    (void)printf("  %-26s %-8s %10s  %-18s %s\n", "dc_model", "", "matpower",
                 "matpower, pglib", "DC convention of the network");
    (void)printf("  %-26s %-8s %10s  %-18s %s\n", "losses", "", "off",
                 "off, reference, ends", "where branches are said to lose power");
}

static enum err_code schema(const void *args, struct diagnostics *diag)
{
    const struct schema_args *a = args;
    if (a->inputs)
        input_schema_print(stdout);
    if (a->charges)
        print_charges();
    if (a->rules)
        print_rules();
    if (a->parameters)
        print_parameters();
    if (a->inputs || a->charges || a->rules || a->parameters)
        return ERR_OK;
    return schema_print(stdout, &diag->err);
}

extern const struct command cmd_schema;
const struct command cmd_schema = {
    .name = "schema",
    .purpose = "describe the run file, the inputs, the charges and the rules",
    .details =
        "Without an option: the tables of the run file with dimensions, units and "
        "meaning.",
    .options = schema_options,
    .args_size = sizeof(struct schema_args),
    .example = "schema --inputs",
    .run = schema,
};
