/* test_nearest.c - the word that was meant, and quoting. */
#include "sim/input/nearest.h"

#include <criterion/criterion.h>
#include <string.h>

static const char *const words[] = {"pmin_mw", "pmax_mw", "ramp_mw_per_min", "type"};

static const char *nearest(const char *text)
{
    return nearest_word(text, strlen(text), words, 4, sizeof *words);
}

Test(nearest, a_slip_finds_the_word)
{
    cr_assert_str_eq(nearest("pmax"), "pmax_mw");
    cr_assert_str_eq(nearest("pamx_mw"), "pmax_mw");
    cr_assert_str_eq(nearest("tpye"), "type");
    cr_assert_str_eq(nearest("rampmwpermin"), "ramp_mw_per_min");
    cr_assert_str_eq(nearest("TYPE"), "type");
    cr_assert_str_eq(nearest("PAMX_MW"), "pmax_mw");
}

Test(nearest, another_word_finds_nothing)
{
    const char *digits[] = {"1", "2"};
    cr_assert_null(nearest("colour"));
    cr_assert_null(nearest_word("n", 1, digits, 2, sizeof *digits));
    cr_assert_null(nearest(""));
    cr_assert_null(nearest("pmax_mw_pmax_mw_pmax_mw_pmax_mw_pmax_mw_pmax_mw"));
}

Test(nearest, quoting_keeps_a_message_on_one_line)
{
    char q[QUOTED_SIZE], text[100];
    cr_assert_str_eq(quoted("a\nb\x1b\xff"
                            "c",
                            6, q),
                     "a?b?"
                     "?c");
    cr_assert_str_eq(quoted("", 0, q), "");
    memset(text, 'x', sizeof text);
    (void)quoted(text, sizeof text, q);
    cr_assert_eq(strlen(q), QUOTED_SIZE - 1);
    cr_assert_str_eq(q + QUOTED_SIZE - 4, "...");
}
