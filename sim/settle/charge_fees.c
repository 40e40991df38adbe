/* charge_fees.c - fees that depend on neither awards nor bids. */
#include "sim/settle/charge_code.h"
#include "sim/settle/charging.h"

/* (41): every coordinator that is certified on the day. */
enum err_code charge_coordinators(struct charging *w, int32_t day)
{
    const struct market *m = w->m;
    struct fee fee = {.code = CHARGE_4575};
    date_t date = m->day[day].date;
    int n_days = date_days_in_month(date);
    enum err_code code = ERR_OK;
    w->interval = m->first_interval[day];
    for (int32_t sc = 0; sc < m->n_sc && !code; sc++) {
        if (date < m->sc[sc].certified_from || date > m->sc[sc].certified_to)
            continue;
        struct settle_interval_line line = {
            .sc = sc, .code = CHARGE_4575, .resource = -1, .position = -1};
        line.length_min = 60 * (m->first_interval[day + 1] - m->first_interval[day]);
        line.quantity_mwh = 1.0 / n_days;
        line.price_usd = m->rules.sc_id_fee;
        line.amount_usd = charge_4575_usd(m->rules.sc_id_fee, n_days);
        code = charging_fee(w, line, &fee);
    }
    return code ? code : charging_fee_close(w, &fee);
}

/* (42) */
enum err_code charge_regulator(struct charging *w)
{
    struct fee fee = {.code = CHARGE_550};
    double rate = w->m->rules.ferc_fee_rate;
    enum err_code code = ERR_OK;
    for (int32_t r = 0; r < w->m->n_resource && !code; r++) {
        struct settle_interval_line line = charging_of_resource(w, CHARGE_550, r);
        line.quantity_mwh = w->measured_mwh[r];
        line.price_usd = rate;
        line.amount_usd = charge_550_usd(w->measured_mwh[r], rate);
        code = charging_fee(w, line, &fee);
    }
    return code ? code : charging_fee_close(w, &fee);
}
