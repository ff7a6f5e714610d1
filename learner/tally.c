/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The evidence of the selected programs, summed. */
#include "learner/tally.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "sysdb/effects.h"
#include "sysdb/syscalls.h"

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

static struct call_tally *tally_of(struct tally *tally, struct call_key key, const char *name)
{
	struct call_tally *entry = map_get(&tally->calls, &key, sizeof(key));

	if (entry)
		return entry;
	entry = calloc(1, sizeof(*entry));
	if (!entry)
		return NULL;
	entry->arch = key.arch;
	entry->nr = key.nr;
	entry->name = name;
	if (map_put(&tally->calls, &key, sizeof(key), entry) < 0) {
		free(entry);
		return NULL;
	}
	return entry;
}

/* ---- which programs, and from which phase ---- */

/* Whether program number I executes PATH within what is selected of it. */
static bool executes(const struct tally *tally, size_t i, const char *path)
{
	const struct map *paths = &tally->programs[i]->paths;

	for (size_t p = 0; p < paths->n; p++) {
		const struct profile_path *entry = paths->entries[p].value;

		if ((entry->effects & PATH_EXECUTE) && tally_wants(tally, i, entry->phase) &&
		    strcmp(entry->path, path) == 0)
			return true;
	}
	return false;
}

/* Whether a selected program executes program number I. */
static bool is_executed(const struct tally *tally, size_t i)
{
	for (size_t by = 0; by < tally->n_programs; by++)
		if (executes(tally, by, tally->programs[i]->path))
			return true;
	return false;
}

/* What is executed later is needed whole, and with it what that executes. */
static void find_phases(struct tally *tally)
{
	for (bool more = true; more;) {
		more = false;
		for (size_t i = 0; i < tally->n_programs; i++) {
			if (tally->from[i] == PHASE_LOAD || !is_executed(tally, i))
				continue;
			tally->from[i] = PHASE_LOAD;
			more = true;
		}
	}
}

static void select_programs(struct tally *tally, const struct profile *profile,
			    const struct selection *selection)
{
	for (size_t i = 0; i < profile->programs.n; i++) {
		const struct profile_program *program = profile->programs.entries[i].value;

		if (selection->program && fnmatch(selection->program, program->path, 0) != 0)
			continue;
		tally->from[tally->n_programs] = selection->from;
		tally->programs[tally->n_programs++] = program;
	}
	find_phases(tally);
}

/* ---- summing ---- */

/* Sums a call, as one of ARCH where that is not 0 and not the call's. */
static int add_call(struct tally *tally, const struct profile_program *program,
		    const struct profile_call *call, uint32_t arch)
{
	struct call_key key = { call->arch, call->nr };
	struct call_tally *entry;

	if (arch && arch != call->arch) {
		key.arch = arch;
		if (syscall_number(arch, call->name, &key.nr) < 0) {
			size_t length = strlen(call->name);

			if (map_get(&tally->missing, call->name, length))
				return 0;
			return map_put(&tally->missing, call->name, length, call->name);
		}
	}
	entry = tally_of(tally, key, call->name);
	return entry ? add_source(entry, program, call) : -ENOMEM;
}

static bool has_arch(const struct tally *tally, uint32_t arch)
{
	for (size_t p = 0; p < tally->n_programs; p++) {
		const struct map *calls = &tally->programs[p]->calls;

		for (size_t i = 0; i < calls->n; i++)
			if (((const struct profile_call *)calls->entries[i].value)->arch == arch)
				return true;
	}
	return false;
}

static int add_calls(struct tally *tally, uint32_t arch)
{
	bool only = arch && has_arch(tally, arch);
	int r = 0;

	for (size_t p = 0; p < tally->n_programs; p++) {
		const struct map *calls = &tally->programs[p]->calls;

		for (size_t i = 0; i < calls->n && r == 0; i++) {
			const struct profile_call *call = calls->entries[i].value;

			if (tally_wants(tally, p, call->phase) && (!only || call->arch == arch))
				r = add_call(tally, tally->programs[p], call, arch);
		}
	}
	return r;
}

int tally_make(const struct profile *profile, const struct selection *selection,
	       struct tally *ret)
{
	struct tally tally = {
		.programs = calloc(profile->programs.n + 1, sizeof(*tally.programs)),
		.from = calloc(profile->programs.n + 1, sizeof(*tally.from)),
		.n_runs = profile->n_runs,
	};
	int r = tally.programs && tally.from ? 0 : -ENOMEM;

	if (r == 0) {
		select_programs(&tally, profile, selection);
		r = add_calls(&tally, selection->arch);
	}
	if (r < 0) {
		tally_clear(&tally);
		return r;
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
	map_clear(&tally->missing, NULL);
	free(tally->programs);
	free(tally->from);
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
