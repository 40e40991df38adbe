/*
 * manual.h - manual pages from the tables that the program works by: gridclear(1), a page
 * for each command, and the formats gridclear-scenario(5) and gridclear-run(5).
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_MANUAL_H
#define SIM_APP_MANUAL_H

#include <stdbool.h>
#include <stdio.h>

struct command;

/* The names of all pages, "gridclear-export.1", one per line. */
void manual_list(FILE *out);
/* Prints the page of that name; false when there is none. */
bool manual_print(const char *page, FILE *out);

/* manual_formats.c: the pages of section 5. */
void manual_scenario(FILE *out);
void manual_run_file(FILE *out);

#endif
