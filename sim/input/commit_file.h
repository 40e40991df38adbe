/*
 * commit_file.h - an instance of unit commitment in one of the formats others publish
 * theirs in, told apart by content:
 *
 *   pglib-uc            github.com/power-grid-lib/pglib-uc; its MODEL.tex states the
 *                       problem (read_pglib_uc.c)
 *   UnitCommitment.jl   github.com/ANL-CEEESA/UnitCommitment.jl, 0.2 to 0.5 (ucjl.h)
 *   Egret               github.com/grid-parity-exchange/Egret, model data (egret.h)
 *
 * JSON, plain or gzip. Conventions stand in the reader of each format. What a format
 * allows and the problem of commit.h does not is refused by name, never ignored.
 *
 * Layer: sim/input.
 */
#ifndef SIM_INPUT_COMMIT_FILE_H
#define SIM_INPUT_COMMIT_FILE_H

#include "sim/input/source.h"
#include "sim/model/commit_case.h"

/*
 * ERR_OK: *out holds the instance, not yet connected; the caller calls
 * commit_case_release(). ERR_INPUT: every fault found was added to *faults, with positions
 * that borrow src->path; err holds the first. ERR_NOMEM. After an error *out is empty.
 */
MUST_CHECK enum err_code commit_file_read(const struct source *src,
                                          struct commit_case *out,
                                          struct err_list *faults, struct err *err);

#endif
