/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers of processes, as tasks in PID namespaces of their own mean them. */
#include "tracer/pids.h"

#include <string.h>
#include <unistd.h>

#include "tracer/procfs.h"

/*
 * A task has a number in its own namespace and in each of those around it: `of` at the depth where
 * SPEAKER lives. In a sibling of SPEAKER's namespace it has one at that depth, too.
 */
static bool is_meant(pid_t tid, pid_t number, size_t depth, const char *namespace)
{
	pid_t of[PROCFS_DEPTH_MAX];
	char own[PATH_MAX];
	size_t n;

	if (procfs_numbers(tid, of, &n) < 0 || n < depth || of[depth - 1] != number)
		return false;
	return n > depth || (procfs_link(tid, "ns/pid", own) == 0 &&
			     strcmp(own, namespace) == 0);
}

/* Whether SPEAKER lives in a namespace of its own, and then in which, and how far down. */
static bool has_own_numbers(const struct task *speaker, char namespace[PATH_MAX], size_t *depth)
{
	pid_t of[PROCFS_DEPTH_MAX];
	char ours[PATH_MAX];

	return procfs_link(speaker->tid, "ns/pid", namespace) == 0 &&
	       procfs_link(getpid(), "ns/pid", ours) == 0 && strcmp(namespace, ours) != 0 &&
	       procfs_numbers(speaker->tid, of, depth) == 0;
}

struct task *pids_meant(const struct tasks *tasks, const struct task *speaker, pid_t number)
{
	char namespace[PATH_MAX];
	size_t depth;

	if (number == 0)
		return tasks_find(tasks, speaker->tid);
	if (!has_own_numbers(speaker, namespace, &depth))
		return tasks_find(tasks, number);
	for (size_t i = 0; i < tasks->by_tid.n; i++) {
		struct task *task = tasks->by_tid.entries[i].value;

		if (is_meant(task->tid, number, depth, namespace))
			return task;
	}
	return NULL;
}

struct search {
	const char *namespace;
	size_t depth;
	pid_t number, found;
};

static int see_task(void *state, pid_t tid)
{
	struct search *s = state;

	if (!s->found && is_meant(tid, s->number, s->depth, s->namespace))
		s->found = tid;
	return 0;
}

static int see_process(void *state, pid_t pid)
{
	procfs_each_task(pid, see_task, state);
	return 0;
}

pid_t pids_of(const struct task *speaker, pid_t number)
{
	char namespace[PATH_MAX];
	struct search search = { .namespace = namespace, .number = number };

	if (!has_own_numbers(speaker, namespace, &search.depth))
		return number;
	procfs_each_process(see_process, &search);
	return search.found;
}
