/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A system call at its entry, and at its exit where that was asked for. */
#include "tracer/entry.h"

#include <errno.h>
#include <linux/sched.h>

#include "tracer/control.h"
#include "tracer/fields.h"
#include "tracer/memory.h"
#include "tracer/notes.h"
#include "tracer/path_notes.h"
#include "tracer/unseen.h"

static int emit_stack(const struct tracing *t, const struct task *task)
{
	struct event event = { .kind = EVENT_STACK, .call = &task->call };

	if (t->started) /* else it is ours */
		event.stack.n = stacks_walk(t->stacks, task, &event.stack.frames);
	return tracing_emit(t, task, &event);
}

int entry_lessons(struct tracing *t, struct task *task, int lessons)
{
	int r = lessons & LESSON_PLACES ? notes_of_places(t, task) : 0;

	if (r >= 0 && lessons & LESSON_STACK)
		r = emit_stack(t, task);
	return r < 0 ? r : 0;
}

static int learn_from_call(struct tracing *t, struct task *task, const struct syscall_info *info)
{
	int r = fields_of_call(t, task);

	if (!info || r < 0)
		return r;
	notes_of_descriptors(task, info);
	r = path_notes_of_call(t, task, info, t->options->stat_paths);
	return r < 0 ? r : notes_of_class(t, task, info);
}

/* In TRACE_DENIALS: nothing is learned, but nobody may escape. */
static int watch_call(struct task *task, const struct syscall_info *info)
{
	if (info && info->class == CLASS_FORK)
		notes_of_fork(task, info);
	return 0;
}

static int teach(struct tracing *t, struct task *task)
{
	const struct event_origin origin = {
		.program = task->process->program,
		.phase = task->process->phase,
		.pid = task->process->pid,
		.tid = task->tid,
		.launching = !t->started,
	};
	const struct syscall_info *info = tracing_info(t, &task->call);
	int lessons = t->sink->call(t->sink->state, &origin, &task->call), r = 0;

	if (lessons < 0)
		return lessons;
	task->answer = (uint16_t)LESSON_ANSWERED(lessons);
	if (!task->answer && t->started)
		r = t->options->mode == TRACE_CALLS ? learn_from_call(t, task, info)
						    : watch_call(task, info);
	if (r >= 0)
		r = entry_lessons(t, task, lessons);
	if (lessons & LESSON_RESULT && !(info && info->class == CLASS_EXIT))
		task->wants_result = true;
	if (info)
		path_notes_code(t, task->process, &task->call, info);
	return r < 0 ? r : 0;
}

static bool is_exec(const struct tracing *t, const struct task *task)
{
	const struct syscall_info *info = tracing_info(t, &task->call);

	return info && info->class == CLASS_EXEC;
}

void entry_answer(const struct tracing *t, struct task *task)
{
	if (!t->options->prepare)
		return;
	if (!task->answer && control_event_message(task->tid) != TRACE_HANDED_OVER)
		task->answer = ENOSYS;
	if (task->answer)
		control_refuse(task->tid, task->answer);
	task->answer = 0;
}

int entry_of_call(struct tracing *t, struct task *task)
{
	int r;

	task->wants_result = false;
	r = tracing_know_arch(t, task->call.arch);
	if (r < 0)
		return r;
	task->answer = 0;
	/* Between our fork and the exec of the command the calls are our own, but for that one. */
	if (!t->started && !(t->options->prepare && is_exec(t, task)))
		return 0;
	if (task->process->launching) /* likewise of one that has come by itself */
		return 0;
	phases_at_call(t->options->phase_at, task);
	return teach(t, task);
}

static bool changes_view(const struct tracing *t, const struct task *task)
{
	const struct syscall_info *info = tracing_info(t, &task->call);

	return info && info->class == CLASS_VIEW;
}

int entry_in_the_past(struct tracing *t, struct task *task)
{
	int r = teach(t, task);

	task->wants_result = false;
	return r;
}

void entry_undo(struct task *task)
{
	uint64_t flags;

	if (!task->changed_flags)
		return;
	task->changed_flags = false;
	if (memory_read(task->tid, task->call.args[0], &flags, sizeof(flags)) < 0)
		return;
	flags |= CLONE_UNTRACED;
	memory_write(task->tid, task->call.args[0], &flags, sizeof(flags));
}

static int tell_result(struct tracing *t, struct task *task, int64_t result)
{
	struct event event = { .kind = EVENT_RESULT, .call = &task->call, .result = result };
	int r = tracing_emit(t, task, &event);

	return r > 0 ? entry_lessons(t, task, r) : r;
}

int exit_of_call(struct tracing *t, struct task *task, int64_t result)
{
	int r;

	task->wants_result = false;
	entry_undo(task);
	notes_of_cpus(t, task, result);
	if (changes_view(t, task))
		lookup_roots_change(&t->lookup);
	r = unseen_from_now(t, task, result);
	return r < 0 ? r : tell_result(t, task, result);
}

/* The stack that the call was made from is gone. */
int exit_of_exec(struct tracing *t, struct task *task)
{
	struct event event = { .kind = EVENT_RESULT, .call = &task->call, .result = 0 };
	int r;

	if (!task->wants_result)
		return 0;
	task->wants_result = false;
	r = tracing_emit_executed(t, task, &event);
	return r < 0 ? r : 0;
}
