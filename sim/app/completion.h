/*
 * completion.h - what completes command lines in bash, zsh and fish, from the option tables.
 *
 * Commands, options, the words of options, tables and reports of export, files and folders
 * where they are expected.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_COMPLETION_H
#define SIM_APP_COMPLETION_H

#include <stdbool.h>
#include <stdio.h>

/* Prints the script for "bash", "zsh" or "fish"; false for any other. */
bool completion_print(const char *shell, FILE *out);

#endif
