/* test_csv_table.c - tables from CSV text: values, defaults, faults, odd files. */
#include "sim/input/csv_table.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"

struct thing {
    struct row_head head;
    int32_t id, note, count;
    double mw;
    date_t day;
    uint8_t hour, yes, colour;
};

static const char *const colours[] = {"red", "green", NULL};

#define AT(member) offsetof(struct thing, member)
// clang-format off
static const struct column columns[] = {
    {"id", COLUMN_ID, true, false, 0, 0, 0, "", "-", "", NULL, AT(id)},
    {"note", COLUMN_TEXT, false, false, 0, 0, 0, "", "", "", NULL, AT(note)},
    {"count", COLUMN_INTEGER, false, false, 7, -5, 9, "", "7", "", NULL, AT(count)},
    {"mw", COLUMN_NUMBER, false, true, (double)NAN, 0, 100, "MW", "none", "", NULL, AT(mw)},
    {"day", COLUMN_DATE, false, false, DATE_UNSET, 0, 0, "", "all", "", NULL, AT(day)},
    {"hour", COLUMN_HOUR, false, false, 0, 1, 25, "", "all", "", NULL, AT(hour)},
    {"yes", COLUMN_FLAG, false, false, 0, 0, 0, "", "no", "", NULL, AT(yes)},
    {"colour", COLUMN_CHOICE, false, false, 0, 0, 0, "", "red", "", colours, AT(colour)},
};
// clang-format on
static const struct table_spec spec = {
    "things", "things.csv", true, "Things.", sizeof(struct thing), 8, columns};

struct reading {
    struct csv_table t;
    struct str_index ids;
    struct err_list faults;
    struct thing *row;
    char text[4096];
};

static void read_bytes(struct reading *r, const char *text, size_t len)
{
    struct err err = {0};
    size_t used = 0;
    *r = (struct reading){0};
    cr_assert_eq(source_from_text("t.csv", text, len, &r->t.src, &err), ERR_OK);
    cr_assert_eq(csv_table_read(&r->t, &spec, &r->ids, &r->faults, &err), ERR_OK);
    r->row = r->t.row;
    err_list_sort(&r->faults);
    for (size_t i = 0; i < r->faults.n && used < sizeof r->text; i++)
        used += (size_t)snprintf(r->text + used, sizeof r->text - used, "%u:%u: %s\n",
                                 (unsigned)r->faults.item[i].at.line,
                                 (unsigned)r->faults.item[i].at.column,
                                 r->faults.item[i].msg);
}

static void read(struct reading *r, const char *text)
{
    read_bytes(r, text, strlen(text));
}

static void done(struct reading *r)
{
    csv_table_release(&r->t);
    str_index_release(&r->ids);
    err_list_release(&r->faults);
    cr_assert_eq(mem_live(), 0);
}

static const char *key(const struct reading *r, int32_t id)
{
    return r->ids.key[id];
}

Test(csv_table, every_type_goes_where_its_column_says)
{
    struct reading r;
    read(&r, "id,note,count,mw,day,hour,yes,colour\n"
             "X1,\"a, \"\"b\"\"\",-5,2.5,1970-01-11,25,yes,green\n");
    cr_assert_str_eq(r.text, "");
    cr_assert_eq(r.t.n, 1);
    cr_assert_str_eq(key(&r, r.row->id), "X1");
    cr_assert_str_eq(key(&r, r.row->note), "a, \"b\"");
    cr_assert_eq(r.row->count, -5);
    cr_assert_float_eq(r.row->mw, 2.5, 0);
    cr_assert_eq(r.row->day, 10);
    cr_assert_eq(r.row->hour, 25);
    cr_assert_eq(r.row->yes, 1);
    cr_assert_eq(r.row->colour, 1);
    done(&r);
}

Test(csv_table, empty_fields_and_absent_columns_have_defaults)
{
    struct reading r;
    read(&r, "mw,id\n,X\n\"\",Y\n");
    cr_assert_str_eq(r.text, "");
    for (int i = 0; i < 2; i++) {
        cr_assert(isnan(r.row[i].mw));
        cr_assert_eq(r.row[i].note, -1);
        cr_assert_eq(r.row[i].count, 7);
        cr_assert_eq(r.row[i].day, DATE_UNSET);
        cr_assert_eq(r.row[i].hour, 0);
        cr_assert_eq(r.row[i].yes, CHOICE_UNSET);
        cr_assert_eq(r.row[i].colour, CHOICE_UNSET);
    }
    done(&r);
}

Test(csv_table, line_ends_blank_lines_and_spaces_do_not_matter)
{
    struct reading r;
    read(&r, "\r\nid,mw\r\n\r\n X , 3 \r\n \t\r\nY,4");
    cr_assert_str_eq(r.text, "");
    cr_assert_eq(r.t.n, 2);
    cr_assert_str_eq(key(&r, r.row[0].id), "X");
    cr_assert_float_eq(r.row[0].mw, 3, 0);
    cr_assert_float_eq(r.row[1].mw, 4, 0);
    cr_assert_eq(csv_table_line(&r.t, &r.row[0].head), 4);
    cr_assert_eq(csv_table_line(&r.t, &r.row[1].head), 6);
    done(&r);
}

Test(csv_table, a_field_is_found_again_behind_quotes_and_line_breaks)
{
    struct reading r;
    read(&r, "note,id,mw\n\"a,\n\"\"b\",X,  3\n\"c\",Y,4\n");
    struct src_pos at = csv_table_at(&r.t, &r.row[0].head, AT(mw));
    cr_assert_eq(at.line, 3);
    cr_assert_eq(at.column, 10);
    at = csv_table_at(&r.t, &r.row[1].head, AT(id));
    cr_assert_eq(at.line, 4);
    cr_assert_eq(at.column, 5);
    at = csv_table_at(&r.t, &r.row[1].head, AT(hour));
    cr_assert_eq(at.column, 1, "a column that the file does not have");
    cr_assert(r.row[0].head.bad, "a text on two lines is refused");
    done(&r);
}

static const struct {
    const char *text, *faults;
} cases[] = {
    {"", "1:1: no header row; expected a first line with column names\n"},
    {"\n \n", "1:1: no header row; expected a first line with column names\n"},
    {"id,foo\nX,1\n", "1:4: unknown column 'foo'; expected a column of table things\n"},
    {"id,coulor\nX,red\n", "1:4: unknown column 'coulor'; expected 'colour'?\n"},
    {"id,mw,mw\nX,1,2\n",
     "1:7: column 'mw' appears twice; expected every column once\n"},
    {"mw\n1\n",
     "1:1: column 'id' is missing; expected it in the header of table things\n"},
    {"id,mw\nX\n", "2:1: the number of fields is 1; expected 2 as in the header\n"},
    {"id,mw\nX,1,\"2\"\n",
     "2:5: the number of fields is 3; expected 2 as in the header\n"},
    {"id\n\"\"\n", "2:1: id is empty; expected a value\n"},
    {"id,mw\nX,abc\n", "2:3: mw is 'abc'; expected a number of MW above 0 up to 100\n"},
    {"id,mw\nX,0\n", "2:3: mw is 0; expected a number of MW above 0 up to 100\n"},
    {"id,mw\nX,100.1\n",
     "2:3: mw is 100.1; expected a number of MW above 0 up to 100\n"},
    {"id,mw\nX,NaN\n", "2:3: mw is NaN; expected a number of MW above 0 up to 100\n"},
    {"id,mw\nX,-Inf\n", "2:3: mw is -Inf; expected a number of MW above 0 up to 100\n"},
    {"id,mw\nX,1e400\n",
     "2:3: mw is 1e400; expected a number of MW above 0 up to 100\n"},
    {"id,mw\nX,1 2\n", "2:3: mw is '1 2'; expected a number of MW above 0 up to 100\n"},
    {"id,count\nX,1.0\n",
     "2:3: count is '1.0'; expected a whole number from -5 to 9\n"},
    {"id,count\nX,10\n", "2:3: count is '10'; expected a whole number from -5 to 9\n"},
    {"id,count\nX,99999999999999999999\n",
     "2:3: count is '99999999999999999999'; expected a whole number from -5 to 9\n"},
    {"id,hour\nX,0\n", "2:3: hour is '0'; expected a whole number from 1 to 25\n"},
    {"id,day\nX,2026-02-30\n",
     "2:3: day is '2026-02-30'; expected a date YYYY-MM-DD from 1970 to 2199\n"},
    {"id,yes\nX,true\n", "2:3: yes is 'true'; expected no or yes\n"},
    {"id,colour\nX,RED\n", "2:3: colour is 'RED'; expected red or green\n"},
    {"id\na b\n",
     "2:1: id is 'a b'; expected 1 to 64 printable ASCII characters without "
     "comma, quote or space\n"},
    {"id\n\xC3\xA9\n", "2:1: id is '?"
                       "?'; expected 1 to 64 printable ASCII characters "
                       "without comma, quote or space\n"},
    {"id,note\nX,a\tb\n",
     "2:3: note is 'a?b'; expected at most 256 bytes of text on one "
     "line\n"},
    {"id,note\nX,a\"b\nY,\n", "2:3: malformed quotes; expected a quoted field to be "
                              "\"...\" with inner quotes doubled\n"},
    {"id,note\n\"X\"y,\nY,\n", "2:4: malformed quotes; expected a quoted field to be "
                               "\"...\" with inner quotes doubled\n"},
    {"id,no\"te\nid,note\nX,a\n",
     "1:6: malformed quotes; expected a quoted field to be "
     "\"...\" with inner quotes doubled\n"},
    {"id,note\nX,\"ab\nY,\n",
     "2:3: a quoted field that never ends; expected a closing quote\n"},
    {"id,note\nX,a\rY,b\n",
     "2:4: a carriage return alone; expected lines that end in LF or CRLF\n"},
    {"id\tnote\nX\ta\nY\tb\n", "1:3: separated by tabs; expected commas\n"},
    {"\n id;note\nX;a,b\n", "2:4: separated by semicolons; expected commas\n"},
    {"# things\nid,note\nX,a\nY,b\n",
     "1:1: a line that starts with '#'; expected a header row with column names, "
     "without comments\n"},
    {"id,note;x\nX,a\n", "1:4: unknown column 'note;x'; expected 'note'?\n"},
    {"id,mw,hour\nX,a,b\nY,1,c\n",
     "2:3: mw is 'a'; expected a number of MW above 0 up to 100\n"
     "2:5: hour is 'b'; expected a whole number from 1 to 25\n"
     "3:5: hour is 'c'; expected a whole number from 1 to 25\n"},
};

Test(csv_table, every_fault_is_told_at_its_place)
{
    struct reading r;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        read(&r, cases[i].text);
        cr_expect_str_eq(r.text, cases[i].faults, "case %zu", i);
        done(&r);
    }
}

Test(csv_table, a_wrong_row_keeps_its_id)
{
    struct reading r;
    read(&r, "id,mw\nX,abc\nY,1\n");
    cr_assert_eq(r.t.n, 2);
    cr_assert(r.row[0].head.bad);
    cr_assert_not(r.row[1].head.bad);
    cr_assert_str_eq(key(&r, r.row[0].id), "X");
    cr_assert_not(r.t.broken);
    done(&r);
    read(&r, "id,mw\n,1\n");
    cr_assert(r.t.broken, "an id is missing");
    done(&r);
}

Test(csv_table, after_malformed_quotes_the_next_line_counts)
{
    struct reading r;
    read(&r, "id,note\nX,a\"b\nY,c\n");
    cr_assert_eq(r.t.n, 2);
    cr_assert_str_eq(key(&r, r.row[1].id), "Y");
    cr_assert_str_eq(key(&r, r.row[1].note), "c");
    done(&r);
}

Test(csv_table, a_record_over_a_mebibyte_is_refused_and_the_rest_is_read)
{
    struct reading r;
    size_t n = (1 << 20) + 100;
    char *text = malloc(n + 32);
    memcpy(text, "id,note\n", 8);
    memset(text + 8, 'x', n);
    memcpy(text + 8 + n, "\nY,\n", 4);
    read_bytes(&r, text, n + 12);
    cr_assert_str_eq(r.text,
                     "2:1: a record of more than 1 MiB; expected shorter records "
                     "(is a quote never closed?)\n");
    cr_assert_eq(r.t.n, 1);
    done(&r);
    for (size_t i = 8; i < n + 8; i++)
        text[i] = i == 8 ? '"' : i % 64 ? 'x' : '\n';
    read_bytes(&r, text, n + 12);
    cr_assert_eq(r.faults.item[0].at.line, 2);
    cr_assert_eq(r.faults.item[0].at.column, 1);
    cr_assert_str_eq(key(&r, r.row[r.t.n - 1].id), "Y");
    done(&r);
    free(text);
}

Test(csv_table, too_many_columns_are_refused)
{
    struct reading r;
    char text[1024] = "id";
    for (int i = 0; i < 100; i++)
        (void)snprintf(text + strlen(text), sizeof text - strlen(text), ",id");
    (void)snprintf(text + strlen(text), sizeof text - strlen(text), "\nX\n");
    read(&r, text);
    cr_assert(strstr(r.text, "1:1: the header has 101 columns; expected at most 64\n"));
    done(&r);
}

Test(csv_table, faults_beyond_the_cap_are_counted_quickly)
{
    struct reading r;
    size_t n = 300000;
    char *text = malloc(n * 5 + 16);
    memcpy(text, "id,mw\n", 6);
    for (size_t i = 0; i < n; i++)
        memcpy(text + 6 + 4 * i, "X,z\n", 4);
    read_bytes(&r, text, 6 + 4 * n);
    cr_assert_eq(r.faults.total, n);
    cr_assert_eq(r.faults.n, ERR_LIST_CAP);
    cr_assert_eq(r.faults.item[ERR_LIST_CAP - 1].at.line, 1 + ERR_LIST_CAP);
    cr_assert_eq(csv_table_line(&r.t, &r.row[n - 1].head), n + 1);
    done(&r);
    free(text);
}

Test(csv_table, a_failed_allocation_leaves_nothing_behind)
{
    enum err_code code = ERR_NOMEM;
    for (long n = 0; code == ERR_NOMEM; n++) {
        struct csv_table t = {0};
        struct str_index ids = {0};
        struct err_list faults = {0};
        struct err err = {0};
        char text[4096] = "id,note\n";
        for (int i = 0; i < 100; i++)
            (void)snprintf(text + strlen(text), sizeof text - strlen(text), "X%d,t%d\n",
                           i, i);
        cr_assert_eq(source_from_text("t.csv", text, strlen(text), &t.src, &err),
                     ERR_OK);
        mem_fail_after(n);
        code = csv_table_read(&t, &spec, &ids, &faults, &err);
        mem_fail_after(-1);
        csv_table_release(&t);
        str_index_release(&ids);
        err_list_release(&faults);
        cr_assert_eq(mem_live(), 0, "leak after %ld allocations", n);
        cr_assert_lt(n, 1000);
    }
    cr_assert_eq(code, ERR_OK);
}
