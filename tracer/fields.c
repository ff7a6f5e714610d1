/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Flags in memory and pairs of arguments: what no filter checks is recorded for people. */
#include "tracer/fields.h"

#include "sysdb/argspecs.h"
#include "sysdb/syscalls.h"
#include "tracer/memory.h"
#include "tracer/tracing.h"

void fields_add_arch(struct fields *fields, uint32_t arch)
{
	for (const struct argspec *spec = argspec_table; spec->call; spec++) {
		int nr;

		if (!argspec_is_field(spec) || fields->n == FIELDS_MOST ||
		    syscall_number(arch, spec->call, &nr) < 0)
			continue;
		fields->rows[fields->n].arch = arch;
		fields->rows[fields->n].nr = nr;
		fields->rows[fields->n++].spec = spec;
	}
}

static int emit_field(const struct tracing *t, const struct task *task, const struct argspec *spec)
{
	struct event event = {
		.kind = EVENT_FIELD,
		.call = &task->call,
		.field = { .spec = spec },
	};
	const uint64_t *args = task->call.args;

	if (spec->pair && (uint32_t)args[spec->offset])
		event.field.value = ARG_PAIR(args[spec->pointer], args[spec->offset]);
	else if (spec->pair || !args[spec->pointer] ||
		 memory_read(task->tid, args[spec->pointer] + spec->offset, &event.field.value,
			     sizeof(event.field.value)) < 0)
		return 0;
	return tracing_emit(t, task, &event);
}

int fields_of_call(const struct tracing *t, const struct task *task)
{
	int r = 0;

	for (size_t i = 0; i < t->fields.n && r >= 0; i++)
		if (t->fields.rows[i].nr == task->call.nr &&
		    t->fields.rows[i].arch == task->call.arch)
			r = emit_field(t, task, t->fields.rows[i].spec);
	return r;
}
