/* matpower_lex.c - where blanks, comments, tokens and texts end. */
#include "sim/input/matpower_lex.h"

#include <string.h>

static bool lex_is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

bool lex_is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool lex_is_word(char c)
{
    return lex_is_letter(c) || (c >= '0' && c <= '9');
}

bool lex_is_quote(char c)
{
    return c == '\'' || c == '"';
}

bool lex_ends_statement(char c)
{
    return c == '\n' || c == ';' || c == ',' || c == '\0';
}

static bool lex_continues(const char *p)
{
    return p[0] == '.' && p[1] == '.' && p[2] == '.';
}

static const char *line_end(const char *p)
{
    return p + strcspn(p, "\n");
}

/* Whether the line that holds p has only "%{" or "%}" on it. */
static bool is_block_mark(const char *text, const char *p, char brace)
{
    if (p[0] != '%' || p[1] != brace)
        return false;
    for (const char *q = p; q > text && q[-1] != '\n'; q--)
        if (!lex_is_blank(q[-1]))
            return false;
    const char *q = p + 2;
    while (lex_is_blank(*q))
        q++;
    return *q == '\n' || *q == '\0';
}

/* From a percent sign to the end of the line, or to the end of the block. */
static const char *after_comment(const char *text, const char *p)
{
    size_t depth = is_block_mark(text, p, '{') ? 1 : 0;
    p = line_end(p);
    while (depth > 0 && *p) {
        p++;
        while (lex_is_blank(*p))
            p++;
        if (is_block_mark(text, p, '{'))
            depth++;
        else if (is_block_mark(text, p, '}'))
            depth--;
        p = line_end(p);
    }
    return p;
}

/* Over blanks, comments and continuations; stops at line ends. */
const char *lex_after_blank(const char *text, const char *p)
{
    for (;;) {
        while (lex_is_blank(*p))
            p++;
        if (*p == '%') {
            p = after_comment(text, p);
        } else if (lex_continues(p)) {
            p = line_end(p);
            if (*p)
                p++;
        } else {
            return p;
        }
    }
}

bool lex_ends_token(char c)
{
    switch (c) {
    case '\0':
    case '\n':
    case '\r':
    case ' ':
    case '\t':
    case '\f':
    case '\v':
    case ',':
    case ';':
    case ']':
    case '}':
    case '%':
        return true;
    default:
        return false;
    }
}

/* Over an element that should be a number. */
const char *lex_after_token(const char *p)
{
    while (!lex_ends_token(*p) && !lex_continues(p))
        p++;
    return p;
}

/* From an opening quote to behind the closing one, or to the end of the line. */
const char *lex_after_text(const char *p, bool *closed)
{
    char quote = *p++;
    *closed = false;
    for (; *p && *p != '\n'; p++) {
        if (*p != quote)
            continue;
        p++;
        if (*p != quote) {
            *closed = true;
            return p;
        }
    }
    return p;
}

/* At most LEX_SHOWN bytes of a piece of the file, fit to be printed. */
const char *lex_shown(const char *p, size_t n, char text[LEX_SHOWN + 1])
{
    size_t k = n < LEX_SHOWN ? n : LEX_SHOWN;
    for (size_t i = 0; i < k; i++) {
        if (p[i] >= ' ' && p[i] <= '~')
            text[i] = p[i];
        else
            text[i] = '?';
    }
    text[k] = '\0';
    return text;
}
