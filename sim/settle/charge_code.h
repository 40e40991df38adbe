/*
 * charge_code.h - the formula of every charge code as a pure function.
 *
 * Amounts in USD, not rounded: positive = the participant pays. Awards in MWh, injection
 * positive. Numbers in brackets are equations of sim/settle/README.md.
 *
 * Layer: sim/settle.
 */
#ifndef SIM_SETTLE_CHARGE_CODE_H
#define SIM_SETTLE_CHARGE_CODE_H

#include <stdint.h>

/* (1) and (2): energy, congestion and loss in one, since LMP holds all three. */
double charge_6011_usd(double award_mwh, double lmp_usd_per_mwh);
double charge_6013_usd(double award_mwh, double lmp_usd_per_mwh);
/* (18), (19), (20): energy beyond what was settled before, at the price of its run. */
double charge_6460_usd(double fmm_mwh, double award_mwh, double fmm_usd_per_mwh);
double charge_6470_usd(double dispatch_mwh, double fmm_mwh, double rtd_usd_per_mwh);
double charge_6475_usd(double meter_mwh, double expected_mwh, double usd_per_mwh);
/* (21): a virtual position is unwound. */
double charge_6473_usd(double award_mwh, double mean_fmm_usd_per_mwh);
/* (23): UFE is energy that somebody took without a meter: demand pays it by shares. */
double charge_6474_usd(double ufe_usd, double share_mwh, double total_mwh);
/* (24), (25), (26): 6477, 6774, 6985: what one of measured demand gets of an hour's rest. */
double charge_offset_usd(double rest_usd, double share_mwh, double total_mwh);
/* (44), (45): what a subsystem made too much of, and too little. */
double charge_1407_usd(double deviation_mwh, double band_mwh, double usd_per_mwh);
double charge_2407_usd(double deviation_mwh, double band_mwh, double usd_per_mwh);
/* (39): USD/MWh of what was not delivered, rate of the price but not below a floor. */
double charge_delivery_price(double rate, double usd_per_mwh, double floor_usd_per_mwh);
/* (40): what was accepted and not delivered, and what was declined late. */
double charge_6456_usd(double accepted_mwh, double accepted_usd_per_mwh,
                       double declined_mwh, double declined_usd_per_mwh);
/* (27) */
double charge_4561_usd(double metered_mwh, double rate_usd_per_mwh);
/* (29): what a day's cost less revenue is paid, <= 0. */
double charge_recovery_usd(double net_usd);
/* (30): USD/MWh of obligation: never more than per MWh that the market committed. */
double charge_tier_rate(double uplift_usd, double obligation_mwh, double committed_mwh);
/* (31): 6637, 6678: what one of measured demand pays; usd < 0. */
double charge_share_usd(double usd, double share_mwh, double total_mwh);
/* (32), (33): 7070, 7071, 7081: ramping capability for an hour at its price. */
double charge_flex_usd(double mwh, double usd_per_mw);
/* (34), (35): capacity that stands ready, and what of it did not. */
double charge_6800_usd(double award_mwh, double usd_per_mw);
double charge_6824_usd(double missing_mwh, double usd_per_mw);
/* (4): what one receiver gets of an interval's surplus. */
double charge_6790_usd(double surplus_usd, double share_mwh, double total_mwh);
/* (11): what one receiver gets of an interval's loss surplus. */
double charge_6947_usd(double loss_surplus_usd, double share_mwh, double total_mwh);
/* (5) */
double charge_4560_usd(double award_mwh, double rate_usd_per_mwh);
/* (6) */
double charge_4515_usd(double n_segments, double fee_usd);
/* (41): a coordinator's share of its monthly fee for one of the month's days. */
double charge_4575_usd(double fee_usd_per_month, int days_in_month);
/* (42): what the regulator asks for energy that is taken. */
double charge_550_usd(double measured_mwh, double rate_usd_per_mwh);
/* (12): 6100, 6200, 6500, 6600. */
double charge_service_usd(double award_mwh, double price_usd_per_mw);
/* 6124, 6224, 6524, 6624: capacity that was not there, at what was paid for it. */
double charge_no_pay_usd(double missing_mwh, double paid_usd_per_mw);
/* (13): what a MWh of a service cost on average; 0 where none was bought. */
double charge_user_rate(double cost_usd, double bought_mwh);
/* (14), (15): 6194, 6294, 6594, 6694. */
double charge_obligation_usd(double obligation_mwh, double user_rate_usd);
/* (16), (17): 6090, 6696: what one receiver gets of what is left over. */
double charge_neutrality_usd(double left_usd, double share_mwh, double total_mwh);
/* (9) */
int64_t charge_4989_cents(int64_t sum_cents);

/* Position of a code in charge_code_table(), or -1. */
int charge_code_find(int code);

#endif
