/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all traced processes use together. */
#include "tracer/tree.h"

#include <errno.h>

#include "tracer/procfs.h"

/* Bounds of what one look costs: 10 us a process for its status, 50 us for its part of pages. */
#define MOST_LOOKS 256
#define MOST_PARTS 512
#define SMALL_GROWTH (128 << 10) /* bytes: not worth a look of its own */
#define LARGE_SHARE  (8 << 20) /* worth one for each program that is executed */

static const struct process *process_at(const struct tracing *t, size_t i)
{
	return t->tasks.by_pid.entries[i].value;
}

/*
 * A process's part of its memory; what one shares with its maker is in the maker's. One that has
 * ended, waited for or not, has none; where we may not look, it is all that it had.
 */
static uint64_t part_of(const struct process *process)
{
	uint64_t part = process->use.memory;
	struct procfs_memory memory;
	int r;

	if (process->use.borrowed)
		return part;
	if (!process->use.related && procfs_memory(process->pid, &memory) == 0 && !memory.shmem)
		return memory.anon;
	r = procfs_part(process->pid, &part);
	return r == -ESRCH || r == -ENOENT ? 0 : part;
}

static uint64_t sum_of_parts(const struct tracing *t)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < t->tasks.by_pid.n; i++)
		sum += part_of(process_at(t, i));
	return sum;
}

/* The sum counts a page for each process that maps it, so it is no less than what is used. */
static void look_into(struct tracing *t)
{
	uint64_t sum = t->tasks.memory;

	if (t->tasks.by_pid.n > 1 && t->tasks.by_pid.n <= MOST_PARTS)
		sum = sum_of_parts(t);
	if (sum > t->tree.memory)
		t->tree.memory = sum;
	if (t->tasks.memory > t->tree.tried)
		t->tree.tried = t->tasks.memory;
}

static void set_memory(struct tracing *t, struct process *process, uint64_t anon, uint64_t shmem)
{
	uint64_t now = process->use.borrowed ? 0 : anon + shmem;

	t->tasks.n_unseen -= !process->use.seen;
	process->use.seen = true;
	t->tasks.memory += now - process->use.memory;
	process->use.memory = now;
	process->use.shmem = shmem;
}

static void see_unseen(struct tracing *t)
{
	struct procfs_memory memory;

	for (size_t i = 0; i < t->tasks.by_pid.n && t->tasks.n_unseen; i++) {
		struct process *process = t->tasks.by_pid.entries[i].value;

		if (!process->use.seen && procfs_memory(process->pid, &memory) == 0)
			set_memory(t, process, memory.anon, memory.shmem);
	}
}

void tree_set_memory(struct tracing *t, struct process *process, uint64_t anon, uint64_t shmem)
{
	const uint64_t worth = t->tree.tried + t->tree.tried / 16 + SMALL_GROWTH;

	set_memory(t, process, anon, shmem);
	/* Those that were not seen may be many of the same kind. */
	if (t->tasks.memory + t->tasks.n_unseen * anon > worth)
		see_unseen(t);
	if (t->tasks.memory > worth)
		look_into(t);
}

void tree_grown(struct tracing *t, struct process *process)
{
	t->tasks.n_unseen += process->use.seen;
	process->use.seen = false;
}

void tree_after_exec(struct tracing *t)
{
	if (t->tree.tried > t->tasks.memory + LARGE_SHARE)
		t->tree.tried = t->tasks.memory;
}

int tree_look(struct tracing *t)
{
	size_t n = t->tasks.by_pid.n < MOST_LOOKS ? t->tasks.by_pid.n : MOST_LOOKS;
	struct procfs_memory memory;

	for (size_t i = 0; i < n; i++) {
		size_t at = t->tree.next++ % t->tasks.by_pid.n;
		struct process *process = t->tasks.by_pid.entries[at].value;

		if (procfs_memory(process->pid, &memory) == 0)
			set_memory(t, process, memory.anon, memory.shmem);
	}
	if (t->tasks.memory > t->tree.memory)
		look_into(t);
	return tree_tell(t);
}

int tree_tell(struct tracing *t)
{
	struct tree_peaks *tree = &t->tree;
	struct event event = { .kind = EVENT_TREE };

	tree->tasks = t->tasks.most_alive;
	if (tree->memory == tree->told_memory && tree->tasks == tree->told_tasks)
		return 0;
	event.tree.memory = tree->told_memory = tree->memory;
	event.tree.tasks = tree->told_tasks = tree->tasks;
	return t->sink->event(t->sink->state, &event);
}
