/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A process that outlives ours, should we be killed, and puts CPU masks back. */
#include "tracer/guardian.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* An entry counts while its tid is not 0: written last, and cleared first. */
struct guardian_list {
	volatile pid_t tids[GUARDIAN_MOST];
	int cpus[GUARDIAN_MOST];
	size_t bytes;
	unsigned char masks[GUARDIAN_MOST][GUARDIAN_MASK_BYTES];
};

/* Somebody else may have given it other CPUs than the one where it was kept. */
static bool is_kept_on(pid_t tid, int cpu, size_t bytes)
{
	unsigned char one[GUARDIAN_MASK_BYTES] = { 0 }, mask[GUARDIAN_MASK_BYTES];

	one[cpu / 8] = (unsigned char)(1u << (cpu % 8));
	return syscall(SYS_sched_getaffinity, tid, sizeof(mask), mask) == (long)bytes &&
	       memcmp(mask, one, bytes) == 0;
}

/* Nothing is ever written: the read ends when the last writer, our parent, is gone. */
__attribute__((noreturn)) static void guard(int parent, const struct guardian_list *list)
{
	char byte;

	while (read(parent, &byte, 1) < 0 && errno == EINTR)
		;
	for (int i = 0; i < GUARDIAN_MOST; i++)
		if (list->tids[i] && is_kept_on(list->tids[i], list->cpus[i], list->bytes))
			syscall(SYS_sched_setaffinity, list->tids[i], list->bytes, list->masks[i]);
	_exit(0);
}

/* Forks with all signals blocked: what ends the parent, from a terminal too, spares the child. */
static pid_t fork_deaf(void)
{
	sigset_t all, before;
	pid_t pid;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	pid = fork();
	if (pid != 0)
		sigprocmask(SIG_SETMASK, &before, NULL);
	return pid < 0 ? -errno : pid;
}

int guardian_begin(struct guardian *g)
{
	struct guardian_list *list = mmap(NULL, sizeof(*list), PROT_READ | PROT_WRITE,
					  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int ends[2];
	pid_t pid;

	if (list == MAP_FAILED)
		return -errno;
	pid = pipe2(ends, O_CLOEXEC) < 0 ? -errno : fork_deaf();
	if (pid == 0) {
		close(ends[1]);
		guard(ends[0], list);
	}
	if (pid < 0) {
		munmap(list, sizeof(*list));
		return pid;
	}
	close(ends[0]);
	*g = (struct guardian){ ends[1], list };
	return 0;
}

void guardian_end(struct guardian *g)
{
	if (!g->list)
		return;
	close(g->alive);
	munmap(g->list, sizeof(*g->list));
	g->list = NULL;
}

static int find(const struct guardian *g, pid_t tid)
{
	for (int i = 0; i < GUARDIAN_MOST; i++)
		if (g->list->tids[i] == tid)
			return i;
	return -1;
}

bool guardian_note(struct guardian *g, pid_t tid, int cpu, const unsigned char *mask,
		   size_t bytes)
{
	int i = find(g, 0);

	if (i < 0)
		return false;
	g->list->bytes = bytes;
	g->list->cpus[i] = cpu;
	memcpy(g->list->masks[i], mask, bytes);
	__atomic_thread_fence(__ATOMIC_RELEASE);
	g->list->tids[i] = tid;
	return true;
}

void guardian_forget(struct guardian *g, pid_t tid)
{
	int i = find(g, tid);

	if (i >= 0)
		g->list->tids[i] = 0;
}
