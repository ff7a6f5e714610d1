/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loop: one stop, what it means, and on. */
#ifndef LEARN_TRACER_LOOP_H
#define LEARN_TRACER_LOOP_H

#include "tracer/tracing.h"

/* Until nothing is traced any more. PATH: the command's, NULL when attached. 0 or -errno. */
int loop_run(struct tracing *t, const char *path);

#endif
