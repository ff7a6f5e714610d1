/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The child that becomes a supervised command: its descriptors, and the policy put on. */
#include "cli/confined.h"

#include <errno.h>
#include <unistd.h>

#include "base/diag.h"
#include "enforcer/enforcer.h"

int confined_init(struct confined *child, const struct supervision *s)
{
	int r;

	*child = (struct confined){ .s = s };
	r = filter_compile_for(s->policy, s->soon ? TUNE_SOON : TUNE_BALANCED, &child->filter);
	return r == -ENOMEM ? diag(r, "out of memory") : r;
}

void confined_clear(struct confined *child)
{
	filter_free(&child->filter);
}

static int redirect(const struct supervision *s)
{
	const int from[] = { s->input, s->output, s->errors };

	for (int to = 0; to < 3; to++)
		if (from[to] >= 0 && dup2(from[to], to) < 0)
			return diag_errno(-errno, "cannot redirect descriptor %d", to);
	if (s->group && setpgid(0, s->group) < 0)
		return diag_errno(-errno, "cannot join a process group");
	return 0;
}

int confined_prepare(void *state)
{
	const struct confined *child = state;
	const struct supervision *s = child->s;
	struct enforcement enforcement = { s->policy, child->filter.insns, child->filter.n,
					   s->layers };
	int r = redirect(s);

	return r < 0 || s->observe ? r : enforce_self(&enforcement);
}
