/* roff.c - text of manual pages. */
#include "sim/app/roff.h"

#include <string.h>

#include "sim/app/version.h"

/* When the pages last changed other than by the tables they come from. */
#define MANUAL_DATE "2026-11-26"

enum {
    WIDTH = 76
};

void roff_begin(const char *title, int section, FILE *out)
{
    (void)fprintf(out, ".TH ");
    for (const char *p = title; *p; p++)
        (void)fputc(*p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p, out);
    (void)fprintf(out, " %d \"%s\" \"GridClear %s\" \"GridClear manual\"\n", section,
                  MANUAL_DATE, version_number());
    (void)fputs(".nh\n.ad l\n", out); /* names are not broken, nor words pulled apart */
}

void roff_section(const char *name, FILE *out)
{
    (void)fprintf(out, ".SH %s\n", name);
}

/* A hyphen that can be copied into a shell; a backslash that is one. */
static void put(char c, FILE *out)
{
    if (c == '-')
        (void)fputs("\\-", out);
    else if (c == '\\')
        (void)fputs("\\e", out);
    else if (c == '"')
        (void)fputs("\\(dq", out);
    else
        (void)fputc(c, out);
}

void roff_word(const char *text, FILE *out)
{
    for (; *text; text++)
        put(*text, out);
}

void roff_text(const char *text, FILE *out)
{
    int column = 0;
    while (*text) {
        size_t len = strcspn(text, " \n");
        if (column > 0 && column + 1 + (int)len > WIDTH) {
            (void)fputc('\n', out);
            column = 0;
        } else if (column > 0) {
            (void)fputc(' ', out);
            column++;
        }
        if (column == 0 && (*text == '.' || *text == '\''))
            (void)fputs("\\&", out);
        for (size_t i = 0; i < len; i++) {
            put(text[i], out);
            column += text[i] == '-' || text[i] == '\\' ? 2 : text[i] == '"' ? 4 : 1;
        }
        text += len;
        text += strspn(text, " \n");
    }
    (void)fputc('\n', out);
}

void roff_paragraph(const char *text, FILE *out)
{
    (void)fputs(".PP\n", out);
    roff_text(text, out);
}

void roff_tag(const char *word, const char *rest, FILE *out)
{
    (void)fputs(".TP\n\\fB", out);
    roff_word(word, out);
    (void)fprintf(out, "\\fR%s\n", rest ? rest : "");
}
