/* charge_code.c - the table of charge codes and their formulas. */
#include "sim/settle/charge_code.h"

#include <math.h>

#include "sim/settle/settle.h"

static const struct charge_code_row table[] = {
#define CHARGE_ROW(code, name, group, interval, who, formula, inputs) \
 {code, name, group, interval, who, formula, inputs},
    CHARGE_CODE_MAP(CHARGE_ROW)
#undef CHARGE_ROW
};

enum {
    N_CODES = sizeof table / sizeof *table
};

const struct charge_code_row *charge_code_table(int *n)
{
    *n = N_CODES;
    return table;
}

int charge_code_find(int code)
{
    for (int i = 0; i < N_CODES; i++)
        if (table[i].code == code)
            return i;
    return -1;
}

double charge_6011_usd(double award_mwh, double lmp_usd_per_mwh)
{
    return -award_mwh * lmp_usd_per_mwh;
}

double charge_6013_usd(double award_mwh, double lmp_usd_per_mwh)
{
    return -award_mwh * lmp_usd_per_mwh;
}

double charge_6460_usd(double fmm_mwh, double award_mwh, double fmm_usd_per_mwh)
{
    return -(fmm_mwh - award_mwh) * fmm_usd_per_mwh;
}

double charge_6470_usd(double dispatch_mwh, double fmm_mwh, double rtd_usd_per_mwh)
{
    return -(dispatch_mwh - fmm_mwh) * rtd_usd_per_mwh;
}

double charge_6475_usd(double meter_mwh, double expected_mwh, double usd_per_mwh)
{
    return -(meter_mwh - expected_mwh) * usd_per_mwh;
}

double charge_6473_usd(double award_mwh, double mean_fmm_usd_per_mwh)
{
    return award_mwh * mean_fmm_usd_per_mwh;
}

double charge_6474_usd(double ufe_usd, double share_mwh, double total_mwh)
{
    return ufe_usd * (share_mwh / total_mwh);
}

double charge_offset_usd(double rest_usd, double share_mwh, double total_mwh)
{
    return -rest_usd * (share_mwh / total_mwh);
}

double charge_1407_usd(double deviation_mwh, double band_mwh, double usd_per_mwh)
{
    return fmax(0, deviation_mwh - band_mwh) * usd_per_mwh;
}

double charge_2407_usd(double deviation_mwh, double band_mwh, double usd_per_mwh)
{
    return fmax(0, -deviation_mwh - band_mwh) * usd_per_mwh;
}

double charge_delivery_price(double rate, double usd_per_mwh, double floor_usd_per_mwh)
{
    return fmax(floor_usd_per_mwh, rate * usd_per_mwh);
}

double charge_6456_usd(double accepted_mwh, double accepted_usd_per_mwh,
                       double declined_mwh, double declined_usd_per_mwh)
{
    return accepted_mwh * accepted_usd_per_mwh + declined_mwh * declined_usd_per_mwh;
}

double charge_4561_usd(double metered_mwh, double rate_usd_per_mwh)
{
    return fabs(metered_mwh) * rate_usd_per_mwh;
}

double charge_flex_usd(double mwh, double usd_per_mw)
{
    return -mwh * usd_per_mw;
}

double charge_6800_usd(double award_mwh, double usd_per_mw)
{
    return -award_mwh * usd_per_mw;
}

double charge_6824_usd(double missing_mwh, double usd_per_mw)
{
    return missing_mwh * usd_per_mw;
}

double charge_recovery_usd(double net_usd)
{
    return -fmax(0, net_usd);
}

double charge_tier_rate(double uplift_usd, double obligation_mwh, double committed_mwh)
{
    if (obligation_mwh <= 0)
        return 0;
    double rate = uplift_usd / obligation_mwh;
    return committed_mwh > 0 ? fmin(rate, uplift_usd / committed_mwh) : rate;
}

double charge_share_usd(double usd, double share_mwh, double total_mwh)
{
    return -usd * (share_mwh / total_mwh);
}

double charge_6790_usd(double surplus_usd, double share_mwh, double total_mwh)
{
    return -surplus_usd * (share_mwh / total_mwh);
}

double charge_6947_usd(double loss_surplus_usd, double share_mwh, double total_mwh)
{
    return -loss_surplus_usd * (share_mwh / total_mwh);
}

double charge_4560_usd(double award_mwh, double rate_usd_per_mwh)
{
    return fabs(award_mwh) * rate_usd_per_mwh;
}

double charge_4515_usd(double n_segments, double fee_usd)
{
    return n_segments * fee_usd;
}

double charge_4575_usd(double fee_usd_per_month, int days_in_month)
{
    return fee_usd_per_month / days_in_month;
}

double charge_550_usd(double measured_mwh, double rate_usd_per_mwh)
{
    return measured_mwh * rate_usd_per_mwh;
}

double charge_service_usd(double award_mwh, double price_usd_per_mw)
{
    return -award_mwh * price_usd_per_mw;
}

double charge_no_pay_usd(double missing_mwh, double paid_usd_per_mw)
{
    return missing_mwh * paid_usd_per_mw;
}

double charge_user_rate(double cost_usd, double bought_mwh)
{
    return bought_mwh > 1e-9 ? cost_usd / bought_mwh : 0;
}

double charge_obligation_usd(double obligation_mwh, double user_rate_usd)
{
    return obligation_mwh * user_rate_usd;
}

double charge_neutrality_usd(double left_usd, double share_mwh, double total_mwh)
{
    return -left_usd * (share_mwh / total_mwh);
}

int64_t charge_4989_cents(int64_t sum_cents)
{
    return -sum_cents;
}
