/*
 * recalculate.h - statements once more, with corrected meters: only what differs.
 *
 * Recalculation n settles every trade date with the meter rows of recalculations 0 to n. Its
 * statement lines are what the date now comes to less what it came to before, and add up to
 * zero like those of any statement; where nothing was corrected there are none.
 *
 * Layer: sim/settle.
 */
#ifndef SIM_SETTLE_RECALCULATE_H
#define SIM_SETTLE_RECALCULATE_H

#include "sim/settle/settle.h"

/* The last recalculation that the market has rows for; 0 = none. */
int32_t recalculate_last(const struct market *m);
/*
 * All recalculations of a market whose days are settled in *s, with in->meter as first
 * reported: appends their lines to *s, .version telling which. ERR_NUMERIC as settle_day.
 */
MUST_CHECK enum err_code recalculate_all(const struct settle_inputs *in,
                                         struct settlement *s, struct err *err);
/* Appends now - before as lines of that version to *s, which is neither of them. */
MUST_CHECK enum err_code recalculate_difference(const struct settlement *before,
                                                const struct settlement *now,
                                                int32_t version, struct settlement *s,
                                                struct err *err);

#endif
