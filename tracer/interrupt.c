/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls that were broken into because the program is traced. */
#include "tracer/interrupt.h"

#include <errno.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "sysdb/syscalls.h"
#include "tracer/control.h"
#include "tracer/entry.h"
#include "tracer/procfs.h"
#include "tracer/tracing.h"

/* include/linux/errno.h: what a call returns to the kernel's own code that ends calls. */
#define ERESTARTNOHAND	      514 /* again, unless a handler runs: then EINTR */
#define ERESTART_RESTARTBLOCK 516 /* again, by restart_syscall(2) */

enum kind {
	ENDS_NOT,
	ENDS,               /* by any wake-up: with EINTR, be there a handler or not */
	ENDS_IF_TIME_LIMITED, /* the same for a socket with SO_RCVTIMEO or SO_SNDTIMEO */
};

/*
 * Calls that return EINTR for any wake-up of their task: those of signal(7), and of asynchronous
 * input and output. They have done nothing when they return it.
 */
static const struct {
	const char *name;
	enum kind kind;
} calls[] = {
	{ "epoll_wait", ENDS },
	{ "epoll_pwait", ENDS },
	{ "epoll_pwait2", ENDS },
	{ "semop", ENDS },
	{ "semtimedop", ENDS },
	{ "semtimedop_time64", ENDS },
	{ "ipc", ENDS },
	{ "rt_sigtimedwait", ENDS },
	{ "rt_sigtimedwait_time64", ENDS },
	{ "io_uring_enter", ENDS },
	{ "io_getevents", ENDS },
	{ "accept", ENDS_IF_TIME_LIMITED },
	{ "accept4", ENDS_IF_TIME_LIMITED },
	{ "connect", ENDS_IF_TIME_LIMITED },
	{ "read", ENDS_IF_TIME_LIMITED },
	{ "readv", ENDS_IF_TIME_LIMITED },
	{ "recv", ENDS_IF_TIME_LIMITED },
	{ "recvfrom", ENDS_IF_TIME_LIMITED },
	{ "recvmsg", ENDS_IF_TIME_LIMITED },
	{ "recvmmsg", ENDS_IF_TIME_LIMITED },
	{ "send", ENDS_IF_TIME_LIMITED },
	{ "sendto", ENDS_IF_TIME_LIMITED },
	{ "sendmsg", ENDS_IF_TIME_LIMITED },
	{ "sendmmsg", ENDS_IF_TIME_LIMITED },
	{ "write", ENDS_IF_TIME_LIMITED },
	{ "writev", ENDS_IF_TIME_LIMITED },
	{ "socketcall", ENDS_IF_TIME_LIMITED },
};

void interrupts_add_arch(struct interrupts *interrupts, uint32_t arch)
{
	const size_t n = interrupts->n++;

	interrupts->arches[n].arch = arch;
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
		int nr;

		if (syscall_number(arch, calls[i].name, &nr) == 0 && nr < INTERRUPT_CALLS)
			interrupts->arches[n].kinds[nr] = (uint8_t)calls[i].kind;
	}
}

static enum kind kind_of(const struct tracing *t, const struct event_call *call)
{
	for (size_t i = 0; i < t->interrupts.n; i++)
		if (t->interrupts.arches[i].arch == call->arch && call->nr >= 0 &&
		    call->nr < INTERRUPT_CALLS)
			return (enum kind)t->interrupts.arches[i].kinds[call->nr];
	return ENDS_NOT;
}

int interrupt_over(struct tracing *t, struct task *task)
{
	struct event_call call;
	int error;

	if (control_interrupted(task->tid, &call, &error) < 0)
		return 0;
	if (error == -EINTR && kind_of(t, &call))
		control_set_result(task->tid, -ERESTARTNOHAND);
	if (error != -ERESTART_RESTARTBLOCK || task->call.arch)
		return 0;
	task->call = call;
	return entry_in_the_past(t, task);
}

void interrupt_at_exit(const struct tracing *t, const struct task *task, int64_t *result)
{
	if (*result != -EINTR || !kind_of(t, &task->call))
		return;
	/* The order is only looked at on the way to a signal or a stop: there must be one. */
	control_interrupt(task->tid);
	*result = -ERESTARTNOHAND;
	control_set_result(task->tid, *result);
}

/* ---- without a stop at each exit ---- */

bool interrupt_threatens(const struct tracing *t, const struct task *task)
{
	const struct process *p = task->process;

	if (!p || !p->threaded || !p->signalled)
		return false;
	switch (kind_of(t, &task->call)) {
	case ENDS:
		return true;
	case ENDS_IF_TIME_LIMITED:
		return p->time_limits;
	case ENDS_NOT:
		return false;
	}
	return false;
}

void interrupt_expect_signals(struct tracing *t, struct process *process)
{
	if (process->signalled)
		return;
	process->signalled = true;
	/* Those that wait now begin to wait again, seen. */
	for (size_t i = 0; i < t->tasks.by_tid.n; i++) {
		const struct task *task = t->tasks.by_tid.entries[i].value;

		if (task->process == process && interrupt_threatens(t, task))
			control_interrupt(task->tid);
	}
}

/* A thread alone is woken by what it is then delivered itself: nothing is lost there. */
void interrupt_note_signal(struct tracing *t, const struct task *task, int signal)
{
	struct process *p = task->process;
	struct procfs_signals does;

	if (!p || !p->threaded || p->signalled || p->handled >> (signal - 1) & 1 ||
	    procfs_signals(task->tid, &does) < 0)
		return;
	p->handled = does.caught;
	if (!(does.caught >> (signal - 1) & 1))
		interrupt_expect_signals(t, p);
}

void interrupt_note_option(const struct task *task)
{
	/* <asm-generic/socket.h>: with and without a 64-bit time. */
	static const int limits[] = { 20, 21, 66, 67 };

	for (size_t i = 0; i < ARRAY_SIZE(limits); i++)
		if ((int)task->call.args[1] == SOL_SOCKET && (int)task->call.args[2] == limits[i])
			task->process->time_limits = true;
}
