/*
 * commit_scenario.h - an instance of unit commitment as the files of a scenario.
 *
 * One coordinator with credit for any day owns everything; load schedules itself, units are
 * started and stopped by the market, others offer beside them; the penalties of the instance
 * become those of the market. Whole days are taken, the first `days` of them, and the market
 * commits one after the other, as markets do: only an instance of one day has the same
 * optimum. What else differs:
 *
 *   - the reserve becomes spinning reserve to be delivered within an hour, which does not
 *     count in the ramp of energy and is not held in hours of start and stop;
 *   - overloads, which an instance prices, are priced the same after outages, too;
 *   - a unit whose least power is its most gets 0.001 MW of range;
 *   - storage never charges and discharges at once, which pays only where energy is a burden.
 *
 * ERR_INPUT, saying what, where an instance has intervals other than an hour or no whole
 * day, several requirements, more than three start categories, costs of stopping, cost at
 * minimum that varies, loads below zero, injections that may be of either sign, limits on
 * sums, or storage that loses energy as time passes, has least rates, has limits of energy or
 * efficiencies that vary in time, or must keep energy at the end of several days.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_COMMIT_SCENARIO_H
#define SIM_APP_COMMIT_SCENARIO_H

#include "sim/base/calendar.h"
#include "sim/model/commit_case.h"

/* Days that become trade dates: at most `days`. ERR_INPUT as above. */
MUST_CHECK enum err_code commit_scenario_days(const struct commit_case *c, int32_t days,
                                              int32_t *n_day, struct err *err);
/* Writes n_day days from date on into a folder that exists. ERR_IO, ERR_NOMEM. */
MUST_CHECK enum err_code commit_scenario_write(const struct commit_case *c,
                                               const char *name, date_t date,
                                               int32_t n_day, const char *folder,
                                               struct err *err);

#endif
