/* case_name.c - what a case is called. */
#include "sim/app/case_name.h"

#include <stdio.h>
#include <string.h>

void case_name(const char *path, const char *ending, char *name, size_t size)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    size_t n = strlen(base), n_ending = strlen(ending);
    if (n > 3 && strcmp(base + n - 3, ".gz") == 0)
        n -= 3;
    if (n > n_ending && strncmp(base + n - n_ending, ending, n_ending) == 0)
        n -= n_ending;
    (void)snprintf(name, size, "%.*s", (int)n, base);
}
