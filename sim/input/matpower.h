/*
 * matpower.h - a MATPOWER case file (format version 2) becomes a grid.
 *
 * Understood: `function mpc = NAME`, comments, continuation lines and assignments of
 * plain data to mpc.version, baseMVA, bus, gen, branch, gencost, bus_name, dcline and dclinecost.
 * Data that cannot change a DC market is passed over by name (the list stands in
 * matpower_scan.c). Everything else - another field, a computed value, a statement - is a
 * fault: nothing is ignored silently.
 *
 * Conventions (MATPOWER manual, appendix B, and its DC power flow, section 3.8):
 *   - status 0 takes a branch out, status <= 0 a unit or a DC line, type 4 a bus and all
 *     that connects to it. Another status of a branch than 0 and 1 is a fault: MATPOWER
 *     would multiply the susceptance by it;
 *   - Pd, Gs in MW; rateA 0 = no limit; after an outage rateC, or rateB if that is 0, or
 *     rateA; ratio 0 = 1; angle limits that are both 0, or are
 *     <= -360 or >= 360, are none; the reference bus is of no interest;
 *   - x = 0 (or below 1e-12) is a bus tie: both ends have one angle, and one price unless
 *     the tie's rateA binds; r and ratio do not count. A loop of ties shares its flow as
 *     equal reactances would. With a phase shift, or angle limits that exclude 0: a fault;
 *   - gencost model 1: points, ascending and convex (points that miss it by their
 *     rounding, 1e-4 of a slope, are left out); where they do not span Pmin..Pmax
 *     the end point is moved along the end slope; model 2: coefficients, highest power
 *     first in the file, convex between Pmin and Pmax. With 2 ng rows the second half is
 *     the cost of reactive power and is not used;
 *   - DC lines are off, as in MATPOWER until toggle_dcline() is called: one in service
 *     that is scheduled at 0 MW without fixed loss stays at 0, any other is a fault;
 *   - DC lines turned on carry F between Pmin and Pmax, which are limits at the from end
 *     where they are not negative and at the to end where they are; loss0 + loss1 F is
 *     lost (loss1 0 to 0.5), dclinecost is the cost of F (none = zero);
 *   - columns that a DC dispatch of one hour has no use for, in MATPOWER neither, may hold
 *     anything: of mpc.bus Qd, Bs, area, Vm, Va, base kV, zone and voltage limits; of
 *     mpc.gen the schedule, all of reactive power and its capability curve, the voltage
 *     set-point, ramp rates and APF; of mpc.branch b; of mpc.gencost start-up and
 *     shut-down costs; of mpc.dcline reactive power and voltages; results that MATPOWER
 *     wrote into further columns of any table;
 *   - bus ids are the trimmed bus_name, spaces becoming '_', if that makes them valid ids
 *     (1..64 bytes of printable ASCII without space, comma and quotes) and unique; if
 *     not, or without bus_name, the ids of all buses are their numbers.
 *
 * The order of rows does not matter: the same elements give the same grid.
 *
 * Layer: sim/input.
 */
#ifndef SIM_INPUT_MATPOWER_H
#define SIM_INPUT_MATPOWER_H

#include "sim/base/err.h"
#include "sim/input/source.h"
#include "sim/model/grid.h"

/*
 * ERR_OK: *out holds the grid; the caller calls grid_release().
 * ERR_INPUT: every fault found was added to *faults, with positions that borrow src->path;
 *     err holds the first of them.
 * ERR_NOMEM: out of memory.
 * After an error *out is empty.
 */
MUST_CHECK enum err_code matpower_read(const struct source *src, struct grid *out,
                                       struct err_list *faults, struct err *err);
/* The same with DC lines turned on: out->dc_line holds those in service. */
MUST_CHECK enum err_code matpower_read_dc_lines(const struct source *src,
                                                struct grid *out,
                                                struct err_list *faults,
                                                struct err *err);

#endif
