/*
 * natural.h - order of names as people read them: runs of digits compare as numbers,
 * so BUS_9 comes before BUS_10. A total order: equal only for identical text.
 *
 * Layer: sim/base.
 */
#ifndef SIM_BASE_NATURAL_H
#define SIM_BASE_NATURAL_H

int natural_compare(const char *a, const char *b);

#endif
