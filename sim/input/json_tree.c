/* json_tree.c - one pass over the text with a stack of open arrays and objects. */
#include "sim/input/json_tree.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/base/number.h"
#include "sim/input/nearest.h"

enum {
    FIRST_ROOM = 256,
    FEW_MEMBERS = 16, /* compared pair by pair */
};

struct parser {
    const struct source *src;
    struct json_tree *tree;
    size_t room;
    const char *p;                 /* next byte */
    uint32_t open[JSON_DEPTH_MAX]; /* indices of the arrays and objects around it */
    size_t depth;
    const char *key; /* of the next value */
    uint32_t key_len, key_at;
    struct err *err;
};

static uint32_t offset_of(const struct parser *ps, const char *p)
{
    return (uint32_t)(p - ps->src->text);
}

static struct src_pos at(const struct parser *ps, const char *p)
{
    return source_at(ps->src, offset_of(ps, p));
}

#define FAULT(ps, p, ...) err_at((ps)->err, ERR_INPUT, at((ps), (p)), __VA_ARGS__)

static void skip_space(struct parser *ps)
{
    while (*ps->p == ' ' || *ps->p == '\n' || *ps->p == '\t' || *ps->p == '\r')
        ps->p++;
}

/* What stands at p, for a message. */
static const char *found(const char *p, char out[QUOTED_SIZE + 2])
{
    if (!*p)
        return "the end of the file";
    char shown[QUOTED_SIZE];
    size_t n = strcspn(p, " \n\t\r,:{}[]\"");
    (void)quoted(p, n > 0 ? n : 1, shown);
    size_t len = strlen(shown);
    out[0] = '\'';
    memcpy(out + 1, shown, len);
    memcpy(out + 1 + len, "'", 2);
    return out;
}

static enum err_code add_value(struct parser *ps, enum json_kind kind,
                               struct json_value **out)
{
    struct json_tree *t = ps->tree;
    if (t->n == ps->room) {
        size_t room = ps->room ? 2 * ps->room : FIRST_ROOM;
        struct json_value *grown = mem_resize(t->value, room, sizeof *grown);
        if (!grown)
            return err_set(ps->err, ERR_NOMEM, "cannot hold %s", ps->src->path);
        t->value = grown;
        ps->room = room;
    }
    *out = &t->value[t->n++];
    **out = (struct json_value){.kind = kind,
                                .at = offset_of(ps, ps->p),
                                .span = 1,
                                .key = ps->key,
                                .key_len = ps->key_len,
                                .key_at = ps->key_at};
    ps->key = NULL;
    ps->key_len = 0;
    return ERR_OK;
}

/* ---- texts ---- */

/* Bytes of the UTF-8 character at p, 0 if it is not one (RFC 3629, section 4). */
static size_t utf8_length(const unsigned char *p)
{
    size_t n = p[0] < 0x80   ? 1
               : p[0] < 0xC2 ? 0
               : p[0] < 0xE0 ? 2
               : p[0] < 0xF0 ? 3
                             : 4;
    if (n < 2 || p[0] > 0xF4)
        return n == 1;
    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    if ((p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F) ||
        (p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F))
        return 0;
    return n;
}

/* Four hexadecimal digits, or -1. */
static int32_t hex4(const char *p)
{
    int32_t v = 0;
    for (int i = 0; i < 4; i++) {
        char c = p[i];
        if (c >= '0' && c <= '9')
            v = 16 * v + (c - '0');
        else if ((c | 32) >= 'a' && (c | 32) <= 'f')
            v = 16 * v + ((c | 32) - 'a' + 10);
        else
            return -1;
    }
    return v;
}

/* Character code as UTF-8; returns behind it. */
static char *put_utf8(char *to, uint32_t c)
{
    if (c < 0x80) {
        *to++ = (char)c;
    } else if (c < 0x800) {
        *to++ = (char)(0xC0 | c >> 6);
        *to++ = (char)(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        *to++ = (char)(0xE0 | c >> 12);
        *to++ = (char)(0x80 | (c >> 6 & 0x3F));
        *to++ = (char)(0x80 | (c & 0x3F));
    } else {
        *to++ = (char)(0xF0 | c >> 18);
        *to++ = (char)(0x80 | (c >> 12 & 0x3F));
        *to++ = (char)(0x80 | (c >> 6 & 0x3F));
        *to++ = (char)(0x80 | (c & 0x3F));
    }
    return to;
}

/* The escape at *from, a backslash; *from moves behind it. NULL if it is none. */
static char *unescape(const char **from, char *to)
{
    static const char name[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    const char *p = *from + 1;
    const char *known = *p ? strchr(name, *p) : NULL;
    if (known) {
        *from = p + 1;
        *to++ = meant[known - name];
        return to;
    }
    int32_t c = *p == 'u' ? hex4(p + 1) : -1;
    if (c <= 0 || (c >= 0xDC00 && c <= 0xDFFF))
        return NULL;
    p += 5;
    if (c >= 0xD800 && c <= 0xDBFF) {
        int32_t low = p[0] == '\\' && p[1] == 'u' ? hex4(p + 2) : -1;
        if (low < 0xDC00 || low > 0xDFFF)
            return NULL;
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
        p += 6;
    }
    *from = p;
    return put_utf8(to, (uint32_t)c);
}

/* From behind the opening quote to the closing one. */
static enum err_code find_quote(struct parser *ps, const char **end, bool *escaped)
{
    const char *p = ps->p + 1;
    *escaped = false;
    while (*p != '"') {
        unsigned char c = (unsigned char)*p;
        if (c == '\0')
            return FAULT(ps, ps->p, "a text that does not end; expected '\"'");
        if (c < ' ')
            return FAULT(ps, p, "a control character in a text; expected \\u%04x",
                         (unsigned)c);
        if (c == '\\') {
            *escaped = true;
            p += p[1] ? 2 : 1;
        } else if (c < 0x80) {
            p++;
        } else {
            size_t n = utf8_length((const unsigned char *)p);
            if (n == 0)
                return FAULT(ps, p, "a byte that is not UTF-8; expected UTF-8 text");
            p += n;
        }
    }
    *end = p;
    return ERR_OK;
}

/* The text at ps->p, a quote; moves behind it. */
static enum err_code read_text(struct parser *ps, const char **text, uint32_t *n)
{
    const char *end = NULL;
    bool escaped = false;
    enum err_code code = find_quote(ps, &end, &escaped);
    if (code)
        return code;
    const char *from = ps->p + 1;
    *text = from;
    *n = (uint32_t)(end - from);
    if (escaped) {
        char *copy = arena_alloc(&ps->tree->unescaped, *n + 1, 1), *to = copy;
        if (!copy)
            return err_set(ps->err, ERR_NOMEM, "cannot hold %s", ps->src->path);
        while (from < end) {
            if (*from != '\\') {
                *to++ = *from++;
                continue;
            }
            const char *escape = from;
            to = unescape(&from, to);
            if (!to)
                return FAULT(ps, escape,
                             "a wrong escape in a text; expected one of "
                             "\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX");
        }
        *text = copy;
        *n = (uint32_t)(to - copy);
    }
    ps->p = end + 1;
    return ERR_OK;
}

static enum err_code read_key(struct parser *ps)
{
    char shown[QUOTED_SIZE + 2];
    skip_space(ps);
    if (*ps->p != '"')
        return FAULT(ps, ps->p, "%s; expected a key in double quotes",
                     found(ps->p, shown));
    ps->key_at = offset_of(ps, ps->p);
    enum err_code code = read_text(ps, &ps->key, &ps->key_len);
    if (code)
        return code;
    skip_space(ps);
    if (*ps->p != ':')
        return FAULT(ps, ps->p, "%s; expected ':' after a key", found(ps->p, shown));
    ps->p++;
    return ERR_OK;
}

/* ---- numbers and words ---- */

static const char *after_digits(const char *p)
{
    while (*p >= '0' && *p <= '9')
        p++;
    return p;
}

/* Behind the number at p as RFC 8259 writes them, or NULL. */
static const char *after_number(const char *p)
{
    if (*p == '-')
        p++;
    const char *q = *p == '0' ? p + 1 : after_digits(p);
    if (q == p)
        return NULL;
    if (*q == '.') {
        p = q + 1;
        q = after_digits(p);
        if (q == p)
            return NULL;
    }
    if ((*q | 32) == 'e') {
        p = q + 1;
        if (*p == '+' || *p == '-')
            p++;
        q = after_digits(p);
        if (q == p)
            return NULL;
    }
    return q;
}

static bool ends_scalar(char c)
{
    return !c || strchr(" \n\t\r,:{}[]\"", c) != NULL;
}

static enum err_code read_number(struct parser *ps)
{
    struct json_value *v = NULL;
    char shown[QUOTED_SIZE + 2];
    const char *end = after_number(ps->p);
    double number = 0;
    if (!end || !ends_scalar(*end))
        return FAULT(ps, ps->p, "%s is not a number of JSON; expected such as -1.5e3",
                     found(ps->p, shown));
    if (number_scan(ps->p, &number) != end &&
        !number_parse(ps->p, (size_t)(end - ps->p), &number))
        return FAULT(ps, ps->p, "a number of %zu bytes; expected at most 511",
                     (size_t)(end - ps->p));
    if (!isfinite(number))
        return FAULT(ps, ps->p, "%s is too large; expected at most 1.8e308",
                     found(ps->p, shown));
    enum err_code code = add_value(ps, JSON_NUMBER, &v);
    if (code)
        return code;
    v->as.number = number;
    ps->p = end;
    return ERR_OK;
}

static enum err_code read_word(struct parser *ps)
{
    static const struct {
        const char *text;
        size_t n;
        enum json_kind kind;
        bool flag;
    } word[] = {{"true", 4, JSON_FLAG, true},
                {"false", 5, JSON_FLAG, false},
                {"null", 4, JSON_NULL, false}};
    struct json_value *v = NULL;
    char shown[QUOTED_SIZE + 2];
    for (size_t i = 0; i < sizeof word / sizeof *word; i++) {
        if (strncmp(ps->p, word[i].text, word[i].n) != 0 ||
            !ends_scalar(ps->p[word[i].n]))
            continue;
        enum err_code code = add_value(ps, word[i].kind, &v);
        if (code)
            return code;
        v->as.flag = word[i].flag;
        ps->p += word[i].n;
        return ERR_OK;
    }
    const char *p = ps->p;
    if (strncmp(p, "NaN", 3) == 0 || strncmp(p, "Inf", 3) == 0 ||
        strncmp(p, "-Inf", 4) == 0 || strncmp(p, "+Inf", 4) == 0)
        return FAULT(ps, p, "%s is not a number of JSON; expected a finite number",
                     found(p, shown));
    return FAULT(ps, p, "%s; expected a value", found(p, shown));
}

static enum err_code read_scalar(struct parser *ps)
{
    if (*ps->p == '"') {
        struct json_value *v = NULL;
        enum err_code code = add_value(ps, JSON_TEXT, &v);
        return code ? code : read_text(ps, &v->as.text, &v->n);
    }
    bool number =
        (*ps->p >= '0' && *ps->p <= '9') || (*ps->p == '-' && ps->p[1] != 'I');
    return number ? read_number(ps) : read_word(ps);
}

/* ---- objects ---- */

static bool same_key(const struct json_value *a, const struct json_value *b)
{
    return a->key_len == b->key_len && memcmp(a->key, b->key, a->key_len) == 0;
}

static int by_key(const void *pa, const void *pb)
{
    const struct json_value *a = *(const struct json_value *const *)pa;
    const struct json_value *b = *(const struct json_value *const *)pb;
    if (a->key_len != b->key_len)
        return a->key_len < b->key_len ? -1 : 1;
    int order = memcmp(a->key, b->key, a->key_len);
    return order ? order : a->key_at < b->key_at ? -1 : 1;
}

static enum err_code repeated(struct parser *ps, const struct json_value *v)
{
    char shown[QUOTED_SIZE];
    return FAULT(ps, ps->src->text + v->key_at,
                 "key '%s' a second time; expected it once in an object",
                 quoted(v->key, v->key_len, shown));
}

static enum err_code check_keys(struct parser *ps, const struct json_value *object)
{
    const struct json_value *few[FEW_MEMBERS], **member = few;
    enum err_code code = ERR_OK;
    size_t n = 0;
    if (object->n > FEW_MEMBERS)
        member = mem_alloc(object->n, sizeof(const struct json_value *));
    if (!member)
        return err_set(ps->err, ERR_NOMEM, "cannot hold %s", ps->src->path);
    for
        JSON_EACH(v, object)
    member[n++] = v;
    if (n > FEW_MEMBERS)
        qsort(member, n, sizeof *member, by_key);
    for (size_t i = 1; i < n && !code; i++)
        for (size_t j = n > FEW_MEMBERS ? i - 1 : 0; j < i && !code; j++)
            if (same_key(member[j], member[i]))
                code = repeated(ps, member[i]);
    if (member != few)
        mem_free(member);
    return code;
}

/* ---- the whole ---- */

static enum err_code open_value(struct parser *ps, enum json_kind kind)
{
    struct json_value *v = NULL;
    if (ps->depth == JSON_DEPTH_MAX)
        return FAULT(ps, ps->p, "nested too deeply; expected at most %d levels",
                     JSON_DEPTH_MAX);
    enum err_code code = add_value(ps, kind, &v);
    if (code)
        return code;
    ps->open[ps->depth++] = ps->tree->n - 1;
    ps->p++;
    return ERR_OK;
}

static enum err_code close_value(struct parser *ps)
{
    uint32_t index = ps->open[--ps->depth];
    struct json_value *v = &ps->tree->value[index];
    v->span = ps->tree->n - index;
    ps->p++;
    return v->kind == JSON_OBJECT ? check_keys(ps, v) : ERR_OK;
}

/* After a value: closes what ends here, and stands before the next value, if any. */
static enum err_code go_on(struct parser *ps)
{
    enum err_code code = ERR_OK;
    char shown[QUOTED_SIZE + 2];
    while (ps->depth > 0 && !code) {
        struct json_value *around = &ps->tree->value[ps->open[ps->depth - 1]];
        bool object = around->kind == JSON_OBJECT;
        skip_space(ps);
        around->n++;
        if (*ps->p == ',') {
            ps->p++;
            return object ? read_key(ps) : ERR_OK;
        }
        if (*ps->p != (object ? '}' : ']'))
            return FAULT(ps, ps->p, "%s; expected ',' or '%c'", found(ps->p, shown),
                         object ? '}' : ']');
        code = close_value(ps);
    }
    return code;
}

/* One value, or the opening of one that has values within it. */
static enum err_code read_value(struct parser *ps)
{
    skip_space(ps);
    bool object = *ps->p == '{';
    if (!object && *ps->p != '[') {
        enum err_code code = read_scalar(ps);
        return code ? code : go_on(ps);
    }
    enum err_code code = open_value(ps, object ? JSON_OBJECT : JSON_ARRAY);
    if (code)
        return code;
    skip_space(ps);
    if (*ps->p == (object ? '}' : ']')) {
        code = close_value(ps);
        return code ? code : go_on(ps);
    }
    return object ? read_key(ps) : ERR_OK;
}

enum err_code json_tree_read(const struct source *src, struct json_tree *out,
                             struct err *err)
{
    struct parser ps = {.src = src, .tree = out, .p = src->text, .err = err};
    struct src_pos file = {.file = src->path};
    char shown[QUOTED_SIZE + 2];
    enum err_code code = ERR_OK;
    *out = (struct json_tree){0};
    if (src->len > JSON_BYTES_MAX)
        code = err_at(err, ERR_INPUT, file, "over 1 GiB of JSON; expected less");
    else
        do
            code = read_value(&ps);
        while (!code && ps.depth > 0);
    if (!code) {
        skip_space(&ps);
        if (*ps.p)
            code = FAULT(&ps, ps.p, "%s after the end of the value; expected nothing",
                         found(ps.p, shown));
    }
    if (code)
        json_tree_release(out);
    return code;
}

void json_tree_release(struct json_tree *t)
{
    mem_free(t->value);
    arena_release(&t->unescaped);
    *t = (struct json_tree){0};
}
