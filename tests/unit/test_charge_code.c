/* test_charge_code.c - the formulas by hand. */
#include "sim/settle/charge_code.h"

#include <criterion/criterion.h>

#include "sim/settle/settle.h"

/* 40 MW at 52: supply is paid 2,080, demand pays it. */
Test(charge_code, virtual_supply_is_paid_and_virtual_demand_pays)
{
    cr_assert_float_eq(charge_6013_usd(40, 52), -2080, 1e-9);
    cr_assert_float_eq(charge_6013_usd(-40, 52), 2080, 1e-9);
}

Test(charge_code, a_negative_price_turns_payment_round)
{
    cr_assert_float_eq(charge_6011_usd(100, 30), -3000, 1e-9);
    cr_assert_float_eq(charge_6011_usd(100, -60), 6000, 1e-9);
    cr_assert_float_eq(charge_6011_usd(-100, -60), -6000, 1e-9);
}

Test(charge_code, surplus_is_returned_by_share)
{
    cr_assert_float_eq(charge_6790_usd(600, 25, 100), -150, 1e-9);
    cr_assert_float_eq(charge_6790_usd(-600, 25, 100), 150, 1e-9);
}

Test(charge_code, loss_surplus_is_returned_by_share)
{
    cr_assert_float_eq(charge_6947_usd(86.9187, 150, 200), -65.189025, 1e-9);
    cr_assert_float_eq(charge_6947_usd(-8, 25, 100), 2, 1e-9);
}

Test(charge_code, a_service_is_charged_at_what_it_cost_on_average)
{
    cr_assert_float_eq(charge_service_usd(10, 8), -80, 1e-12);
    cr_assert_float_eq(charge_user_rate(80, 10), 8, 1e-12);
    cr_assert_float_eq(charge_user_rate(0, 0), 0, 0);
    cr_assert_float_eq(charge_obligation_usd(6, 8), 48, 1e-12);
    cr_assert_float_eq(charge_obligation_usd(4, 8), 32, 1e-12);
    cr_assert_float_eq(charge_neutrality_usd(-20, 30, 120), 5, 1e-12);
}

Test(charge_code, fees_do_not_depend_on_direction)
{
    cr_assert_float_eq(charge_4560_usd(-50, 0.1), 5, 1e-12);
    cr_assert_float_eq(charge_4560_usd(50, 0.1), 5, 1e-12);
    cr_assert_float_eq(charge_4515_usd(3, 0.005), 0.015, 1e-12);
    cr_assert_eq(charge_4989_cents(7), -7);
}

/* 50 % of 40 above a floor of 10, which holds below 20; 2 MWh accepted, 1 declined. */
Test(charge_code, what_is_not_delivered_costs_a_share_of_the_price_but_not_nothing)
{
    cr_assert_float_eq(charge_delivery_price(0.5, 40, 10), 20, 1e-12);
    cr_assert_float_eq(charge_delivery_price(0.5, 19, 10), 10, 0);
    cr_assert_float_eq(charge_delivery_price(0.75, -100, 10), 10, 0);
    cr_assert_float_eq(charge_6456_usd(2, 20, 1, 30), 70, 1e-12);
}

/* Worked example W21: demand 200, band 6; 210 or 188 made, at 40 and at twice 40. */
Test(charge_code, a_subsystem_pays_for_what_is_beyond_its_band)
{
    cr_assert_float_eq(charge_1407_usd(210 - 200, 0.03 * 200, 40), 160, 1e-9);
    cr_assert_float_eq(charge_2407_usd(188 - 200, 0.03 * 200, 2 * 40), 480, 1e-9);
    cr_assert_float_eq(charge_1407_usd(5, 6, 40), 0, 0);
    cr_assert_float_eq(charge_2407_usd(-5, 6, 80), 0, 0);
    cr_assert_float_eq(charge_2407_usd(10, 6, 80), 0, 0);
}

Test(charge_code, a_month_of_days_is_a_months_fee)
{
    cr_assert_float_eq(charge_4575_usd(1000, 30), 33.333333333, 1e-9);
    cr_assert_float_eq(charge_550_usd(110, 0.02), 2.2, 1e-12);
}

Test(charge_code, the_table_is_sorted_and_every_code_is_found)
{
    int n;
    const struct charge_code_row *table = charge_code_table(&n);
    cr_assert_geq(n, 17);
    for (int i = 0; i < n; i++) {
        cr_assert_eq(charge_code_find(table[i].code), i);
        cr_assert(i == 0 || table[i - 1].code < table[i].code);
    }
    cr_assert_eq(charge_code_find(1234), -1);
}
