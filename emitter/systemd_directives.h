/* SPDX-License-Identifier: GPL-3.0-or-later */
/* systemd's sandboxing directives that take a word: which of them the evidence carries. */
#ifndef LEARN_EMITTER_SYSTEMD_DIRECTIVES_H
#define LEARN_EMITTER_SYSTEMD_DIRECTIVES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "policy/policy.h"

/*
 * A directive holds when none of `calls` is allowed, nothing within `dirs` (but for `except`) is
 * used in a way of `effects`, and `obstacle` finds nothing. Lists end with NULL. Rows of the same
 * name follow each other, the strictest first: the first that holds is written.
 */
struct systemd_directive {
	const char *name, *value;
	unsigned since; /* the first version of systemd that knows the value */
	const char *why;
	const char *const *calls;
	const char *const *dirs, *const *except;
	uint32_t effects; /* PATH_* */
	bool mount_namespace; /* gives the unit one of its own: mounts are not seen outside */
	/* What else stands against it, to be freed, or NULL. */
	char *(*obstacle)(const struct policy *policy);
};

/* All directives; ends with a row whose name is NULL. */
extern const struct systemd_directive systemd_directives[];

/*
 * What in the policy stands against the directive, as the end of a sentence and to be freed;
 * NULL when nothing does.
 */
char *systemd_obstacle(const struct systemd_directive *directive, const struct policy *policy);

#endif
