/*
 * roff.h - text of manual pages, in the macros of man(7).
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_ROFF_H
#define SIM_APP_ROFF_H

#include <stdio.h>

/* .TH, with the version of the program. */
void roff_begin(const char *title, int section, FILE *out);
void roff_section(const char *name, FILE *out);
/* Words of running text in lines of at most 76 bytes; nothing in it is a command. */
void roff_text(const char *text, FILE *out);
/* Text on one line, for the tag of a paragraph; not ended. */
void roff_word(const char *text, FILE *out);
/* A new paragraph of running text. */
void roff_paragraph(const char *text, FILE *out);
/* The tag of a paragraph: word in bold, then rest as it is (may hold escapes) or NULL. */
void roff_tag(const char *word, const char *rest, FILE *out);

#endif
