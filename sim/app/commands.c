/* commands.c - the list of sub-commands, in the order of the help. */
#include "sim/app/command.h"

const struct command *const command_table[] = {
    NULL,
};
