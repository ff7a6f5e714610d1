/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which program a process runs, and events that carry its number. */
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/procfs.h"
#include "tracer/tracing.h"

int tracing_know_arch(struct tracing *t, uint32_t arch)
{
	int i = 0;

	while (i < TRACING_ARCHES && t->calls[i] && t->calls[i]->arch != arch)
		i++;
	if (i == TRACING_ARCHES || t->calls[i])
		return 0;
	t->calls[i] = syscall_index_new(arch);
	if (!t->calls[i])
		return -ENOMEM;
	fields_add_arch(&t->fields, arch);
	interrupts_add_arch(&t->interrupts, arch);
	return 0;
}

const struct syscall_info *tracing_info(const struct tracing *t, const struct event_call *call)
{
	for (int i = 0; i < TRACING_ARCHES; i++)
		if (t->calls[i] && t->calls[i]->arch == call->arch)
			return syscall_index_get(t->calls[i], call->nr);
	return NULL;
}

/* EVENT_STACK where the sink's ANSWER to EVENT asks for it. 0 or -errno. */
static int told_stack(const struct tracing *t, const struct task *task, const struct event *event,
		      int answer, bool walk)
{
	struct event stack = { .kind = EVENT_STACK, .origin = event->origin, .call = event->call };

	/* Whoever emits a fact that has places does both. */
	if (answer < 0 || answer & LESSON_PLACES || !(answer & LESSON_STACK))
		return answer;
	if (walk)
		stack.stack.n = stacks_walk(t->stacks, task, &stack.stack.frames);
	return t->sink->event(t->sink->state, &stack);
}

static int emit(const struct tracing *t, const struct task *task, struct event *event, bool walk)
{
	event->origin = (struct event_origin){
		.program = task->process->program,
		.phase = task->process->phase,
		.pid = task->process->pid,
		.tid = task->tid,
		.launching = !t->started,
	};
	return told_stack(t, task, event, t->sink->event(t->sink->state, event),
			  walk && t->started);
}

int tracing_emit(const struct tracing *t, const struct task *task, struct event *event)
{
	return emit(t, task, event, true);
}

int tracing_emit_executed(const struct tracing *t, const struct task *task, struct event *event)
{
	return emit(t, task, event, false);
}

/* "PATH\0BUILD-ID": no path holds a NUL byte. */
static size_t program_key(char key[PATH_MAX + 256], const char *path, const char *build_id)
{
	int n = snprintf(key, PATH_MAX + 256, "%s%c%s", path, '\0', build_id);

	return n < 0 ? 0 : (size_t)n;
}

int tracing_set_program(struct tracing *t, const struct task *task, const char *path)
{
	char exe[PATH_MAX], file[PROCFS_NAME_MAX], key[PATH_MAX + 256];
	struct event event = { .kind = EVENT_PROGRAM };
	const struct module *module;
	uintptr_t number;
	size_t n;

	if (!path && procfs_link(task->process->pid, "exe", exe) < 0)
		return 0; /* it vanished: its death is the next stop */
	path = path ? path : exe;
	procfs_name(file, task->process->pid, "exe");
	module = symbols_module(&t->symbols, file);
	event.program.path = path;
	event.program.build_id = module ? module_build_id(module) : "";
	n = program_key(key, path, event.program.build_id);
	number = (uintptr_t)map_get(&t->programs, key, n);
	if (number) {
		task->process->program = (uint32_t)(number - 1);
		return 0;
	}
	number = t->programs.n + 1;
	if (map_put(&t->programs, key, n, (void *)number) < 0)
		return -ENOMEM;
	task->process->program = (uint32_t)(number - 1);
	return tracing_emit(t, task, &event);
}

struct tracing_most *tracing_most(struct tracing *t, uint32_t program)
{
	size_t n = t->programs.n;
	struct tracing_most *more;

	if (program >= t->n_most) {
		more = n > program ? realloc(t->most, n * sizeof(*more)) : NULL;
		if (!more)
			return NULL;
		memset(more + t->n_most, 0, (n - t->n_most) * sizeof(*more));
		t->most = more;
		t->n_most = n;
	}
	return &t->most[program];
}

int tracing_library(struct tracing *t, const struct task *task, const char *path, const char *file)
{
	const struct module *module = symbols_module(&t->symbols, file);
	struct event event = { .kind = EVENT_LIBRARY };

	if (!module)
		return 0;
	event.library.path = path;
	event.library.build_id = module_build_id(module);
	return tracing_emit(t, task, &event);
}
