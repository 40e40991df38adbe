/*
 * err.h - the one error type: a code, a position in the user's input, one line of text.
 *
 * A fallible function returns enum err_code and takes a struct err as its last
 * parameter; the first error wins, so cleanup code cannot overwrite the cause.
 * Input checking collects instead: struct err_list keeps every fault found, and
 * err_list_sort() puts them in the order a person repairs a file.
 *
 * Layer: sim/base (knows nothing of electricity).
 */
#ifndef SIM_BASE_ERR_H
#define SIM_BASE_ERR_H

#include <stddef.h>
#include <stdint.h>

#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))
#define MUST_CHECK        __attribute__((warn_unused_result))

/* X(code, exit status, what it means to a user) - append only. */
#define ERR_MAP(X)                                        \
 X(OK, 0, "done")                                         \
 X(NO, 1, "the answer is no")                             \
 X(USAGE, 2, "bad command line")                          \
 X(INPUT, 3, "bad input")                                 \
 X(NUMERIC, 4, "the solver could not certify its answer") \
 X(IO, 5, "cannot read or write a file")                  \
 X(NOMEM, 6, "out of memory")                             \
 X(BUG, 70, "internal error, please report it")           \
 X(INTERRUPTED, 130, "interrupted")

// clang-format off
enum err_code {
#define ERR_ENUM(code, status, text) ERR_##code,
    ERR_MAP(ERR_ENUM)
#undef ERR_ENUM
};
// clang-format on

/* Where in the user's input. line and column are 1-based bytes; 0 means unknown. */
struct src_pos {
    const char *file; /* borrowed; must outlive the error */
    uint32_t line;
    uint32_t column;
};

struct err {
    enum err_code code;
    struct src_pos at;
    char msg[320]; /* one line, no newline, no "error:" prefix */
};

/* Both set *err only when it holds no error yet, and return code. err may be NULL. */
enum err_code err_set(struct err *err, enum err_code code, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
enum err_code err_at(struct err *err, enum err_code code, struct src_pos at,
                     const char *fmt, ...) PRINTF_LIKE(4, 5);

int err_exit_status(enum err_code code);
const char *err_meaning(enum err_code code);

/* Every fault of an input, at most ERR_LIST_CAP kept, all of them counted. */
#define ERR_LIST_CAP 1000

struct err_list {
    struct err *item; /* [n] owned */
    size_t n, room;
    size_t total; /* >= n */
};

/* Adds one ERR_INPUT fault. The message reads "what is wrong; what was expected". */
void err_list_add(struct err_list *list, struct src_pos at, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
/* Sorts by file, line, column, message and drops exact duplicates. */
void err_list_sort(struct err_list *list);
void err_list_release(struct err_list *list);

#endif
