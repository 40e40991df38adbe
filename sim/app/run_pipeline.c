/* run_pipeline.c - one market from its folder to settled accounts, in memory. */
#include "sim/app/run_pipeline.h"

#include <inttypes.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/base/stopwatch.h"
#include "sim/clear/clear.h"
#include "sim/input/scenario.h"
#include "sim/settle/recalculate.h"

/* Sums of money that differ by less than this, relatively, are the same. */
static const double same_money = 1e-9;

enum err_code run_load(const char *dir, struct run *run, struct diagnostics *diag)
{
    double began_s = stopwatch_s();
    enum err_code code = scenario_load_changed(dir, run->override, &run->market,
                                               &diag->faults, &diag->err);
    run->seconds_read = stopwatch_s() - began_s;
    if (code == ERR_INPUT && diag->faults.total && diag->err.at.file) {
        diag->err = (struct err){0}; /* it is one of the faults */
        (void)err_set(&diag->err, code, "%zu fault%s in the scenario %s",
                      diag->faults.total, diag->faults.total == 1 ? "" : "s", dir);
    }
    diagnostics_keep_names(diag);
    return code;
}

static enum err_code open_accounts(struct run *run, struct err *err)
{
    const struct market *m = &run->market;
    size_t n = ((size_t)m->n_day + 1) * (size_t)m->n_sc;
    run->account = MEM_ARRAY(struct credit_account, n);
    if (!run->account)
        return err_set(err, ERR_NOMEM, "cannot hold the accounts of %d SCs", m->n_sc);
    credit_open(&run->market, run->account);
    return ERR_OK;
}

const struct credit_account *run_account(const struct run *run, int32_t day)
{
    return run->account + (size_t)day * (size_t)run->market.n_sc;
}

/* Nobody may have been let in beyond its credit: the last look before clearing. */
static enum err_code verify_credit(const struct run *run, int32_t day, struct err *err)
{
    const struct admission *a = &run->admission;
    for (int32_t i = 0; i < a->n_credit; i++) {
        const struct admit_credit *c = &a->credit[i];
        double exposure_usd = c->demand_admitted_usd + c->virtual_admitted_usd;
        double total_usd = c->carried_usd + exposure_usd;
        if (c->day == day && exposure_usd > 0 && total_usd > c->limit_usd &&
            !num_close(total_usd, c->limit_usd, 0, same_money))
            return err_set(err, ERR_BUG,
                           "%s was admitted with %.2f USD against a limit of %.2f USD",
                           run->market.sc[c->sc].id, total_usd, c->limit_usd);
    }
    return ERR_OK;
}

/* Every cent of every statement, added up again by someone who did not write them. */
static enum err_code verify_books(const struct run *run, struct err *err)
{
    const struct settlement *s = &run->settlement;
    cents_t sum_cents = 0;
    for (int32_t i = 0; i < s->n_line; i++)
        sum_cents += s->line[i].amount_cents;
    if (sum_cents != 0 || s->sum_cents != 0)
        return err_set(err, ERR_BUG,
                       "statements add up to %" PRId64 " cents; nothing is written",
                       sum_cents ? sum_cents : s->sum_cents);
    return ERR_OK;
}

static enum err_code check_credit(struct run *run, int32_t day,
                                  const struct credit_account *account, struct err *err)
{
    int32_t n = run->market.n_sc;
    struct admit_standing *standing = MEM_ARRAY(struct admit_standing, n);
    if (!standing)
        return err_set(err, ERR_NOMEM, "cannot hold the standing of %d SCs", n);
    credit_standing(&run->market, account, day, standing);
    enum err_code code =
        admit_credit(&run->market, day, standing, &run->admission, err);
    mem_free(standing);
    return code ? code : verify_credit(run, day, err);
}

enum err_code run_admit(struct run *run, struct err *err)
{
    enum err_code code = admit_bids(&run->market, &run->admission, err);
    if (!code)
        code = open_accounts(run, err);
    for (int32_t day = 0; !code && day < run->market.n_day; day++)
        code = check_credit(run, day, run_account(run, 0), err);
    return code;
}

/* Clears a day, its offers mitigated first where the market has that. */
static enum err_code clear_mitigated(struct run *run, int32_t day,
                                     struct progress *progress, struct err *err)
{
    const struct market *m = &run->market;
    struct admission cleared = run->admission; /* borrows all but mitigated books */
    enum err_code code = ERR_OK;
    if (run->mitigation.active) {
        code =
            progress_day(progress, "mitigating", day, m->n_day, m->day[day].date, err);
        if (!code)
            code = mitigate_day(m, &run->admission, day, &run->outcome,
                                &run->mitigation, err);
        cleared = mitigate_admitted(&run->admission, &run->mitigation);
    }
    if (!code)
        code = progress_day(progress, "clearing", day, m->n_day, m->day[day].date, err);
    if (code || !run->mitigation.solution.known)
        return code ? code : clear_day(m, &cleared, day, &run->outcome, err);
    return clear_day_shared(m, &cleared, day, &run->mitigation.solution, &run->outcome,
                            err);
}

static struct settle_inputs settle_inputs_of(const struct run *run)
{
    return (struct settle_inputs){.m = &run->market,
                                  .mitigated = &run->mitigation.made,
                                  .a = &run->admission,
                                  .o = &run->outcome,
                                  .ruc = &run->ruc,
                                  .rt = &run->real_time,
                                  .meter = &run->meter};
}

static enum err_code recalculate(struct run *run, struct err *err)
{
    const struct settle_inputs in = settle_inputs_of(run);
    double began_s = stopwatch_s();
    enum err_code code = recalculate_all(&in, &run->settlement, err);
    run->seconds_settle += stopwatch_s() - began_s;
    return code;
}

static enum err_code settle_one(struct run *run, int32_t day, struct err *err)
{
    const struct settle_inputs in = settle_inputs_of(run);
    double began_s = stopwatch_s();
    if (run->real_time.active)
        metering_day(&run->market, &run->outcome, &run->real_time, day, 0, &run->meter);
    enum err_code code = settle_day(&in, day, &run->settlement, err);
    run->seconds_settle += stopwatch_s() - began_s;
    return code;
}

static enum err_code commit_residual(struct run *run, int32_t day,
                                     struct progress *progress, struct err *err)
{
    const struct market *m = &run->market;
    enum err_code code = progress_day(progress, "committing residual", day, m->n_day,
                                      m->day[day].date, err);
    return code ? code
                : ruc_day(m, &run->admission, day, &run->outcome, &run->ruc, err);
}

static enum err_code run_day(struct run *run, int32_t day, struct progress *progress,
                             struct err *err)
{
    const struct market *m = &run->market;
    enum err_code code = check_credit(run, day, run_account(run, day), err);
    if (!code)
        code = clear_mitigated(run, day, progress, err);
    if (!code && run->ruc.active)
        code = commit_residual(run, day, progress, err);
    if (!code && run->real_time.active) {
        code = progress_day(progress, "running", day, m->n_day, m->day[day].date, err);
        double began_s = stopwatch_s();
        if (!code)
            code = rt_day(m, &run->admission, day, &run->outcome, &run->ruc,
                          &run->real_time, err);
        run->seconds_real_time += stopwatch_s() - began_s;
    }
    if (!code)
        code = progress_day(progress, "settling", day, m->n_day, m->day[day].date, err);
    if (!code)
        code = settle_one(run, day, err);
    if (code)
        return code;
    struct credit_account *account = run->account + (size_t)(day + 1) * (size_t)m->n_sc;
    memcpy(account, run_account(run, day), (size_t)m->n_sc * sizeof *account);
    credit_update(m, &run->outcome, &run->settlement, day, account);
    return ERR_OK;
}

enum err_code run_days(struct run *run, struct progress *progress, struct err *err)
{
    const struct market *m = &run->market;
    enum err_code code = progress_step(progress, "checking bids", 0, 0, err);
    if (!code)
        code = admit_bids(m, &run->admission, err);
    if (!code)
        code = open_accounts(run, err);
    if (!code)
        code = clear_begin(m, &run->outcome, err);
    run->outcome.keep_pieces = true;
    if (!code)
        code = mitigate_begin(m, &run->mitigation, err);
    if (!code)
        code = rt_begin(m, &run->real_time, err);
    if (!code && run->real_time.active)
        code = metering_begin(m, &run->meter, err);
    if (!code)
        code = ruc_begin(m, &run->ruc, err);
    run->outcome.shift_choice = run->shift_choice;
    run->outcome.watch = run->real_time.watch = progress_watch(progress);
    for (int32_t day = 0; !code && day < m->n_day; day++)
        code = run_day(run, day, progress, err);
    if (!code)
        code = clear_end(m, &run->outcome, err);
    if (!code)
        code = rt_end(m, &run->real_time, err);
    run->outcome.watch = run->real_time.watch = NULL; /* progress may go away */
    run->mitigation.trial.watch = NULL;
    if (!code)
        code = recalculate(run, err);
    if (!code)
        code = verify_books(run, err);
    return code ? code : invoices_make(m, &run->settlement, &run->invoices, err);
}

void run_release(struct run *run)
{
    mem_free(run->account);
    invoices_release(&run->invoices);
    settlement_release(&run->settlement);
    metering_release(&run->meter);
    rt_release(&run->real_time);
    outcome_release(&run->outcome);
    ruc_release(&run->ruc);
    mitigation_release(&run->mitigation);
    admission_release(&run->admission);
    market_release(&run->market);
    *run = (struct run){0};
}
