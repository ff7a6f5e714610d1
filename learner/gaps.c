/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Evidence that is known to have gaps: a policy made of it may lack what the program needs. */
#include "learner/gaps.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

static int note_runs(const struct profile *profile, struct policy *policy)
{
	size_t incomplete = 0;

	for (size_t i = 0; i < profile->n_runs; i++)
		incomplete += !profile->runs[i]->complete;
	if (!incomplete)
		return 0;
	return policy_add_note(policy, NOTE_EVIDENCE,
			       "%zu of %zu recordings are incomplete: what came later was not seen",
			       incomplete, profile->n_runs);
}

static bool has_limit(const struct profile_program *program, const char *limit)
{
	for (size_t i = 0; i < program->limits.n; i++)
		if (strcmp(program->limits.entries[i].value, limit) == 0)
			return true;
	return false;
}

/* Once for all programs from FIRST on that have it; those before it have not. */
static int note_limit(const struct tally *tally, size_t first, const char *limit,
		      struct policy *policy)
{
	const size_t most = 3; /* names */
	auto_free char *names = NULL;
	size_t size, n = 0;
	FILE *out = open_memstream(&names, &size);

	if (!out)
		return -ENOMEM;
	for (size_t i = first; i < tally->n_programs; i++)
		if (has_limit(tally->programs[i], limit) && n++ < most)
			fprintf(out, "%s%s", n > 1 ? ", " : "", tally->programs[i]->path);
	if (n > most)
		fprintf(out, " and %zu more", n - most);
	if (fclose(out) != 0)
		return -ENOMEM;
	return policy_add_note(policy, NOTE_EVIDENCE, "%s: %s", names, limit);
}

static bool is_noted(const struct tally *tally, size_t before, const char *limit)
{
	for (size_t i = 0; i < before; i++)
		if (has_limit(tally->programs[i], limit))
			return true;
	return false;
}

static int note_limits(const struct tally *tally, size_t number, struct policy *policy)
{
	const struct map *limits = &tally->programs[number]->limits;
	int r = 0;

	for (size_t i = 0; i < limits->n && r == 0; i++)
		if (!is_noted(tally, number, limits->entries[i].value))
			r = note_limit(tally, number, limits->entries[i].value, policy);
	return r;
}

int gaps_note(const struct profile *profile, const struct tally *tally, struct policy *policy)
{
	int r = note_runs(profile, policy);

	for (size_t i = 0; i < tally->n_programs && r == 0; i++)
		r = note_limits(tally, i, policy);
	return r;
}
