/* main.c - the program gridclear. */
#include "sim/app/command.h"
#include "sim/app/interrupt.h"

int main(int argc, char **argv)
{
    interrupt_install();
    return command_main(argc, argv);
}
