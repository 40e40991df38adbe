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

/*
 * All recalculations of a market whose days are settled in *s, with in->meter as first
 * reported: appends their lines to *s, .version telling which. ERR_NUMERIC as settle_day.
 */
MUST_CHECK enum err_code recalculate_all(const struct settle_inputs *in,
                                         struct settlement *s, struct err *err);

#endif
