/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The evidence of the selected programs, summed. */
#include "learner/tally.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

#define MOST_NAMES 4

/*
 * Results are a sample, and some calls are there for one file system and not for the next: after
 * so many ENOSYS the others, which were not looked at, are taken to be the same.
 */
#define SURE_ABSENCES 16

struct call_key {
	uint32_t arch;
	int nr;
};

static int add_source(struct call_tally *tally, const struct profile_program *program,
		      const struct profile_call *call)
{
	struct call_source *sources =
		reallocarray(tally->sources, tally->n_sources + 1, sizeof(*sources));

	if (!sources)
		return -ENOMEM;
	sources[tally->n_sources++] = (struct call_source){ program, call };
	tally->sources = sources;
	tally->count += call->count;
	return 0;
}

static struct call_tally *tally_of(struct tally *tally, const struct profile_call *call)
{
	struct call_key key = { call->arch, call->nr };
	struct call_tally *entry = map_get(&tally->calls, &key, sizeof(key));

	if (entry)
		return entry;
	entry = calloc(1, sizeof(*entry));
	if (!entry)
		return NULL;
	entry->arch = call->arch;
	entry->nr = call->nr;
	entry->name = call->name;
	if (map_put(&tally->calls, &key, sizeof(key), entry) < 0) {
		free(entry);
		return NULL;
	}
	return entry;
}

static int add_program(struct tally *tally, const struct profile_program *program)
{
	for (size_t i = 0; i < program->calls.n; i++) {
		const struct profile_call *call = program->calls.entries[i].value;
		struct call_tally *entry = tally_of(tally, call);

		if (!entry || add_source(entry, program, call) < 0)
			return -ENOMEM;
	}
	tally->programs[tally->n_programs++] = program;
	return 0;
}

int tally_make(const struct profile *profile, const char *glob, struct tally *ret)
{
	struct tally tally = {
		.programs = calloc(profile->programs.n + 1, sizeof(*tally.programs)),
	};

	if (!tally.programs)
		return -ENOMEM;
	for (size_t i = 0; i < profile->programs.n; i++) {
		const struct profile_program *program = profile->programs.entries[i].value;

		if (glob && fnmatch(glob, program->path, 0) != 0)
			continue;
		if (add_program(&tally, program) < 0) {
			tally_clear(&tally);
			return -ENOMEM;
		}
	}
	*ret = tally;
	return 0;
}

static void free_call(void *value)
{
	struct call_tally *call = value;

	free(call->sources);
	free(call);
}

void tally_clear(struct tally *tally)
{
	map_clear(&tally->calls, free_call);
	free(tally->programs);
	*tally = (struct tally){ 0 };
}

const struct call_tally *tally_find(const struct tally *tally, uint32_t arch, int nr)
{
	struct call_key key = { arch, nr };

	return map_get(&tally->calls, &key, sizeof(key));
}

/* A result of 0 was seen, or the results are not known. */
static bool may_have_worked(const struct profile_call *call)
{
	for (size_t i = 0; i < call->n_results; i++)
		if (call->results[i].value == 0)
			return true;
	return call->n_results == 0;
}

bool tally_may_have_worked(const struct tally *tally, const char *name)
{
	for (size_t i = 0; i < tally->calls.n; i++) {
		const struct call_tally *call = tally->calls.entries[i].value;

		if (strcmp(call->name, name) != 0)
			continue;
		for (size_t s = 0; s < call->n_sources; s++)
			if (may_have_worked(call->sources[s].call))
				return true;
	}
	return false;
}

static bool is_absent(const struct profile_call *call)
{
	uint64_t absent = 0;

	for (size_t i = 0; i < call->n_results; i++) {
		if (call->results[i].value != ENOSYS)
			return false;
		absent += call->results[i].count;
	}
	return absent && (absent >= call->count || absent >= SURE_ABSENCES);
}

bool call_tally_is_absent(const struct call_tally *call)
{
	for (size_t s = 0; s < call->n_sources; s++)
		if (!is_absent(call->sources[s].call))
			return false;
	return call->n_sources > 0;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

static bool named_before(const struct profile_program *const *programs, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (strcmp(base_name(programs[j]->path), base_name(programs[i]->path)) == 0)
			return true;
	return false;
}

char *program_names(const struct profile_program *const *programs, size_t n)
{
	char *text = NULL;
	size_t length, named = 0;
	FILE *out = open_memstream(&text, &length);

	if (!out)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		if (named_before(programs, i))
			continue;
		if (named++ < MOST_NAMES)
			fprintf(out, "%s%s", named > 1 ? ", " : "", base_name(programs[i]->path));
	}
	if (named > MOST_NAMES)
		fprintf(out, " and %zu more", named - MOST_NAMES);
	if (fclose(out) < 0) {
		free(text);
		return NULL;
	}
	return text;
}
