/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A document as a profile; whatever is not as docs/profile.schema.json says is refused. */
#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "base/parse.h"
#include "profile/file.h"
#include "profile/profile.h"
#include "profile/read_phase.h"
#include "profile/runs.h"
#include "profile/scan.h"
#include "sysdb/rlimits.h"

/* ---- programs ---- */

static int read_limit(struct reader *r, const struct place *at, json_t *json, void *into)
{
	auto_free char *why = NULL;
	int err = scan_bytes(r, at, json, &why);

	return err < 0 ? err : profile_limit(into, why);
}

static int read_library(struct reader *r, const struct place *at, json_t *json, void *into)
{
	static const struct field fields[] = {
		{ "path", REQUIRED, scan_bytes, offsetof(struct profile_library, path) },
		{ "build_id", REQUIRED, scan_bytes, offsetof(struct profile_library, build_id) },
	};
	struct profile_library record = { 0 };
	int err = scan_fields(r, at, json, fields, ARRAY_SIZE(fields), &record);

	if (!err && !profile_library(into, record.path, record.build_id))
		err = -ENOMEM;
	free(record.path);
	free(record.build_id);
	return err;
}

/* One resource, whose name or number is the key. */
static int read_peak(struct reader *r, const struct place *at, json_t *json, void *into)
{
	const struct rlimit_info *known = rlimit_by_name(at->key);
	struct profile_peak *peak;
	uint64_t value = 0, number = 0;
	int err = scan_count(r, at, json, &value);

	if (err < 0)
		return err;
	if (!known && parse_u64(at->key, INT_MAX, &number) < 0)
		return scan_bad(r, at, "unknown resource");
	peak = profile_peak(into, known ? known->resource : (int)number);
	if (!peak)
		return -ENOMEM;
	if (peak->value < value)
		peak->value = value;
	return 0;
}

static int read_limits(struct reader *r, const struct place *at, json_t *json, void *into)
{
	return scan_list(r, at, json, read_limit, into);
}

static int read_after(struct reader *r, const struct place *at, json_t *json, void *into)
{
	struct profile_program *program = into;
	uint32_t milestone = milestone_from_name(at->key);
	uint64_t count = 0;
	int err = milestone ? scan_count(r, at, json, &count) : scan_bad(r, at, "unknown event");

	if (!err) {
		uint64_t *sum = &program->after[__builtin_ctz(milestone)];

		*sum = profile_sum(*sum, count);
	}
	return err;
}

static int read_afters(struct reader *r, const struct place *at, json_t *json, void *into)
{
	return scan_members(r, at, json, read_after, into);
}

static int read_libraries(struct reader *r, const struct place *at, json_t *json, void *into)
{
	return scan_list(r, at, json, read_library, into);
}

static int read_peaks(struct reader *r, const struct place *at, json_t *json, void *into)
{
	return scan_members(r, at, json, read_peak, into);
}

static int read_phases(struct reader *r, const struct place *at, json_t *json, void *into)
{
	return scan_members(r, at, json, read_phase, into);
}

/* Its key first: what it is told apart by. */
struct program_record {
	char *path, *build_id;
	bool ordered;
	json_t *rest;
};

static int add_program(struct reader *r, const struct place *at,
		       const struct program_record *record, json_t *json)
{
	static const struct {
		const char *key;
		scan_function *read;
	} parts[] = {
		{ "limits", read_limits },
		{ "libraries", read_libraries },
		{ "peaks", read_peaks },
		{ "after", read_afters },
		{ "phases", read_phases },
	};
	struct profile_program *program =
		profile_program(r->result, record->path, record->build_id);

	if (!program)
		return -ENOMEM;
	program->unordered |= !record->ordered;
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		const struct place here = { at, parts[i].key, 0 };
		json_t *part = json_object_get(json, parts[i].key);
		int err = part ? parts[i].read(r, &here, part, program) : 0;

		if (err < 0)
			return err;
	}
	return 0;
}

static int read_program(struct reader *r, const struct place *at, json_t *json, void *into)
{
	static const struct field fields[] = {
		{ "path", REQUIRED, scan_bytes, offsetof(struct program_record, path) },
		{ "build_id", REQUIRED, scan_bytes, offsetof(struct program_record, build_id) },
		{ "ordered", OPTIONAL, scan_true, offsetof(struct program_record, ordered) },
		{ "limits", OPTIONAL, scan_later, offsetof(struct program_record, rest) },
		{ "libraries", OPTIONAL, scan_later, offsetof(struct program_record, rest) },
		{ "peaks", OPTIONAL, scan_later, offsetof(struct program_record, rest) },
		{ "after", OPTIONAL, scan_later, offsetof(struct program_record, rest) },
		{ "phases", OPTIONAL, scan_later, offsetof(struct program_record, rest) },
	};
	struct program_record record = { 0 };
	int err = scan_fields(r, at, json, fields, ARRAY_SIZE(fields), &record);

	(void)into;
	if (!err)
		err = add_program(r, at, &record, json);
	free(record.path);
	free(record.build_id);
	return err;
}

/* ---- runs ---- */

static int read_word(struct reader *r, const struct place *at, json_t *json, void *into)
{
	char **end = *(char ***)into;
	int err = scan_bytes(r, at, json, end);

	if (!err)
		++*(char ***)into;
	return err;
}

/* Into char **: words, ending with NULL. */
static int read_command(struct reader *r, const struct place *at, json_t *json, void *into)
{
	char **words = calloc(json_array_size(json) + 1, sizeof(*words));

	if (!words)
		return -ENOMEM;
	*(char ***)into = words;
	return scan_list(r, at, json, read_word, &words);
}

/* Into int64_t. */
static int read_duration(struct reader *r, const struct place *at, json_t *json, void *into)
{
	uint64_t duration = 0;
	int err = scan_count(r, at, json, &duration);

	if (!err)
		*(int64_t *)into = (int64_t)duration;
	return err;
}

/* Into int: the status, or untouched when there is none. */
static int read_exit(struct reader *r, const struct place *at, json_t *json, void *into)
{
	int status = 0, err = json_is_null(json) ? 1 : scan_int(r, at, json, &status);

	if (!err && status < 0)
		err = scan_bad(r, at, "expected null or a non-negative integer");
	if (!err)
		*(int *)into = status;
	return err < 0 ? err : 0;
}

static int read_signal(struct reader *r, const struct place *at, json_t *json, void *into)
{
	return json_is_null(json) ? 0 : scan_signal(r, at, json, into);
}

static int read_run(struct reader *r, const struct place *at, json_t *json, void *into)
{
	static const struct field fields[] = {
		{ "command", REQUIRED, read_command, offsetof(struct profile_run, command) },
		{ "cwd", REQUIRED, scan_bytes, offsetof(struct profile_run, cwd) },
		{ "start", REQUIRED, scan_time, offsetof(struct profile_run, start_ms) },
		{ "duration_ms", REQUIRED, read_duration,
		  offsetof(struct profile_run, duration_ms) },
		{ "exit", REQUIRED, read_exit, offsetof(struct profile_run, exit_status) },
		{ "signal", REQUIRED, read_signal, offsetof(struct profile_run, signal) },
		{ "kernel", REQUIRED, scan_bytes, offsetof(struct profile_run, kernel) },
		{ "arch", REQUIRED, scan_bytes, offsetof(struct profile_run, arch) },
		{ "tool", REQUIRED, scan_bytes, offsetof(struct profile_run, tool) },
		{ "uid", REQUIRED, scan_uid, offsetof(struct profile_run, uid) },
		{ "complete", REQUIRED, scan_bool, offsetof(struct profile_run, complete) },
	};
	struct profile_run *run = profile_run_new();
	int err = run ? scan_fields(r, at, json, fields, ARRAY_SIZE(fields), run) : -ENOMEM;

	(void)into;
	if (!err)
		return profile_add_run(r->result, run);
	profile_run_free(run);
	return err;
}

/* ---- decisions ---- */

static int read_kind(struct reader *r, const struct place *at, json_t *json, void *into)
{
	const char *word = json_string_value(json);

	if (!word || decision_kind_parse(word, into) < 0)
		return scan_bad(r, at, "expected the kind of a rule, like \"call\"");
	return 0;
}

static int read_verdict(struct reader *r, const struct place *at, json_t *json, void *into)
{
	const char *word = json_string_value(json);

	if (!word || decision_verdict_parse(word, into) < 0)
		return scan_bad(r, at, "expected \"dropped\", \"lowered\" or \"needed\"");
	return 0;
}

/* What may be left out is empty then. 0 or -ENOMEM. */
static int complete_decision(struct profile_decision *d)
{
	d->detail = d->detail ? d->detail : strdup("");
	d->answer = d->answer ? d->answer : strdup("");
	return d->detail && d->answer ? 0 : -ENOMEM;
}

static int read_decision(struct reader *r, const struct place *at, json_t *json, void *into)
{
	static const struct field fields[] = {
		{ "about", REQUIRED, read_kind, offsetof(struct profile_decision, kind) },
		{ "name", REQUIRED, scan_bytes, offsetof(struct profile_decision, name) },
		{ "detail", OPTIONAL, scan_bytes, offsetof(struct profile_decision, detail) },
		{ "verdict", REQUIRED, read_verdict, offsetof(struct profile_decision, verdict) },
		{ "answer", OPTIONAL, scan_bytes, offsetof(struct profile_decision, answer) },
		{ "covers", REQUIRED, scan_count, offsetof(struct profile_decision, covers) },
		{ "why", REQUIRED, scan_bytes, offsetof(struct profile_decision, why) },
	};
	struct profile_decision d = { 0 };
	int err = scan_fields(r, at, json, fields, ARRAY_SIZE(fields), &d);

	(void)into;
	if (!err)
		err = complete_decision(&d);
	if (!err)
		err = profile_decide(r->result, &d);
	free(d.name);
	free(d.detail);
	free(d.answer);
	free(d.why);
	return err;
}

static int read_decisions(struct reader *r, const struct place *at, json_t *json, void *into)
{
	return scan_list(r, at, json, read_decision, into);
}

/* ---- the document ---- */

static int read_tree(struct reader *r, const struct place *at, json_t *json, void *into)
{
	static const struct field fields[] = {
		{ "memory", OPTIONAL, scan_count, offsetof(struct profile_tree, memory) },
		{ "tasks", OPTIONAL, scan_count, offsetof(struct profile_tree, tasks) },
	};
	struct profile_tree tree = { 0 };
	int err = scan_fields(r, at, json, fields, ARRAY_SIZE(fields), &tree);

	(void)into;
	if (!err)
		profile_tree(r->result, tree.memory, tree.tasks);
	return err;
}

static int read_programs(struct reader *r, const struct place *at, json_t *json, void *into)
{
	return scan_list(r, at, json, read_program, into);
}

static int read_runs(struct reader *r, const struct place *at, json_t *json, void *into)
{
	return scan_list(r, at, json, read_run, into);
}

/* Before all else: what another version holds is not ours to judge. */
static int check_version(const struct reader *r, json_t *document)
{
	const char *format = json_string_value(json_object_get(document, "format"));
	json_t *version = json_object_get(document, "version");

	if (!format || strcmp(format, PROFILE_FORMAT) != 0)
		return diag(-EINVAL, "%s: is no learn profile", r->name);
	if (!json_is_integer(version))
		return diag(-EINVAL, "%s: version: expected an integer", r->name);
	if (json_integer_value(version) != PROFILE_VERSION)
		return diag(-ENOTSUP,
			    "%s: is version %" JSON_INTEGER_FORMAT "; this learn reads version %d",
			    r->name, json_integer_value(version), PROFILE_VERSION);
	return 0;
}

static int read_document(struct reader *r, json_t *document)
{
	static const struct field fields[] = {
		{ "format", REQUIRED, scan_remark, 0 },
		{ "version", REQUIRED, scan_later, 0 },
		{ "complete", REQUIRED, scan_bool, 0 }, /* follows from the runs */
		{ "runs", REQUIRED, read_runs, 0 },
		{ "tree", OPTIONAL, read_tree, 0 },
		{ "programs", REQUIRED, read_programs, 0 },
		{ "decisions", OPTIONAL, read_decisions, 0 },
	};
	json_t *unused = NULL;
	int err = check_version(r, document);

	if (!err)
		err = scan_fields(r, NULL, document, fields, ARRAY_SIZE(fields), &unused);
	if (!err)
		runs_settle(r->result);
	return err;
}

int profile_parse(const char *name, const char *data, size_t len, struct profile **ret)
{
	struct reader r = { .name = name, .result = profile_new() };
	json_error_t error;
	json_t *document;
	int err;

	if (!len)
		err = diag(-EINVAL, "%s: is empty: not a profile", name);
	else if (!(document = json_loadb(data, len, JSON_REJECT_DUPLICATES, &error)))
		err = diag(-EINVAL, "%s:%d:%d: %s", name, error.line > 0 ? error.line : 1,
			   error.column > 0 ? error.column : 1, error.text);
	else {
		err = r.result ? read_document(&r, document) : -ENOMEM;
		json_decref(document);
	}
	if (err == -ENOMEM)
		diag_errno(err, "%s", name);
	if (err < 0)
		profile_free(r.result);
	else
		*ret = r.result;
	return err;
}
