/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a call says by its arguments, class by class. */
#include "tracer/notes.h"

#include <linux/sched.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include "tracer/addresses.h"
#include "tracer/control.h"
#include "tracer/exec.h"
#include "tracer/interrupt.h"
#include "tracer/memory.h"
#include "tracer/path_notes.h"
#include "tracer/peaks.h"
#include "tracer/pids.h"
#include "tracer/unseen.h"
#include "tracer/use.h"

void notes_of_descriptors(struct task *task, const struct syscall_info *info)
{
	for (unsigned i = 0; i < 6; i++) {
		int fd = (int)task->call.args[i];

		if (info->fd_args >> i & 1 && fd > task->process->highest_fd)
			task->process->highest_fd = fd;
	}
}

/* Which argument of a CLASS_WRITE call is the one that grows: all but these have it first. */
static unsigned written_arg(const struct syscall_info *info)
{
	return strcmp(info->name, "copy_file_range") == 0 || strcmp(info->name, "splice") == 0 ? 2
											       : 0;
}

/* close(fd), or dup2(from, fd): what FD was until now is gone. */
static int note_close(const struct tracing *t, struct task *task, const struct syscall_info *info)
{
	uint64_t fd = task->call.args[info->fd_args & 2 ? 1 : 0];

	return descriptors_take(&task->process->written, fd) ? peaks_of_file(t, task, fd) : 0;
}

static int note_socket(const struct tracing *t, const struct task *task)
{
	const int type_mask = ~(SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct event event = {
		.kind = EVENT_SOCKET,
		.call = &task->call,
		.socket = { .family = (int)task->call.args[0],
			    .type = (int)task->call.args[1] & type_mask,
			    .protocol = (int)task->call.args[2] },
	};

	return tracing_emit(t, task, &event);
}

/* The process a signal goes to, 0 where it is one of our own, or none in particular. */
static pid_t signal_target(const struct tracing *t, const struct task *task)
{
	pid_t pid = (pid_t)task->call.args[0];

	if (pid == 0 || pid == -1 || pids_meant(&t->tasks, task, pid < 0 ? -pid : pid))
		return 0;
	return pid;
}

static int note_signal(const struct tracing *t, const struct task *task,
		       const struct syscall_info *info)
{
	unsigned signal_arg =
		strncmp(info->name, "tg", 2) == 0 || strncmp(info->name, "rt_tg", 5) == 0 ? 2 : 1;
	struct event event = {
		.kind = EVENT_SIGNAL,
		.call = &task->call,
		.signal = { .signal = (int)task->call.args[signal_arg],
			    .target = signal_target(t, task) },
	};

	return event.signal.target ? tracing_emit(t, task, &event) : 0;
}

static uint64_t flags_in_memory(struct task *task)
{
	uint64_t flags, traced;

	if (memory_read(task->tid, task->call.args[0], &flags, sizeof(flags)) < 0)
		return 0;
	traced = flags & ~(uint64_t)CLONE_UNTRACED;
	if (flags != traced &&
	    memory_write(task->tid, task->call.args[0], &traced, sizeof(traced)) == 0) {
		task->changed_flags = true;
		task->wants_result = true;
	}
	return flags;
}

/*
 * A child that nobody traces would run under our filter alone: every call of it fails with
 * ENOSYS (seccomp(2), SECCOMP_RET_TRACE). CLONE_UNTRACED is for the kernel's own threads: it is
 * taken out, in the register or, for clone3, in memory until the call returns. What stands there
 * when the kernel reads it may be something else: see tracer/escape.h.
 */
void notes_of_fork(struct task *task, const struct syscall_info *info)
{
	uint64_t flags = 0;

	if (strcmp(info->name, "vfork") == 0) {
		flags = CLONE_VM | CLONE_VFORK;
	} else if (strcmp(info->name, "clone") == 0) {
		flags = task->call.args[0];
		if (flags & CLONE_UNTRACED)
			control_set_arg(task->tid, task->call.arch, 0,
					flags & ~(uint64_t)CLONE_UNTRACED);
	} else if (strcmp(info->name, "clone3") == 0) {
		task->makes = true;
		flags = flags_in_memory(task);
	}
	task->fork_flags = (uint32_t)flags;
}

/*
 * seccomp(2), prctl(2): from now on some calls may be answered before our filter is asked. What
 * else the process's threads are doing meanwhile, they do without it, unless it is given to all
 * of them at once (SECCOMP_FILTER_FLAG_TSYNC): they are stopped to be resumed as it wants.
 */
static int note_filter(const struct tracing *t, struct task *task)
{
	if (task->process->every_call)
		return 0;
	task->process->every_call = true;
	for (size_t i = 0; i < t->tasks.by_tid.n; i++) {
		const struct task *other = t->tasks.by_tid.entries[i].value;

		if (other->process == task->process && other != task)
			control_interrupt(other->tid);
	}
	return 0;
}

static bool is_prctl(const struct syscall_info *info)
{
	return strcmp(info->name, "prctl") == 0;
}

static bool makes_undumpable(const struct task *task, const struct syscall_info *info)
{
	return is_prctl(info) && (int)task->call.args[0] == PR_SET_DUMPABLE &&
	       task->call.args[1] == 0;
}

static bool installs_filter(const struct task *task, const struct syscall_info *info)
{
	const uint64_t *args = task->call.args;

	if (is_prctl(info))
		return (int)args[0] == PR_SET_SECCOMP && args[1] == SECCOMP_MODE_FILTER;
	return (uint32_t)args[0] == SECCOMP_SET_MODE_FILTER;
}

/* What it says of the task's CPUs is not to show where we keep it. */
static void note_affinity(const struct tracing *t, struct task *task)
{
	task->wants_result = task->wants_result || t->placement.ever_kept;
}

void notes_of_cpus(struct tracing *t, const struct task *task, int64_t result)
{
	const struct syscall_info *info = tracing_info(t, &task->call);

	if (!info || info->class != CLASS_AFFINITY)
		return;
	if (strcmp(info->name, "sched_getaffinity") == 0)
		placement_answer(&t->placement, &t->tasks, task, result);
	else
		placement_note_request(&t->placement, &t->tasks, task, result);
}

/* Until the call has returned, and from then on, what is known of roots may be wrong. */
static void note_view(struct tracing *t, struct task *task)
{
	const struct syscall_info *info = tracing_info(t, &task->call);

	lookup_roots_change(&t->lookup);
	if (strncmp(info->name, "open_tree", strlen("open_tree")) == 0 ||
	    strcmp(info->name, "fsmount") == 0)
		t->lookup.detached = true;
	task->wants_result = true;
}

/* A call of sockets in disguise: looked at as if it had been made itself. */
static int note_socketcall(const struct tracing *t, struct task *task)
{
	struct task inner = *task;
	const struct syscall_info *info = addresses_unpack(task, &inner.call);

	if (!info)
		return 0;
	notes_of_descriptors(&inner, info);
	if (info->class == CLASS_SOCKET)
		return note_socket(t, &inner);
	return info->class == CLASS_ADDRESS ? addresses_of_call(t, &inner, info)
					    : addresses_of_messages(t, &inner, info);
}

int notes_of_class(struct tracing *t, struct task *task, const struct syscall_info *info)
{
	int r;

	switch (info->class) {
	case CLASS_EXEC:
		return peaks_before_exec(t, task);
	case CLASS_FORK:
		notes_of_fork(task, info);
		if (task->fork_flags & CLONE_NEWNS)
			lookup_roots_change(&t->lookup);
		return 0;
	case CLASS_SOCKET:
		return note_socket(t, task);
	case CLASS_ADDRESS:
		return addresses_of_call(t, task, info);
	case CLASS_MESSAGE:
	case CLASS_MESSAGES:
		return addresses_of_messages(t, task, info);
	case CLASS_SOCKETCALL:
		return note_socketcall(t, task);
	case CLASS_VIEW:
		note_view(t, task);
		return 0;
	case CLASS_WRITE:
		descriptors_add(&task->process->written, task->call.args[written_arg(info)]);
		return 0;
	case CLASS_CLOSE:
		return note_close(t, task, info);
	case CLASS_MAP:
		r = path_notes_map(t, task);
		return r < 0 ? r : use_of_call(t, task, info);
	case CLASS_MEMORY:
	case CLASS_RESOURCE:
		return use_of_call(t, task, info);
	case CLASS_IOCTL:
		return path_notes_ioctl(t, task);
	case CLASS_SIGNAL:
		r = note_signal(t, task, info);
		return r < 0 ? r : use_of_call(t, task, info);
	case CLASS_FILTER:
		r = unseen_strict(t, task, info);
		if (r < 0)
			return r;
		if (makes_undumpable(task, info) && geteuid() != 0)
			return exec_tell_hidden(t, task);
		return installs_filter(task, info) ? note_filter(t, task) : 0;
	case CLASS_AFFINITY:
		note_affinity(t, task);
		return 0;
	case CLASS_OPTION:
		interrupt_note_option(task);
		return 0;
	case CLASS_TRACE:
		return unseen_by_tracing(t, task);
	case CLASS_RING:
		return unseen_in_ring(t, task, info);
	case CLASS_PLAIN:
	case CLASS_EXIT:
		return 0;
	}
	return 0;
}

/* What a call is about that is not made, or has failed and changed nothing. */
int notes_of_places(struct tracing *t, struct task *task)
{
	const struct syscall_info *info = tracing_info(t, &task->call);
	int r = info ? path_notes_of_call(t, task, info, true) : 0;

	if (!info || r < 0)
		return r;
	if (info->class == CLASS_ADDRESS)
		r = addresses_of_call(t, task, info);
	else if (info->class == CLASS_MESSAGE || info->class == CLASS_MESSAGES)
		r = addresses_of_messages(t, task, info);
	else if (info->class == CLASS_SOCKETCALL)
		r = note_socketcall(t, task);
	else if (info->class == CLASS_IOCTL)
		r = path_notes_ioctl(t, task);
	else if (info->class == CLASS_SIGNAL)
		r = note_signal(t, task, info);
	return r;
}
