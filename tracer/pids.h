/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers of processes, as tasks in PID namespaces of their own mean them. */
#ifndef LEARN_TRACER_PIDS_H
#define LEARN_TRACER_PIDS_H

#include "tracer/tasks.h"

/* The traced task that NUMBER stands for when SPEAKER uses it (0: SPEAKER itself), or NULL. */
struct task *pids_meant(const struct tasks *tasks, const struct task *speaker, pid_t number);

/* What the task that SPEAKER calls NUMBER, be it traced or not, is called here; 0: none. */
pid_t pids_of(const struct task *speaker, pid_t number);

#endif
