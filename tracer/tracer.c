/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording from its beginning to its end. */
#include "tracer/tracer.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>

#include "base/diag.h"
#include "tracer/attach.h"
#include "tracer/door.h"
#include "tracer/launch.h"
#include "tracer/loop.h"
#include "tracer/tracing.h"
#include "tracer/wait.h"
#include "tracer/watch.h"

int tracing_begin(struct tracing *t)
{
	uint32_t compat = watch_compat_arch();
	int r = lookup_begin(&t->lookup);

	if (r < 0)
		return r;
	t->stacks = stacks_new(&t->symbols);
	r = t->stacks ? tracing_know_arch(t, arch_native()) : -ENOMEM;
	/* What is attached to may be inside a call of the other one. */
	if (r == 0 && t->options->n_targets && compat)
		r = tracing_know_arch(t, compat);
	return r;
}

void tracing_end(struct tracing *t)
{
	tasks_clear(&t->tasks);
	lookup_end(&t->lookup);
	stacks_free(t->stacks);
	symbols_clear(&t->symbols);
	map_clear(&t->programs, NULL);
	free(t->most);
	wait_clear(&t->changes);
	descriptors_clear(&t->inherited);
	for (int i = 0; i < TRACING_ARCHES; i++)
		free(t->calls[i]);
}

/*
 * A filter that we run under ourselves, as in most containers, is the command's as well: what it
 * answers never reaches ours.
 */
static bool is_filtered(void)
{
	return prctl(PR_GET_SECCOMP) != 0;
}

static int begin_with(struct tracing *t, pid_t leader)
{
	struct task *task = tasks_add(&t->tasks, leader);
	int r;

	t->leader = leader;
	if (!task)
		return -ENOMEM;
	r = tasks_adopt(&t->tasks, task, NULL, false);
	if (r == 0 && t->options->mode == TRACE_CALLS)
		task->process->every_call = is_filtered();
	return r;
}

/* What `learn` itself is to exit with: as env(1) and timeout(1) do. */
static void conclude(struct tracing *t)
{
	const char *command = t->options->command ? t->options->command[0] : NULL;
	struct trace_result *r = &t->result;

	if (!command) {
		r->status = EXIT_SUCCESS;
	} else if (!r->started) {
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

static int record(struct tracing *t, const char *path)
{
	int r;

	if (t->options->timeout_ms)
		t->ending_due_ms = tracing_now_ms() + t->options->timeout_ms;
	r = loop_run(t, path);
	placement_end(&t->placement, &t->tasks);
	if (r == -ENOMEM)
		diag(0, "out of memory");
	t->result.complete = r == 0 && !tasks_alive(&t->tasks) && !t->result.let_go;
	return r;
}

static int trace_command(struct tracing *t)
{
	char path[PATH_MAX];
	pid_t leader;
	int r = launch_find(t->options->command[0], path);

	if (r < 0) {
		t->result.exit_status = -r;
		return 0;
	}
	leader = launch(t->options, path);
	if (leader < 0)
		return leader;
	r = begin_with(t, leader);
	if (r == 0)
		r = wait_begin(leader);
	if (r == 0 && t->options->mode == TRACE_CALLS) {
		placement_begin(&t->placement, NULL);
		placement_keep(&t->placement, tasks_find(&t->tasks, leader));
	}
	if (r == 0)
		r = record(t, path);
	wait_end();
	if (r < 0) /* nothing may run on with a filter and no tracer */
		for (size_t i = 0; i < t->tasks.by_pid.n; i++)
			kill(((struct process *)t->tasks.by_pid.entries[i].value)->pid, SIGKILL);
	return r;
}

static int trace_attached(struct tracing *t)
{
	int r = wait_begin(0);

	t->started = t->result.started = true;
	if (r == 0)
		r = t->options->door ? door_open(t) : attach(t);
	if (r == 0) {
		if (guardian_begin(&t->guardian) == 0)
			placement_begin(&t->placement, &t->guardian);
		r = record(t, NULL);
		guardian_end(&t->guardian);
		door_close(t);
	}
	wait_end();
	return r;
}

int trace_run(const struct trace_options *options, const struct event_sink *sink,
	      struct trace_result *ret)
{
	struct tracing t = { .options = options, .sink = sink };
	int r = tracing_begin(&t);

	t.result.exit_status = -1;
	if (r == 0)
		r = tracing_attached(&t) ? trace_attached(&t) : trace_command(&t);
	if (r == 0) {
		conclude(&t);
		*ret = t.result;
	}
	tracing_end(&t);
	return r;
}
