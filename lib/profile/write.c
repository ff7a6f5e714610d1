/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A profile as a document: docs/profile.schema.json. */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "profile/file.h"
#include "profile/profile.h"
#include "profile/runs.h"
#include "sysdb/argspecs.h"
#include "sysdb/effects.h"
#include "sysdb/milestones.h"
#include "sysdb/names.h"
#include "sysdb/rlimits.h"

/*
 * Jansson's functions take NULL for "out of memory earlier" and return an error, so a failure is
 * passed on by building NULL: each function below returns the new value, or NULL without memory.
 * Objects keep their members in the order of insertion.
 */

static void cleanup_json(json_t **json)
{
	json_decref(*json);
}

#define auto_json cleanup(cleanup_json)

/* ---- scalars ---- */

static json_t *text_of(const char *bytes)
{
	auto_free char *text = bytes_to_text(bytes ? bytes : "", bytes ? strlen(bytes) : 0);

	return json_string(text);
}

static json_t *number_of(uint64_t number)
{
	return json_integer((json_int_t)profile_sum(number, 0));
}

static json_t *word_of(uint64_t word)
{
	return json_sprintf("0x%" PRIx64, word);
}

static json_t *name_of(enum name_kind kind, int value)
{
	auto_free char *name = name_format(kind, value);

	return json_string(name);
}

/* The names of the bits that are set in MASK. */
static json_t *bits_of(uint32_t mask, unsigned n, const char *(*name)(unsigned bit))
{
	auto_json json_t *list = json_array();

	for (unsigned bit = 0; bit < n; bit++)
		if ((mask & 1u << bit) && json_array_append_new(list, json_string(name(bit))) < 0)
			return NULL;
	return take_ptr(list);
}

/* ---- containers ---- */

/* Sets an optional section: an empty one is left out. False without memory. */
static bool set_section(json_t *object, const char *key, json_t *section)
{
	if (section && json_object_size(section) + json_array_size(section) == 0) {
		json_decref(section);
		return true;
	}
	return json_object_set_new(object, key, section) == 0;
}

/* The list that is the member KEY of OBJECT, made when it is not there. Borrowed. */
static json_t *list_at(json_t *object, const char *key)
{
	json_t *list = json_object_get(object, key);

	if (!list && json_object_set_new(object, key, json_array()) == 0)
		list = json_object_get(object, key);
	return list;
}

/* ---- calls ---- */

static json_t *value_of(const struct argspec *spec, const struct profile_value *value)
{
	auto_json json_t *object = json_pack("{so}", "value", word_of(value->value));

	if (object && spec) {
		auto_free char *name = argspec_format(spec, value->value);

		if (json_object_set_new(object, "name", json_string(name)) < 0)
			return NULL;
	}
	if (json_object_set_new(object, "count", number_of(value->count)) < 0)
		return NULL;
	return take_ptr(object);
}

static json_t *values_of(const struct argspec *spec, const struct profile_arg *arg)
{
	auto_json json_t *list = json_array();

	for (size_t i = 0; i < arg->n_values; i++)
		if (json_array_append_new(list, value_of(spec, &arg->values[i])) < 0)
			return NULL;
	return take_ptr(list);
}

static json_t *arg_of(const struct profile_call *call, const struct profile_arg *arg)
{
	const struct argspec *spec = argspec_of(call->name, arg->index);
	auto_json json_t *object = json_object();
	int err = 0;

	if (arg->index < ARGSPEC_ARGUMENTS)
		err |= json_object_set_new(object, "index", json_integer((int)arg->index));
	if (spec)
		err |= json_object_set_new(object, "name", json_string(spec->arg));
	if (arg->many) {
		err |= json_object_set_new(object, "many", json_true());
		err |= json_object_set_new(object, "or", word_of(arg->set_once));
		err |= json_object_set_new(object, "and", word_of(arg->set_always));
	} else {
		err |= json_object_set_new(object, "values", values_of(spec, arg));
	}
	return err ? NULL : take_ptr(object);
}

/* The arguments, or the fields. */
static json_t *args_of(const struct profile_call *call, bool fields)
{
	auto_json json_t *list = json_array();

	for (size_t i = 0; i < call->n_args; i++) {
		const struct profile_arg *arg = &call->args[i];

		if ((arg->index >= ARGSPEC_ARGUMENTS) == fields && (arg->many || arg->n_values) &&
		    json_array_append_new(list, arg_of(call, arg)) < 0)
			return NULL;
	}
	return take_ptr(list);
}

static json_t *results_of(const struct profile_call *call)
{
	auto_json json_t *object = json_object();

	for (size_t i = 0; i < call->n_results; i++) {
		int error = (int)call->results[i].value;
		auto_free char *name = error ? name_format(NAME_ERROR, error) : strdup("ok");

		if (!name ||
		    json_object_set_new(object, name, number_of(call->results[i].count)) < 0)
			return NULL;
	}
	return take_ptr(object);
}

static json_t *site_of(const char *site)
{
	auto_json json_t *list = json_array();

	for (size_t n; *site; site += n + (site[n] == '\n')) {
		n = strcspn(site, "\n");
		auto_free char *frame = bytes_to_text(site, n);

		if (json_array_append_new(list, json_string(frame)) < 0)
			return NULL;
	}
	return take_ptr(list);
}

static json_t *sites_of(const struct profile_call *call)
{
	auto_json json_t *list = json_array();

	for (size_t i = 0; i < call->n_sites; i++)
		if (json_array_append_new(list, site_of(call->sites[i])) < 0)
			return NULL;
	return take_ptr(list);
}

static json_t *call_of(const struct profile_call *call)
{
	auto_json json_t *object = json_pack("{sosiso}", "name", text_of(call->name), "number",
					     call->nr, "count", number_of(call->count));

	if (!object || !set_section(object, "results", results_of(call)) ||
	    !set_section(object, "after", bits_of(call->after, N_MILESTONES, milestone_name)) ||
	    !set_section(object, "args", args_of(call, false)) ||
	    !set_section(object, "fields", args_of(call, true)) ||
	    !set_section(object, "sites", sites_of(call)))
		return NULL;
	return take_ptr(object);
}

/* ---- the entries of a phase: each adds one to the phase's object; 0 or -1 ---- */

static int put_call(json_t *phase, const void *entry)
{
	const struct profile_call *call = entry;
	auto_free char *arch = arch_format(call->arch);
	json_t *calls = json_object_get(phase, "calls");

	if (!calls && json_object_set_new(phase, "calls", json_object()) == 0)
		calls = json_object_get(phase, "calls");
	return arch ? json_array_append_new(list_at(calls, arch), call_of(call)) : -1;
}

static int put_path(json_t *phase, const void *entry)
{
	const struct profile_path *path = entry;

	return json_array_append_new(
		list_at(phase, "paths"),
		json_pack("{sosososo}", "path", text_of(path->path), "did",
			  bits_of(path->effects, N_PATH_EFFECTS, path_effect_name), "was",
			  bits_of(path->kinds, N_PATH_KINDS, path_kind_name), "count",
			  number_of(path->count)));
}

static int put_socket(json_t *phase, const void *entry)
{
	const struct profile_socket *s = entry;

	return json_array_append_new(list_at(phase, "sockets"),
				     json_pack("{sososiso}", "family",
					       name_of(NAME_FAMILY, s->family), "type",
					       name_of(NAME_SOCKET_TYPE, s->type), "protocol",
					       s->protocol, "count", number_of(s->count)));
}

static int put_address(json_t *phase, const void *entry)
{
	const struct profile_address *a = entry;

	return json_array_append_new(
		list_at(phase, "addresses"),
		json_pack("{sssosososiso}", "use", a->bind ? "bind" : "connect", "family",
			  name_of(NAME_FAMILY, a->family), "type",
			  name_of(NAME_SOCKET_TYPE, a->type), "address", text_of(a->address),
			  "port", (int)a->port, "count", number_of(a->count)));
}

static int put_signal(json_t *phase, const void *entry)
{
	const struct profile_signal *s = entry;

	return json_array_append_new(list_at(phase, "signals"),
				     json_pack("{soso}", "signal", name_of(NAME_SIGNAL, s->signal),
					       "count", number_of(s->count)));
}

/* All of these structures begin with their phase. */
static enum phase phase_of(const void *entry)
{
	return *(const enum phase *)entry;
}

/* Spreads the entries of one map over the phases' objects, in order. */
static bool put_entries(json_t *const phases[N_PHASES], const struct map *map,
			int (*put)(json_t *phase, const void *entry))
{
	auto_free void **entries = profile_sorted(map);

	for (size_t i = 0; i < map->n; i++)
		if (!entries || put(phases[phase_of(entries[i])], entries[i]) < 0)
			return false;
	return entries;
}

static json_t *phases_of(const struct profile_program *program)
{
	const struct {
		const struct map *map;
		int (*put)(json_t *phase, const void *entry);
	} parts[] = {
		{ &program->calls, put_call },	   { &program->paths, put_path },
		{ &program->sockets, put_socket }, { &program->addresses, put_address },
		{ &program->signals, put_signal },
	};
	auto_json json_t *object = json_object();
	json_t *phases[N_PHASES] = { NULL };
	bool ok = object;

	for (int i = 0; i < N_PHASES; i++)
		phases[i] = json_object();
	for (size_t i = 0; i < ARRAY_SIZE(parts) && ok; i++)
		ok = put_entries(phases, parts[i].map, parts[i].put);
	for (int i = 0; i < N_PHASES; i++)
		ok = set_section(object, phase_name((enum phase)i), phases[i]) && ok;
	return ok ? take_ptr(object) : NULL;
}

/* ---- programs ---- */

static json_t *limits_of(const struct profile_program *program)
{
	auto_json json_t *list = json_array();
	auto_free char **limits = profile_sorted(&program->limits);

	for (size_t i = 0; i < program->limits.n; i++)
		if (!limits || json_array_append_new(list, text_of(limits[i])) < 0)
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
							  text_of(libraries[i]->path), "build_id",
							  text_of(libraries[i]->build_id))) < 0)
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
					number_of(peaks[i]->value)) < 0)
			return NULL;
	}
	return peaks ? take_ptr(object) : NULL;
}

static json_t *after_of(const struct profile_program *program)
{
	auto_json json_t *object = json_object();

	for (unsigned bit = 0; bit < N_MILESTONES; bit++)
		if (program->after[bit] && json_object_set_new(object, milestone_name(bit),
							       number_of(program->after[bit])) < 0)
			return NULL;
	return take_ptr(object);
}

static json_t *program_of(const struct profile_program *program)
{
	auto_json json_t *object = json_pack("{soso}", "path", text_of(program->path), "build_id",
					     text_of(program->build_id));

	if (!program->unordered && json_object_set_new(object, "ordered", json_true()) < 0)
		return NULL;
	if (!object || !set_section(object, "limits", limits_of(program)) ||
	    !set_section(object, "libraries", libraries_of(program)) ||
	    !set_section(object, "peaks", peaks_of(program)) ||
	    !set_section(object, "after", after_of(program)) ||
	    !set_section(object, "phases", phases_of(program)))
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
		if (json_array_append_new(list, text_of(*command)) < 0)
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
			 text_of(run->cwd), "start", start_of(run->start_ms), "duration_ms",
			 number_of(run->duration_ms < 0 ? 0 : (uint64_t)run->duration_ms), "exit",
			 run->exit_status < 0 ? json_null() : json_integer(run->exit_status),
			 "signal", run->signal ? name_of(NAME_SIGNAL, run->signal) : json_null(),
			 "kernel", text_of(run->kernel), "arch", text_of(run->arch), "tool",
			 text_of(run->tool), "uid", json_integer(run->uid), "complete",
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
	    json_object_set_new(object, "memory", number_of(p->tree.memory)) < 0)
		return NULL;
	if (p->tree.tasks && json_object_set_new(object, "tasks", number_of(p->tree.tasks)) < 0)
		return NULL;
	return take_ptr(object);
}

/* ---- decisions ---- */

static bool set_text(json_t *object, const char *key, const char *bytes)
{
	return !*bytes || json_object_set_new(object, key, text_of(bytes)) == 0;
}

static json_t *decision_of(const struct profile_decision *d)
{
	auto_json json_t *object = json_pack("{ssso}", "about", decision_kind_name(d->kind), "name",
					     text_of(d->name));

	if (!object || !set_text(object, "detail", d->detail) ||
	    json_object_set_new(object, "verdict", json_string(decision_verdict_name(d->verdict))) <
		    0 ||
	    !set_text(object, "answer", d->answer) ||
	    json_object_set_new(object, "covers", number_of(d->covers)) < 0 ||
	    json_object_set_new(object, "why", text_of(d->why)) < 0)
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

	if (!document || !set_section(document, "tree", tree_of(p)) ||
	    json_object_set_new(document, "programs", programs_of(p)) < 0 ||
	    !set_section(document, "decisions", decisions_of(p)))
		return -ENOMEM;
	errno = 0;
	if (json_dump_callback(document, append, out, JSON_INDENT(1)) < 0 ||
	    fputc('\n', out) == EOF)
		return errno ? -errno : -EIO;
	return 0;
}
