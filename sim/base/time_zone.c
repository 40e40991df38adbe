/* time_zone.c - the TZif reader and look-ups in what it read. */
#include "sim/base/time_zone.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/calendar.h"
#include "sim/base/mem.h"

#define ZONE_FOLDER "/usr/share/zoneinfo/"

/* The largest zone of the database has some 4 kB. */
enum {
    MAX_NAME = 100,
    MAX_FILE = 1 << 20
};

/* ---- big-endian integers ---- */

static uint32_t read_u32(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int32_t read_i32(const unsigned char *p)
{
    uint32_t u = read_u32(p);
    return u <= INT32_MAX ? (int32_t)u : -(int32_t)(UINT32_MAX - u) - 1;
}

static int64_t read_i64(const unsigned char *p)
{
    uint64_t u = (uint64_t)read_u32(p) << 32 | read_u32(p + 4);
    return u <= INT64_MAX ? (int64_t)u : -(int64_t)(UINT64_MAX - u) - 1;
}

/* ---- one header with the block of data behind it ---- */

enum {
    HEADER_BYTES = 44,
    TYPE_BYTES = 6
};

struct block {
    unsigned char version;
    uint32_t n_isut, n_isstd, n_leap, n_change, n_type, n_char;
    const unsigned char *data;
    uint64_t bytes; /* of data */
};

/* Reads the header at p; time_bytes is 4 in the first block of a file and 8 in the second. */
static bool read_block(const unsigned char *p, size_t len, unsigned time_bytes,
                       struct block *b)
{
    if (len < HEADER_BYTES || memcmp(p, "TZif", 4) != 0)
        return false;
    b->version = p[4];
    b->n_isut = read_u32(p + 20);
    b->n_isstd = read_u32(p + 24);
    b->n_leap = read_u32(p + 28);
    b->n_change = read_u32(p + 32);
    b->n_type = read_u32(p + 36);
    b->n_char = read_u32(p + 40);
    b->data = p + HEADER_BYTES;
    b->bytes = (uint64_t)b->n_change * (time_bytes + 1) +
               (uint64_t)b->n_type * TYPE_BYTES + b->n_char +
               (uint64_t)b->n_leap * (time_bytes + 4) + b->n_isstd + b->n_isut;
    return b->bytes <= len - HEADER_BYTES;
}

static bool counts_are_sane(const struct block *b)
{
    return b->n_type >= 1 && b->n_type <= 256 && b->n_char >= 1 &&
           (b->n_isut == 0 || b->n_isut == b->n_type) &&
           (b->n_isstd == 0 || b->n_isstd == b->n_type);
}

static bool read_type(const struct block *b, uint32_t type, int32_t *offset_s)
{
    const unsigned char *p =
        b->data + (size_t)b->n_change * 9 + (size_t)type * TYPE_BYTES;
    *offset_s = read_i32(p);
    return *offset_s >= -TIME_ZONE_MAX_OFFSET_S &&
           *offset_s <= TIME_ZONE_MAX_OFFSET_S && p[4] <= 1 && p[5] < b->n_char;
}

/* Fills the changes of *tz, whose arrays are there already. */
static bool read_changes(const struct block *b, struct time_zone *tz)
{
    if (!read_type(b, 0, &tz->first_offset_s))
        return false;
    for (uint32_t i = 0; i < b->n_change; i++) {
        unsigned char type = b->data[(size_t)b->n_change * 8 + i];
        tz->change_utc_s[i] = read_i64(b->data + (size_t)i * 8);
        if (i > 0 && tz->change_utc_s[i] <= tz->change_utc_s[i - 1])
            return false;
        if (type >= b->n_type || !read_type(b, type, &tz->offset_s[i]))
            return false;
    }
    tz->n_change = (int32_t)b->n_change;
    return true;
}

/* The footer "\nRULE\n" behind the second block; an empty RULE is allowed. */
static bool read_footer(const unsigned char *p, size_t len, struct time_zone *tz)
{
    if (len < 2 || p[0] != '\n')
        return false;
    const unsigned char *end = memchr(p + 1, '\n', len - 1);
    if (!end)
        return false;
    size_t n = (size_t)(end - (p + 1));
    tz->has_rule = n > 0;
    return n == 0 || tz_rule_parse((const char *)p + 1, n, &tz->rule);
}

static enum err_code malformed(const char *name, const char *what, struct err *err)
{
    return err_set(err, ERR_INPUT,
                   "time zone '%s' %s; expected a compiled IANA time zone (TZif) of "
                   "version 2 or later",
                   name, what);
}

enum err_code time_zone_from_bytes(const char *name, const void *bytes, size_t len,
                                   struct time_zone **out, struct err *err)
{
    const unsigned char *p = bytes;
    struct block b;
    enum err_code code;
    *out = NULL;
    if (len > MAX_FILE || !read_block(p, len, 4, &b) || b.version < '2')
        return malformed(name, "is not in a format that can be read", err);
    size_t second = HEADER_BYTES + (size_t)b.bytes;
    if (!read_block(p + second, len - second, 8, &b) || !counts_are_sane(&b))
        return malformed(name, "has no valid 64-bit data", err);
    if (b.n_leap > 0)
        return malformed(name, "counts leap seconds", err);

    struct time_zone *tz = mem_alloc(1, sizeof *tz);
    if (!tz)
        return err_set(err, ERR_NOMEM, "out of memory");
    tz->change_utc_s = MEM_ARRAY(int64_t, b.n_change);
    tz->offset_s = MEM_ARRAY(int32_t, b.n_change);
    size_t footer = second + HEADER_BYTES + (size_t)b.bytes;
    if (!tz->change_utc_s || !tz->offset_s)
        code = err_set(err, ERR_NOMEM, "out of memory");
    else if (!read_changes(&b, tz))
        code = malformed(name, "has a table of changes that contradicts itself", err);
    else if (!read_footer(p + footer, len - footer, tz))
        code = malformed(name, "ends in a rule that is not understood", err);
    else
        code = ERR_OK;
    if (code)
        time_zone_close(tz);
    else
        *out = tz;
    return code;
}

void time_zone_close(struct time_zone *tz)
{
    if (!tz)
        return;
    mem_free(tz->change_utc_s);
    mem_free(tz->offset_s);
    mem_free(tz);
}

/* ---- the file ---- */

/* Letters, digits and _+-/ only: no dot, so no way out of the folder. */
static bool name_is_safe(const char *name)
{
    size_t n = strlen(name);
    size_t good = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                               "0123456789_+-/");
    return n > 0 && n <= MAX_NAME && good == n && name[0] != '/';
}

static enum err_code unknown_zone(const char *name, struct err *err)
{
    return err_set(err, ERR_INPUT,
                   "time zone '%.100s' is not known; expected an IANA name such as "
                   "America/Los_Angeles",
                   name);
}

/* Reads at most room bytes. */
static enum err_code read_bytes(int fd, const char *name, unsigned char *bytes,
                                size_t room, size_t *len, struct err *err)
{
    *len = 0;
    while (*len < room) {
        ssize_t n = read(fd, bytes + *len, room - *len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_set(err, ERR_IO, "cannot read time zone '%s': %s", name,
                           strerror(errno));
        if (n == 0)
            break;
        *len += (size_t)n;
    }
    return ERR_OK;
}

enum err_code time_zone_open(const char *name, struct time_zone **out, struct err *err)
{
    char path[sizeof ZONE_FOLDER + MAX_NAME];
    unsigned char *bytes = NULL;
    struct stat st = {0};
    size_t len = 0;
    enum err_code code;
    *out = NULL;
    if (!name_is_safe(name))
        return unknown_zone(name, err);
    memcpy(path, ZONE_FOLDER, sizeof ZONE_FOLDER - 1);
    memcpy(path + sizeof ZONE_FOLDER - 1, name, strlen(name) + 1);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return unknown_zone(name, err);
    if (fd < 0 || fstat(fd, &st) != 0)
        code = err_set(err, ERR_IO, "cannot open %s: %s", path, strerror(errno));
    else if (!S_ISREG(st.st_mode))
        code = unknown_zone(name, err);
    else if (st.st_size > MAX_FILE)
        code = malformed(name, "is too large", err);
    else
        code = ERR_OK;
    if (code)
        goto done;
    bytes = mem_alloc((size_t)st.st_size, 1);
    if (!bytes) {
        code = err_set(err, ERR_NOMEM, "out of memory");
        goto done;
    }
    code = read_bytes(fd, name, bytes, (size_t)st.st_size, &len, err);
    if (!code)
        code = time_zone_from_bytes(name, bytes, len, out, err);
done:
    mem_free(bytes);
    if (fd >= 0)
        (void)close(fd);
    return code;
}

/* ---- look-ups ---- */

struct tz_span time_zone_span(const struct time_zone *tz, int64_t utc_s)
{
    int32_t lo = 0, hi = tz->n_change; /* how many changes are at or before utc_s */
    while (lo < hi) {
        int32_t mid = lo + (hi - lo) / 2;
        if (tz->change_utc_s[mid] <= utc_s)
            lo = mid + 1;
        else
            hi = mid;
    }
    struct tz_span span = {INT64_MIN, INT64_MAX, tz->first_offset_s};
    if (lo > 0) {
        span.from_utc_s = tz->change_utc_s[lo - 1];
        span.offset_s = tz->offset_s[lo - 1];
    }
    if (lo < tz->n_change) {
        span.until_utc_s = tz->change_utc_s[lo];
    } else if (tz->has_rule) {
        struct tz_span by_rule = tz_rule_span(&tz->rule, utc_s);
        if (by_rule.from_utc_s > span.from_utc_s)
            span.from_utc_s = by_rule.from_utc_s;
        span.until_utc_s = by_rule.until_utc_s;
        span.offset_s = by_rule.offset_s;
    }
    return span;
}

int32_t time_zone_offset_s(const struct time_zone *tz, int64_t utc_s)
{
    return time_zone_span(tz, utc_s).offset_s;
}
