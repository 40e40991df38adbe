/*
 * cell_text.h - one value as text: shortest numbers, escaping for CSV, JSON and XML.
 *
 * Layer: results (may include sim/base).
 */
#ifndef RESULTS_CELL_TEXT_H
#define RESULTS_CELL_TEXT_H

#include <stddef.h>
#include <stdio.h>

enum {
    CELL_NUMBER_ROOM = 352 /* the longest double written without an exponent */
};

/* The fewest digits that read back as the same double; "inf", "-inf", "nan". */
void cell_number(double value, char text[CELL_NUMBER_ROOM]);
/* For people: at most six decimals, no trailing zeros. */
void cell_number_rounded(double value, char text[CELL_NUMBER_ROOM]);

/* Quoted where RFC 4180 asks for it. */
void cell_write_csv(FILE *out, const char *text);
/* A JSON string with its quotes; bytes that are not UTF-8 become U+FFFD. */
void cell_write_json(FILE *out, const char *text);
/* The same, without any '<', '>' or '&': no text ends the script element it stands in. */
void cell_write_json_in_html(FILE *out, const char *text);
/* XML 1.0 character data; what XML cannot hold becomes U+FFFD. */
void cell_write_xml(FILE *out, const char *text);
/* On one line: control characters become spaces. Returns the width in characters;
 * out may be NULL to measure only. */
size_t cell_write_plain(FILE *out, const char *text);

#endif
