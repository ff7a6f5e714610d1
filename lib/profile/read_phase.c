/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader for one phase of a program: calls, paths, sockets, addresses, signals. */
#include "profile/read_phase.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "profile/profile.h"
#include "sysdb/argspecs.h"
#include "sysdb/phase.h"
#include "sysdb/syscalls.h"

/* What the entries below are added to. */
struct section {
	struct profile_program *program;
	enum phase phase;
	uint32_t arch;
};

/* ---- calls ---- */

/* One argument or field, and the call it belongs to. */
struct arg_record {
	struct profile_call *call;
	unsigned index;
	char *name; /* of a field */
	bool many;
	uint64_t set_once, set_always;
	json_t *once, *always, *values; /* NULL when absent */
};

static int read_value(struct reader *r, const struct place *at, json_t *json, void *into)
{
	static const struct field fields[] = {
		{ "value", REQUIRED, scan_word, offsetof(struct profile_value, value) },
		{ "name", OPTIONAL, scan_remark, 0 },
		{ "count", REQUIRED, scan_count, offsetof(struct profile_value, count) },
	};
	const struct arg_record *arg = into;
	struct profile_value value = { 0 };
	int err = scan_fields(r, at, json, fields, ARRAY_SIZE(fields), &value);

	if (err < 0)
		return err;
	err = profile_call_value(arg->call, arg->index, profile_call_most(arg->call, arg->index),
				 value.value, value.count);
	return err < 0 ? err : 0;
}

/* The list of values, or in its place "many" with what is left of them. */
static int read_held(struct reader *r, const struct place *at, const struct arg_record *arg)
{
	const struct place here = { at, "values", 0 };

	if (arg->many != !arg->values || arg->many != !!arg->once || arg->many != !!arg->always)
		return scan_bad(r, at, "expected either values, or many, or and and");
	if (!arg->many)
		return scan_list(r, &here, arg->values, read_value, (void *)arg);
	if (arg->set_always & ~arg->set_once)
		return scan_bad(r, at, "'and' has bits that 'or' has not");
	return profile_call_many(arg->call, arg->index, arg->set_once, arg->set_always);
}

/* What an argument and a field have in common, into struct arg_record. */
#define HELD_FIELDS                                                                                \
	{ "many", OPTIONAL, scan_true, offsetof(struct arg_record, many) },                        \
	{ "or", OPTIONAL, scan_word, offsetof(struct arg_record, set_once) },                      \
	{ "or", OPTIONAL, scan_later, offsetof(struct arg_record, once) },                         \
	{ "and", OPTIONAL, scan_word, offsetof(struct arg_record, set_always) },                   \
	{ "and", OPTIONAL, scan_later, offsetof(struct arg_record, always) },                      \
	{ "values", OPTIONAL, scan_later, offsetof(struct arg_record, values) }

static int read_arg(struct reader *r, const struct place *at, json_t *json, void *into)
{
	static const struct field fields[] = {
		{ "index", REQUIRED, scan_index, offsetof(struct arg_record, index) },
		{ "name", OPTIONAL, scan_remark, 0 },
		HELD_FIELDS,
	};
	struct arg_record arg = { .call = into };
	int err = scan_fields(r, at, json, fields, ARRAY_SIZE(fields), &arg);

	return err < 0 ? err : read_held(r, at, &arg);
}

/* The index of the call's field of that name, or -EINVAL. */
static int find_field(const struct profile_call *call, const char *name, unsigned *ret)
{
	size_t n;
	const struct argspec *specs = argspecs_of(call->name, &n);

	for (size_t i = 0; i < n; i++) {
		if (argspec_is_field(&specs[i]) && strcmp(specs[i].arg, name) == 0) {
			*ret = specs[i].index;
			return 0;
		}
	}
	return -EINVAL;
}

static int read_field(struct reader *r, const struct place *at, json_t *json, void *into)
{
	static const struct field fields[] = {
		{ "name", REQUIRED, scan_bytes, offsetof(struct arg_record, name) },
		HELD_FIELDS,
	};
	const struct place here = { at, "name", 0 };
	struct arg_record arg = { .call = into };
	int err = scan_fields(r, at, json, fields, ARRAY_SIZE(fields), &arg);

	if (!err && find_field(arg.call, arg.name, &arg.index) < 0)
		err = scan_bad(r, &here, "%s has no such field", arg.call->name);
	free(arg.name);
	return err < 0 ? err : read_held(r, at, &arg);
}

static int read_result(struct reader *r, const struct place *at, json_t *json, void *into)
{
	uint64_t count = 0;
	int error = 0, err;

	if (strcmp(at->key, "ok") != 0 &&
	    (name_parse(NAME_ERROR, at->key, &error) < 0 || error <= 0))
		return scan_bad(r, at, "expected \"ok\", the name of an error, or its number");
	err = scan_count(r, at, json, &count);
	if (err < 0)
		return err;
	err = profile_call_result(into, error, count);
	return err < 0 ? err : 0;
}

static int read_frame(struct reader *r, const struct place *at, json_t *json, void *into)
{
	auto_free char *frame = NULL;
	int err = scan_bytes(r, at, json, &frame);

	if (err < 0)
		return err;
	if (!*frame || strchr(frame, '\n'))
		return scan_bad(r, at, "expected one line that is not empty");
	return fprintf(into, "%s\n", frame) < 0 ? -ENOMEM : 0;
}

static int read_site(struct reader *r, const struct place *at, json_t *json, void *into)
{
	auto_free char *frames = NULL;
	size_t length;
	FILE *out = open_memstream(&frames, &length);
	int err = out ? scan_list(r, at, json, read_frame, out) : -ENOMEM;

	if (out && (fclose(out) < 0 || !frames) && !err)
		err = -ENOMEM;
	if (!err)
		err = profile_call_site(into, frames);
	return err < 0 ? err : 0;
}

static int read_results(struct reader *r, const struct place *at, json_t *json, void *into)
{
	return scan_members(r, at, json, read_result, into);
}

static int read_args(struct reader *r, const struct place *at, json_t *json, void *into)
{
	return scan_list(r, at, json, read_arg, into);
}

static int read_fields(struct reader *r, const struct place *at, json_t *json, void *into)
{
	return scan_list(r, at, json, read_field, into);
}

static int read_sites(struct reader *r, const struct place *at, json_t *json, void *into)
{
	return scan_list(r, at, json, read_site, into);
}

struct call_record {
	char *name;
	int nr;
	uint64_t count;
	uint32_t after;
	json_t *results, *args, *fields, *sites; /* NULL when absent */
};

/* A name goes into policies and their comments, and people believe it: it must fit the number. */
static int check_name(struct reader *r, const struct place *at, uint32_t arch,
		      const struct call_record *call)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
	const struct place here = { at, "name", 0 };
	int nr;

	if (!*call->name || call->name[strspn(call->name, letters)])
		return scan_bad(r, &here, "expected the name of a system call");
	if (call->nr >= 0 && syscall_number(arch, call->name, &nr) == 0 && nr != call->nr)
		return scan_bad(r, &here, "%s is call %d there, not %d", call->name, nr, call->nr);
	return 0;
}

static int add_call(struct reader *r, const struct place *at, const struct section *section,
		    const struct call_record *record)
{
	const struct {
		const char *key;
		json_t *json;
		scan_function *read;
	} parts[] = {
		{ "results", record->results, read_results },
		{ "args", record->args, read_args },
		{ "fields", record->fields, read_fields },
		{ "sites", record->sites, read_sites },
	};
	int err = check_name(r, at, section->arch, record);
	struct profile_call *call;

	if (err < 0)
		return err;
	call = profile_call(section->program, section->phase, section->arch, record->nr);
	if (!call || profile_call_name(call, record->name) < 0)
		return -ENOMEM;
	call->count = profile_sum(call->count, record->count);
	call->after |= record->after;
	for (size_t i = 0; i < ARRAY_SIZE(parts) && !err; i++) {
		const struct place here = { at, parts[i].key, 0 };

		if (parts[i].json)
			err = parts[i].read(r, &here, parts[i].json, call);
	}
	return err;
}

static int read_call(struct reader *r, const struct place *at, json_t *json, void *into)
{
	static const struct field fields[] = {
		{ "name", REQUIRED, scan_bytes, offsetof(struct call_record, name) },
		{ "number", REQUIRED, scan_int, offsetof(struct call_record, nr) },
		{ "count", REQUIRED, scan_count, offsetof(struct call_record, count) },
		{ "results", OPTIONAL, scan_later, offsetof(struct call_record, results) },
		{ "after", OPTIONAL, scan_milestones, offsetof(struct call_record, after) },
		{ "args", OPTIONAL, scan_later, offsetof(struct call_record, args) },
		{ "fields", OPTIONAL, scan_later, offsetof(struct call_record, fields) },
		{ "sites", OPTIONAL, scan_later, offsetof(struct call_record, sites) },
	};
	struct call_record record = { 0 };
	int err = scan_fields(r, at, json, fields, ARRAY_SIZE(fields), &record);

	if (!err)
		err = add_call(r, at, into, &record);
	free(record.name);
	return err;
}

/* The calls of one architecture, whose name or token is the key. */
static int read_arch(struct reader *r, const struct place *at, json_t *json, void *into)
{
	struct section section = *(const struct section *)into;

	if (arch_parse(at->key, &section.arch) < 0)
		return scan_bad(r, at, "unknown architecture");
	return scan_list(r, at, json, read_call, &section);
}

static int read_calls(struct reader *r, const struct place *at, json_t *json, void *into)
{
	return scan_members(r, at, json, read_arch, into);
}

/* ---- the other entries of a phase ---- */

static int read_path(struct reader *r, const struct place *at, json_t *json, void *into)
{
	static const struct field fields[] = {
		{ "path", REQUIRED, scan_bytes, offsetof(struct profile_path, path) },
		{ "did", REQUIRED, scan_effects, offsetof(struct profile_path, effects) },
		{ "was", REQUIRED, scan_kinds, offsetof(struct profile_path, kinds) },
		{ "count", REQUIRED, scan_count, offsetof(struct profile_path, count) },
	};
	const struct section *section = into;
	struct profile_path record = { 0 }, *path = NULL;
	int err = scan_fields(r, at, json, fields, ARRAY_SIZE(fields), &record);

	if (!err) {
		path = profile_path(section->program, section->phase, record.path);
		err = path ? 0 : -ENOMEM;
	}
	if (path) {
		path->effects |= record.effects;
		path->kinds |= record.kinds;
		path->count = profile_sum(path->count, record.count);
	}
	free(record.path);
	return err;
}

static int read_socket(struct reader *r, const struct place *at, json_t *json, void *into)
{
	static const struct field fields[] = {
		{ "family", REQUIRED, scan_family, offsetof(struct profile_socket, family) },
		{ "type", REQUIRED, scan_socket_type, offsetof(struct profile_socket, type) },
		{ "protocol", REQUIRED, scan_int, offsetof(struct profile_socket, protocol) },
		{ "count", REQUIRED, scan_count, offsetof(struct profile_socket, count) },
	};
	const struct section *section = into;
	struct profile_socket record = { 0 }, *socket;
	int err = scan_fields(r, at, json, fields, ARRAY_SIZE(fields), &record);

	if (err < 0)
		return err;
	socket = profile_socket(section->program, section->phase, record.family, record.type,
				record.protocol);
	if (!socket)
		return -ENOMEM;
	socket->count = profile_sum(socket->count, record.count);
	return 0;
}

/* Into bool: whether it was bound. */
static int read_use(struct reader *r, const struct place *at, json_t *json, void *into)
{
	const char *use = json_string_value(json);

	if (!use || (strcmp(use, "bind") != 0 && strcmp(use, "connect") != 0))
		return scan_bad(r, at, "expected \"bind\" or \"connect\"");
	*(bool *)into = strcmp(use, "bind") == 0;
	return 0;
}

static int read_address(struct reader *r, const struct place *at, json_t *json, void *into)
{
	static const struct field fields[] = {
		{ "use", REQUIRED, read_use, offsetof(struct profile_address, bind) },
		{ "family", REQUIRED, scan_family, offsetof(struct profile_address, family) },
		{ "type", REQUIRED, scan_socket_type, offsetof(struct profile_address, type) },
		{ "address", REQUIRED, scan_bytes, offsetof(struct profile_address, address) },
		{ "port", REQUIRED, scan_port, offsetof(struct profile_address, port) },
		{ "count", REQUIRED, scan_count, offsetof(struct profile_address, count) },
	};
	const struct section *section = into;
	struct profile_address record = { 0 }, *address = NULL;
	int err = scan_fields(r, at, json, fields, ARRAY_SIZE(fields), &record);

	if (!err) {
		address = profile_address(section->program, section->phase, record.bind,
					  record.family, record.type, record.address, record.port);
		err = address ? 0 : -ENOMEM;
	}
	if (address)
		address->count = profile_sum(address->count, record.count);
	free(record.address);
	return err;
}

static int read_signal(struct reader *r, const struct place *at, json_t *json, void *into)
{
	static const struct field fields[] = {
		{ "signal", REQUIRED, scan_signal, offsetof(struct profile_signal, signal) },
		{ "count", REQUIRED, scan_count, offsetof(struct profile_signal, count) },
	};
	const struct section *section = into;
	struct profile_signal record = { 0 }, *signal;
	int err = scan_fields(r, at, json, fields, ARRAY_SIZE(fields), &record);

	if (err < 0)
		return err;
	signal = profile_signal(section->program, section->phase, record.signal);
	if (!signal)
		return -ENOMEM;
	signal->count = profile_sum(signal->count, record.count);
	return 0;
}

static int read_paths(struct reader *r, const struct place *at, json_t *json, void *into)
{
	return scan_list(r, at, json, read_path, into);
}

static int read_sockets(struct reader *r, const struct place *at, json_t *json, void *into)
{
	return scan_list(r, at, json, read_socket, into);
}

static int read_addresses(struct reader *r, const struct place *at, json_t *json, void *into)
{
	return scan_list(r, at, json, read_address, into);
}

static int read_signals(struct reader *r, const struct place *at, json_t *json, void *into)
{
	return scan_list(r, at, json, read_signal, into);
}

int read_phase(struct reader *r, const struct place *at, json_t *json, void *into)
{
	static const struct field fields[] = {
		{ "calls", OPTIONAL, read_calls, 0 },
		{ "paths", OPTIONAL, read_paths, 0 },
		{ "sockets", OPTIONAL, read_sockets, 0 },
		{ "addresses", OPTIONAL, read_addresses, 0 },
		{ "signals", OPTIONAL, read_signals, 0 },
	};
	int phase = phase_from_name(at->key);
	struct section section = { .program = into, .phase = (enum phase)phase };

	if (phase < 0)
		return scan_bad(r, at, "unknown phase");
	return scan_fields(r, at, json, fields, ARRAY_SIZE(fields), &section);
}
