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

#define TERM_MS 2000   /* from SIGTERM to SIGKILL */
#define KILL_MS 500    /* from one SIGKILL to the next: of processes made meanwhile */
#define TICK_MS 50     /* how punctual all this is */
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

	if (n > 0 && t->leader_ended)
		diag(0, "ended %zu process%s that the command left behind", n, n == 1 ? "" : "es");
	end_all(t, ENDING_TERM, SIGTERM, TERM_MS);
}

void ending_begin(struct tracing *t)
{
	switch (t->ending) {
	case ENDING_NOT:
		if (!t->options->n_targets) {
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

int ending_let_go(struct tracing *t, struct task *task)
{
	const struct process *p = task->process;
	int r = 0;

	if (!exec_forget_entry(task)) {
		control_resume(task->tid, RESUME_RUN, 0); /* to the signal's delivery */
		return 0;
	}
	if (p->n_tasks - p->n_exiting == 1) {
		r = peaks_at_end(t, task);
		if (r >= 0)
			r = peaks_of_tree(t, task);
	}
	placement_release(&t->placement, task);
	control_detach(task->tid);
	tasks_remove(&t->tasks, task->tid);
	t->result.let_go++;
	return r;
}

void ending_finish(struct tracing *t)
{
	if (t->ending != ENDING_GIVEN_UP)
		return;
	for (size_t i = 0; i < t->tasks.by_tid.n; i++)
		entry_undo(t->tasks.by_tid.entries[i].value);
}
