/* shift_option.c - words of --shift-factors. */
#include "sim/app/shift_option.h"

#include <stddef.h>

const char *const shift_words[] = {"auto", "all", "none", NULL};
