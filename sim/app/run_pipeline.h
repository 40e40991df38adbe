/*
 * run_pipeline.h - one market from its folder to settled accounts, in memory.
 *
 *     load -> bid rules -> for each trade day: credit check, mitigation, clearing,
 *     residual commitment, settlement, credit accounts -> laws of the market
 *
 * The liability that the credit check of a day starts from is the account as the day
 * before left it: carried in + statements so far + virtual awards so far.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_RUN_PIPELINE_H
#define SIM_APP_RUN_PIPELINE_H

#include "sim/admit/admit.h"
#include "sim/app/command.h"
#include "sim/app/progress.h"
#include "sim/clear/mitigate.h"
#include "sim/clear/real_time.h"
#include "sim/clear/ruc.h"
#include "sim/credit/account.h"
#include "sim/model/market.h"
#include "sim/settle/invoice.h"
#include "sim/settle/settle.h"

/* Everything a run knows when it is over. {0} is empty. */
struct run {
    const char *override; /* before run_load: a file of changes (override.h), or NULL */
    struct market market;
    struct admission admission;
    struct mitigation mitigation;
    struct outcome outcome;
    struct rt_outcome real_time;
    struct metering meter;
    struct ruc_outcome ruc;
    struct settlement settlement;
    struct invoices invoices;
    struct credit_account
        *account; /* [market.n_day + 1][n_sc] owned: carried in, then day by day */
    enum shift_choice shift_choice;                         /* before run_days */
    double seconds_read, seconds_real_time, seconds_settle; /* settle: with meters */
};

/*
 * Loads the scenario in folder dir into run->market, faults and error into *diag, which
 * keeps their file names beyond the life of the market.
 */
MUST_CHECK enum err_code run_load(const char *dir, struct run *run,
                                  struct diagnostics *diag);
/*
 * Admits bids and checks credit of all days without clearing: every day then starts from
 * the liability carried in.
 */
MUST_CHECK enum err_code run_admit(struct run *run, struct err *err);
/*
 * Everything after run_load. ERR_BUG when the books do not add up to zero cents or an SC
 * was admitted beyond its credit; ERR_INTERRUPTED between two steps.
 */
MUST_CHECK enum err_code run_days(struct run *run, struct progress *progress,
                                  struct err *err);
/* Accounts of all SCs when a day starts, 0 <= day <= market.n_day. */
const struct credit_account *run_account(const struct run *run, int32_t day);
/* Accepts {0}; in any case after run_load, also when it failed. */
void run_release(struct run *run);

#endif
