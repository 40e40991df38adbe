/*
 * answer_table.h - published answers: a CSV table by column name, and numbers of the
 * worked examples. A missing file, column or number fails the running test.
 */
#ifndef TESTS_ORACLE_ANSWER_TABLE_H
#define TESTS_ORACLE_ANSWER_TABLE_H

#include <stdbool.h>

enum {
    ANSWER_COLUMNS = 32
};

struct answer_table {
    char *text; /* owned, cut into cells */
    int n_column, n_row;
    const char *column[ANSWER_COLUMNS];
    const char **cell; /* [n_row][n_column] owned */
    const char *name;
};

struct answer_table answer_table_read(const char *folder, const char *file);
void answer_table_release(struct answer_table *t);
bool answer_has(const struct answer_table *t, const char *column);
const char *answer_text(const struct answer_table *t, int row, const char *column);
double answer_number(const struct answer_table *t, int row, const char *column);

/* The n numbers of one key of a worked example; a plain number is a list of one. */
void answer_example(const char *folder, const char *example, const char *key, int n,
                    double *out);

#endif
