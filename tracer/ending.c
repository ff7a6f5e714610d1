/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a recording ends before its last process has. */
#include "tracer/ending.h"

#include <signal.h>
#include <time.h>

#include "base/diag.h"
#include "tracer/control.h"
#include "tracer/entry.h"
#include "tracer/exec.h"
#include "tracer/peaks.h"
#include "tracer/tree.h"

#define TERM_MS	  2000 /* from SIGTERM to SIGKILL */
#define KILL_MS	  500  /* from one SIGKILL to the next: of processes made meanwhile */
#define TICK_MS	  50   /* how punctual all this is */
#define DETACH_MS 3000 /* a task that waits in the kernel for something else than us */

uint64_t tracing_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

static void signal_all(const struct tracing *t, int signal)
{
	for (size_t i = 0; i < t->tasks.by_pid.n; i++) {
		const struct process *p = t->tasks.by_pid.entries[i].value;

		kill(p->pid, signal);
		if (signal == SIGTERM) /* to one that job control has stopped */
			kill(p->pid, SIGCONT);
	}
}

static void interrupt_all(const struct tracing *t)
{
	for (size_t i = 0; i < t->tasks.by_tid.n; i++)
		control_interrupt(((struct task *)t->tasks.by_tid.entries[i].value)->tid);
}

static void end_all(struct tracing *t, enum ending ending, int signal, uint64_t ms)
{
	t->ending = ending;
	t->ending_due_ms = tracing_now_ms() + ms;
	signal_all(t, signal);
}

static void terminate(struct tracing *t)
{
	size_t n = t->tasks.by_pid.n;

	if (t->options->abrupt) {
		end_all(t, ENDING_KILL, SIGKILL, KILL_MS);
		return;
	}
	if (n > 0 && t->leader_ended)
		diag(0, "ended %zu process%s that the command left behind", n, n == 1 ? "" : "es");
	end_all(t, ENDING_TERM, SIGTERM, TERM_MS);
}

void ending_begin(struct tracing *t)
{
	switch (t->ending) {
	case ENDING_NOT:
		if (!tracing_attached(t)) {
			terminate(t);
			return;
		}
		t->ending = ENDING_DETACH;
		t->ending_due_ms = tracing_now_ms() + DETACH_MS;
		interrupt_all(t);
		return;
	case ENDING_TERM:
	case ENDING_KILL:
		end_all(t, ENDING_KILL, SIGKILL, KILL_MS);
		return;
	case ENDING_DETACH:
	case ENDING_GIVEN_UP:
		return;
	}
}

void ending_tick(struct tracing *t)
{
	if (!t->ending_due_ms || tracing_now_ms() < t->ending_due_ms)
		return;
	if (t->ending == ENDING_NOT)
		t->result.timed_out = true;
	if (t->ending == ENDING_DETACH)
		t->ending = ENDING_GIVEN_UP;
	else
		ending_begin(t);
}

unsigned ending_tick_ms(const struct tracing *t)
{
	if (!t->ending_due_ms || tracing_now_ms() + 1000 < t->ending_due_ms)
		return 0;
	return TICK_MS;
}

/* A task that is past its end need not be waited for, and may be the zombie of a whole process. */
static bool all_exiting(const struct tasks *tasks)
{
	for (size_t i = 0; i < tasks->by_tid.n; i++)
		if (!((struct task *)tasks->by_tid.entries[i].value)->exiting)
			return false;
	return true;
}

bool ending_is_over(const struct tracing *t)
{
	if (t->ending == ENDING_GIVEN_UP || (t->options->n_targets && !tasks_alive(&t->tasks)))
		return true;
	return t->ending == ENDING_DETACH && all_exiting(&t->tasks);
}

static void release(struct tracing *t, struct task *task)
{
	placement_release(&t->placement, task);
	control_detach(task->tid);
	tasks_remove(&t->tasks, task->tid);
	t->result.let_go++;
}

/*
 * All threads at once: while one is traced, the kernel queues signals that the process ignores,
 * and may wake one that is not traced any more, whose call would fail (sig_ignored()).
 */
static int release_process(struct tracing *t, const struct process *p)
{
	const struct task *any = NULL;
	const pid_t pid = p->pid;
	int r = 0;

	for (size_t i = 0; i < t->tasks.by_tid.n && !any; i++) {
		const struct task *task = t->tasks.by_tid.entries[i].value;

		any = task->process == p && task->held ? task : NULL;
	}
	if (any && !p->launching)
		r = peaks_at_end(t, any, 0);
	if (any && r >= 0)
		r = tree_tell(t);
	/* From the last: one that is removed is replaced by the last. */
	for (size_t i = t->tasks.by_tid.n; i-- > 0;) {
		struct task *task = t->tasks.by_tid.entries[i].value;

		if (task->process && task->process->pid == pid && task->held)
			release(t, task);
	}
	return r;
}

static int release_ready(struct tracing *t)
{
	int r = 0;

	for (size_t i = t->tasks.by_pid.n; i-- > 0 && r >= 0;) {
		const struct process *p = t->tasks.by_pid.entries[i].value;

		if (p->n_held && p->n_held + p->n_exiting == p->n_tasks)
			r = release_process(t, p);
	}
	return r;
}

int ending_let_go(struct tracing *t, struct task *task)
{
	if (!exec_forget_entry(task)) {
		control_resume(task->tid, RESUME_RUN, 0); /* to the signal's delivery */
		return 0;
	}
	task->process->n_held += !task->held;
	task->held = true;
	return release_ready(t);
}

int ending_without(struct tracing *t, struct task *task)
{
	if (task && task->held) { /* killed */
		task->held = false;
		task->process->n_held--;
	}
	return t->ending == ENDING_DETACH ? release_ready(t) : 0;
}

void ending_finish(struct tracing *t)
{
	if (t->ending != ENDING_GIVEN_UP)
		return;
	for (size_t i = 0; i < t->tasks.by_tid.n; i++)
		entry_undo(t->tasks.by_tid.entries[i].value);
}
