/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The child that becomes a supervised command: its descriptors, and the policy put on. */
#ifndef LEARN_CLI_CONFINED_H
#define LEARN_CLI_CONFINED_H

#include "cli/supervise.h"
#include "emitter/filter.h"

struct confined {
	const struct supervision *s;
	struct filter filter; /* of s->policy; may be changed until the child is made */
};

/* 0 or -errno after a message; confined_clear() either way. S must outlive it. */
int confined_init(struct confined *child, const struct supervision *s);
void confined_clear(struct confined *child);

/*
 * In the child, as the last thing before execve: descriptors 0, 1 and 2 and the group become what
 * is asked for; then, unless it is only observed, the policy is put on (no_new_privs in any case).
 * STATE is a struct confined (the signature fits trace_options.prepare). 0 or -errno after a
 * message.
 */
int confined_prepare(void *state);

#endif
