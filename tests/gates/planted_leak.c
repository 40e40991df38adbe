/* planted_leak.c - passes, and leaks: asan and valgrind must call it a failure. */
#include <criterion/criterion.h>
#include <stdlib.h>

Test(planted_leak, is_noticed_by_the_gates)
{
    volatile char *block = malloc(100); /* straight from the heap on purpose */
    block[0] = 1;
    block = NULL;
    cr_assert_null((void *)block);
}
