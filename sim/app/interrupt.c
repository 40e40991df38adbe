/* interrupt.c - SIGINT and SIGTERM as a flag. */
#include "sim/app/interrupt.h"

#include <signal.h>
#include <string.h>

/* The one thing a handler may touch; no other state of the program is global. */
static volatile sig_atomic_t requested;

static void on_signal(int number)
{
    (void)number;
    requested = 1;
}

void interrupt_install(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    action.sa_flags = (int)(SA_RESETHAND | SA_RESTART);
    (void)sigemptyset(&action.sa_mask);
    static const int numbers[] = {SIGINT, SIGTERM};
    for (int i = 0; i < 2; i++) {
        struct sigaction old;
        /* A program started with the signal ignored (nohup, a script's "&") leaves it so. */
        if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler == SIG_IGN)
            continue;
        (void)sigaction(numbers[i], &action, NULL);
    }
    /* A file that grows too large is then an error of write(), with a message. */
    action.sa_handler = SIG_IGN;
    action.sa_flags = 0;
    (void)sigaction(SIGXFSZ, &action, NULL);
}

bool interrupt_requested(void)
{
    return requested != 0;
}
