/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls that were broken into because the program is traced. */
#include "tracer/interrupt.h"

#include <errno.h>

#include "base/cleanup.h"
#include "sysdb/syscalls.h"
#include "tracer/control.h"
#include "tracer/entry.h"

/* include/linux/errno.h: what a call returns to the kernel's own code that ends calls. */
#define ERESTARTNOHAND	      514 /* again, unless a handler runs: then EINTR */
#define ERESTART_RESTARTBLOCK 516 /* again, by restart_syscall(2) */

/*
 * Calls that return EINTR for any wake-up of their task, be there a handler or not: those of
 * signal(7), and io_uring_enter(2). They have done nothing when they return it. Sockets are here
 * for those with a time limit (SO_RCVTIMEO, SO_SNDTIMEO).
 */
static const char *const ends_with_eintr[] = {
	"epoll_wait",
	"epoll_pwait",
	"epoll_pwait2",
	"semop",
	"semtimedop",
	"semtimedop_time64",
	"ipc",
	"accept",
	"accept4",
	"connect",
	"read",
	"readv",
	"recv",
	"recvfrom",
	"recvmsg",
	"recvmmsg",
	"send",
	"sendto",
	"sendmsg",
	"sendmmsg",
	"write",
	"writev",
	"socketcall",
	"rt_sigtimedwait",
	"rt_sigtimedwait_time64",
	"io_uring_enter",
};

static bool would_fail(const struct event_call *call)
{
	int nr;

	for (size_t i = 0; i < ARRAY_SIZE(ends_with_eintr); i++)
		if (syscall_number(call->arch, ends_with_eintr[i], &nr) == 0 && nr == call->nr)
			return true;
	return false;
}

int interrupt_over(struct tracing *t, struct task *task)
{
	struct event_call call;
	int error;

	if (control_interrupted(task->tid, &call, &error) < 0)
		return 0;
	if (error == -EINTR && would_fail(&call))
		control_set_result(task->tid, -ERESTARTNOHAND);
	if (error != -ERESTART_RESTARTBLOCK || task->call.arch)
		return 0;
	task->call = call;
	return entry_in_the_past(t, task);
}

void interrupt_at_exit(const struct task *task)
{
	int64_t result;

	if (control_result(task->tid, &result) < 0 || result != -EINTR || !would_fail(&task->call))
		return;
	/* The order is only looked at on the way to a signal or a stop: there must be one. */
	control_interrupt(task->tid);
	control_set_result(task->tid, -ERESTARTNOHAND);
}
