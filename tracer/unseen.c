/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What recording keeps a program from doing, or does not see. */
#include "tracer/unseen.h"

#include <linux/seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>

#include "tracer/pids.h"

static int emit_limit(const struct tracing *t, const struct task *task, const char *why)
{
	struct event event = { .kind = EVENT_LIMIT, .limit = why };

	return tracing_emit(t, task, &event);
}

static bool asks_for_strict(const struct task *task, const struct syscall_info *info)
{
	const uint64_t *args = task->call.args;

	if (strcmp(info->name, "prctl") == 0)
		return (int)args[0] == PR_SET_SECCOMP && args[1] == SECCOMP_MODE_STRICT;
	return (uint32_t)args[0] == SECCOMP_SET_MODE_STRICT;
}

/* The kernel refuses strict mode to a task that has a filter, and ours is one. */
int unseen_strict(const struct tracing *t, const struct task *task, const struct syscall_info *info)
{
	if (!asks_for_strict(task, info))
		return 0;
	return emit_limit(t, task,
			  "seccomp's strict mode was asked for and refused, because recording "
			  "needs a filter: what the program does in it was not seen");
}

/* Whether it wants to trace, or be traced by its parent, what we trace: the kernel's EPERM. */
static bool is_refused(const struct tracing *t, const struct task *task)
{
	switch (task->call.args[0]) {
	case PTRACE_TRACEME:
		return true;
	case PTRACE_ATTACH:
	case PTRACE_SEIZE:
		return pids_meant(&t->tasks, task, (pid_t)task->call.args[1]);
	default:
		return false;
	}
}

int unseen_by_tracing(const struct tracing *t, const struct task *task)
{
	if (t->listening || !is_refused(t, task))
		return 0;
	return emit_limit(t, task,
			  "ptrace was asked for and refused, because recording uses it itself: "
			  "what the program does where it may trace was not seen");
}

static int tell_of_ring(const struct tracing *t, const struct task *task)
{
	return emit_limit(t, task,
			  "io_uring was used: what is done by it (files opened and removed, "
			  "connections made) is no system call and was not seen; a policy for "
			  "files and ports holds for it too");
}

int unseen_by_ring(struct tracing *t, const struct task *task)
{
	if (!task->process->ring)
		placement_leave(&t->placement, &t->tasks, task->process);
	task->process->ring = true;
	return tell_of_ring(t, task);
}

/* A ring that was made before we came shows when it is used. */
int unseen_in_ring(struct tracing *t, struct task *task, const struct syscall_info *info)
{
	if (strcmp(info->name, "io_uring_setup") != 0 && !tracing_attached(t))
		return 0;
	if (t->listening) /* no result comes */
		return tell_of_ring(t, task);
	task->process->asks_ring = !task->process->ring;
	if (task->process->asks_ring)
		placement_release(&t->placement, task);
	task->wants_result = true;
	return 0;
}

int unseen_from_now(struct tracing *t, const struct task *task, int64_t result)
{
	const struct syscall_info *info = tracing_info(t, &task->call);

	if (!info || info->class != CLASS_RING)
		return 0;
	task->process->asks_ring = false;
	return result >= 0 ? unseen_by_ring(t, task) : 0;
}
