/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a confined program runs into: filters that kill or trap it, signals of resource limits. */
#include "tracer/denials.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "tracer/control.h"
#include "tracer/entry.h"

/* The si_code of a SIGSYS that a filter sent (SYS_SECCOMP in the kernel's siginfo.h). */
#define SYS_SECCOMP_SI_CODE 1

static int tell_denied(struct tracing *t, struct task *task, bool killed)
{
	struct event event = { .kind = EVENT_DENIED, .denied = { killed } };
	int r;

	if (control_last_call(task->tid, &task->call) < 0)
		return 0;
	event.call = &task->call;
	r = tracing_emit(t, task, &event);
	return r > 0 ? entry_lessons(t, task, r) : r;
}

int denials_at_end(struct tracing *t, struct task *task, int status)
{
	if (!t->options->prepare || !WIFSIGNALED(status) || WTERMSIG(status) != SIGSYS)
		return 0;
	return tell_denied(t, task, true);
}

static int tell_exceeded(struct tracing *t, struct task *task, int resource)
{
	struct event event = { .kind = EVENT_EXCEEDED, .exceeded = { resource } };
	int r;

	if (control_last_call(task->tid, &task->call) == 0)
		event.call = &task->call;
	r = tracing_emit(t, task, &event);
	if (r <= 0)
		return r;
	return entry_lessons(t, task, event.call ? r : r & LESSON_STACK);
}

int denials_at_signal(struct tracing *t, struct task *task, int signal)
{
	static const struct {
		int signal, resource;
	} limits[] = { { SIGXFSZ, RLIMIT_FSIZE }, { SIGXCPU, RLIMIT_CPU } };
	siginfo_t info;

	if (!t->options->prepare || control_siginfo(task->tid, &info) < 0)
		return 0;
	if (signal == SIGSYS && info.si_code == SYS_SECCOMP_SI_CODE)
		return tell_denied(t, task, false);
	/* SIGXFSZ comes as if the process had sent it to itself (fs/read_write.c). */
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++)
		if (limits[i].signal == signal &&
		    (info.si_code == SI_KERNEL || info.si_pid == task->process->pid))
			return tell_exceeded(t, task, limits[i].resource);
	return 0;
}
