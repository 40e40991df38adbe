/*
 * input_schema.h - the format of a scenario as text, from the tables that read it.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_INPUT_SCHEMA_H
#define SIM_APP_INPUT_SCHEMA_H

#include <stdio.h>

enum {
    INPUT_SCHEMA_TEXT = 320 /* no description is longer */
};

struct scenario_key;
struct column;

/* "number, USD/MWh, default: 1000": type, unit and what stands for an absent value. */
void input_schema_key(const struct scenario_key *key, char text[INPUT_SCHEMA_TEXT]);
/* The same of a column of a table, with the words of a choice. */
void input_schema_column(const struct column *c, char text[INPUT_SCHEMA_TEXT]);

/* Every key of scenario.yaml and every column of every CSV table. */
void input_schema_print(FILE *out);

#endif
