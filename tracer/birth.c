/* SPDX-License-Identifier: GPL-3.0-or-later */
/* New tasks: whose they are, and how they, and all others, go on after a stop. */
#include "tracer/birth.h"

#include <errno.h>
#include <linux/sched.h>
#include <unistd.h>

#include "tracer/control.h"
#include "tracer/ending.h"
#include "tracer/interrupt.h"
#include "tracer/procfs.h"

void birth_resume(const struct tracing *t, const struct task *task, int signal)
{
	bool every_stop = task->wants_result || task->threatened || task->makes ||
			  (task->process && task->process->every_call);

	if (t->ending == ENDING_DETACH) /* the stop took the one that was on its way */
		control_interrupt(task->tid);
	control_resume(task->tid, every_stop ? RESUME_TO_EXIT : RESUME_RUN, signal);
}

/* A task that has a process goes on. */
static int begin(struct tracing *t, struct task *task)
{
	task->stopped = false;
	task->begun = true;
	if (t->ending == ENDING_DETACH)
		return ending_let_go(t, task);
	birth_resume(t, task, 0);
	return 0;
}

int birth_at_event(struct tracing *t, struct task *task)
{
	int r = 0;

	if (!task->process) {
		task->stopped = true; /* until its maker's event comes */
		return 0;
	}
	if (task->begun)
		r = interrupt_over(t, task);
	return r < 0 ? r : begin(t, task);
}

static bool makes_thread(const struct task *maker)
{
	return maker->fork_flags & CLONE_THREAD;
}

/* By what /proc says: when the maker's event was lost with the maker, or tells nothing. */
int birth_by_proc(struct tracing *t, struct task *task)
{
	const struct process *maker;
	pid_t tgid = task->tid, ppid = 0, from;
	int r;

	task->unannounced = true;
	procfs_ids(task->tid, &tgid, &ppid);
	from = tgid != task->tid ? tgid : ppid;
	maker = tasks_process(&t->tasks, from);
	if (tasks_find(&t->tasks, from))
		placement_inherit(&t->placement, tasks_find(&t->tasks, from), task);
	r = tasks_adopt(&t->tasks, task, maker, tgid != task->tid);
	if (r == 0 && tracing_attached(t))
		task->process->every_call = true;
	if (r == 0 && !maker && t->options->mode == TRACE_CALLS)
		r = tracing_set_program(t, task, NULL);
	return r;
}

/* Of a new process its parent hears, when it ends, by a signal that it may well ignore. */
static void expect_its_end(struct tracing *t, const struct task *maker, const struct task *task)
{
	struct process *parent = maker->process;
	pid_t tgid, ppid;

	if (task->process == parent)
		return;
	if (maker->fork_flags & CLONE_PARENT)
		parent = procfs_ids(task->tid, &tgid, &ppid) < 0 ? NULL
								 : tasks_process(&t->tasks, ppid);
	if (parent)
		interrupt_expect_signals(t, parent);
}

/* By its number alone: that may have been given out again since then. */
static bool has_ended(struct tracing *t, pid_t tid)
{
	struct procfs_task facts;

	return tasks_ended_early(&t->tasks, tid) &&
	       (procfs_task(tid, &facts) < 0 || facts.tracer != getpid());
}

/*
 * The first stop of a task may come before or after its maker's event. The event may even come
 * after the task's end: when another task ends, all go on that wait for their makers' events.
 */
int birth_at_fork(struct tracing *t, struct task *maker, pid_t tid)
{
	struct task *task = tasks_find(&t->tasks, tid);
	int r = 0;

	maker->makes = false; /* announced */
	if (!tid) /* the maker vanished, and its message with it: see birth_of_orphans() */
		return 0;
	if (!task && has_ended(t, tid)) {
		birth_resume(t, maker, 0);
		return 0;
	}
	if (!task)
		task = tasks_add(&t->tasks, tid);
	if (!task)
		return -ENOMEM;
	if (!task->process && t->options->mode == TRACE_CALLS && maker->call.arch)
		r = tasks_adopt(&t->tasks, task, maker->process, makes_thread(maker));
	else if (!task->process)
		r = birth_by_proc(t, task);
	task->unannounced = false;
	if (r == 0 && task->process != maker->process) {
		task->process->born_ms = tracing_now_ms();
		maker->process->use.related = true;
		task->process->use.borrowed = maker->fork_flags & CLONE_VM;
		task->process->use.returned = maker->fork_flags & CLONE_VFORK;
	}
	task->view = maker->view;
	task->view_generation = maker->view_generation;
	placement_inherit(&t->placement, maker, task);
	if (r == 0)
		expect_its_end(t, maker, task);
	if (r == 0 && task->stopped)
		r = begin(t, task);
	birth_resume(t, maker, 0);
	return r;
}

int birth_of_orphans(struct tracing *t)
{
	/* From the last: one that is removed is replaced by the last. */
	for (size_t i = t->tasks.by_tid.n; i-- > 0 && t->tasks.n_orphans;) {
		struct task *task = t->tasks.by_tid.entries[i].value;
		int r = 0;

		if (task->process || !task->stopped)
			continue;
		r = birth_by_proc(t, task);
		if (r == 0)
			r = begin(t, task);
		if (r < 0)
			return r;
	}
	return 0;
}
