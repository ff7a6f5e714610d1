/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filter by which calls stop at the tracer. */
#ifndef LEARN_TRACER_WATCH_H
#define LEARN_TRACER_WATCH_H

#include "tracer/tracer.h"

/*
 * In the child: from here on all calls stop, or in TRACE_DENIALS those that are watched and those
 * that make tasks, on each architecture whose programs the kernel runs; nothing when
 * options->watched is NULL there. 0, or -errno after a message.
 */
int watch_install(const struct trace_options *options);

/* The 32-bit architecture whose programs the kernel may run beside ours, or 0. */
uint32_t watch_compat_arch(void);

#endif
