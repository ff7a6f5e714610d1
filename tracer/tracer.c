/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loop: one stop, what it means, and on. */
#include "tracer/tracer.h"

#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <sys/wait.h>

#include "base/diag.h"
#include "tracer/control.h"
#include "tracer/entry.h"
#include "tracer/exec.h"
#include "tracer/faults.h"
#include "tracer/launch.h"
#include "tracer/peaks.h"
#include "tracer/procfs.h"
#include "tracer/stop.h"
#include "tracer/tree.h"
#include "tracer/tracing.h"
#include "tracer/wait.h"

static void resume(const struct task *task, int signal)
{
	bool every_stop = task->wants_result || (task->process && task->process->own_filter);

	control_resume(task->tid, every_stop ? RESUME_TO_EXIT : RESUME_RUN, signal);
}

/* ---- birth ---- */

/* A task that has just got its process begins to run. */
static void begin(struct task *task)
{
	exec_await_entry(task);
	task->stopped = false;
	resume(task, 0);
}

static bool makes_thread(const struct task *maker)
{
	return maker->fork_flags & CLONE_THREAD;
}

/* By what /proc says: when the maker's event was lost with the maker, or tells nothing. */
static int adopt_by_proc(struct tracing *t, struct task *task)
{
	const struct process *maker;
	pid_t tgid = task->tid, ppid = 0, from;
	int r;

	procfs_ids(task->tid, &tgid, &ppid);
	from = tgid != task->tid ? tgid : ppid;
	maker = tasks_process(&t->tasks, from);
	if (tasks_find(&t->tasks, from))
		placement_inherit(&t->placement, tasks_find(&t->tasks, from), task);
	r = tasks_adopt(&t->tasks, task, maker, tgid != task->tid);
	if (r == 0 && !maker && t->options->mode == TRACE_CALLS)
		r = tracing_set_program(t, task);
	return r;
}

/* The first stop of a task may come before or after its maker's event. */
static int on_fork(struct tracing *t, struct task *maker, pid_t tid)
{
	struct task *task = tasks_find(&t->tasks, tid);
	int r = 0;

	if (!tid) /* the maker vanished, and its message with it: see adopt_orphans() */
		return 0;
	if (!task)
		task = tasks_add(&t->tasks, tid);
	if (!task)
		return -ENOMEM;
	if (!task->process && t->options->mode == TRACE_CALLS)
		r = tasks_adopt(&t->tasks, task, maker->process, makes_thread(maker));
	else if (!task->process)
		r = adopt_by_proc(t, task);
	if (r == 0 && maker->fork_flags & CLONE_VM && task->process != maker->process)
		task->process->use.borrowed = true;
	placement_inherit(&t->placement, maker, task);
	if (r == 0 && task->stopped)
		begin(task);
	resume(maker, 0);
	return r;
}

static int adopt_orphans(struct tracing *t)
{
	for (size_t i = 0; i < t->tasks.by_tid.n && t->tasks.n_orphans; i++) {
		struct task *task = t->tasks.by_tid.entries[i].value;
		int r = 0;

		if (task->process || !task->stopped)
			continue;
		r = adopt_by_proc(t, task);
		if (r < 0)
			return r;
		begin(task);
	}
	return 0;
}

/* ---- death ---- */

static void forget(struct tracing *t, pid_t tid)
{
	struct task *task = tasks_find(&t->tasks, tid);

	if (task)
		placement_forget(&t->placement, task);
	tasks_remove(&t->tasks, tid);
}

static int on_end(struct tracing *t, const struct stop *stop)
{
	if (stop->tid == t->leader) {
		t->result.exit_status = stop->kind == STOP_EXITED ? (int)stop->value : -1;
		t->result.signal = stop->kind == STOP_KILLED ? (int)stop->value : 0;
	}
	forget(t, stop->tid);
	return t->tasks.n_orphans ? adopt_orphans(t) : 0;
}

static int emit_killed(struct tracing *t, const struct task *task)
{
	struct event event = { .kind = EVENT_KILLED };
	struct event_call call;

	if (control_last_call(task->tid, &call) < 0)
		return 0;
	event.call = &call;
	event.stack.n = stacks_walk(t->stacks, task, &event.stack.frames);
	return tracing_emit(t, task, &event);
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
	int r = 0;

	if (t->options->mode == TRACE_DEATHS) {
		if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
			r = emit_killed(t, task);
	} else if (t->started && ends_process(task)) {
		r = peaks_at_end(t, task, status);
		if (r >= 0)
			r = tree_tell(t);
	}
	resume(task, 0);
	return r;
}

/* ---- the rest of a life ---- */

static int on_exec(struct tracing *t, const struct stop *stop, const char *path)
{
	struct task *task;
	bool first = !t->started;
	int r;

	if (stop->value != stop->tid && tasks_find(&t->tasks, (pid_t)stop->value))
		forget(t, stop->tid); /* the leader ended without a word */
	r = tasks_exec(&t->tasks, stop->tid, (pid_t)stop->value, &task);
	if (r < 0)
		return r == -ESRCH ? 0 : r;
	t->started = t->result.started = true;
	if (t->options->mode == TRACE_CALLS)
		r = exec_of_program(t, task, first ? path : NULL);
	resume(task, 0);
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
		resume(task, 0);
		return r;
	}
	control_detach(task->tid, 0);
	forget(t, task->tid);
	return r;
}

static void on_signal(const struct tracing *t, struct task *task, int signal)
{
	if (signal == SIGTRAP && exec_reached_entry(task))
		signal = 0;
	else
		phases_at_signal(t->options->phase_at, task, signal);
	resume(task, signal);
}

/*
 * A stop of the command that the terminal asked for is ours too, so that the shell that started
 * us learns of it; the stop of anything else is none of our business.
 */
static void on_group_stop(struct tracing *t, const struct task *task, int signal)
{
	control_resume(task->tid, RESUME_LISTEN, 0);
	if (task->tid == t->leader)
		wait_stop_too(signal);
}

static void on_event(struct task *task)
{
	if (!task->process)
		task->stopped = true; /* until its maker's event comes */
	else
		begin(task);
}

/*
 * A process that has a filter of its own is also stopped at the entry and exit of each call
 * (PTRACE_SYSCALL): the kernel stops there before it asks any filter, and a call that the
 * process's own filter answers never reaches ours. Then our filter's stop tells nothing new.
 */
static int on_syscall(struct tracing *t, struct task *task)
{
	int r;

	if (control_call(task->tid, &task->call) == 0) {
		task->entered = true;
		return entry_of_call(t, task);
	}
	task->entered = false;
	r = task->wants_result ? exit_of_call(t, task) : 0;
	task->wants_result = false;
	return r;
}

static int on_seccomp(struct tracing *t, struct task *task)
{
	return task->entered ? 0 : entry_of_call(t, task);
}

static int on_known(struct tracing *t, struct task *task, const struct stop *stop, const char *path)
{
	int r = 0;

	switch (stop->kind) {
	case STOP_SECCOMP:
		r = on_seccomp(t, task);
		placement_at_stop(&t->placement, task);
		resume(task, 0);
		return r;
	case STOP_SYSCALL:
		r = on_syscall(t, task);
		resume(task, 0);
		return r;
	case STOP_FORK:
		return on_fork(t, task, (pid_t)stop->value);
	case STOP_EXEC:
		return on_exec(t, stop, path);
	case STOP_EXITING:
		return on_exiting(t, task, (int)stop->value);
	case STOP_GROUP:
		on_group_stop(t, task, (int)stop->value);
		return 0;
	case STOP_EVENT:
		on_event(task);
		return 0;
	case STOP_SIGNAL:
		if (fault_is_lost(task, (int)stop->value))
			return let_fault_kill(t, task, (int)stop->value);
		on_signal(t, task, (int)stop->value);
		return 0;
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

	if (!task && (stop->kind == STOP_EXITED || stop->kind == STOP_KILLED))
		return on_end(t, stop);
	if (!task) {
		task = tasks_add(&t->tasks, stop->tid);
		if (!task)
			return -ENOMEM;
	}
	if (!task->process && stop->kind != STOP_EVENT)
		r = stop->kind == STOP_EXITED || stop->kind == STOP_KILLED ? 0
									   : adopt_by_proc(t, task);
	return r < 0 ? r : on_known(t, task, stop, path);
}

#define SECOND_MS 1000
#define EARLY_MS 100 /* the timer's second is not exactly the clock's */

static uint64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

static int on_tick(struct tracing *t)
{
	uint64_t now = now_ms();
	int r = 0;

	placement_sweep(&t->placement, &t->tasks);
	if (now - t->last_tick_ms < SECOND_MS - EARLY_MS)
		return 0;
	t->last_tick_ms = now;
	if (t->started && t->options->mode == TRACE_CALLS)
		r = tree_look(t);
	return r == 0 && t->sink->tick ? t->sink->tick(t->sink->state) : r;
}

/* Fast while tasks have to be looked after, else once a second for the sink. */
static void set_timer(struct tracing *t)
{
	unsigned ms = placement_sweep_ms(&t->placement);

	ms = ms ? ms : SECOND_MS;
	if (ms == t->tick_ms)
		return;
	t->tick_ms = ms;
	wait_tick_every(ms);
}

static int run_to_the_end(struct tracing *t, const char *path)
{
	pid_t tid;
	int status, r;

	set_timer(t);
	while ((r = wait_any(&tid, &status)) != 0) {
		if (r > 0) {
			struct stop stop = stop_decode(tid, status);

			r = handle_stop(t, &stop, path);
			if (r < 0)
				return r;
		} else if (r != -EINTR) {
			return r;
		}
		if (wait_ticked()) {
			r = on_tick(t);
			if (r < 0)
				return r;
		}
		set_timer(t);
	}
	return 0;
}

/* ---- beginning and end ---- */

/* The 32-bit architecture whose programs the kernel may run beside ours. */
static uint32_t compat_arch(void)
{
	static const char *const pairs[][2] = { { "x86_64", "x86" }, { "aarch64", "arm" } };

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (arch_from_name(pairs[i][0]) == arch_native())
			return arch_from_name(pairs[i][1]);
	return 0;
}

static int set_up(struct tracing *t)
{
	uint32_t compat = compat_arch();

	int r = lookup_begin(&t->lookup);

	if (r < 0)
		return r;
	t->stacks = stacks_new(&t->symbols);
	t->calls[0] = syscall_index_new(arch_native());
	t->calls[1] = compat ? syscall_index_new(compat) : NULL;
	return t->stacks && t->calls[0] && (t->calls[1] || !compat) ? 0 : -ENOMEM;
}

static void tear_down(struct tracing *t)
{
	tasks_clear(&t->tasks);
	lookup_end(&t->lookup);
	stacks_free(t->stacks);
	symbols_clear(&t->symbols);
	map_clear(&t->programs, NULL);
	free(t->inherited.bits);
	for (int i = 0; i < TRACING_ARCHES; i++)
		free(t->calls[i]);
}

static int begin_with(struct tracing *t, pid_t leader)
{
	struct task *task = tasks_add(&t->tasks, leader);

	t->leader = leader;
	if (!task)
		return -ENOMEM;
	return tasks_adopt(&t->tasks, task, NULL, false);
}

/* What `learn` itself is to exit with: as env(1) and timeout(1) do. */
static void conclude(struct tracing *t, const char *command)
{
	struct trace_result *r = &t->result;

	if (!r->started) {
		r->status = EXIT_LEARN;
		if (r->exit_status > 0) {
			diag_errno(-r->exit_status, "cannot execute '%s'", command);
			r->status = r->exit_status == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_EXECUTE;
		} else if (r->signal) {
			diag(0, "'%s' was killed by signal %d before it was executed", command,
			     r->signal);
			r->status = EXIT_SIGNALED + r->signal;
		}
	} else {
		r->status = r->signal ? EXIT_SIGNALED + r->signal : r->exit_status;
	}
}

static int trace(struct tracing *t, const char *path)
{
	pid_t leader = launch(t->options, path);
	int r;

	if (leader < 0)
		return leader;
	r = begin_with(t, leader);
	if (r == 0)
		r = wait_begin(leader);
	if (r == 0) {
		placement_begin(&t->placement);
		r = run_to_the_end(t, path);
		placement_end(&t->placement, &t->tasks);
	}
	wait_end();
	if (r == -ENOMEM)
		diag(0, "out of memory");
	if (r < 0) /* nothing may run on with a filter and no tracer */
		for (size_t i = 0; i < t->tasks.by_pid.n; i++)
			kill(((struct process *)t->tasks.by_pid.entries[i].value)->pid, SIGKILL);
	t->result.complete = r == 0;
	return r;
}

int trace_run(const struct trace_options *options, const struct event_sink *sink,
	      struct trace_result *ret)
{
	struct tracing t = { .options = options, .sink = sink };
	char path[PATH_MAX];
	int r = launch_find(options->command[0], path);

	t.result.exit_status = -1;
	if (r < 0) {
		t.result.exit_status = -r;
	} else {
		r = set_up(&t);
		if (r == 0)
			r = trace(&t, path);
		if (r < 0) {
			tear_down(&t);
			return r;
		}
	}
	conclude(&t, options->command[0]);
	*ret = t.result;
	tear_down(&t);
	return 0;
}
