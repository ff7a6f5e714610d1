/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A profile as a document: docs/profile.schema.json. */
#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "base/cleanup.h"
#include "profile/file.h"
#include "profile/document.h"
#include "profile/profile.h"
#include "profile/runs.h"
#include "sysdb/milestones.h"
#include "sysdb/rlimits.h"

/* ---- programs ---- */

static json_t *limits_of(const struct profile_program *program)
{
	auto_json json_t *list = json_array();
	auto_free char **limits = profile_sorted(&program->limits);

	for (size_t i = 0; i < program->limits.n; i++)
		if (!limits || json_array_append_new(list, doc_text(limits[i])) < 0)
			return NULL;
	return take_ptr(list);
}

static json_t *libraries_of(const struct profile_program *program)
{
	auto_json json_t *list = json_array();
	auto_free struct profile_library **libraries = profile_sorted(&program->libraries);

	for (size_t i = 0; i < program->libraries.n; i++)
		if (!libraries ||
		    json_array_append_new(list, json_pack("{soso}", "path",
							  doc_text(libraries[i]->path), "build_id",
							  doc_text(libraries[i]->build_id))) < 0)
			return NULL;
	return take_ptr(list);
}

static json_t *peaks_of(const struct profile_program *program)
{
	auto_json json_t *object = json_object();
	auto_free struct profile_peak **peaks = profile_sorted(&program->peaks);

	for (size_t i = 0; peaks && i < program->peaks.n; i++) {
		const struct rlimit_info *known = rlimit_by_number(peaks[i]->resource);
		char number[16];

		snprintf(number, sizeof(number), "%d", peaks[i]->resource);
		if (json_object_set_new(object, known ? known->name : number,
					doc_number(peaks[i]->value)) < 0)
			return NULL;
	}
	return peaks ? take_ptr(object) : NULL;
}

static json_t *after_of(const struct profile_program *program)
{
	auto_json json_t *object = json_object();

	for (unsigned bit = 0; bit < N_MILESTONES; bit++)
		if (program->after[bit] && json_object_set_new(object, milestone_name(bit),
							       doc_number(program->after[bit])) < 0)
			return NULL;
	return take_ptr(object);
}

static json_t *program_of(const struct profile_program *program)
{
	auto_json json_t *object = json_pack("{soso}", "path", doc_text(program->path), "build_id",
					     doc_text(program->build_id));

	if (!program->unordered && json_object_set_new(object, "ordered", json_true()) < 0)
		return NULL;
	if (!object || !doc_set_section(object, "limits", limits_of(program)) ||
	    !doc_set_section(object, "libraries", libraries_of(program)) ||
	    !doc_set_section(object, "peaks", peaks_of(program)) ||
	    !doc_set_section(object, "after", after_of(program)) ||
	    !doc_set_section(object, "phases", doc_phases(program)))
		return NULL;
	return take_ptr(object);
}

static json_t *programs_of(const struct profile *p)
{
	auto_json json_t *list = json_array();
	auto_free struct profile_program **programs = profile_sorted(&p->programs);

	for (size_t i = 0; i < p->programs.n; i++)
		if (!programs || json_array_append_new(list, program_of(programs[i])) < 0)
			return NULL;
	return take_ptr(list);
}

/* ---- runs ---- */

static json_t *command_of(char *const *command)
{
	auto_json json_t *list = json_array();

	for (; command && *command; command++)
		if (json_array_append_new(list, doc_text(*command)) < 0)
			return NULL;
	return take_ptr(list);
}

static json_t *start_of(int64_t start_ms)
{
	char text[TIMESTAMP_SIZE];

	timestamp_format(start_ms, text);
	return json_string(text);
}

static json_t *run_of(const struct profile_run *run)
{
	return json_pack("{sososososososososososb}", "command", command_of(run->command), "cwd",
			 doc_text(run->cwd), "start", start_of(run->start_ms), "duration_ms",
			 doc_number(run->duration_ms < 0 ? 0 : (uint64_t)run->duration_ms), "exit",
			 run->exit_status < 0 ? json_null() : json_integer(run->exit_status),
			 "signal", run->signal ? doc_name(NAME_SIGNAL, run->signal) : json_null(),
			 "kernel", doc_text(run->kernel), "arch", doc_text(run->arch), "tool",
			 doc_text(run->tool), "uid", json_integer(run->uid), "complete",
			 run->complete);
}

static json_t *runs_of(const struct profile *p)
{
	auto_json json_t *list = json_array();
	auto_free struct profile_run **runs = runs_sorted(p);

	for (size_t i = 0; i < p->n_runs; i++)
		if (!runs || json_array_append_new(list, run_of(runs[i])) < 0)
			return NULL;
	return take_ptr(list);
}

static json_t *tree_of(const struct profile *p)
{
	auto_json json_t *object = json_object();

	if (p->tree.memory &&
	    json_object_set_new(object, "memory", doc_number(p->tree.memory)) < 0)
		return NULL;
	if (p->tree.tasks && json_object_set_new(object, "tasks", doc_number(p->tree.tasks)) < 0)
		return NULL;
	return take_ptr(object);
}

/* ---- decisions ---- */

static bool set_text(json_t *object, const char *key, const char *bytes)
{
	return !*bytes || json_object_set_new(object, key, doc_text(bytes)) == 0;
}

static json_t *decision_of(const struct profile_decision *d)
{
	auto_json json_t *object = json_pack("{ssso}", "about", decision_kind_name(d->kind), "name",
					     doc_text(d->name));

	if (!object || !set_text(object, "detail", d->detail) ||
	    json_object_set_new(object, "verdict", json_string(decision_verdict_name(d->verdict))) <
		    0 ||
	    !set_text(object, "answer", d->answer) ||
	    json_object_set_new(object, "covers", doc_number(d->covers)) < 0 ||
	    json_object_set_new(object, "why", doc_text(d->why)) < 0)
		return NULL;
	return take_ptr(object);
}

static json_t *decisions_of(const struct profile *p)
{
	auto_json json_t *list = json_array();
	auto_free struct profile_decision **decisions = profile_sorted(&p->decisions);

	for (size_t i = 0; i < p->decisions.n; i++)
		if (!decisions || json_array_append_new(list, decision_of(decisions[i])) < 0)
			return NULL;
	return take_ptr(list);
}

/* ---- the document ---- */

static int append(const char *text, size_t n, void *out)
{
	return fwrite_unlocked(text, 1, n, out) == n ? 0 : -1;
}

int profile_print(const struct profile *p, FILE *out)
{
	auto_json json_t *document = json_pack(
		"{sssisbso}", "format", PROFILE_FORMAT, "version", PROFILE_VERSION, "complete",
		(int)profile_is_complete(p), "runs", runs_of(p));

	if (!document || !doc_set_section(document, "tree", tree_of(p)) ||
	    json_object_set_new(document, "programs", programs_of(p)) < 0 ||
	    !doc_set_section(document, "decisions", decisions_of(p)))
		return -ENOMEM;
	errno = 0;
	if (json_dump_callback(document, append, out, JSON_INDENT(1)) < 0 ||
	    fputc('\n', out) == EOF)
		return errno ? -errno : -EIO;
	return 0;
}
