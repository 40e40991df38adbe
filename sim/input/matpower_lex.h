/*
 * matpower_lex.h - the characters of the MATLAB language, as far as case files use them.
 *
 * All functions take a pointer into text that ends in its only NUL byte and return one
 * that is further on, at most at that NUL.
 *
 * Layer: sim/input (internal to the MATPOWER reader).
 */
#ifndef SIM_INPUT_MATPOWER_LEX_H
#define SIM_INPUT_MATPOWER_LEX_H

#include <stdbool.h>
#include <stddef.h>

enum {
    LEX_SHOWN = 40
};

bool lex_is_letter(char c); /* or underscore */
bool lex_is_word(char c);   /* or digit */
bool lex_is_quote(char c);
/* Newline, semicolon, comma, end of the text. */
bool lex_ends_statement(char c);

/*
 * Over blanks, comments (from % on, or a block between lines %{ and %}) and continued
 * line ends (...); stops at other line ends. text is the start of the whole text.
 */
const char *lex_after_blank(const char *text, const char *p);
/* Blank, separator, closing bracket or comment, or the end of the text. */
bool lex_ends_token(char c);
/* Over what should be a number: up to what ends a token, or to a continuation. */
const char *lex_after_token(const char *p);
/* From an opening quote to behind the closing one, or to the end of the line. */
const char *lex_after_text(const char *p, bool *closed);

/* At most LEX_SHOWN bytes of a piece of the file, fit to be printed. */
const char *lex_shown(const char *p, size_t n, char text[LEX_SHOWN + 1]);

#endif
