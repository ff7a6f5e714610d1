/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loop: one stop, what it means, and on. */
#include "tracer/loop.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "tracer/birth.h"
#include "tracer/control.h"
#include "tracer/denials.h"
#include "tracer/door.h"
#include "tracer/ending.h"
#include "tracer/entry.h"
#include "tracer/escape.h"
#include "tracer/exec.h"
#include "tracer/faults.h"
#include "tracer/interrupt.h"
#include "tracer/passing.h"
#include "tracer/peaks.h"
#include "tracer/rest.h"
#include "tracer/stop.h"
#include "tracer/tree.h"
#include "tracer/wait.h"

/* ---- death ---- */

static void forget(struct tracing *t, pid_t tid)
{
	struct task *task = tasks_find(&t->tasks, tid);

	if (task)
		placement_forget(&t->placement, task);
	tasks_remove(&t->tasks, tid);
}

/*
 * A leader's end is the last of its process that the kernel tells. One that was killed just when it
 * had executed a program from another thread never told us of its new number.
 */
static void forget_rest(struct tracing *t, pid_t pid)
{
	/* From the last: one that is removed is replaced by the last. */
	for (size_t i = t->tasks.by_tid.n; i-- > 0 && tasks_process(&t->tasks, pid);) {
		const struct task *task = t->tasks.by_tid.entries[i].value;

		if (task->process && task->process->pid == pid)
			forget(t, task->tid);
	}
}

static void note_end_of_leader(struct tracing *t, const struct stop *stop)
{
	t->result.exit_status = stop->kind == STOP_EXITED ? (int)stop->value : -1;
	t->result.signal = stop->kind == STOP_KILLED ? (int)stop->value : 0;
	t->leader_ended = true;
	wait_without_leader();
}

static void note_end_of_target(const struct tracing *t, const struct stop *stop)
{
	const struct trace_door *door = t->options->door;

	if (door && tasks_process(&t->tasks, stop->tid))
		door->leave(door->state, stop->tid,
			    stop->kind == STOP_EXITED ? (int)stop->value : -1,
			    stop->kind == STOP_KILLED ? (int)stop->value : 0);
	for (size_t i = 0; i < t->options->n_targets; i++) {
		struct trace_target *target = &t->options->targets[i];

		if (target->pid != stop->tid)
			continue;
		target->exit_status = stop->kind == STOP_EXITED ? (int)stop->value : -1;
		target->signal = stop->kind == STOP_KILLED ? (int)stop->value : 0;
	}
}

static int on_end(struct tracing *t, const struct stop *stop)
{
	int r;

	if (stop->tid == t->leader)
		note_end_of_leader(t, stop);
	note_end_of_target(t, stop);
	forget(t, stop->tid);
	if (tasks_process(&t->tasks, stop->tid))
		forget_rest(t, stop->tid);
	r = ending_without(t, NULL);
	if (r < 0)
		return r;
	if (t->leader_ended && t->options->leader_exit && t->ending == ENDING_NOT)
		ending_begin(t);
	return t->tasks.n_orphans ? birth_of_orphans(t) : 0;
}

/*
 * When a whole process ends, all of its tasks come here before the first is gone: the leader while
 * memory and descriptors are there, and the last one should the leader have ended before.
 */
static bool ends_process(struct task *task)
{
	struct process *p = task->process;

	task->exiting = true;
	return ++p->n_exiting == p->n_tasks || task->tid == p->pid;
}

static int on_exiting(struct tracing *t, struct task *task, int status)
{
	int r = denials_at_end(t, task, status);

	if (r == 0 && t->options->mode == TRACE_CALLS && t->started &&
	    !task->process->launching && ends_process(task)) {
		r = peaks_at_end(t, task, status);
		if (r >= 0)
			r = tree_tell(t);
	}
	birth_resume(t, task, 0);
	return r < 0 ? r : ending_without(t, task);
}

/* ---- the rest of a life ---- */

static int on_exec(struct tracing *t, const struct stop *stop, const char *path)
{
	auto_free char *launched = NULL;
	struct task *task;
	bool first = !t->started;
	int r;

	if (stop->value != stop->tid && tasks_find(&t->tasks, (pid_t)stop->value))
		forget(t, stop->tid); /* the leader ended without a word */
	r = tasks_exec(&t->tasks, stop->tid, (pid_t)stop->value, &task);
	if (r < 0)
		return r == -ESRCH ? 0 : r;
	t->started = t->result.started = true;
	if (task->process)
		launched = take_ptr(task->process->launching);
	tree_after_exec(t);
	r = exit_of_exec(t, task);
	if (r >= 0 && t->options->mode == TRACE_CALLS)
		r = exec_of_program(t, task, first ? path : launched);
	birth_resume(t, task, 0);
	return r;
}

/*
 * The fault is for the process to meet untraced: it is let go, runs into it again at once, and
 * ends as it would have without us. A call that a filter trapped (SIGSYS) does not come again.
 */
static int let_fault_kill(struct tracing *t, struct task *task, int signal)
{
	int r = t->options->mode == TRACE_CALLS ? peaks_at_end(t, task, signal) : 0;

	if (signal == SIGSYS) {
		kill(task->process->pid, SIGKILL);
		birth_resume(t, task, 0);
		return r;
	}
	control_detach(task->tid);
	forget(t, task->tid);
	return r;
}

static int on_signal(struct tracing *t, struct task *task, int signal)
{
	int r;

	if (signal == SIGTRAP && exec_reached_entry(task)) { /* our breakpoint, no signal */
		birth_resume(t, task, 0);
		return 0;
	}
	r = denials_at_signal(t, task, signal);
	if (r < 0)
		return r;
	if (fault_is_lost(task, signal))
		return let_fault_kill(t, task, signal);
	r = interrupt_over(t, task);
	passing_note(t, task, signal);
	phases_at_signal(t->options->phase_at, task, signal);
	interrupt_note_signal(t, task, signal);
	birth_resume(t, task, signal);
	return r;
}

/*
 * A stop of the command that the terminal asked for is ours too, so that the shell that started
 * us learns of it; the stop of anything else is none of our business.
 */
static int on_group_stop(struct tracing *t, struct task *task, int signal)
{
	if (t->ending == ENDING_DETACH && task->process)
		return ending_let_go(t, task);
	control_resume(task->tid, RESUME_LISTEN, 0);
	if (task->tid == t->leader)
		wait_stop_too(signal);
	return 0;
}

static int on_call_exit(struct tracing *t, struct task *task, int64_t result)
{
	int r = 0;

	interrupt_at_exit(t, task, &result);
	if (task->wants_result)
		r = exit_of_call(t, task, result);
	return r >= 0 && task->makes ? escape_at_exit(t, task, result) : r;
}

/*
 * A process that has a filter of its own is also stopped at the entry and exit of each call
 * (PTRACE_SYSCALL): the kernel stops there before it asks any filter, and a call that the
 * process's own filter answers never reaches ours. Then our filter's stop tells nothing new. A
 * process that was attached to has no filter of ours at all.
 */
static int on_syscall(struct tracing *t, struct task *task)
{
	int64_t result;
	int r = control_syscall(task->tid, &task->call, &result);

	if (r == 0) {
		task->entered = true;
		return entry_of_call(t, task);
	}
	task->entered = false;
	task->threatened = false;
	r = r > 0 ? on_call_exit(t, task, result) : 0; /* or it has vanished */
	task->wants_result = false;
	task->makes = false;
	return r;
}

static int on_seccomp(struct tracing *t, struct task *task)
{
	int64_t none;
	int r = 0;

	if (!task->entered && control_syscall(task->tid, &task->call, &none) == 0)
		r = entry_of_call(t, task);
	else if (!task->entered)
		task->wants_result = false; /* it has vanished */
	entry_answer(t, task);
	task->threatened = interrupt_threatens(t, task);
	return r;
}

static int on_known(struct tracing *t, struct task *task, const struct stop *stop, const char *path)
{
	int r = 0;

	switch (stop->kind) {
	case STOP_SECCOMP:
		r = on_seccomp(t, task);
		placement_at_stop(&t->placement, task);
		birth_resume(t, task, 0);
		return r;
	case STOP_SYSCALL:
		r = on_syscall(t, task);
		if (task->entered && tracing_attached(t)) /* no filter's stop follows */
			placement_at_stop(&t->placement, task);
		birth_resume(t, task, 0);
		return r;
	case STOP_FORK:
		return birth_at_fork(t, task, (pid_t)stop->value);
	case STOP_EXEC:
		return on_exec(t, stop, path);
	case STOP_EXITING:
		return on_exiting(t, task, (int)stop->value);
	case STOP_GROUP:
		return on_group_stop(t, task, (int)stop->value);
	case STOP_EVENT:
		return birth_at_event(t, task);
	case STOP_SIGNAL:
		return on_signal(t, task, (int)stop->value);
	case STOP_EXITED:
	case STOP_KILLED:
		return on_end(t, stop);
	}
	return 0;
}

static int handle_stop(struct tracing *t, const struct stop *stop, const char *path)
{
	struct task *task = tasks_find(&t->tasks, stop->tid);
	int r = 0;

	if (!task && (stop->kind == STOP_EXITED || stop->kind == STOP_KILLED)) {
		r = door_answer(t, stop->tid);
		return r ? (r < 0 ? r : 0) : on_end(t, stop);
	}
	if (!task) {
		task = tasks_add(&t->tasks, stop->tid);
		if (!task)
			return -ENOMEM;
	}
	if (!task->process && stop->kind != STOP_EVENT)
		r = stop->kind == STOP_EXITED || stop->kind == STOP_KILLED ? 0
									   : birth_by_proc(t, task);
	return r < 0 ? r : on_known(t, task, stop, path);
}

#define SECOND_MS 1000
#define EARLY_MS 100 /* the timer's second is not exactly the clock's */

/* Whoever waits for us to return should know what for. */
static void tell_of_rest(struct tracing *t)
{
	size_t n = t->tasks.by_pid.n;

	if (t->told_of_rest || t->options->abrupt || !t->leader_ended ||
	    t->ending != ENDING_NOT || !n)
		return;
	t->told_of_rest = true;
	diag(0, "the command has ended; %zu process%s that it left behind %s still %s", n,
	     n == 1 ? "" : "es", n == 1 ? "is" : "are",
	     t->options->prepare ? "supervised" : "recorded");
}

static int on_tick(struct tracing *t)
{
	uint64_t now = tracing_now_ms();
	int r = 0;

	placement_sweep(&t->placement, &t->tasks);
	ending_tick(t);
	passing_tick(t);
	if (now - t->last_tick_ms < SECOND_MS - EARLY_MS)
		return 0;
	t->last_tick_ms = now;
	tell_of_rest(t);
	r = escape_look(t);
	if (r == 0 && t->started && t->options->mode == TRACE_CALLS)
		r = tree_look(t);
	if (r == 0 && t->sink->tick)
		r = t->sink->tick(t->sink->state, t->tasks.by_pid.n);
	if (stacks_rest(t->stacks))
		rest_of_heap();
	rest_of_code();
	return r;
}

/* Fast while tasks have to be looked after, else once a second for the sink. */
static void set_timer(struct tracing *t)
{
	unsigned ms = placement_sweep_ms(&t->placement);

	ms = ms ? ms : passing_tick_ms(t);
	ms = ms ? ms : ending_tick_ms(t);
	ms = ms ? ms : SECOND_MS;
	if (ms == t->tick_ms)
		return;
	t->tick_ms = ms;
	wait_tick_every(ms);
}

int loop_run(struct tracing *t, const char *path)
{
	struct change change;
	int r;

	set_timer(t);
	while (!ending_is_over(t) &&
	       (r = wait_any(&t->changes, tasks_alive(&t->tasks), &change)) != 0) {
		if (r > 0) {
			struct stop stop = stop_decode(change.tid, change.status);

			r = handle_stop(t, &stop, path);
			if (r < 0)
				return r;
		} else if (r != -EINTR) {
			return r;
		}
		passing_take(t);
		if (wait_asked())
			ending_begin(t);
		if (wait_ticked()) {
			r = on_tick(t);
			if (r < 0)
				return r;
		}
		set_timer(t);
	}
	ending_finish(t);
	return 0;
}
