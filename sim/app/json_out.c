/* json_out.c - one JSON object, member by member. */
#include "sim/app/json_out.h"

#include <inttypes.h>
#include <math.h>

#include "results/cell_text.h"

static void begin(struct json *j, const char *name)
{
    if (j->depth > 0)
        (void)fprintf(j->out, "%s\n%*s", j->has_member ? "," : "", 2 * j->depth, "");
    if (name) {
        cell_write_json(j->out, name);
        (void)fputs(": ", j->out);
    }
    j->has_member = true;
}

static void open_with(struct json *j, const char *name, char bracket)
{
    begin(j, name);
    (void)fputc(bracket, j->out);
    j->depth++;
    j->has_member = false;
}

static void close_with(struct json *j, char bracket)
{
    j->depth--;
    if (j->has_member)
        (void)fprintf(j->out, "\n%*s", 2 * j->depth, "");
    (void)fputc(bracket, j->out);
    j->has_member = true;
    if (j->depth == 0)
        (void)fputc('\n', j->out);
}

void json_open(struct json *j, const char *name)
{
    open_with(j, name, '{');
}

void json_close(struct json *j)
{
    close_with(j, '}');
}

void json_open_list(struct json *j, const char *name)
{
    open_with(j, name, '[');
}

void json_close_list(struct json *j)
{
    close_with(j, ']');
}

void json_number(struct json *j, const char *name, double value)
{
    char text[CELL_NUMBER_ROOM];
    cell_number(value, text);
    begin(j, name);
    (void)fputs(isfinite(value) ? text : "null", j->out);
}

void json_integer(struct json *j, const char *name, int64_t value)
{
    begin(j, name);
    (void)fprintf(j->out, "%" PRId64, value);
}

void json_bool(struct json *j, const char *name, bool value)
{
    begin(j, name);
    (void)fputs(value ? "true" : "false", j->out);
}

void json_text(struct json *j, const char *name, const char *text)
{
    begin(j, name);
    if (text)
        cell_write_json(j->out, text);
    else
        (void)fputs("null", j->out);
}
