/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Evidence that is known to have gaps: a policy made of it may lack what the program needs. */
#include "learner/gaps.h"

static int note_runs(const struct profile *profile, struct policy *policy)
{
	size_t incomplete = 0;

	for (size_t i = 0; i < profile->n_runs; i++)
		incomplete += !profile->runs[i]->complete;
	if (!incomplete)
		return 0;
	return policy_add_note(policy,
			       "%zu of %zu recordings are incomplete: what came later was not seen",
			       incomplete, profile->n_runs);
}

static int note_limits(const struct profile_program *program, struct policy *policy)
{
	int r = 0;

	for (size_t i = 0; i < program->limits.n && r == 0; i++)
		r = policy_add_note(policy, "%s: %s", program->path,
				    (const char *)program->limits.entries[i].value);
	return r;
}

int gaps_note(const struct profile *profile, const struct tally *tally, struct policy *policy)
{
	int r = note_runs(profile, policy);

	for (size_t i = 0; i < tally->n_programs && r == 0; i++)
		r = note_limits(tally->programs[i], policy);
	return r;
}
