/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a program did, as a part of a profile's document. */
#include "profile/document.h"

#include <string.h>

#include "base/bytes.h"
#include "sysdb/argspecs.h"
#include "sysdb/effects.h"
#include "sysdb/milestones.h"

/* ---- calls ---- */

static json_t *value_of(const struct argspec *spec, const struct profile_value *value)
{
	auto_json json_t *object = json_pack("{so}", "value", doc_word(value->value));

	if (object && spec) {
		auto_free char *name = argspec_format(spec, value->value);

		if (json_object_set_new(object, "name", json_string(name)) < 0)
			return NULL;
	}
	if (json_object_set_new(object, "count", doc_number(value->count)) < 0)
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
		err |= json_object_set_new(object, "or", doc_word(arg->set_once));
		err |= json_object_set_new(object, "and", doc_word(arg->set_always));
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
		    json_object_set_new(object, name, doc_number(call->results[i].count)) < 0)
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
	auto_json json_t *object = json_pack("{sosiso}", "name", doc_text(call->name), "number",
					     call->nr, "count", doc_number(call->count));

	if (!object || !doc_set_section(object, "results", results_of(call)) ||
	    !doc_set_section(object, "after",
			     doc_bits(call->after, N_MILESTONES, milestone_name)) ||
	    !doc_set_section(object, "args", args_of(call, false)) ||
	    !doc_set_section(object, "fields", args_of(call, true)) ||
	    !doc_set_section(object, "sites", sites_of(call)))
		return NULL;
	return take_ptr(object);
}

/* ---- the entries of a phase: each adds one to the phase's page; 0 or -1 ---- */

/* The list that was made last for a set of bits: most of thousands of paths have the same. */
struct list_made {
	uint32_t bits;
	json_t *list; /* NULL: none yet */
};

/* The object that stands for a phase, while it is made. */
struct page {
	json_t *object;
	struct list_made did, was; /* of its paths */
};

/* A reference to the list of BITS. */
static json_t *list_of(struct list_made *made, uint32_t bits, unsigned n,
		       const char *(*name)(unsigned bit))
{
	if (!made->list || made->bits != bits) {
		json_decref(made->list);
		made->list = doc_bits(bits, n, name);
		made->bits = bits;
	}
	return json_incref(made->list);
}

static int put_call(struct page *page, const void *entry)
{
	const struct profile_call *call = entry;
	auto_free char *arch = arch_format(call->arch);
	json_t *calls = json_object_get(page->object, "calls");

	if (!calls && json_object_set_new(page->object, "calls", json_object()) == 0)
		calls = json_object_get(page->object, "calls");
	return arch ? json_array_append_new(doc_list_at(calls, arch), call_of(call)) : -1;
}

static int put_path(struct page *page, const void *entry)
{
	const struct profile_path *path = entry;

	return json_array_append_new(
		doc_list_at(page->object, "paths"),
		json_pack("{sosososo}", "path", doc_text(path->path), "did",
			  list_of(&page->did, path->effects, N_PATH_EFFECTS, path_effect_name),
			  "was",
			  list_of(&page->was, path->kinds, N_PATH_KINDS, path_kind_name),
			  "count", doc_number(path->count)));
}

static int put_socket(struct page *page, const void *entry)
{
	const struct profile_socket *s = entry;

	return json_array_append_new(doc_list_at(page->object, "sockets"),
				     json_pack("{sososiso}", "family",
					       doc_name(NAME_FAMILY, s->family), "type",
					       doc_name(NAME_SOCKET_TYPE, s->type), "protocol",
					       s->protocol, "count", doc_number(s->count)));
}

static int put_address(struct page *page, const void *entry)
{
	const struct profile_address *a = entry;

	return json_array_append_new(
		doc_list_at(page->object, "addresses"),
		json_pack("{sssosososiso}", "use", a->bind ? "bind" : "connect", "family",
			  doc_name(NAME_FAMILY, a->family), "type",
			  doc_name(NAME_SOCKET_TYPE, a->type), "address", doc_text(a->address),
			  "port", (int)a->port, "count", doc_number(a->count)));
}

static int put_signal(struct page *page, const void *entry)
{
	const struct profile_signal *s = entry;

	return json_array_append_new(doc_list_at(page->object, "signals"),
				     json_pack("{soso}", "signal", doc_name(NAME_SIGNAL, s->signal),
					       "count", doc_number(s->count)));
}

/* All of these structures begin with their phase. */
static enum phase phase_of(const void *entry)
{
	return *(const enum phase *)entry;
}

/* Spreads the entries of one map over the phases' pages, in order. */
static bool put_entries(struct page pages[N_PHASES], const struct map *map,
			int (*put)(struct page *page, const void *entry))
{
	auto_free void **entries = profile_sorted(map);

	for (size_t i = 0; i < map->n; i++)
		if (!entries || put(&pages[phase_of(entries[i])], entries[i]) < 0)
			return false;
	return entries;
}

json_t *doc_phases(const struct profile_program *program)
{
	const struct {
		const struct map *map;
		int (*put)(struct page *page, const void *entry);
	} parts[] = {
		{ &program->calls, put_call },	   { &program->paths, put_path },
		{ &program->sockets, put_socket }, { &program->addresses, put_address },
		{ &program->signals, put_signal },
	};
	auto_json json_t *object = json_object();
	struct page pages[N_PHASES] = { { 0 } };
	bool ok = object;

	for (int i = 0; i < N_PHASES; i++)
		pages[i].object = json_object();
	for (size_t i = 0; i < ARRAY_SIZE(parts) && ok; i++)
		ok = put_entries(pages, parts[i].map, parts[i].put);
	for (int i = 0; i < N_PHASES; i++) {
		json_decref(pages[i].did.list);
		json_decref(pages[i].was.list);
		ok = doc_set_section(object, phase_name((enum phase)i), pages[i].object) && ok;
	}
	return ok ? take_ptr(object) : NULL;
}
