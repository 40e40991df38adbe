/* json_want.c - look-ups, kinds and ranges. */
#include "sim/input/json_want.h"

#include <math.h>
#include <string.h>

#include "sim/input/nearest.h"

enum {
    LISTED_SIZE = 160
};

const char *json_kind_name(enum json_kind kind)
{
    static const char *const name[] = {"null",   "true or false", "a number",
                                       "a text", "an array",      "an object"};
    return name[kind];
}

const struct json_value *want_find(const struct json_value *object, const char *key)
{
    size_t n = strlen(key);
    if (object->kind != JSON_OBJECT)
        return NULL;
    for
        JSON_EACH(v, object)
    if (v->key_len == n && memcmp(v->key, key, n) == 0)
        return v;
    return NULL;
}

const struct json_value *want_member(const struct json_reader *rd,
                                     const struct json_value *object, const char *key,
                                     enum json_kind kind)
{
    const struct json_value *v = want_find(object, key);
    if (!v) {
        JSON_FAULT(rd, object, "no '%s'; expected %s", key, json_kind_name(kind));
        return NULL;
    }
    if (v->kind != kind) {
        JSON_FAULT(rd, v, "'%s' is %s; expected %s", key, json_kind_name(v->kind),
                   json_kind_name(kind));
        return NULL;
    }
    return v;
}

const struct json_value *want_maybe(const struct json_reader *rd,
                                    const struct json_value *object, const char *key,
                                    enum json_kind kind)
{
    const struct json_value *v = want_find(object, key);
    return v && v->kind != JSON_NULL ? want_member(rd, object, key, kind) : NULL;
}

/* The known keys for a message, as many as there is room for. */
static const char *listed(const char *const *known, size_t n, char out[LISTED_SIZE])
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < n; i++) {
        size_t len = strlen(known[i]);
        if (used + len + 8 > LISTED_SIZE) {
            memcpy(out + used, ", ...", 6);
            break;
        }
        if (i > 0) {
            memcpy(out + used, ", ", 2);
            used += 2;
        }
        memcpy(out + used, known[i], len + 1);
        used += len;
    }
    return out;
}

void want_only(const struct json_reader *rd, const struct json_value *object,
               const char *const *known, size_t n)
{
    char shown[QUOTED_SIZE], keys[LISTED_SIZE];
    for
        JSON_EACH(v, object)
        {
            size_t i = 0;
            while (i < n && (strlen(known[i]) != v->key_len ||
                             memcmp(known[i], v->key, v->key_len) != 0))
                i++;
            if (i < n)
                continue;
            const char *meant =
                nearest_word(v->key, v->key_len, known, n, sizeof *known);
            struct src_pos at = source_at(rd->src, v->key_at);
            (void)quoted(v->key, v->key_len, shown);
            if (meant)
                err_list_add(rd->faults, at, "unknown key '%s'; expected '%s'?", shown,
                             meant);
            else
                err_list_add(rd->faults, at, "key '%s' is not supported; expected %s",
                             shown, listed(known, n, keys));
        }
}

double want_value(const struct json_reader *rd, const struct json_value *v,
                  const char *what, struct json_range range)
{
    if (v->kind != JSON_NUMBER) {
        JSON_FAULT(rd, v, "'%s' is %s; expected a number", what,
                   json_kind_name(v->kind));
        return range.least;
    }
    double number = v->as.number;
    if (number < range.least || number > range.most) {
        JSON_FAULT(rd, v, "'%s' is %.12g; expected %.12g to %.12g", what, number,
                   range.least, range.most);
        return range.least;
    }
    return number;
}

double want_number(const struct json_reader *rd, const struct json_value *object,
                   const char *key, struct json_range range)
{
    const struct json_value *v = want_member(rd, object, key, JSON_NUMBER);
    return v ? want_value(rd, v, key, range) : range.least;
}

double want_number_or(const struct json_reader *rd, const struct json_value *object,
                      const char *key, struct json_range range, double absent)
{
    const struct json_value *v = want_find(object, key);
    return v && v->kind != JSON_NULL ? want_value(rd, v, key, range) : absent;
}

int32_t want_whole(const struct json_reader *rd, const struct json_value *object,
                   const char *key, int32_t least, int32_t most)
{
    struct json_range range = {least, most};
    const struct json_value *v = want_member(rd, object, key, JSON_NUMBER);
    if (!v)
        return least;
    double number = want_value(rd, v, key, range);
    if (number > floor(number)) {
        JSON_FAULT(rd, v, "'%s' is %.12g; expected a whole number", key, number);
        return least;
    }
    return (int32_t)number;
}

bool want_flag_or(const struct json_reader *rd, const struct json_value *object,
                  const char *key, bool absent)
{
    const struct json_value *v = want_find(object, key);
    if (!v || v->kind == JSON_NULL)
        return absent;
    if (v->kind == JSON_FLAG)
        return v->as.flag;
    /* exact: 0 and 1 are what such files write for false and true */
    if (v->kind == JSON_NUMBER && (v->as.number == 0 || v->as.number == 1))
        return v->as.number > 0;
    JSON_FAULT(rd, v, "'%s' is %s; expected true, false, 1 or 0", key,
               v->kind == JSON_NUMBER ? "another number" : json_kind_name(v->kind));
    return absent;
}

void want_series(const struct json_reader *rd, const struct json_value *v,
                 const char *what, struct json_range range, int32_t n, double *out)
{
    int32_t t = 0;
    if (v->kind == JSON_ARRAY && v->n == (uint32_t)n) {
        for
            JSON_EACH(item, v)
        out[t++] = want_value(rd, item, what, range);
        return;
    }
    double all = range.least;
    if (v->kind == JSON_ARRAY)
        JSON_FAULT(rd, v, "'%s' has %u values; expected one for each of %d intervals",
                   what, v->n, n);
    else
        all = want_value(rd, v, what, range);
    for (; t < n; t++)
        out[t] = all;
}
