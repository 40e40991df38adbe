/* source.c - whole files in memory, expanded where they are gzip. */
#include "sim/input/source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "sim/base/hash.h"
#include "sim/base/mem.h"

#define MOST_BYTES ((size_t)8 << 30)

enum {
    FIRST_ROOM = 1 << 16,
    PIECE = 1 << 30, /* zlib counts in unsigned int */
};

static enum err_code read_all(int fd, struct source *src, size_t size, struct err *err)
{
    size_t got = 0;
    src->text = mem_alloc(size + 1, 1);
    if (!src->text)
        return err_set(err, ERR_NOMEM, "cannot hold %s (%zu bytes)", src->path, size);
    while (got < size) {
        ssize_t n = read(fd, src->text + got, size - got);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_set(err, ERR_IO, "cannot read %s: %s", src->path,
                           strerror(errno));
        if (n == 0)
            break; /* it shrank while being read */
        got += (size_t)n;
    }
    src->len = got;
    src->text[got] = '\0';
    return ERR_OK;
}

/* ---- gzip ---- */

static void *zlib_alloc(void *opaque, uInt items, uInt size)
{
    (void)opaque;
    return mem_alloc(items, size);
}

static void zlib_free(void *opaque, void *p)
{
    (void)opaque;
    mem_free(p);
}

/* The text as it grows; room does not count the NUL byte at the end. */
struct expansion {
    char *text;
    size_t n, room, most;
};

static enum err_code grow(const struct source *src, struct expansion *x,
                          struct err *err)
{
    struct src_pos at = {.file = src->path};
    if (x->room >= x->most)
        return err_at(err, ERR_INPUT, at,
                      "expands to over %zu bytes; expected a smaller file", x->most);
    size_t room = x->room ? x->room : FIRST_ROOM;
    room = room < x->most / 2 ? 2 * room : x->most;
    char *grown = mem_resize(x->text, room + 1, 1);
    if (!grown)
        return err_set(err, ERR_NOMEM, "cannot hold %s (%zu bytes)", src->path, room);
    x->text = grown;
    x->room = room;
    return ERR_OK;
}

static enum err_code inflate_members(const struct source *src, z_stream *z,
                                     struct expansion *x, struct err *err)
{
    struct src_pos at = {.file = src->path};
    size_t left = src->len;
    z->next_in = (Bytef *)src->text;
    for (;;) {
        if (x->n == x->room) {
            enum err_code code = grow(src, x, err);
            if (code)
                return code;
        }
        uInt given = left < PIECE ? (uInt)left : PIECE;
        uInt room = x->room - x->n < PIECE ? (uInt)(x->room - x->n) : PIECE;
        z->avail_in = given;
        z->next_out = (Bytef *)x->text + x->n;
        z->avail_out = room;
        int status = inflate(z, Z_NO_FLUSH);
        left -= given - z->avail_in;
        x->n += room - z->avail_out;
        if (status == Z_STREAM_END && left == 0)
            return ERR_OK;
        if (status == Z_STREAM_END)
            status = inflateReset(z);
        else if (status == Z_MEM_ERROR)
            return err_set(err, ERR_NOMEM, "cannot expand %s", src->path);
        else if (status == Z_DATA_ERROR || status == Z_NEED_DICT)
            return err_at(err, ERR_INPUT, at,
                          "damaged gzip data (%s); expected what gzip wrote",
                          z->msg ? z->msg : "a dictionary");
        else if (left == 0 && z->avail_out > 0)
            return err_at(err, ERR_INPUT, at,
                          "gzip data that ends early; expected the whole file");
        if (status != Z_OK && status != Z_BUF_ERROR)
            return err_set(err, ERR_BUG, "zlib stopped with status %d", status);
    }
}

enum err_code source_expand(struct source *src, size_t most_bytes, struct err *err)
{
    z_stream z = {.zalloc = zlib_alloc, .zfree = zlib_free};
    struct expansion x = {.most = most_bytes};
    if (src->len < 2 || memcmp(src->text, "\x1F\x8B", 2) != 0)
        return ERR_OK;
    if (inflateInit2(&z, 16 + MAX_WBITS) != Z_OK)
        return err_set(err, ERR_NOMEM, "cannot expand %s", src->path);
    enum err_code code = inflate_members(src, &z, &x, err);
    (void)inflateEnd(&z);
    if (code) {
        mem_free(x.text);
        return code;
    }
    x.text[x.n] = '\0';
    mem_free(src->text);
    src->text = x.text;
    src->len = x.n;
    return ERR_OK;
}

/* ---- text ---- */

static enum err_code check_text(struct source *src, struct err *err)
{
    const char *nul = memchr(src->text, '\0', src->len);
    if (nul)
        return err_at(err, ERR_INPUT, source_at(src, (size_t)(nul - src->text)),
                      "a NUL byte; expected text");
    if (src->len >= 3 && memcmp(src->text, "\xEF\xBB\xBF", 3) == 0) {
        memmove(src->text, src->text + 3, src->len - 2);
        src->len -= 3;
    }
    return ERR_OK;
}

enum err_code source_read(const char *path, struct source *out, struct err *err)
{
    struct stat st;
    enum err_code code = ERR_OK;
    int fd = -1;
    *out = (struct source){0};
    out->path = mem_copy_text(path);
    if (!out->path)
        return err_set(err, ERR_NOMEM, "out of memory");
    struct src_pos at = {.file = out->path};
    /* Non-blocking, so that a pipe without a writer does not stop us here. */
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 && errno == ENOENT)
        code = err_at(err, ERR_INPUT, at, "no such file; expected a readable file");
    else if (fd < 0 && errno == ENOTDIR)
        code = err_at(err, ERR_INPUT, at,
                      "a part of this path is a file; expected a folder there");
    else if (fd < 0 || fstat(fd, &st) != 0)
        code = err_at(err, ERR_IO, at, "cannot open: %s", strerror(errno));
    else if (!S_ISREG(st.st_mode))
        code =
            err_at(err, ERR_INPUT, at, "not a regular file; expected a readable file");
    else if (st.st_size > (off_t)MOST_BYTES)
        code = err_at(err, ERR_INPUT, at, "over 8 GiB; expected a smaller file");
    else
        code = read_all(fd, out, (size_t)st.st_size, err);
    if (fd >= 0)
        (void)close(fd);
    if (!code)
        code = source_expand(out, MOST_BYTES, err);
    return code ? code : check_text(out, err);
}

enum err_code source_from_text(const char *path, const char *text, size_t len,
                               struct source *out, struct err *err)
{
    *out = (struct source){.path = mem_copy_text(path), .text = mem_alloc(len + 1, 1)};
    if (!out->path || !out->text)
        return err_set(err, ERR_NOMEM, "out of memory");
    memcpy(out->text, text, len);
    out->len = len;
    enum err_code code = source_expand(out, MOST_BYTES, err);
    return code ? code : check_text(out, err);
}

void source_release(struct source *src)
{
    mem_free(src->path);
    mem_free(src->text);
    *src = (struct source){0};
}

struct src_pos source_at(const struct source *src, size_t offset)
{
    struct src_pos at = {.file = src->path, .line = 1};
    size_t line_start = 0;
    if (offset > src->len)
        offset = src->len;
    for (const char *p = src->text; (p = memchr(p, '\n', offset - line_start)); p++) {
        at.line++;
        line_start = (size_t)(p - src->text) + 1;
    }
    at.column = (uint32_t)(offset - line_start) + 1;
    return at;
}

uint64_t source_fingerprint(const struct source *src)
{
    uint64_t sum = 0;
    const char *end = src->text + src->len;
    for (const char *p = src->text; p < end;) {
        const char *eol = memchr(p, '\n', (size_t)(end - p));
        if (!eol)
            eol = end;
        size_t n = (size_t)(eol - p);
        while (n && (p[n - 1] == '\r' || p[n - 1] == ' ' || p[n - 1] == '\t'))
            n--;
        if (n)
            sum += hash_bytes(HASH_START, p, n);
        p = eol < end ? eol + 1 : end;
    }
    return sum;
}
