/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spans of time as systemd writes them (systemd.time(7)). */
#ifndef LEARN_SERVICE_TIMESPAN_H
#define LEARN_SERVICE_TIMESPAN_H

#include <stdint.h>

/* "1min 30s" as microseconds. 0, or -EINVAL for what is none, "infinity" among it. */
int timespan_parse(const char *text, uint64_t *ret);

#endif
