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
/* (4): what one receiver gets of an interval's surplus. */
double charge_6790_usd(double surplus_usd, double share_mwh, double total_mwh);
/* (11): what one receiver gets of an interval's loss surplus. */
double charge_6947_usd(double loss_surplus_usd, double share_mwh, double total_mwh);
/* (5) */
double charge_4560_usd(double award_mwh, double rate_usd_per_mwh);
/* (6) */
double charge_4515_usd(double n_segments, double fee_usd);
/* (9) */
int64_t charge_4989_cents(int64_t sum_cents);

/* Position of a code in charge_code_table(), or -1. */
int charge_code_find(int code);

#endif
