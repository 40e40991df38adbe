/* test_matpower_names.c - ids of buses, branches and units. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "tests/support/small_case.h"

static const char *first_bus_id(const char *names)
{
    static char id[80];
    char text[4000];
    (void)snprintf(text, sizeof text, "%smpc.bus_name = %s;\n", SMALL, names);
    struct grid g = small_case_grid(text);
    (void)snprintf(id, sizeof id, "%s", g.bus[0].id);
    grid_release(&g);
    return id;
}

Test(matpower_names, bus_names_are_ids_if_all_are_valid_and_different)
{
    cr_assert_str_eq(first_bus_id("{'  Bus 1  HV '; 'b'; 'c'}"), "Bus_1__HV");
    cr_assert_str_eq(first_bus_id("{'a', \"b\" 'c'}"), "a");
    cr_assert_str_eq(first_bus_id("{'a'; 'b'; 'a'}"), "1", "twice");
    cr_assert_str_eq(first_bus_id("{'a b'; 'b'; 'a_b'}"), "1", "twice with _");
    cr_assert_str_eq(first_bus_id("{'a'; ' '; 'c'}"), "1", "empty");
    cr_assert_str_eq(first_bus_id("{'a'; 'b,'; 'c'}"), "1", "comma");
    cr_assert_str_eq(first_bus_id("{'a'; 'it''s'; 'c'}"), "1", "quote");
    cr_assert_str_eq(first_bus_id("{'a'; '\xC3\xA9'; 'c'}"), "1", "not ASCII");
    cr_assert_str_eq(
        first_bus_id("{'a'; 'b'; 'ccccccccccccccccccccccccccccccccccccccccccccccccccccc"
                     "cccccccccccccccccccc'}"),
        "1", "too long");
}

Test(matpower_names,
     parallel_elements_are_counted_and_hyphens_cannot_make_two_ids_alike)
{
    struct grid g = small_case_grid(HEAD BUSES "mpc.gen = [" GEN(1, 1, 1, 0) GEN(
        1, 1, 2, 0) "];\n"
                    "mpc.branch = [" LINE(1, 2, 0.2, 0) LINE(1, 2, 0.1, 0)
                                        LINE(2, 1, 0.1, 0) "];\n");
    cr_assert_str_eq(g.branch[0].id, "1-2");
    cr_assert_float_eq(g.branch[0].x_pu, 0.1, 0, "ordered by data");
    cr_assert_str_eq(g.branch[1].id, "1-2-2");
    cr_assert_str_eq(g.branch[2].id, "2-1");
    cr_assert_str_eq(g.unit[1].id, "G1-2");
    grid_release(&g);
    g = small_case_grid(HEAD BUSES
                        "mpc.bus_name = {'A'; 'B'; 'B-2'};\n"
                        "mpc.gen = [" GEN(2, 1, 1, 0) GEN(2, 1, 2, 0)
                            GEN(3, 1, 2, 0) "];\nmpc.branch = [" LINE(1, 2, 0.2, 0)
                                LINE(1, 2, 0.1, 0) LINE(1, 3, 0.1, 0) "];\n");
    cr_assert_str_eq(g.branch[1].id, "1-2-2");
    cr_assert_str_eq(g.branch[2].id, "1-3");
    cr_assert_str_eq(g.unit[1].id, "G2-2");
    cr_assert_str_eq(g.unit[2].id, "G3");
    grid_release(&g);
}
