/* main.c - the program gridclear. */
#include "sim/app/command.h"
#include "sim/app/interrupt.h"
#include "solver/dense.h"

int main(int argc, char **argv)
{
    interrupt_install();
    dense_set_threads(1); /* sums in one order: equal inputs give equal bytes */
    dense_choose_kernels();
    return command_main(argc, argv);
}
