/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A word about the narrower filter that a program could put on itself later in its life. */
#include <string.h>

#include "base/diag.h"
#include "cli/emit_more.h"
#include "learner/stages.h"

/* Rid of a third of the calls, for a fifth of what is done: less is not worth another recording. */
static bool is_worth_a_word(const struct stage *stage)
{
	return 3 * stage->dropped >= stage->total && stage->share >= 0.2;
}

static void tell(const struct stage *stage, const char *program)
{
	const char *slash = strrchr(program, '/'), *name = slash ? slash + 1 : program;
	const char *call, *phase = phase_name(stage->phase);

	if (!stage->milestone) {
		diag(0, "hint: with --phase=%s, for a filter that %s puts on itself there, %zu of "
		     "%zu calls are not needed", phase, name, stage->dropped, stage->total);
		return;
	}
	call = milestone_name((unsigned)__builtin_ctz(stage->milestone));
	diag(0, "hint: after its first %s %s does not need %zu of %zu calls: record it with "
	     "--phase-at=%s, and --phase=serving is a filter that it puts on itself there",
	     call, name, stage->dropped, stage->total, call);
}

static const struct profile_program *find(const struct profile *profile, const char *path)
{
	for (size_t i = 0; i < profile->programs.n; i++) {
		const struct profile_program *program = profile->programs.entries[i].value;

		if (strcmp(program->path, path) == 0)
			return program;
	}
	return NULL;
}

void emit_hint(const struct profile *profile, const struct policy *policy)
{
	const struct profile_program *program =
		policy->n_programs == 1 ? find(profile, policy->programs[0]) : NULL;
	struct stage stages[STAGES_MOST];
	size_t n = 0;

	if (!program || stages_find(program, stages, &n) < 0)
		return;
	for (size_t i = 0; i < n; i++) {
		if (!is_worth_a_word(&stages[i]))
			continue;
		tell(&stages[i], program->path);
		return;
	}
}
