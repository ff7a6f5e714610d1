/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Children that nobody traces. */
#include "tracer/escape.h"

#include <errno.h>
#include <linux/sched.h>
#include <signal.h>

#include "tracer/control.h"
#include "tracer/pids.h"
#include "tracer/procfs.h"

static bool is_untraced(pid_t tid, struct procfs_task *facts)
{
	return procfs_task(tid, facts) == 0 && !facts->ended && !facts->tracer;
}

static int tell(const struct tracing *t, const struct task *task)
{
	struct event event = {
		.kind = EVENT_LIMIT,
		.limit = "a child was made untraced (clone3(2), CLONE_UNTRACED) by flags that "
			 "changed while the call was made: what it did at first was not seen",
	};

	return tracing_emit(t, task, &event);
}

/* It is in the midst of something, and stops at once. */
static int take_over(struct tracing *t, const struct task *maker, pid_t tid, pid_t tgid)
{
	const bool thread = tgid == maker->process->pid;
	struct task *task = tasks_add(&t->tasks, tid);
	int r;

	if (!task)
		return -ENOMEM;
	task->begun = true;
	r = tasks_adopt(&t->tasks, task, maker->process, thread);
	if (r < 0)
		return r;
	placement_inherit(&t->placement, maker, task);
	control_interrupt(tid);
	if (t->options->mode != TRACE_CALLS)
		return 0;
	r = thread ? 0 : tracing_set_program(t, task, NULL);
	return r < 0 ? r : tell(t, task);
}

/* One that cannot be traced is not left running with our filter, under which no call works. */
static int seize(struct tracing *t, const struct task *maker, pid_t tid)
{
	struct procfs_task facts;

	if (!is_untraced(tid, &facts))
		return 0;
	if (control_seize(tid, !tracing_attached(t)) == 0)
		return take_over(t, maker, tid, facts.tgid);
	if (!tracing_attached(t) && is_untraced(tid, &facts))
		kill(facts.tgid, SIGKILL);
	return tell(t, maker);
}

int escape_at_exit(struct tracing *t, struct task *maker, int64_t made)
{
	pid_t tid;

	if (!maker->process || made <= 0)
		return 0;
	tid = pids_of(maker, (pid_t)made);
	return tid <= 0 || tasks_find(&t->tasks, tid) ? 0 : seize(t, maker, tid);
}

/* ---- while the maker waits ---- */

struct looking {
	struct tracing *t;
	const struct task *maker;
};

static int look_at_thread(void *state, pid_t tid)
{
	struct looking *l = state;

	return tasks_find(&l->t->tasks, tid) ? 0 : seize(l->t, l->maker, tid);
}

static int look_at_process(void *state, pid_t pid)
{
	struct looking *l = state;
	pid_t tgid, ppid;

	if (tasks_find(&l->t->tasks, pid) || procfs_ids(pid, &tgid, &ppid) < 0 ||
	    ppid != l->maker->process->pid)
		return 0;
	return seize(l->t, l->maker, pid);
}

int escape_look(struct tracing *t)
{
	int r = 0;

	for (size_t i = 0; i < t->tasks.by_tid.n && r >= 0; i++) {
		struct looking looking = { t, t->tasks.by_tid.entries[i].value };

		if (!looking.maker->makes || !looking.maker->process)
			continue;
		r = procfs_each_task(looking.maker->process->pid, look_at_thread, &looking);
		if (r == -ENOENT || r == -ESRCH)
			r = 0;
		if (r >= 0)
			r = procfs_each_process(look_at_process, &looking);
	}
	return r < 0 ? r : 0;
}
