/* cell_text.c - numbers and escapes. */
#include "results/cell_text.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "sim/base/number.h"

static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */

static bool reads_back(const char *text, double value)
{
    double again;
    /* Equal bits, apart from the sign of zero, which the text keeps. */
    return number_parse(text, strlen(text), &again) && again == value;
}

void cell_number(double value, char text[CELL_NUMBER_ROOM])
{
    if (isnan(value)) {
        snprintf(text, CELL_NUMBER_ROOM, "nan");
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, CELL_NUMBER_ROOM, "%.*g", digits, value);
        if (reads_back(text, value))
            return;
    }
}

void cell_number_rounded(double value, char text[CELL_NUMBER_ROOM])
{
    if (!isfinite(value)) {
        cell_number(value, text);
        return;
    }
    snprintf(text, CELL_NUMBER_ROOM, "%.6f", value);
    char *end = text + strlen(text);
    while (end[-1] == '0')
        *--end = '\0';
    if (end[-1] == '.')
        *--end = '\0';
    if (strcmp(text, "-0") == 0)
        memmove(text, "0", 2);
}

/* Bytes of the UTF-8 character at p, or 0 when there is none (RFC 3629). */
static int utf8_length(const unsigned char *p)
{
    if (p[0] < 0x80)
        return 1;
    int n = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
    if (p[0] < 0xc2 || p[0] > 0xf4)
        return 0;
    for (int i = 1; i < n; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xf0 && p[1] < 0x90) ||
        (p[0] == 0xed && p[1] > 0x9f) || (p[0] == 0xf4 && p[1] > 0x8f))
        return 0;
    return n;
}

void cell_write_csv(FILE *out, const char *text)
{
    if (!text[strcspn(text, ",\"\r\n")]) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (const char *p = text; *p; p++) {
        if (*p == '"')
            fputc('"', out);
        fputc(*p, out);
    }
    fputc('"', out);
}

static void write_json_byte(FILE *out, unsigned char c)
{
    if (c == '"' || c == '\\')
        fprintf(out, "\\%c", c);
    else if (c < 0x20 || c == 0x7f)
        fprintf(out, "\\u%04x", c);
    else
        fputc(c, out);
}

static void write_json_in_html_byte(FILE *out, unsigned char c)
{
    if (c == '<' || c == '>' || c == '&')
        fprintf(out, "\\u%04x", c);
    else
        write_json_byte(out, c);
}

static void write_xml_byte(FILE *out, unsigned char c)
{
    if (c == '&')
        fputs("&amp;", out);
    else if (c == '<')
        fputs("&lt;", out);
    else if (c == '>')
        fputs("&gt;", out);
    else if (c == '"')
        fputs("&quot;", out);
    else if (c == '\r')
        fputs("&#13;", out);
    else if (c < 0x20 && c != '\t' && c != '\n')
        fputs(replacement, out);
    else
        fputc(c, out);
}

static void write_plain_byte(FILE *out, unsigned char c)
{
    fputc(c < 0x20 || c == 0x7f ? ' ' : c, out);
}

/* U+FFFE and U+FFFF are no characters of XML. */
static bool is_noncharacter(const unsigned char *p, int n)
{
    return n == 3 && p[0] == 0xef && p[1] == 0xbf && p[2] >= 0xbe;
}

static size_t write_text(FILE *out, const char *text,
                         void (*one)(FILE *, unsigned char))
{
    const unsigned char *p = (const unsigned char *)text;
    size_t width = 0;
    for (; *p; width++) {
        int n = utf8_length(p);
        if (out && n == 1)
            one(out, *p);
        else if (out && (n == 0 || is_noncharacter(p, n)))
            fputs(replacement, out);
        else if (out)
            fwrite(p, 1, (size_t)n, out);
        p += n ? n : 1;
    }
    return width;
}

void cell_write_json(FILE *out, const char *text)
{
    fputc('"', out);
    (void)write_text(out, text, write_json_byte);
    fputc('"', out);
}

void cell_write_json_in_html(FILE *out, const char *text)
{
    fputc('"', out);
    (void)write_text(out, text, write_json_in_html_byte);
    fputc('"', out);
}

void cell_write_xml(FILE *out, const char *text)
{
    (void)write_text(out, text, write_xml_byte);
}

size_t cell_write_plain(FILE *out, const char *text)
{
    return write_text(out, text, write_plain_byte);
}
