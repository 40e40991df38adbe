/* commands.c - the list of sub-commands, in the order of the help. */
#include "sim/app/command.h"

extern const struct command cmd_run, cmd_check, cmd_dispatch, cmd_commit, cmd_import,
    cmd_statement, cmd_explain, cmd_compare, cmd_report, cmd_export, cmd_synth,
    cmd_schema;

const struct command *const command_table[] = {
    &cmd_run,       &cmd_check,   &cmd_dispatch, &cmd_commit, &cmd_import,
    &cmd_statement, &cmd_explain, &cmd_compare,  &cmd_export, &cmd_report,
    &cmd_synth,     &cmd_schema,  NULL,
};
