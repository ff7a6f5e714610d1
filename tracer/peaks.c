/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Resource use, read when a process is about to lose it. */
#include "tracer/peaks.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "tracer/procfs.h"
#include "tracer/tree.h"

int peaks_emit(const struct tracing *t, const struct task *task, int resource, uint64_t value)
{
	struct event event = { .kind = EVENT_PEAK,
			       .peak = { .resource = resource, .value = value } };

	return tracing_emit(t, task, &event);
}

int peaks_of_file(const struct tracing *t, const struct task *task, uint64_t fd)
{
	struct stat st;

	if (procfs_descriptor(task->tid, (int)fd, &st) < 0 || !S_ISREG(st.st_mode))
		return 0;
	return peaks_emit(t, task, RLIMIT_FSIZE, (uint64_t)st.st_size);
}

static int peaks_of_written_files(const struct tracing *t, const struct task *task)
{
	const struct descriptors *written = &task->process->written;
	int r = 0;

	for (uint64_t fd = 0; fd < 64 * written->n && r >= 0; fd++)
		if (descriptors_has(written, fd))
			r = peaks_of_file(t, task, fd);
	return r;
}

/*
 * Calls SEE for each open descriptor of a task from FIRST on; none of the others is touched: the
 * kernel lists them in order, each at its number and two for "." and ".." (fs/proc/fd.c), and makes
 * an inode for each that it lists.
 */
static void each_open(pid_t tid, uint64_t first, void (*see)(void *state, int fd), void *state)
{
	_Alignas(struct dirent64) char entries[4096];
	char name[PROCFS_NAME_MAX];
	auto_close int dir = -1;
	ssize_t n;

	procfs_name(name, tid, "fd");
	dir = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0 || lseek(dir, (off_t)first + 2, SEEK_SET) < 0)
		return;
	while ((n = getdents64(dir, entries, sizeof(entries))) > 0)
		for (ssize_t at = 0; at < n;) {
			const struct dirent64 *entry = (const void *)(entries + at);

			at += entry->d_reclen;
			if (entry->d_name[0] != '.')
				see(state, atoi(entry->d_name));
		}
}

static void inherit(void *state, int fd)
{
	descriptors_add(state, (uint64_t)fd);
}

void peaks_begin(struct tracing *t, const struct task *task)
{
	each_open(task->tid, 0, inherit, &t->inherited);
}

struct highest {
	const struct descriptors *inherited;
	int fd;
};

static void see_highest(void *state, int fd)
{
	struct highest *h = state;

	if (fd > h->fd && !descriptors_has(h->inherited, (uint64_t)fd))
		h->fd = fd;
}

/* The highest that was used, or is open now and was not so when the command began. */
static int peak_of_descriptors(struct tracing *t, const struct task *task)
{
	struct tracing_most *most = tracing_most(t, task->process->program);
	struct highest h = { &t->inherited, task->process->highest_fd };
	uint64_t first = (uint64_t)(h.fd + 1);

	if (most && most->descriptors > first)
		first = most->descriptors;
	each_open(task->tid, first, see_highest, &h);
	if (h.fd < 0 || (most && (uint64_t)h.fd < most->descriptors))
		return 0;
	if (most)
		most->descriptors = (uint64_t)h.fd + 1;
	return peaks_emit(t, task, RLIMIT_NOFILE, (uint64_t)h.fd + 1);
}

/*
 * glibc gives threads stacks of the size of RLIMIT_STACK (pthread_attr_setstacksize(3)): with a
 * smaller limit they would be smaller than those that were seen to be enough.
 */
static uint64_t stack_in_force(const struct task *task, uint64_t used)
{
	struct rlimit limit;

	if (!task->process->threaded ||
	    prlimit(task->process->pid, RLIMIT_STACK, NULL, &limit) < 0 ||
	    limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur < used)
		return used;
	return limit.rlim_cur;
}

/* The peaks that /proc/PID/status knows, of memory that is about to be gone. */
static int peaks_of_memory(struct tracing *t, const struct task *task)
{
	struct process *process = task->process;
	struct procfs_memory memory;
	int r = 0;

	/* What is its maker's is the maker's to tell, who goes on with it. */
	if ((process->use.borrowed && process->use.returned) ||
	    procfs_memory(task->tid, &memory) < 0)
		return 0;
	const struct {
		int resource;
		uint64_t value;
	} peaks[] = {
		{ RLIMIT_AS, memory.peak },
		{ RLIMIT_DATA, memory.data },
		{ RLIMIT_STACK, stack_in_force(task, memory.stack) },
		{ RLIMIT_RSS, memory.resident },
		{ RLIMIT_MEMLOCK, memory.locked + process->use.shm_locked },
	};

	for (size_t i = 0; i < ARRAY_SIZE(peaks) && r >= 0; i++)
		r = peaks_emit(t, task, peaks[i].resource, peaks[i].value);
	tree_set_memory(t, process, memory.anon, memory.shmem);
	return r;
}

/* One task cannot have used more than a second in less than that. */
static bool lived_short(const struct process *process)
{
	const uint64_t short_ms = 900;

	return process->born_ms && !process->threaded && !process->use.realtime &&
	       tracing_now_ms() - process->born_ms < short_ms;
}

/* A part of a second counts as one. */
static int peaks_of_time(const struct tracing *t, const struct task *task)
{
	const uint64_t second = (uint64_t)sysconf(_SC_CLK_TCK);
	const struct process *process = task->process;
	uint64_t ticks = 0;
	int r;

	if (!lived_short(process) && procfs_cpu_ticks(process->pid, &ticks) < 0)
		return 0;
	r = peaks_emit(t, task, RLIMIT_CPU, ticks ? (ticks + second - 1) / second : 1);
	if (r < 0)
		return r;
	ticks += 2; /* user and system time are rounded down, each */
	return peaks_emit(t, task, RLIMIT_RTTIME,
			  task->process->use.realtime ? ticks * (1000000 / second) : 0);
}

int peaks_before_exec(struct tracing *t, const struct task *task)
{
	int r = peaks_of_memory(t, task);

	if (r >= 0)
		r = peak_of_descriptors(t, task);
	return r < 0 ? r : peaks_of_written_files(t, task);
}

/* What a process that never asked for it is known not to use. */
static int peaks_not_used(const struct tracing *t, const struct task *task)
{
	static const int resources[] = { RLIMIT_CORE, RLIMIT_NICE, RLIMIT_RTPRIO };
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(resources) && r >= 0; i++)
		r = peaks_emit(t, task, resources[i], 0);
	return r;
}

/* A core file holds at most the whole address space, and is written before STOP_EXITING. */
static int peak_of_core(const struct tracing *t, const struct task *task, int status)
{
	struct procfs_memory memory;

	if (!WIFSIGNALED(status) || !WCOREDUMP(status) || procfs_memory(task->tid, &memory) < 0)
		return 0;
	return peaks_emit(t, task, RLIMIT_CORE, memory.peak);
}

int peaks_at_end(struct tracing *t, const struct task *task, int status)
{
	int r = peaks_of_memory(t, task);

	if (r >= 0)
		r = peaks_of_time(t, task);
	if (r >= 0)
		r = peak_of_descriptors(t, task);
	if (r >= 0)
		r = peaks_of_written_files(t, task);
	if (r >= 0)
		r = peaks_not_used(t, task);
	if (r >= 0)
		r = peak_of_core(t, task, status);
	return r < 0 ? r : peaks_emit(t, task, RLIMIT_NPROC, t->tasks.most_alive);
}
