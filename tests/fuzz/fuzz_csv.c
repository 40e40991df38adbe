/*
 * fuzz_csv.c - any bytes as a CSV table; the first byte chooses the table.
 *
 * Property: no crash; every fault has a position inside the text and one line of words;
 * numbers in rows are finite or unset; each row's record lies inside the text, in order.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/input/tables.h"
#include "tests/fuzz/must.h"

static void check_rows(struct csv_table *t)
{
    const struct table_spec *spec = t->spec;
    uint64_t last = 0;
    for (size_t i = 0; i < t->n; i++) {
        const char *row = (const char *)t->row + i * spec->row_size;
        struct row_head head;
        memcpy(&head, row, sizeof head);
        must(head.at < t->src.len && (i == 0 || head.at > last));
        last = head.at;
        for (int c = 0; c < spec->n_column; c++) {
            const struct column *col = &spec->column[c];
            double v;
            (void)must_be_inside(&t->src, csv_table_at(t, &head, col->offset));
            if (col->type != COLUMN_NUMBER)
                continue;
            memcpy(&v, row + col->offset, sizeof v);
            bool is_default = memcmp(&v, &col->if_empty, sizeof v) == 0;
            must(is_default || (v >= col->min && v <= col->max));
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct csv_table t = {0};
    struct str_index ids = {0};
    struct err_list faults = {0};
    struct err err = {0};
    if (size < 1)
        return 0;
    enum scenario_table table = (enum scenario_table)(data[0] % TABLE_COUNT);
    enum err_code code =
        source_from_text("t.csv", (const char *)data + 1, size - 1, &t.src, &err);
    must(code == ERR_OK || code == ERR_INPUT);
    if (!code) {
        must(csv_table_read(&t, scenario_table_spec(table), &ids, &faults, &err) ==
             ERR_OK);
        for (size_t i = 0; i < faults.n; i++) {
            (void)must_be_inside(&t.src, faults.item[i].at);
            must(strchr(faults.item[i].msg, ';') && !strchr(faults.item[i].msg, '\n'));
        }
        if (t.n < 1000)
            check_rows(&t);
    }
    csv_table_release(&t);
    str_index_release(&ids);
    err_list_release(&faults);
    must(mem_live() == 0);
    return 0;
}
