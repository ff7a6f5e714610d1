/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A command run under a policy without ptrace. */
#include "cli/untraced.h"

#include "base/cleanup.h"
#include "cli/confined.h"
#include "tracer/listen.h"

int supervise_untraced(const struct supervision *s, struct supervised *ret)
{
	struct confined cleanup(confined_clear) child = { 0 };
	const struct listen_options options = {
		.command = s->command,
		.prepare = confined_prepare,
		.prepare_state = &child,
		.timeout_ms = s->timeout_ms,
		.guardian = s->guardian,
	};
	struct trace_result result;
	int r = confined_init(&child, s);

	if (r == 0)
		r = listen_run(&options, s->layers ? NULL : s->trace, &result);
	if (r == 0)
		*ret = (struct supervised){ .trace = result };
	return r;
}
