/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls that are heard of become events, as far as that goes without a stop of ours. */
#include "tracer/hearing.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "tracer/exec.h"
#include "tracer/fields.h"
#include "tracer/notes.h"
#include "tracer/path_notes.h"
#include "tracer/peaks.h"
#include "tracer/procfs.h"
#include "tracer/tracing.h"

struct hearing {
	const struct event_sink *sink;
	struct event_sink blind; /* SINK, of whose wishes none can be met */
	struct phase_event no_phases;
	struct trace_options options;
	struct tracing tracing;
	char command[PATH_MAX];
	bool views; /* a task may have changed its root or namespace */
};

/* ---- the sink ---- */

static int pass_call(void *state, const struct event_origin *origin, const struct event_call *call)
{
	const struct event_sink *sink = ((struct hearing *)state)->sink;
	int r = sink->call(sink->state, origin, call);

	return r < 0 ? r : LESSON_NONE;
}

static int pass_event(void *state, const struct event *event)
{
	const struct event_sink *sink = ((struct hearing *)state)->sink;
	int r = sink->event(sink->state, event);

	return r < 0 ? r : 0;
}

int hearing_new(const struct event_sink *sink, const char *path, struct hearing **ret)
{
	struct hearing *h = calloc(1, sizeof(*h));
	int r;

	if (!h)
		return -ENOMEM;
	h->sink = sink;
	h->blind = (struct event_sink){ .state = h, .call = pass_call, .event = pass_event };
	h->no_phases.kind = PHASE_AT_NOTHING;
	h->options.phase_at = &h->no_phases;
	h->tracing.options = &h->options;
	h->tracing.sink = &h->blind;
	h->tracing.listening = true;
	strcpy(h->command, path);
	r = tracing_begin(&h->tracing);
	if (r < 0) {
		hearing_free(h);
		return r;
	}
	*ret = h;
	return 0;
}

void hearing_free(struct hearing *h)
{
	if (h)
		tracing_end(&h->tracing);
	free(h);
}

/* ---- who ---- */

/* Whether it is the launcher still, which could not execute the command. */
static bool is_ours(pid_t tid)
{
	char name[PROCFS_NAME_MAX];
	struct stat own, its;

	procfs_name(name, tid, "exe");
	return stat("/proc/self/exe", &own) == 0 && stat(name, &its) == 0 &&
	       own.st_dev == its.st_dev && own.st_ino == its.st_ino;
}

static int begin(struct tracing *t, struct task *task, const char *command)
{
	static const char only[] =
		"only calls were seen, without ptrace: not what came of them, who made them, and "
		"what was used by what a signal has killed";
	struct event limit = { .kind = EVENT_LIMIT, .limit = only };
	int r = exec_of_program(t, task, command);

	t->started = true;
	return r < 0 ? r : tracing_emit(t, task, &limit);
}

/* A task that was not heard of before: what it runs, its maker runs as well. */
static int meet(struct hearing *h, pid_t tid, struct task **ret)
{
	struct tracing *t = &h->tracing;
	struct task *task;
	pid_t tgid, ppid;
	int r = procfs_ids(tid, &tgid, &ppid);

	if (r < 0)
		return r;
	task = tasks_add(&t->tasks, tid);
	if (!task)
		return -ENOMEM;
	r = tasks_join(&t->tasks, task, tgid);
	if (r == 0 && t->started) {
		task->process->phase = PHASE_MAIN;
		r = tracing_set_program(t, task, NULL);
	}
	*ret = task;
	return r;
}

static bool is_of_class(const struct tracing *t, const struct event_call *call,
			enum syscall_class class)
{
	const struct syscall_info *info = tracing_info(t, call);

	return info && info->class == class;
}

/*
 * Before CALL is made task->call. Nobody tells what came of an execve: the call after it is of the
 * new program, or of the old. -ECHILD: of the launcher, which ends.
 */
static int look_who(struct hearing *h, struct task *task, const struct event_call *call)
{
	struct tracing *t = &h->tracing;

	if (!t->started && is_of_class(t, call, CLASS_EXIT) && is_ours(task->tid))
		return -ECHILD;
	if (!t->started)
		return begin(t, task, h->command);
	return is_of_class(t, &task->call, CLASS_EXEC) ? exec_of_program(t, task, NULL) : 0;
}

/* ---- what ---- */

static void forget_process(struct tracing *t, const struct process *process)
{
	for (size_t i = t->tasks.by_tid.n; i-- > 0;) {
		const struct task *task = t->tasks.by_tid.entries[i].value;

		if (task->process != process)
			continue;
		if (process->n_tasks == 1) {
			tasks_remove(&t->tasks, task->tid);
			return;
		}
		tasks_remove(&t->tasks, task->tid);
	}
}

/* Its last call: nothing else is heard of its end. */
static int end(struct tracing *t, struct task *task, const struct syscall_info *info)
{
	const bool whole = strcmp(info->name, "exit_group") == 0 || task->process->n_tasks == 1;
	int r = whole ? peaks_at_end(t, task, 0) : 0;

	if (whole)
		forget_process(t, task->process);
	else
		tasks_remove(&t->tasks, task->tid);
	return r;
}

static int note(struct hearing *h, struct task *task)
{
	struct tracing *t = &h->tracing;
	const struct syscall_info *info = tracing_info(t, &task->call);
	int r = fields_of_call(t, task);

	if (!info || r < 0)
		return r;
	if (h->views)
		lookup_roots_change(&t->lookup);
	h->views = h->views || info->class == CLASS_VIEW || info->class == CLASS_FORK;
	notes_of_descriptors(task, info);
	r = path_notes_of_call(t, task, info, false);
	if (r < 0 || info->class == CLASS_FORK) /* of which nobody need be kept from escaping */
		return r;
	return info->class == CLASS_EXIT ? end(t, task, info) : notes_of_class(t, task, info);
}

static int teach(struct hearing *h, struct task *task)
{
	const struct tracing *t = &h->tracing;
	const struct event_origin origin = {
		.program = task->process->program,
		.phase = task->process->phase,
		.pid = task->process->pid,
		.tid = task->tid,
	};
	int r = t->sink->call(t->sink->state, &origin, &task->call);

	return r < 0 ? r : note(h, task);
}

static int tell(struct hearing *h, const struct seccomp_notif *heard)
{
	struct tracing *t = &h->tracing;
	struct task *task = tasks_find(&t->tasks, (pid_t)heard->pid);
	struct event_call call = { .arch = heard->data.arch,
				   .nr = heard->data.nr,
				   .ip = heard->data.instruction_pointer };
	int r = tracing_know_arch(t, call.arch);

	for (int i = 0; i < 6; i++)
		call.args[i] = heard->data.args[i];
	if (r == 0 && !task)
		r = meet(h, (pid_t)heard->pid, &task);
	if (r == 0)
		r = look_who(h, task, &call);
	if (r < 0)
		return r;
	task->call = call;
	return teach(h, task);
}

int hearing_tell(struct hearing *h, const struct seccomp_notif *heard)
{
	int r = tell(h, heard);

	return r == -ENOENT || r == -ESRCH || r == -ECHILD ? 0 : r;
}
