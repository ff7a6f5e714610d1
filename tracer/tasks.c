/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is traced: tasks and the processes they make up. */
#include "tracer/tasks.h"

#include <errno.h>
#include <stdlib.h>

struct task *tasks_find(const struct tasks *tasks, pid_t tid)
{
	return map_get(&tasks->by_tid, &tid, sizeof(tid));
}

struct process *tasks_process(const struct tasks *tasks, pid_t pid)
{
	return map_get(&tasks->by_pid, &pid, sizeof(pid));
}

struct task *tasks_add(struct tasks *tasks, pid_t tid)
{
	struct task *task = calloc(1, sizeof(*task));

	if (!task)
		return NULL;
	task->tid = tid;
	if (map_put(&tasks->by_tid, &tid, sizeof(tid), task) < 0) {
		free(task);
		return NULL;
	}
	tasks->n_orphans++;
	if (tasks->by_tid.n > tasks->most_alive)
		tasks->most_alive = tasks->by_tid.n;
	return task;
}

static void task_free(void *p)
{
	struct task *task = p;

	if (task)
		free(task->executes);
	free(task);
}

static void process_free(void *p)
{
	struct process *process = p;

	if (process) {
		descriptors_clear(&process->written);
		free(process->launching);
	}
	free(process);
}

static struct process *process_new(struct tasks *tasks, pid_t pid, const struct process *maker)
{
	struct process *process = calloc(1, sizeof(*process));

	if (!process)
		return NULL;
	if (maker) {
		*process = *maker;
		process->written = (struct descriptors){ 0 }; /* its maker's to look at */
	}
	process->pid = pid;
	process->born_ms = 0;
	process->use.memory = process->use.shmem = 0;
	process->use.seen = false;
	process->use.related = true;
	process->use.locks = false; /* not inherited: mlock(2) */
	process->n_tasks = 0;
	process->n_exiting = 0;
	process->n_held = 0;
	process->launching = NULL;
	process->threaded = false;
	process->signalled = false; /* it has no children yet */
	process->image = ++tasks->images;
	if (map_put(&tasks->by_pid, &pid, sizeof(pid), process) < 0) {
		process_free(process);
		return NULL;
	}
	tasks->n_unseen++;
	return process;
}

static int enter_process(struct tasks *tasks, struct task *task, struct process *process)
{
	if (!process)
		return -ENOMEM;
	process->n_tasks++;
	if (process->n_tasks > 1)
		process->threaded = true;
	task->process = process;
	tasks->n_orphans--;
	return 0;
}

int tasks_adopt(struct tasks *tasks, struct task *task, const struct process *maker, bool thread)
{
	struct process *process;

	if (thread && maker)
		process = tasks_process(tasks, maker->pid);
	else
		process = process_new(tasks, task->tid, maker);
	return enter_process(tasks, task, process);
}

int tasks_join(struct tasks *tasks, struct task *task, pid_t pid)
{
	struct process *process = tasks_process(tasks, pid);

	return enter_process(tasks, task, process ? process : process_new(tasks, pid, NULL));
}

static void leave_process(struct tasks *tasks, const struct task *task)
{
	struct process *process = task->process;

	process->n_exiting -= task->exiting;
	process->n_held -= task->held;
	if (--process->n_tasks > 0)
		return;
	tasks->memory -= process->use.memory;
	tasks->n_unseen -= !process->use.seen;
	map_remove(&tasks->by_pid, &process->pid, sizeof(process->pid));
	process_free(process);
}

void tasks_remove(struct tasks *tasks, pid_t tid)
{
	struct task *task = map_remove(&tasks->by_tid, &tid, sizeof(tid));

	if (!task)
		return;
	if (task->unannounced) /* without memory, it is taken for one that lives */
		map_put(&tasks->ended_early, &tid, sizeof(tid), tasks);
	if (task->process)
		leave_process(tasks, task);
	else
		tasks->n_orphans--;
	task_free(task);
}

bool tasks_ended_early(struct tasks *tasks, pid_t tid)
{
	return tasks->ended_early.n && map_remove(&tasks->ended_early, &tid, sizeof(tid));
}

int tasks_exec(struct tasks *tasks, pid_t tid, pid_t old, struct task **ret)
{
	struct task *task;

	if (old != tid && tasks_find(tasks, old)) {
		task = map_remove(&tasks->by_tid, &old, sizeof(old));
		task->tid = tid;
		if (map_put(&tasks->by_tid, &tid, sizeof(tid), task) < 0) {
			task_free(task);
			return -ENOMEM;
		}
	}
	task = tasks_find(tasks, tid);
	if (!task)
		return -ESRCH;
	if (task->process) {
		tasks->memory -= task->process->use.memory;
		tasks->n_unseen += task->process->use.seen;
		task->process->use = (struct use){
			.queues = task->process->use.queues,
			.realtime = task->process->use.realtime,
		};
		task->process->image = ++tasks->images;
		task->process->threaded = false;
		task->process->ring = false; /* closed by an exec */
		task->process->asks_ring = false;
		task->process->handled = 0;
	}
	*ret = task;
	return 0;
}

void tasks_clear(struct tasks *tasks)
{
	map_clear(&tasks->ended_early, NULL);
	map_clear(&tasks->by_tid, task_free);
	map_clear(&tasks->by_pid, process_free);
	*tasks = (struct tasks){ 0 };
}
