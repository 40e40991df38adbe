/* amount.c - money and quantities as people read them. */
#include "sim/app/amount.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* "[-]1234567" and what follows the whole number, with thousands apart. */
static struct amount group(bool negative, const char *digits, const char *tail)
{
    struct amount a = {""};
    size_t n = strlen(digits), at = 0;
    if (negative)
        a.text[at++] = '-';
    for (size_t i = 0; i < n && at + 2 < sizeof a.text; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            a.text[at++] = ',';
        a.text[at++] = digits[i];
    }
    (void)snprintf(a.text + at, sizeof a.text - at, "%s", tail);
    return a;
}

struct amount amount_from_cents(cents_t cents)
{
    char digits[24], tail[8];
    uint64_t magnitude = cents < 0 ? 0 - (uint64_t)cents : (uint64_t)cents;
    (void)snprintf(digits, sizeof digits, "%" PRIu64, magnitude / 100);
    (void)snprintf(tail, sizeof tail, ".%02u", (unsigned)(magnitude % 100));
    return group(cents < 0, digits, tail);
}

struct amount amount_from_number(double value, int decimals)
{
    struct amount a = {""};
    char digits[AMOUNT_SIZE], tail[AMOUNT_SIZE];
    if (isnan(value))
        return (struct amount){"-"};
    if (!isfinite(value) || fabs(value) >= 1e15) {
        (void)snprintf(a.text, sizeof a.text, "%.6g", value);
        return a;
    }
    (void)snprintf(digits, sizeof digits, "%.*f", decimals, fabs(value));
    size_t whole = strcspn(digits, ".");
    (void)snprintf(tail, sizeof tail, "%s", digits + whole);
    digits[whole] = '\0';
    bool zero = strspn(digits, "0") == whole && strspn(tail, ".0") == strlen(tail);
    return group(value < 0 && !zero, digits, tail);
}

struct amount amount_from_residual(double value, int exponent)
{
    struct amount a = {""};
    if (fabs(value) < pow(10, exponent))
        (void)snprintf(a.text, sizeof a.text, "<1e%d", exponent);
    else
        (void)snprintf(a.text, sizeof a.text, "%.1e", value);
    return a;
}
