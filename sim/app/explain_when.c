/* explain_when.c - an interval of a run as people say it. */
#include "sim/app/explain_when.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const char *skip(const char *p)
{
    while (*p == ' ' || *p == 'T' || *p == '/')
        p++;
    return p;
}

/* At most two digits; -1 where there is none. */
static int take_number(const char **p)
{
    int n = 0, value = 0;
    while (n < 2 && isdigit((unsigned char)**p)) {
        value = 10 * value + (*(*p)++ - '0');
        n++;
    }
    return n ? value : -1;
}

struct moment {
    bool has_date, is_utc;
    date_t date;
    int hour, minute;
};

static bool read_moment(const char *text, struct moment *m)
{
    const char *p = text;
    *m = (struct moment){.minute = -1};
    if (strlen(p) >= 10 && p[4] == '-' && date_parse(p, 10, &m->date)) {
        m->has_date = true;
        p = skip(p + 10);
    }
    if (strncmp(p, "HE", 2) == 0 || strncmp(p, "he", 2) == 0)
        p = skip(p + 2);
    m->hour = take_number(&p);
    if (*p == ':') {
        p++;
        m->minute = take_number(&p);
        if (m->minute < 0)
            return false;
        if (strncmp(p, ":00", 3) == 0) /* as exports print times */
            p += 3;
    }
    m->is_utc = *p == 'Z' && m->has_date;
    p += m->is_utc;
    return m->hour >= 0 && !*p;
}

static bool fits(const struct run_view *v, size_t t, const struct moment *m)
{
    if (m->is_utc) {
        int64_t minute =
            (int64_t)m->date * 1440 + m->hour * 60 + (m->minute < 0 ? 0 : m->minute);
        return v->start_min[t] == minute;
    }
    return v->hour_ending[t] == m->hour &&
           (!m->has_date || v->trade_date[t] == m->date) &&
           (m->minute < 0 || v->start_min[t] % 60 == m->minute);
}

enum err_code explain_when(const struct run_view *v, const char *text, int32_t *t,
                           struct err *err)
{
    struct moment m;
    char first[11], last[11];
    if (!read_moment(text, &m))
        return err_set(err, ERR_USAGE,
                       "--at: '%.40s' is no hour; expected one such as 20, 'HE 20', "
                       "'2026-04-15 20' or 2026-04-16T03:00Z",
                       text);
    for (size_t i = 0; i < v->n_t; i++)
        if (fits(v, i, &m)) {
            *t = (int32_t)i;
            return ERR_OK;
        }
    date_format(v->trade_date[0], first);
    date_format(v->trade_date[v->n_t - 1], last);
    return err_set(
        err, ERR_USAGE,
        "--at: the file has no interval '%.40s'; it has hours ending %d on %s "
        "to %d on %s",
        text, (int)v->hour_ending[0], first, (int)v->hour_ending[v->n_t - 1], last);
}

void explain_when_text(const struct run_view *v, int32_t t, char text[WHEN_SIZE])
{
    char date[11];
    int n = snprintf(text, WHEN_SIZE, "HE %d", (int)v->hour_ending[t]);
    if (v->duration_min[t] < 60)
        n += snprintf(text + n, WHEN_SIZE - (size_t)n, ":%02d",
                      (int)(v->start_min[t] % 60));
    date_format(v->trade_date[t], date);
    if (v->trade_date[0] != v->trade_date[v->n_t - 1])
        (void)snprintf(text + n, WHEN_SIZE - (size_t)n, " of %s", date);
}
