/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first process of a PID namespace, whose death by a fault a tracer would prevent. */
#ifndef LEARN_TRACER_FAULTS_H
#define LEARN_TRACER_FAULTS_H

#include <stdbool.h>

#include "tracer/tasks.h"

/*
 * At STOP_SIGNAL: whether the signal is a fault's that would kill the process if nobody traced it,
 * and does not because it is the first of its PID namespace. The kernel drops signals with the
 * default action for such a process; for a fault it makes an exception, but not while the process
 * is traced (kernel/signal.c, force_sig_info_to_task): the instruction would fault for ever.
 */
bool fault_is_lost(const struct task *task, int signal);

#endif
