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
static bool is_meant(const struct task *task, pid_t number, size_t depth, const char *namespace)
{
	pid_t of[PROCFS_DEPTH_MAX];
	char own[PATH_MAX];
	size_t n;

	if (procfs_numbers(task->tid, of, &n) < 0 || n < depth || of[depth - 1] != number)
		return false;
	return n > depth || (procfs_link(task->tid, "ns/pid", own) == 0 &&
			     strcmp(own, namespace) == 0);
}

struct task *pids_meant(const struct tasks *tasks, const struct task *speaker, pid_t number)
{
	char namespace[PATH_MAX], ours[PATH_MAX];
	pid_t of[PROCFS_DEPTH_MAX];
	size_t depth;

	if (number == 0)
		return tasks_find(tasks, speaker->tid);
	if (procfs_link(speaker->tid, "ns/pid", namespace) < 0 ||
	    procfs_link(getpid(), "ns/pid", ours) < 0 || strcmp(namespace, ours) == 0)
		return tasks_find(tasks, number);
	if (procfs_numbers(speaker->tid, of, &depth) < 0)
		return NULL;
	for (size_t i = 0; i < tasks->by_tid.n; i++) {
		struct task *task = tasks->by_tid.entries[i].value;

		if (is_meant(task, number, depth, namespace))
			return task;
	}
	return NULL;
}
