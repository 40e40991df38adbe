/* number.c - an exact fast path for short decimals, strtod for the rest. */
#include "sim/base/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Powers of ten that a double holds exactly. */
static const double power_of_ten[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                      1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                      1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool equals_folded(const char *text, size_t len, const char *word)
{
    for (size_t i = 0; i < len; i++)
        if (!word[i] || (text[i] | 32) != word[i])
            return false;
    return word[len] == '\0';
}

static bool parse_special(const char *text, size_t len, double *value)
{
    double sign = 1;
    if (len && (*text == '+' || *text == '-')) {
        sign = *text == '-' ? -1 : 1;
        text++;
        len--;
    }
    if (equals_folded(text, len, "nan")) {
        *value = NAN;
        return true;
    }
    if (equals_folded(text, len, "inf") || equals_folded(text, len, "infinity")) {
        *value = sign < 0 ? -HUGE_VAL : HUGE_VAL;
        return true;
    }
    return false;
}

/* What the text says, before any rounding: digits * 10^exponent. */
struct decimal {
    uint64_t digits;
    int n_significant; /* digits kept in .digits; more than 19 means "does not fit" */
    int64_t exponent;
    bool negative;
};

static bool scan(const char *text, size_t len, struct decimal *d)
{
    size_t i = 0, n_digits = 0;
    bool seen_point = false;
    *d = (struct decimal){0};
    if (i < len && (text[i] == '+' || text[i] == '-'))
        d->negative = text[i++] == '-';
    for (; i < len && (is_digit(text[i]) || (text[i] == '.' && !seen_point)); i++) {
        if (text[i] == '.') {
            seen_point = true;
            continue;
        }
        n_digits++;
        if (d->digits || text[i] != '0')
            d->n_significant++;
        if (d->n_significant <= 19)
            d->digits = 10 * d->digits + (uint64_t)(text[i] - '0');
        if (seen_point)
            d->exponent--;
    }
    if (n_digits == 0)
        return false;
    if (i < len && (text[i] | 32) == 'e') {
        bool negative = false;
        int64_t e = 0;
        if (++i < len && (text[i] == '+' || text[i] == '-'))
            negative = text[i++] == '-';
        if (i == len)
            return false;
        for (; i < len && is_digit(text[i]); i++)
            if (e < 100000)
                e = 10 * e + (text[i] - '0');
        d->exponent += negative ? -e : e;
    }
    return i == len;
}

bool number_parse(const char *text, size_t len, double *value)
{
    struct decimal d;
    if (!scan(text, len, &d))
        return parse_special(text, len, value);
    if (d.n_significant <= 15 && d.exponent >= -22 && d.exponent <= 22) {
        double v = (double)d.digits;
        v = d.exponent < 0 ? v / power_of_ten[-d.exponent]
                           : v * power_of_ten[d.exponent];
        *value = d.negative ? -v : v;
        return true;
    }
    char copy[512];
    if (len >= sizeof copy)
        return false;
    memcpy(copy, text, len);
    copy[len] = '\0';
    *value = strtod(copy, NULL); /* the program never leaves the "C" locale */
    return true;
}

/* Digits appended to *digits; returns behind them. May overflow: count them. */
static const char *scan_digits(const char *p, uint64_t *digits)
{
    for (; is_digit(*p); p++)
        *digits = 10 * *digits + (uint64_t)(*p - '0');
    return p;
}

const char *number_scan(const char *text, double *value)
{
    const char *p = text, *first, *point = NULL;
    uint64_t digits = 0;
    int64_t exponent = 0;
    bool negative = *p == '-';
    if (*p == '-' || *p == '+')
        p++;
    first = p;
    p = scan_digits(p, &digits);
    ptrdiff_t n_digit = p - first;
    if (*p == '.') {
        point = ++p;
        p = scan_digits(p, &digits);
        exponent = point - p;
        n_digit += p - point;
    }
    if (n_digit == 0 || n_digit > 18 || digits > (uint64_t)1 << 53)
        return NULL;
    if ((*p | 32) == 'e') {
        uint64_t power = 0;
        bool down = *++p == '-';
        if (*p == '-' || *p == '+')
            p++;
        first = p;
        p = scan_digits(p, &power);
        if (p == first || p - first > 4)
            return NULL;
        exponent += down ? -(int64_t)power : (int64_t)power;
    }
    if (exponent < -22 || exponent > 22)
        return NULL;
    double v = (double)digits;
    v = exponent < 0 ? v / power_of_ten[-exponent] : v * power_of_ten[exponent];
    *value = negative ? -v : v;
    return p;
}

bool number_parse_int(const char *text, size_t len, int64_t *value)
{
    size_t i = 0;
    bool negative = false;
    uint64_t v = 0;
    if (i < len && (text[i] == '+' || text[i] == '-'))
        negative = text[i++] == '-';
    if (i == len || len - i > 18)
        return false;
    for (; i < len; i++) {
        if (!is_digit(text[i]))
            return false;
        v = 10 * v + (uint64_t)(text[i] - '0');
    }
    *value = negative ? -(int64_t)v : (int64_t)v;
    return true;
}

size_t number_put_int(int64_t value, char text[NUMBER_INT_ROOM])
{
    char digit[NUMBER_INT_ROOM];
    size_t n = 0, length = 0;
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do
        digit[n++] = (char)('0' + left % 10);
    while (left /= 10);
    if (value < 0)
        text[length++] = '-';
    while (n > 0)
        text[length++] = digit[--n];
    text[length] = '\0';
    return length;
}
