/* natural.c - human order of names. */
#include "sim/base/natural.h"

#include <stddef.h>
#include <string.h>

static size_t digit_run(const char *s)
{
    return strspn(s, "0123456789");
}

int natural_compare(const char *a, const char *b)
{
    const char *p = a, *q = b;
    while (*p && *q) {
        size_t np = digit_run(p), nq = digit_run(q);
        if (np && nq) {
            const char *dp = p + strspn(p, "0"), *dq = q + strspn(q, "0");
            size_t sp = digit_run(dp), sq = digit_run(dq);
            if (sp != sq)
                return sp < sq ? -1 : 1;
            int by_digits = strncmp(dp, dq, sp);
            if (by_digits)
                return by_digits;
            p += np;
            q += nq;
        } else if (*p != *q) {
            return (unsigned char)*p < (unsigned char)*q ? -1 : 1;
        } else {
            p++;
            q++;
        }
    }
    if (*p || *q)
        return *p ? 1 : -1;
    return strcmp(a, b); /* 01 and 1 are the same number, not the same name */
}
