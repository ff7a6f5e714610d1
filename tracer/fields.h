/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Flags in memory and pairs of arguments: what no filter checks is recorded for people. */
#ifndef LEARN_TRACER_FIELDS_H
#define LEARN_TRACER_FIELDS_H

#include <stddef.h>
#include <stdint.h>

struct tracing;
struct task;

#define FIELDS_MOST 24

/* The rows of argspecs that are fields, by call: few, and asked for at each call. */
struct fields {
	struct {
		uint32_t arch;
		int nr;
		const struct argspec *spec;
	} rows[FIELDS_MOST];
	size_t n;
};

/* Those of one architecture are added. */
void fields_add_arch(struct fields *fields, uint32_t arch);

/*
 * EVENT_FIELD for each field of the task's call, which is at its entry. Another thread may change
 * the memory before the kernel reads it. 0, or -errno of the sink; unreadable memory is no event.
 */
int fields_of_call(const struct tracing *t, const struct task *task);

#endif
