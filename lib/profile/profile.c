/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The evidence in memory: life, adding, order. */
#include "profile/profile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "sysdb/syscalls.h"

/* ---- life ---- */

struct profile *profile_new(void)
{
	return calloc(1, sizeof(struct profile));
}

static void free_call(void *value)
{
	struct profile_call *call = value;

	for (size_t i = 0; i < call->n_args; i++)
		free(call->args[i].values);
	for (size_t i = 0; i < call->n_sites; i++)
		free(call->sites[i]);
	free(call->sites);
	free(call->results);
	free(call->name);
	free(call);
}

static void free_path(void *value)
{
	struct profile_path *path = value;

	free(path->path);
	free(path);
}

static void free_address(void *value)
{
	struct profile_address *address = value;

	free(address->address);
	free(address);
}

static void free_library(void *value)
{
	struct profile_library *library = value;

	free(library->path);
	free(library->build_id);
	free(library);
}

static void free_program(void *value)
{
	struct profile_program *program = value;

	map_clear(&program->calls, free_call);
	map_clear(&program->paths, free_path);
	map_clear(&program->sockets, free);
	map_clear(&program->addresses, free_address);
	map_clear(&program->signals, free);
	map_clear(&program->libraries, free_library);
	map_clear(&program->peaks, free);
	map_clear(&program->limits, free);
	free(program->path);
	free(program->build_id);
	free(program);
}

void profile_free(struct profile *profile)
{
	if (!profile)
		return;
	map_clear(&profile->programs, free_program);
	profile_undecide(profile);
	for (size_t i = 0; i < profile->n_runs; i++)
		profile_run_free(profile->runs[i]);
	free(profile->runs);
	free(profile);
}

bool profile_is_empty(const struct profile *p)
{
	for (size_t i = 0; i < p->programs.n; i++) {
		const struct profile_program *program = p->programs.entries[i].value;

		if (program->calls.n)
			return false;
	}
	return true;
}

bool profile_is_complete(const struct profile *p)
{
	for (size_t i = 0; i < p->n_runs; i++)
		if (!p->runs[i]->complete)
			return false;
	return true;
}

/* ---- keys: laid out so that their byte order is the order of the file ---- */

/* Numbers first, most significant byte first and signed ones moved up; then strings. */
struct key {
	size_t len;
	unsigned char *bytes;
	unsigned char small[128];
};

static void key_free(struct key *key)
{
	if (key->bytes != key->small)
		free(key->bytes);
}

#define auto_key cleanup(key_free)

static unsigned char *put_number(unsigned char *at, uint32_t number)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		*at++ = (unsigned char)(number >> shift);
	return at;
}

static uint32_t moved_up(int number)
{
	return (uint32_t)number ^ 0x80000000u;
}

/* A and B may be NULL. 0 or -ENOMEM. */
static int key_set(struct key *key, const uint32_t *numbers, size_t n, const char *a, const char *b)
{
	size_t a_size = a ? strlen(a) + 1 : 0, b_size = b ? strlen(b) + 1 : 0;
	unsigned char *at;

	key->len = 4 * n + a_size + b_size;
	key->bytes = key->len <= sizeof(key->small) ? key->small : malloc(key->len);
	if (!key->bytes)
		return -ENOMEM;
	at = key->bytes;
	for (size_t i = 0; i < n; i++)
		at = put_number(at, numbers[i]);
	if (a)
		memcpy(at, a, a_size);
	if (b)
		memcpy(at + a_size, b, b_size);
	return 0;
}

static int compare_entries(const void *left, const void *right)
{
	const struct map_entry *a = left, *b = right;
	size_t common = a->key_len < b->key_len ? a->key_len : b->key_len;
	int order = memcmp(map_key(a), map_key(b), common);

	return order ? order : (a->key_len > b->key_len) - (a->key_len < b->key_len);
}

void *profile_sorted(const struct map *map)
{
	auto_free struct map_entry *entries = calloc(map->n + 1, sizeof(*entries));
	void **values = calloc(map->n + 1, sizeof(*values));

	if (!entries || !values) {
		free(values);
		return NULL;
	}
	if (map->n)
		memcpy(entries, map->entries, map->n * sizeof(*entries));
	qsort(entries, map->n, sizeof(*entries), compare_entries);
	for (size_t i = 0; i < map->n; i++)
		values[i] = entries[i].value;
	return values;
}

/* ---- adding: each looks the key up, and makes the entry when it is not there ---- */

/* Stores ENTRY, which FREE_ENTRY frees on failure; COMPLETE is false when a part of it is missing.
 */
static void *store(struct map *map, const struct key *key, void *entry, bool complete,
		   void (*free_entry)(void *entry))
{
	if (!entry)
		return NULL;
	if (complete && map_put(map, key->bytes, key->len, entry) == 0)
		return entry;
	free_entry(entry);
	return NULL;
}

struct profile_program *profile_program(struct profile *p, const char *path, const char *build_id)
{
	auto_key struct key key = { 0 };
	struct profile_program *program;

	if (key_set(&key, NULL, 0, path, build_id) < 0)
		return NULL;
	program = map_get(&p->programs, key.bytes, key.len);
	if (program)
		return program;
	program = calloc(1, sizeof(*program));
	if (program) {
		program->path = strdup(path);
		program->build_id = strdup(build_id);
	}
	return store(&p->programs, &key, program, program && program->path && program->build_id,
		     free_program);
}

struct profile_call *profile_call(struct profile_program *p, enum phase phase, uint32_t arch,
				  int nr)
{
	const uint32_t numbers[] = { phase, arch, moved_up(nr) };
	auto_key struct key key = { 0 };
	struct profile_call *call;

	if (key_set(&key, numbers, ARRAY_SIZE(numbers), NULL, NULL) < 0)
		return NULL;
	call = map_get(&p->calls, key.bytes, key.len);
	if (call)
		return call;
	call = calloc(1, sizeof(*call));
	if (call)
		*call = (struct profile_call){
			.phase = phase,
			.arch = arch,
			.nr = nr,
			.name = syscall_name(arch, nr),
		};
	return store(&p->calls, &key, call, call && call->name, free_call);
}

struct profile_path *profile_path(struct profile_program *p, enum phase phase, const char *path)
{
	const uint32_t numbers[] = { phase };
	auto_key struct key key = { 0 };
	struct profile_path *entry;

	if (key_set(&key, numbers, ARRAY_SIZE(numbers), path, NULL) < 0)
		return NULL;
	entry = map_get(&p->paths, key.bytes, key.len);
	if (entry)
		return entry;
	entry = calloc(1, sizeof(*entry));
	if (entry)
		*entry = (struct profile_path){ .phase = phase, .path = strdup(path) };
	return store(&p->paths, &key, entry, entry && entry->path, free_path);
}

struct profile_socket *profile_socket(struct profile_program *p, enum phase phase, int family,
				      int type, int protocol)
{
	const uint32_t numbers[] = { phase, moved_up(family), moved_up(type), moved_up(protocol) };
	auto_key struct key key = { 0 };
	struct profile_socket *entry;

	if (key_set(&key, numbers, ARRAY_SIZE(numbers), NULL, NULL) < 0)
		return NULL;
	entry = map_get(&p->sockets, key.bytes, key.len);
	if (entry)
		return entry;
	entry = calloc(1, sizeof(*entry));
	if (entry)
		*entry = (struct profile_socket){
			.phase = phase,
			.family = family,
			.type = type,
			.protocol = protocol,
		};
	return store(&p->sockets, &key, entry, entry, free);
}

struct profile_address *profile_address(struct profile_program *p, enum phase phase, bool bind,
					int family, int type, const char *address, uint16_t port)
{
	const uint32_t numbers[] = { phase, !bind, moved_up(family), moved_up(type), port };
	auto_key struct key key = { 0 };
	struct profile_address *entry;

	if (key_set(&key, numbers, ARRAY_SIZE(numbers), address, NULL) < 0)
		return NULL;
	entry = map_get(&p->addresses, key.bytes, key.len);
	if (entry)
		return entry;
	entry = calloc(1, sizeof(*entry));
	if (entry)
		*entry = (struct profile_address){
			.phase = phase,
			.bind = bind,
			.family = family,
			.type = type,
			.port = port,
			.address = strdup(address),
		};
	return store(&p->addresses, &key, entry, entry && entry->address, free_address);
}

struct profile_signal *profile_signal(struct profile_program *p, enum phase phase, int signal)
{
	const uint32_t numbers[] = { phase, moved_up(signal) };
	auto_key struct key key = { 0 };
	struct profile_signal *entry;

	if (key_set(&key, numbers, ARRAY_SIZE(numbers), NULL, NULL) < 0)
		return NULL;
	entry = map_get(&p->signals, key.bytes, key.len);
	if (entry)
		return entry;
	entry = calloc(1, sizeof(*entry));
	if (entry)
		*entry = (struct profile_signal){ .phase = phase, .signal = signal };
	return store(&p->signals, &key, entry, entry, free);
}

struct profile_library *profile_library(struct profile_program *p, const char *path,
					const char *build_id)
{
	auto_key struct key key = { 0 };
	struct profile_library *entry;

	if (key_set(&key, NULL, 0, path, build_id) < 0)
		return NULL;
	entry = map_get(&p->libraries, key.bytes, key.len);
	if (entry)
		return entry;
	entry = calloc(1, sizeof(*entry));
	if (entry) {
		entry->path = strdup(path);
		entry->build_id = strdup(build_id);
	}
	return store(&p->libraries, &key, entry, entry && entry->path && entry->build_id,
		     free_library);
}

const struct profile_peak *profile_find_peak(const struct profile_program *p, int resource)
{
	for (size_t i = 0; i < p->peaks.n; i++) {
		const struct profile_peak *peak = p->peaks.entries[i].value;

		if (peak->resource == resource)
			return peak;
	}
	return NULL;
}

struct profile_peak *profile_peak(struct profile_program *p, int resource)
{
	const uint32_t numbers[] = { moved_up(resource) };
	auto_key struct key key = { 0 };
	struct profile_peak *entry;

	if (key_set(&key, numbers, ARRAY_SIZE(numbers), NULL, NULL) < 0)
		return NULL;
	entry = map_get(&p->peaks, key.bytes, key.len);
	if (entry)
		return entry;
	entry = calloc(1, sizeof(*entry));
	if (entry)
		entry->resource = resource;
	return store(&p->peaks, &key, entry, entry, free);
}

void profile_tree(struct profile *p, uint64_t memory, uint64_t tasks)
{
	if (memory > p->tree.memory)
		p->tree.memory = memory;
	if (tasks > p->tree.tasks)
		p->tree.tasks = tasks;
}

int profile_limit(struct profile_program *p, const char *why)
{
	auto_key struct key key = { 0 };
	char *copy;

	if (key_set(&key, NULL, 0, why, NULL) < 0)
		return -ENOMEM;
	if (map_get(&p->limits, key.bytes, key.len))
		return 0;
	copy = strdup(why);
	return store(&p->limits, &key, copy, copy, free) ? 0 : -ENOMEM;
}
