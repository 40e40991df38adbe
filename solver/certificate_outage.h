/*
 * certificate_outage.h - the part of a certificate that looks at contingencies.
 *
 * Shares nothing with the screen that found the limits. Every outage of one branch is
 * answered by angles that 1 MW from end to end of a branch causes, which Kirchhoff's laws
 * confirm bus by bus: those of the lost branch where the answer has rows after it, those
 * of the lost or of the limited branch where no bound proves that there is room
 * (certificate_branch.c). Every other outage is answered by the network it leaves,
 * factorised anew (certificate_outage.c). All limits after all outages are held against the
 * flows, and outages without any are confirmed to cut buses off, or to leave nobody to
 * replace what they lose.
 *
 * Layer: solver.
 */
#ifndef SOLVER_CERTIFICATE_OUTAGE_H
#define SOLVER_CERTIFICATE_OUTAGE_H

#include "solver/certificate.h"

struct certificate_after {
    double worst_mw;  /* a limit broken beyond its relaxation, or a law of Kirchhoff */
    double *activity; /* [in->n_row] the flow after its outage; 0 in rows without one */
    double *mu;    /* [n_interval][n_branch] what shadow prices of limits after outages
                         add to those of flows before them, maxima positive */
    double *price; /* [n_interval][n_injection] and take from the worth of 1 MW */
};

/*
 * only_rows: just the outages that have rows, because all others have been checked with
 * the same flows and powers. Release *out in any case.
 */
MUST_CHECK enum err_code certificate_outages(const struct certificate_input *in,
                                             bool only_rows,
                                             struct certificate_after *out,
                                             struct err *err);
void certificate_after_release(struct certificate_after *a);

#endif
