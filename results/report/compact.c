/* compact.c - short JSON arrays. */
#include "results/report/compact.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "results/cell_text.h"

int compact_decimals(const double *value, size_t n, int least)
{
    double largest = 0;
    for (size_t i = 0; i < n; i++)
        if (isfinite(value[i]) && fabs(value[i]) > largest)
            largest = fabs(value[i]);
    int decimals = 4;
    for (; decimals > least && largest >= 10; decimals--)
        largest /= 10;
    for (; decimals < 6 && largest < 1 && largest > 0; decimals++)
        largest *= 10;
    return decimals;
}

void compact_number(FILE *out, double value, int decimals)
{
    char text[CELL_NUMBER_ROOM];
    if (!isfinite(value)) {
        (void)fputs(isnan(value) ? "null" : value > 0 ? "1e999" : "-1e999", out);
        return;
    }
    (void)snprintf(text, sizeof text, "%.*f", decimals, value);
    if (strchr(text, '.')) {
        char *end = text + strlen(text);
        while (end[-1] == '0')
            *--end = '\0';
        if (end[-1] == '.')
            *--end = '\0';
    }
    (void)fputs(strcmp(text, "-0") == 0 ? "0" : text, out);
}

void compact_f64(FILE *out, const double *value, size_t n, int decimals)
{
    (void)fputc('[', out);
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            (void)fputc(',', out);
        compact_number(out, value[i], decimals);
    }
    (void)fputc(']', out);
}

void compact_table(FILE *out, enum table_type type, const void *value, size_t n,
                   int decimals)
{
    if (type == TABLE_F64) {
        compact_f64(out, value, n, decimals);
        return;
    }
    (void)fputc('[', out);
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            (void)fputc(',', out);
        if (type == TABLE_TEXT)
            cell_write_json_in_html(out, ((const char *const *)value)[i]);
        else if (type == TABLE_I64)
            (void)fprintf(out, "%" PRId64, ((const int64_t *)value)[i]);
        else if (type == TABLE_I32)
            (void)fprintf(out, "%" PRId32, ((const int32_t *)value)[i]);
        else
            (void)fprintf(out, "%d", (int)((const uint8_t *)value)[i]);
    }
    (void)fputc(']', out);
}

size_t compact_average(const double *value, size_t n_row, size_t n_column, size_t block,
                       double *out)
{
    size_t n_out = 0;
    for (size_t t = 0; t < n_row; t += block, n_out++) {
        size_t rows = n_row - t < block ? n_row - t : block;
        for (size_t c = 0; c < n_column; c++) {
            double sum = 0;
            for (size_t k = 0; k < rows; k++)
                sum += value[(t + k) * n_column + c];
            out[n_out * n_column + c] = sum / (double)rows;
        }
    }
    return n_out;
}
