/*
 * case_name.h - what a case is called: its file without folders and endings.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_CASE_NAME_H
#define SIM_APP_CASE_NAME_H

#include <stddef.h>

/* "cases/case5.m" and "cases/case5.m.gz" with ending ".m" -> "case5". */
void case_name(const char *path, const char *ending, char *name, size_t size);

#endif
