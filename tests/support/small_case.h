/*
 * small_case.h - MATPOWER cases of three buses, in pieces, and how to read them in tests.
 *
 * The macros write rows and tables; SMALL is a complete case of 21 lines.
 */
#ifndef TESTS_SUPPORT_SMALL_CASE_H
#define TESTS_SUPPORT_SMALL_CASE_H

#include "sim/base/err.h"
#include "sim/model/grid.h"

#define HEAD "function mpc = small\nmpc.version = '2';\nmpc.baseMVA = 100;\n"
#define BUS(number, type, pd, gs) \
# number " " # type " " # pd " 0 " # gs " 0 1 1 0 230 1 1.1 0.9;\n"
#define BUSES "mpc.bus = [\n" BUS(1, 3, 0, 0) BUS(2, 1, 90, 0) BUS(3, 1, 60, 2) "];\n"
#define GEN(bus, status, pmax, pmin) \
# bus " 0 0 0 0 1 100 " # status " " # pmax " " # pmin ";\n"
#define GENS "mpc.gen = [\n" GEN(1, 1, 100, 0) GEN(3, 1, 80, 10) "];\n"
#define BRANCH(from, to, x, rate, tap, shift, status, lo, up)                    \
# from " " # to " 0.01 " # x " 0 " # rate " 0 0 " # tap " " # shift " " # status \
       " " # lo " " # up ";\n"
#define LINE(from, to, x, rate) BRANCH(from, to, x, rate, 0, 0, 1, -360, 360)
#define BRANCHES \
 "mpc.branch = [\n" LINE(1, 2, 0.1, 40) LINE(2, 3, 0.2, 0) LINE(1, 3, 0.1, 0) "];\n"
#define COSTS "mpc.gencost = [\n2 0 0 3 0.01 10 5;\n2 0 0 3 0 20 0;\n];\n"
#define SMALL HEAD BUSES GENS BRANCHES COSTS

#define WITH_BUS(row) \
 HEAD "mpc.bus = [\n" row BUS(2, 1, 0, 0) "];\nmpc.gen = [];\nmpc.branch = [];\n"
#define WITH_GEN(row)    HEAD BUSES "mpc.gen = [\n" row "];\n" BRANCHES
#define WITH_BRANCH(row) HEAD BUSES GENS "mpc.branch = [\n" row "];\n" COSTS
#define WITH_COST(rows)  HEAD BUSES GENS BRANCHES "mpc.gencost = [\n" rows "];\n"

/* Reads the text as small.m; faults are good until the next call. */
enum err_code small_case_read(const char *text, struct grid *g,
                              struct err_list *faults);
/* The grid of a text without fault; the caller releases it. */
struct grid small_case_grid(const char *text);
/* Exactly one fault, at this place, whose text holds these words. */
void small_case_fault(const char *text, unsigned line, unsigned column,
                      const char *words);

#endif
