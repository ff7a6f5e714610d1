/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A command run under a policy without ptrace. */
#include "cli/untraced.h"

#include <errno.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "emitter/filter.h"
#include "tracer/listen.h"

struct child {
	const struct supervision *s;
	struct enforcement enforcement;
};

static int prepare(void *state)
{
	struct child *child = state;
	int r = supervise_redirect(child->s);

	return r < 0 || !child->s->layers ? r : enforce_self(&child->enforcement);
}

int supervise_untraced(const struct supervision *s, struct supervised *ret)
{
	struct filter cleanup(filter_free) filter = { 0 };
	struct child child = { .s = s };
	const struct listen_options options = {
		.command = s->command,
		.prepare = prepare,
		.prepare_state = &child,
		.timeout_ms = s->timeout_ms,
	};
	struct trace_result result;
	int r = filter_compile(s->policy, &filter);

	if (r < 0)
		return r == -ENOMEM ? diag(r, "out of memory") : r;
	child.enforcement = (struct enforcement){ s->policy, filter.insns, filter.n, s->layers };
	r = listen_run(&options, s->layers ? NULL : s->trace, &result);
	if (r == 0)
		*ret = (struct supervised){ .trace = result };
	return r;
}
