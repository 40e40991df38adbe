/*
 * interrupt.h - SIGINT and SIGTERM as a flag that long work looks at.
 *
 * The first signal asks the program to stop at the next progress_step(): it returns
 * ERR_INTERRUPTED, what is half written is removed on the way out, and the exit status is
 * 130. A second signal kills, as it would without this file; the output file is then
 * still the old one, because a run is written aside and renamed when complete.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_INTERRUPT_H
#define SIM_APP_INTERRUPT_H

#include <stdbool.h>

/* Called once, by main. */
void interrupt_install(void);
bool interrupt_requested(void);

#endif
