/*
 * statement_read.h - the statements of a run file, as the statement command shows them.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_STATEMENT_READ_H
#define SIM_APP_STATEMENT_READ_H

#include <stdbool.h>
#include <stdint.h>

#include "results/run_read.h"
#include "sim/base/arena.h"
#include "sim/base/calendar.h"
#include "sim/base/err.h"
#include "sim/base/units.h"

/* Everything is in the arena; arrays of one table have the same length. */
struct statements {
    struct arena arena;
    const char *scenario;
    size_t n_sc, n_code, n_line, n_detail, n_interval;
    const char **sc_id, **sc_name;           /* [n_sc] */
    const int32_t *code;                     /* [n_code] */
    const char **code_name;                  /* [n_code] */
    const char **line_sc;                    /* [n_line] an SC's id or "ISO" */
    const int32_t *line_code;                /* [n_line] */
    const date_t *line_date;                 /* [n_line] */
    const int64_t *line_cents;               /* [n_line] */
    const int32_t *line_version;             /* [n_line] 0, or the recalculation */
    const date_t *line_published;            /* [n_line] */
    const date_t *interval_date;             /* [n_interval] */
    const int32_t *interval_hour;            /* [n_interval] */
    const char **resource_id, **position_id; /* [n_resource], [n_position] */
    size_t n_resource, n_position;
    size_t n_invoice;          /* invoices, all accounts */
    const int32_t *invoice_sc; /* [n_invoice] -1 = ISO */
    const date_t *invoice_date, *invoice_due;
    const int32_t *invoice_lines;
    const int64_t *invoice_cents;
    /* Charges per resource and interval, [n_detail]; only if asked for. */
    const int32_t *detail_sc, *detail_code, *detail_resource, *detail_position;
    const int32_t *detail_interval, *detail_version;
    const int32_t *detail_minute, *detail_length; /* where in the hour, for how long */
    const double *detail_quantity, *detail_price, *detail_usd;
};

/*
 * name: of the file, for messages. ERR_INPUT when it holds no statements, or says something
 * that does not fit together. Release *out in any case.
 */
MUST_CHECK enum err_code statements_read(const struct run_read *rd, const char *name,
                                         bool with_detail, struct statements *out,
                                         struct err *err);
void statements_release(struct statements *s);
/* The resource or position that charge i of the detail is for; "-" where it is for neither. */
const char *statements_bearer(const struct statements *s, size_t i);

#endif
