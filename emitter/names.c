/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The allowed system calls as a plain list: no comments, for scripts. */
#include "emitter/call_names.h"
#include "emitter/formats.h"

int emit_names(const struct policy *policy, const struct emit_options *options, FILE *out)
{
	(void)options;
	for (size_t i = 0; i < policy->n_calls; i++)
		if (call_has_name(policy, i) && !call_is_repeated(policy, i))
			fprintf(out, "%s\n", policy->calls[i].name);
	return 0;
}
