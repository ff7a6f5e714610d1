/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first process of a PID namespace, whose death by a fault a tracer would prevent. */
#include "tracer/faults.h"

#include <signal.h>
#include <stddef.h>

#include "base/cleanup.h"
#include "tracer/control.h"
#include "tracer/procfs.h"

static const int faults[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGSYS };

static bool is_fault(const struct task *task, int signal)
{
	siginfo_t info;

	for (size_t i = 0; i < ARRAY_SIZE(faults); i++)
		if (faults[i] == signal)
			/* Above 0: from the kernel, not from another process. */
			return control_siginfo(task->tid, &info) == 0 && info.si_code > 0;
	return false;
}

bool fault_is_lost(const struct task *task, int signal)
{
	struct procfs_signals signals;

	return is_fault(task, signal) && procfs_signals(task->tid, &signals) == 0 &&
	       signals.namespace_init && !(signals.caught >> (signal - 1) & 1);
}
