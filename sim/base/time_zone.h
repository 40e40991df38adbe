/*
 * time_zone.h - a compiled IANA time zone (TZif, RFC 8536, version 2 or later) in memory.
 *
 * calendar.h is the door for everyone else; this header is for it, for tests and for the
 * fuzz target, which feed bytes instead of a file.
 *
 * Layer: sim/base.
 */
#ifndef SIM_BASE_TIME_ZONE_H
#define SIM_BASE_TIME_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/err.h"
#include "sim/base/tz_rule.h"

/* No offset from UTC is larger than this (RFC 8536, section 3.2: -25 h to +26 h). */
enum {
    TIME_ZONE_MAX_OFFSET_S = 26 * 3600
};

struct time_zone {
    int32_t n_change;
    int64_t *change_utc_s;  /* [n_change] ascending; owned */
    int32_t *offset_s;      /* [n_change] from that instant on; owned */
    int32_t first_offset_s; /* before the first change */
    struct tz_rule rule;    /* after the last change, if has_rule */
    bool has_rule;          /* without one the last offset stays for ever */
};

/*
 * Reads the bytes of a TZif file. ERR_INPUT when they are malformed, are version 1 (32
 * bits, ends in 2038), count leap seconds, or end in a rule that cannot be understood.
 * The caller closes *out with time_zone_close(); it is NULL after an error. name is used
 * in messages only.
 */
MUST_CHECK enum err_code time_zone_from_bytes(const char *name, const void *bytes,
                                              size_t len, struct time_zone **out,
                                              struct err *err);

/* The stretch of constant offset that holds utc_s. */
struct tz_span time_zone_span(const struct time_zone *tz, int64_t utc_s);

#endif
