/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a confined run does that undisturbed ones do not. */
#include "cli/drift.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "learner/compare.h"
#include "sysdb/names.h"

struct drift {
	const struct profile *undisturbed;
	const struct denials *denials;
	char *text;
	size_t size;
	int n;
};

static void note(struct drift *d, const char *what, const char *name, const char *program)
{
	if (d->n++ == 0)
		snprintf(d->text, d->size, "%s %s in %s", what, name, program);
}

/* ---- needs ---- */

/* From the evidence alone; what a peak is depends on the moment. */
static int find_needs(struct drift *d, const struct profile *seen)
{
	struct decide_options options = decide_defaults;
	struct needs needs = { 0 };
	int r;

	options.no_baseline = options.no_vdso = options.no_fallback = true;
	r = compare(d->undisturbed, seen, &options, &needs);
	for (size_t i = 0; i < needs.n; i++) {
		const struct need *need = &needs.list[i];
		char what[32];

		if (need->kind == NEED_LIMIT)
			continue;
		snprintf(what, sizeof(what), "new %s", need_kind_name(need->kind));
		note(d, what, need->what, need->program);
	}
	needs_clear(&needs);
	return r;
}

/* ---- errors ---- */

/* What a call returns for being early, late or broken off says nothing. */
static bool is_noise(int error)
{
	static const int noise[] = { EAGAIN, EINTR, EINPROGRESS, EALREADY, ETIMEDOUT, EISCONN };

	for (size_t i = 0; i < ARRAY_SIZE(noise); i++)
		if (noise[i] == error)
			return true;
	return false;
}

static bool is_denial(const struct drift *d, const char *call, int error)
{
	for (size_t i = 0; i < d->denials->n; i++) {
		const struct denial *denial = d->denials->list[i];

		if (denial->probable && denial->answer.error == error &&
		    strcmp(denial->name, call) == 0)
			return true;
	}
	return false;
}

static bool has_result(const struct profile_call *call, uint64_t error)
{
	for (size_t i = 0; i < call->n_results; i++)
		if (call->results[i].value == error)
			return true;
	return false;
}

/* In any program of the same path: what is in one build is in the other. */
static bool was_returned(const struct drift *d, const char *program, const char *name, int error)
{
	for (size_t p = 0; p < d->undisturbed->programs.n; p++) {
		const struct profile_program *known = d->undisturbed->programs.entries[p].value;

		if (strcmp(known->path, program) != 0)
			continue;
		for (size_t c = 0; c < known->calls.n; c++) {
			const struct profile_call *call = known->calls.entries[c].value;

			if (strcmp(call->name, name) == 0 && has_result(call, (uint64_t)error))
				return true;
		}
	}
	return false;
}

static int find_errors_of_call(struct drift *d, const char *program,
			       const struct profile_call *call)
{
	for (size_t i = 0; i < call->n_results; i++) {
		int error = (int)call->results[i].value;
		auto_free char *name = NULL, *text = NULL;

		if (!error || is_noise(error) || is_denial(d, call->name, error) ||
		    was_returned(d, program, call->name, error))
			continue;
		name = name_format(NAME_ERROR, error);
		if (!name || asprintf(&text, "%s of %s", name, call->name) < 0)
			return -ENOMEM;
		note(d, "new error", text, program);
	}
	return 0;
}

static int find_errors(struct drift *d, const struct profile *seen)
{
	int r = 0;

	for (size_t p = 0; p < seen->programs.n; p++) {
		const struct profile_program *program = seen->programs.entries[p].value;

		for (size_t c = 0; c < program->calls.n && r == 0; c++)
			r = find_errors_of_call(d, program->path, program->calls.entries[c].value);
	}
	return r;
}

/* ---- deaths ---- */

static void find_deaths(struct drift *d)
{
	for (size_t i = 0; i < d->denials->n; i++) {
		const struct denial *denial = d->denials->list[i];

		if (denial->answer.kind == ACTION_KILL)
			note(d, "death for", denial->name, denial->program);
	}
}

int drift_find(const struct profile *undisturbed, const struct profile *seen,
	       const struct denials *denials, char *text, size_t size)
{
	struct drift d = { undisturbed, denials, text, size, 0 };
	int r;

	text[0] = '\0';
	find_deaths(&d);
	r = find_needs(&d, seen);
	if (r == 0)
		r = find_errors(&d, seen);
	return r < 0 ? r : d.n;
}
