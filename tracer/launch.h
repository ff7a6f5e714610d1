/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Starting the command, stopped at the right moment to be traced from its first call. */
#ifndef LEARN_TRACER_LAUNCH_H
#define LEARN_TRACER_LAUNCH_H

#include <limits.h>
#include <sys/types.h>

#include "tracer/tracer.h"

/*
 * Where execvp(3) would find the command: into PATH. 0, or -errno of the best candidate:
 * -ENOENT, -EACCES, -ENAMETOOLONG.
 */
int launch_find(const char *command, char path[PATH_MAX]);

/*
 * Forks; the child waits until it is traced, installs the tracing filter, prepares,
 * becomes options->user and executes PATH. Should that fail, it exits with the
 * errno, or 0 when one of the steps before failed and has said so. Returns its pid, or -errno
 * after a message.
 */
pid_t launch(const struct trace_options *options, const char *path);

#endif
