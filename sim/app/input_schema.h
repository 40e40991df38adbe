/*
 * input_schema.h - the format of a scenario as text, from the tables that read it.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_INPUT_SCHEMA_H
#define SIM_APP_INPUT_SCHEMA_H

#include <stdio.h>

/* Every key of scenario.yaml and every column of every CSV table. */
void input_schema_print(FILE *out);

#endif
