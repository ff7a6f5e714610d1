/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The processes of a log, their working directories and descriptors. */
#include "importer/processes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

/* ---- descriptors ---- */

static void free_descriptor(void *value)
{
	struct descriptor *d = value;

	free(d->path);
	free(d);
}

struct descriptor *process_descriptor(const struct process *process, int fd)
{
	return map_get(&process->descriptors, &fd, sizeof(fd));
}

void process_closed(struct process *process, int fd)
{
	struct descriptor *d = map_remove(&process->descriptors, &fd, sizeof(fd));

	if (d)
		free_descriptor(d);
}

int process_opened(struct process *process, int fd, const char *path, int socket_type)
{
	struct descriptor *d = calloc(1, sizeof(*d));

	if (!d)
		return -ENOMEM;
	d->path = path ? strdup(path) : NULL;
	d->socket_type = socket_type;
	process_closed(process, fd);
	if ((path && !d->path) || map_put(&process->descriptors, &fd, sizeof(fd), d) < 0) {
		free_descriptor(d);
		return -ENOMEM;
	}
	return 0;
}

int process_set_cwd(struct process *process, const char *cwd)
{
	char *copy = strdup(cwd);

	if (!copy)
		return -ENOMEM;
	free(process->cwd);
	process->cwd = copy;
	return 0;
}

/* ---- processes ---- */

static void release(struct process *process)
{
	if (!process || --process->tasks)
		return;
	map_clear(&process->descriptors, free_descriptor);
	free(process->cwd);
	free(process);
}

static int copy_state(struct process *to, const struct process *from)
{
	to->program = from->program;
	to->arch = from->arch;
	if (from->cwd && process_set_cwd(to, from->cwd) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < from->descriptors.n; i++) {
		const struct map_entry *entry = &from->descriptors.entries[i];
		const struct descriptor *d = entry->value;

		if (process_opened(to, *(const int *)map_key(entry), d->path, d->socket_type) < 0)
			return -ENOMEM;
	}
	return 0;
}

static struct process *make_process(pid_t pid, const struct logged_task *from)
{
	struct process *process = calloc(1, sizeof(*process));

	if (!process)
		return NULL;
	process->tasks = 1;
	process->pid = pid;
	process->program = -1;
	process->highest_fd = -1;
	if (from && copy_state(process, from->process) < 0) {
		release(process);
		return NULL;
	}
	return process;
}

static struct process *share(struct process *process)
{
	process->tasks++;
	return process;
}

/* ---- tasks ---- */

static void free_task(void *value)
{
	struct logged_task *task = value;

	release(task->process);
	free(task->pending);
	free(task);
}

struct logged_task *processes_find(const struct processes *p, pid_t tid)
{
	return map_get(&p->by_tid, &tid, sizeof(tid));
}

bool processes_knows(const struct processes *p, pid_t pid)
{
	return map_get(&p->known, &pid, sizeof(pid)) != NULL;
}

/* LINE is that of its end, 0 while there is none. 0 or -ENOMEM. */
static int know(struct processes *p, pid_t pid, uint64_t line)
{
	map_remove(&p->known, &pid, sizeof(pid));
	return map_put(&p->known, &pid, sizeof(pid), (void *)(uintptr_t)(line + 1));
}

struct logged_task *processes_add(struct processes *p, pid_t tid, const struct logged_task *from,
				  bool thread)
{
	struct logged_task *task = calloc(1, sizeof(*task)), *old = processes_find(p, tid);

	if (!task)
		return NULL;
	task->tid = tid;
	task->process = thread && from ? share(from->process) : make_process(tid, from);
	if (old)
		processes_remove(p, old, 0); /* its end was not logged */
	if (!task->process || map_put(&p->by_tid, &tid, sizeof(tid), task) < 0) {
		free_task(task);
		return NULL;
	}
	if (know(p, tid, 0) < 0) {
		processes_remove(p, task, 0);
		return NULL;
	}
	return task;
}

int processes_rename(struct processes *p, struct logged_task *task, pid_t tid)
{
	if (know(p, tid, 0) < 0 ||
	    map_put(&p->by_tid, &tid, sizeof(tid), task) < 0)
		return -ENOMEM;
	map_remove(&p->by_tid, &task->tid, sizeof(task->tid));
	if (task->process->pid == task->tid)
		task->process->pid = tid;
	task->tid = tid;
	return 0;
}

bool processes_ended_since(const struct processes *p, pid_t pid, uint64_t line)
{
	return (uintptr_t)map_get(&p->known, &pid, sizeof(pid)) > line + 1;
}

void processes_remove(struct processes *p, struct logged_task *task, uint64_t line)
{
	map_remove(&p->by_tid, &task->tid, sizeof(task->tid));
	know(p, task->tid, line);
	free_task(task);
}

void processes_clear(struct processes *p)
{
	map_clear(&p->by_tid, free_task);
	map_clear(&p->known, NULL);
}
