/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Resource use that a call is about to change. */
#include "tracer/use.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "tracer/memory.h"
#include "tracer/peaks.h"
#include "tracer/procfs.h"
#include "tracer/tree.h"

#define KIB	   UINT64_C(1024)
#define GROWN	   (256 * KIB)	/* less growth than this is not worth a look ... */
#define GIVEN_BACK (1024 * KIB) /* ... unless as much as this is to go */

/* ---- memory ---- */

/* VmData needs the slow look; the quick one tells whether it can have become larger. */
static int look_at_data(struct tracing *t, const struct task *task)
{
	struct process *process = task->process;
	struct procfs_memory memory;
	struct tracing_most *most = tracing_most(t, process->program);
	uint64_t data, anon;

	process->use.grown = 0;
	if (!most || procfs_private(process->pid, &data, &anon) < 0)
		return 0;
	tree_set_memory(t, process, anon, process->use.shmem);
	if (data <= most->data || procfs_memory(process->pid, &memory) < 0)
		return 0;
	most->data = data;
	return peaks_emit(t, task, RLIMIT_DATA, memory.data);
}

static int look_at_locks(const struct tracing *t, const struct task *task)
{
	struct procfs_memory memory;

	if (!task->process->use.locks || procfs_memory(task->process->pid, &memory) < 0)
		return 0;
	return peaks_emit(t, task, RLIMIT_MEMLOCK, memory.locked + task->process->use.shm_locked);
}

static void grow(struct tracing *t, struct process *process, uint64_t bytes)
{
	const uint64_t before = process->use.grown;

	process->use.grown += bytes;
	if (before / GROWN != process->use.grown / GROWN)
		tree_grown(t, process);
}

/* BYTES at most are about to go. */
static int look_before_loss(struct tracing *t, const struct task *task, uint64_t bytes)
{
	int r = look_at_locks(t, task);

	if (r >= 0 && (task->process->use.grown >= GROWN || bytes >= GIVEN_BACK))
		r = look_at_data(t, task);
	return r;
}

static int use_of_mmap(struct tracing *t, struct task *task)
{
	const uint64_t *args = task->call.args;
	int r = args[3] & MAP_FIXED ? look_before_loss(t, task, args[1]) : 0;

	if (args[2] & PROT_WRITE && (args[3] & MAP_TYPE) == MAP_PRIVATE)
		grow(t, task->process, args[1]);
	if (args[3] & MAP_LOCKED)
		task->process->use.locks = true;
	return r;
}

static int use_of_munmap(struct tracing *t, struct task *task)
{
	return look_before_loss(t, task, task->call.args[1]);
}

static int use_of_mremap(struct tracing *t, struct task *task)
{
	uint64_t before = task->call.args[1], after = task->call.args[2];

	if (after <= before)
		return look_before_loss(t, task, before - after);
	grow(t, task->process, after - before);
	return 0;
}

static int use_of_mprotect(struct tracing *t, struct task *task)
{
	if (!(task->call.args[2] & PROT_WRITE))
		return look_before_loss(t, task, 0);
	grow(t, task->process, task->call.args[1]);
	return 0;
}

static int use_of_brk(struct tracing *t, struct task *task)
{
	uint64_t before = task->process->use.brk, after = task->call.args[0];

	if (!after)
		return 0;
	task->process->use.brk = after;
	if (before && after < before)
		return look_before_loss(t, task, before - after);
	grow(t, task->process, before ? after - before : 0);
	return 0;
}

static int use_of_madvise(struct tracing *t, struct task *task)
{
	int advice = (int)task->call.args[2];

	if (advice != MADV_DONTNEED && advice != MADV_FREE && advice != MADV_REMOVE)
		return 0;
	return task->call.args[1] >= GIVEN_BACK ? look_at_data(t, task) : 0;
}

static int use_of_mlock(struct tracing *t, struct task *task)
{
	(void)t;
	task->process->use.locks = true;
	return 0;
}

/* mlockall(2) without MCL_FUTURE may end an earlier one. */
static int use_of_mlockall(struct tracing *t, struct task *task)
{
	int r = look_at_locks(t, task);

	task->process->use.locks = true;
	return r;
}

static int use_of_munlock(struct tracing *t, struct task *task)
{
	return look_at_locks(t, task);
}

/* Buffers are registered with an io_uring: pinned, perhaps to be unregistered by this call. */
static int use_of_io_uring(struct tracing *t, struct task *task)
{
	int r = look_at_locks(t, task);

	task->process->use.locks = true;
	return r;
}

static int use_of_shmctl(struct tracing *t, struct task *task)
{
	const int commands = 0xff; /* the rest is IPC_64, of 32-bit programs */
	struct shmid_ds segment;

	if (((int)task->call.args[1] & commands) != SHM_LOCK ||
	    shmctl((int)task->call.args[0], IPC_STAT, &segment) < 0)
		return 0;
	task->process->use.shm_locked += segment.shm_segsz;
	task->process->use.locks = true;
	return look_at_locks(t, task);
}

/* ---- priorities ---- */

/* What a nice value needs: setpriority(2), RLIMIT_NICE; nothing when it is no better than now. */
static int peak_of_nice(const struct tracing *t, const struct task *task, int which, id_t who,
			int nice)
{
	int now;

	nice = nice < -20 ? -20 : nice > 19 ? 19 : nice;
	errno = 0;
	now = getpriority((__priority_which_t)which, who);
	if (errno || nice >= now)
		return 0;
	return peaks_emit(t, task, RLIMIT_NICE, (uint64_t)(20 - nice));
}

static int peak_of_realtime(const struct tracing *t, struct task *task, int priority)
{
	if (priority <= 0 || priority > 99)
		return 0;
	task->process->use.realtime = true;
	return peaks_emit(t, task, RLIMIT_RTPRIO, (uint64_t)priority);
}

static pid_t this_or(const struct task *task, uint64_t who)
{
	return (pid_t)who ? (pid_t)who : task->tid;
}

static int use_of_setpriority(struct tracing *t, struct task *task)
{
	int which = (int)task->call.args[0], nice = (int)task->call.args[2];
	id_t who = (id_t)task->call.args[1];

	if (which == PRIO_PROCESS)
		who = (id_t)this_or(task, who);
	else if (which == PRIO_PGRP && !who)
		who = (id_t)getpgid(task->tid);
	return peak_of_nice(t, task, which, who, nice);
}

static int use_of_nice(struct tracing *t, struct task *task)
{
	int now;

	errno = 0;
	now = getpriority(PRIO_PROCESS, (id_t)task->tid);
	if (errno)
		return 0;
	return peak_of_nice(t, task, PRIO_PROCESS, (id_t)task->tid, now + (int)task->call.args[0]);
}

/* struct sched_param: one int. ARG points to it. */
static int use_of_param(const struct tracing *t, struct task *task, unsigned arg)
{
	int priority;

	if (memory_read(task->tid, task->call.args[arg], &priority, sizeof(priority)) < 0)
		return 0;
	return peak_of_realtime(t, task, priority);
}

static int use_of_setscheduler(struct tracing *t, struct task *task)
{
	int policy = (int)task->call.args[1] & ~SCHED_RESET_ON_FORK;

	return policy == SCHED_FIFO || policy == SCHED_RR ? use_of_param(t, task, 2) : 0;
}

static int use_of_setparam(struct tracing *t, struct task *task)
{
	return use_of_param(t, task, 1);
}

/* The first version of struct sched_attr (sched_setattr(2)): what all later ones begin with. */
struct attr {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
};

static int use_of_setattr(struct tracing *t, struct task *task)
{
	struct attr attr;

	if (memory_read(task->tid, task->call.args[1], &attr, sizeof(attr)) < 0)
		return 0;
	if (attr.policy == SCHED_FIFO || attr.policy == SCHED_RR)
		return peak_of_realtime(t, task, (int)attr.priority);
	if (attr.policy != SCHED_OTHER && attr.policy != SCHED_BATCH)
		return 0;
	return peak_of_nice(t, task, PRIO_PROCESS, (id_t)this_or(task, task->call.args[0]),
			    attr.nice);
}

/* ---- queues ---- */

/* Each queued signal has an entry, each POSIX timer has one from its beginning. */
static int use_of_signal(struct tracing *t, struct task *task)
{
	struct procfs_memory memory;

	if (procfs_memory(task->process->pid, &memory) < 0)
		return 0;
	return peaks_emit(t, task, RLIMIT_SIGPENDING, memory.signals + 1);
}

/* A number from /proc/sys/fs/mqueue, or FALLBACK. */
static uint64_t queue_default(const char *name, uint64_t fallback)
{
	char path[64];
	auto_fclose FILE *in = NULL;
	unsigned long value;

	snprintf(path, sizeof(path), "/proc/sys/fs/mqueue/%s", name);
	in = fopen(path, "re");
	return in && fscanf(in, "%lu", &value) == 1 ? value : fallback;
}

/* What mq_overview(7) and getrlimit(2) say a queue costs: its messages and the kernel's records. */
static int use_of_queue(struct tracing *t, struct task *task)
{
	const uint64_t record = 48, most_priorities = 32768;
	uint64_t attributes = task->call.args[3], messages, size, nodes;
	long given[4]; /* flags, messages, size, messages now: struct mq_attr of native programs */

	if (!(task->call.args[1] & O_CREAT))
		return 0;
	messages = queue_default("msg_default", 10);
	size = queue_default("msgsize_default", 8192);
	if (attributes && task->call.arch == arch_native() &&
	    memory_read(task->tid, attributes, given, sizeof(given)) == 0) {
		messages = (uint64_t)given[1];
		size = (uint64_t)given[2];
	}
	if (messages > UINT32_MAX || size > UINT32_MAX)
		return 0; /* the kernel refuses */
	nodes = messages < most_priorities ? messages : most_priorities;
	task->process->use.queues += messages * (size + record) + nodes * record;
	return peaks_emit(t, task, RLIMIT_MSGQUEUE, task->process->use.queues);
}

/* ---- files ---- */

static int use_of_ftruncate(struct tracing *t, struct task *task)
{
	uint64_t fd = task->call.args[0];

	descriptors_add(&task->process->written, fd);
	return peaks_of_file(t, task, fd);
}

/* The file becomes this large, if it was not larger: that was somebody's use before. */
static int use_of_truncate(struct tracing *t, struct task *task)
{
	int64_t length = (int64_t)task->call.args[1];

	return length < 0 ? 0 : peaks_emit(t, task, RLIMIT_FSIZE, (uint64_t)length);
}

/* ---- which call ---- */

static const struct {
	const char *call;
	int (*use)(struct tracing *t, struct task *task);
} uses[] = {
	{ "mmap", use_of_mmap },
	{ "munmap", use_of_munmap },
	{ "mprotect", use_of_mprotect },
	{ "brk", use_of_brk },
	{ "madvise", use_of_madvise },
	{ "mmap2", use_of_mmap },
	{ "mremap", use_of_mremap },
	{ "pkey_mprotect", use_of_mprotect },
	{ "mlock", use_of_mlock },
	{ "mlock2", use_of_mlock },
	{ "mlockall", use_of_mlockall },
	{ "munlock", use_of_munlock },
	{ "munlockall", use_of_munlock },
	{ "io_uring_register", use_of_io_uring },
	{ "shmctl", use_of_shmctl },
	{ "setpriority", use_of_setpriority },
	{ "nice", use_of_nice },
	{ "sched_setscheduler", use_of_setscheduler },
	{ "sched_setparam", use_of_setparam },
	{ "sched_setattr", use_of_setattr },
	{ "timer_create", use_of_signal },
	{ "rt_sigqueueinfo", use_of_signal },
	{ "rt_tgsigqueueinfo", use_of_signal },
	{ "ftruncate", use_of_ftruncate },
	{ "ftruncate64", use_of_ftruncate },
	{ "truncate", use_of_truncate },
	{ "mq_open", use_of_queue },
};

int use_of_call(struct tracing *t, struct task *task, const struct syscall_info *info)
{
	for (size_t i = 0; i < ARRAY_SIZE(uses); i++)
		if (strcmp(uses[i].call, info->name) == 0)
			return uses[i].use(t, task);
	return 0;
}
