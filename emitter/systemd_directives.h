/* SPDX-License-Identifier: GPL-3.0-or-later */
/* systemd's directives: one table of what each needs, says and forbids. */
#ifndef LEARN_EMITTER_SYSTEMD_DIRECTIVES_H
#define LEARN_EMITTER_SYSTEMD_DIRECTIVES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "emitter/emitters.h"
#include "policy/policy.h"

enum directive_flags {
	/* Gives the unit a mount namespace of its own: mounts are not seen outside. */
	DIRECTIVE_MOUNTS = 1 << 0,
	/* Is a seccomp filter: without CAP_SYS_ADMIN that comes with NoNewPrivileges=yes. */
	DIRECTIVE_FILTERS = 1 << 1,
	/* Only with --addresses. */
	DIRECTIVE_ADDRESSES = 1 << 2,
	/* Is for a person to decide: always a comment. */
	DIRECTIVE_HINT = 1 << 3,
};

/*
 * A directive holds when none of `calls` is allowed, nothing within `dirs` (but for `except`) is
 * used in a way of `effects`, and `obstacle` finds nothing. Lists end with NULL. Rows of the same
 * name follow each other, the strictest first: the first that holds is written, and what stands
 * against the stricter ones is said.
 */
struct systemd_directive {
	const char *name;
	const char *value; /* NULL: `write` writes the lines */
	unsigned since;	   /* the first version of systemd that knows the value */
	const char *why;   /* NULL: `write` says it */
	const char *const *calls;
	const char *const *dirs, *const *except;
	uint32_t effects; /* PATH_* */
	unsigned flags;
	/* Whether the directive is a question at all; NULL: always. */
	bool (*applies)(const struct policy *policy, const struct emit_options *options);
	/* What else stands against it, to be freed, or NULL. */
	char *(*obstacle)(const struct policy *policy, const struct emit_options *options);
	/* Writes whole lines. 0 or -errno. */
	int (*write)(const struct policy *policy, const struct emit_options *options, FILE *out);
};

/* All directives; ends with a row whose name is NULL. */
extern const struct systemd_directive systemd_directives[];

bool systemd_applies(const struct systemd_directive *directive, const struct policy *policy,
		     const struct emit_options *options);
/*
 * What in the policy stands against the directive, as the end of a sentence and to be freed;
 * NULL when nothing does.
 */
char *systemd_obstacle(const struct systemd_directive *directive, const struct policy *policy,
		       const struct emit_options *options);
/* Whether the directive of that name, at its strictest, is among those that are written. */
bool systemd_holds(const char *name, const struct policy *policy,
		   const struct emit_options *options);

#endif
