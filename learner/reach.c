/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which system calls a program could make: from what it imports to what the C library does. */
#include "learner/reach.h"

#include <elf.h>
#include <errno.h>
#include <linux/audit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "elf/elf_file.h"
#include "elf/x86.h"
#include "learner/reach_table.h"
#include "sysdb/syscalls.h"

struct module {
	const char *name; /* without directories; borrowed from the profile */
	struct elf_file *file;
	bool traced;      /* only what is called is followed: the C library */
	struct map seen;  /* functions that were looked at, by start */
};

/* A function that is yet to be looked at. */
struct task {
	size_t module;
	uint64_t address;
	char *via; /* shared by all that it leads to; owned by search.vias */
};

struct search {
	struct reach *reach;
	int newest; /* number that has a name */
	struct module *modules;
	size_t n_modules;
	struct map providers; /* size_t (module number plus one) by name: who exports it */
	struct task *tasks; /* in order: what leads to a call in the fewest steps is found first */
	size_t n_tasks, next_task;
	char **vias;
	size_t n_vias;
};

static void clear_search(struct search *s)
{
	for (size_t i = 0; i < s->n_modules; i++) {
		elf_file_close(s->modules[i].file);
		map_clear(&s->modules[i].seen, NULL);
	}
	for (size_t i = 0; i < s->n_vias; i++)
		free(s->vias[i]);
	map_clear(&s->providers, NULL);
	free(s->modules);
	free(s->tasks);
	free(s->vias);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Keeps the first reason. Takes REASON over, which may be NULL. */
static int set_unknown(struct reach *reach, char *reason)
{
	if (!reason)
		return -ENOMEM;
	if (reach->unknown)
		free(reason);
	else
		reach->unknown = reason;
	return 0;
}

static int note_unknown(struct search *s, const char *what, const char *why)
{
	char *reason;

	return set_unknown(s->reach, asprintf(&reason, "%s %s", what, why) < 0 ? NULL : reason);
}

/* ---- findings ---- */

static int find_call(struct search *s, const char *name, const char *via)
{
	auto_free char *copy = NULL;

	if (map_get(&s->reach->calls, name, strlen(name)))
		return 0;
	copy = strdup(via);
	if (!copy || map_put(&s->reach->calls, name, strlen(name), copy) < 0)
		return -ENOMEM;
	take_ptr(copy);
	return 0;
}

static int find_number(struct search *s, const struct module *module, int64_t nr, const char *via)
{
	auto_free char *name = NULL;

	/* A C library passes numbers to syscall(2) and its like: note_limits() is about them. */
	if (nr < 0 && !module->traced && !module->file->interpreter)
		return note_unknown(s, module->name, "makes calls by numbers that it computes");
	if (nr < 0 || nr > s->newest)
		return 0;
	name = syscall_name(s->reach->arch, (int)nr);
	return name ? find_call(s, name, via) : -ENOMEM;
}

/* The words joined, for as long as the search. */
static char *make_via(struct search *s, const char *a, const char *b, const char *c)
{
	char **more = reallocarray(s->vias, s->n_vias + 1, sizeof(*more));
	char *via;

	if (!more)
		return NULL;
	s->vias = more;
	if (asprintf(&via, "%s%s%s", a, b, c) < 0)
		return NULL;
	return s->vias[s->n_vias++] = via;
}

static int add_task(struct search *s, size_t module, uint64_t address, char *via)
{
	const struct elf_function *function = elf_function_at(s->modules[module].file, address);
	struct map *seen = &s->modules[module].seen;
	uint64_t start;

	if (!function)
		return 0;
	start = function->start;
	if (map_get(seen, &start, sizeof(start)))
		return 0;
	if (map_put(seen, &start, sizeof(start), via) < 0)
		return -ENOMEM;
	if ((s->n_tasks & (s->n_tasks - 1)) == 0) {
		struct task *more =
			reallocarray(s->tasks, s->n_tasks ? 2 * s->n_tasks : 1, sizeof(*more));

		if (!more)
			return -ENOMEM;
		s->tasks = more;
	}
	s->tasks[s->n_tasks++] = (struct task){ module, start, via };
	return 0;
}

/* A name that leads into the C library, or to a call by the table. */
static int follow_name(struct search *s, const char *name, char *via)
{
	size_t provider = (uintptr_t)map_get(&s->providers, name, strlen(name));
	const struct elf_function *function;
	int r = 0;

	for (const struct reach_symbol *row = reach_table; row->symbol && r == 0; row++)
		if (strcmp(row->symbol, name) == 0)
			r = find_call(s, row->call, via);
	if (r < 0 || !provider || !s->modules[provider - 1].traced)
		return r;
	function = map_get(&s->modules[provider - 1].file->defined, name, strlen(name));
	return function ? add_task(s, provider - 1, function->start, via) : 0;
}

/* ---- reading code ---- */

struct reading {
	struct search *search;
	size_t module;
	char *via;
};

/* A reference within the module: another function, or the slot that holds the address of one. */
static int follow_address(struct search *s, size_t module, uint64_t address, char *via)
{
	const struct elf_file *file = s->modules[module].file;
	const char *name = map_get(&file->slots, &address, sizeof(address));
	const uint64_t *pointer = map_get(&file->pointers, &address, sizeof(address));

	if (name)
		return follow_name(s, name, via);
	return add_task(s, module, pointer ? *pointer : address, via);
}

static int on_fact(void *state, enum x86_fact_kind kind, int64_t value)
{
	const struct reading *reading = state;
	const struct elf_file *file = reading->search->modules[reading->module].file;

	switch (kind) {
	case X86_SYSCALL:
		return find_number(reading->search, &reading->search->modules[reading->module],
				   value, reading->via);
	case X86_CONSTANT:
		if (!file->fixed)
			return 0;
		__attribute__((fallthrough));
	case X86_REFERS:
	case X86_LOADS:
		if (!reading->search->modules[reading->module].traced)
			return 0;
		return follow_address(reading->search, reading->module, (uint64_t)value,
				      reading->via);
	}
	return 0;
}

static int read_function(struct search *s, size_t module, uint64_t start, uint64_t end, char *via)
{
	struct reading reading = { s, module, via };
	const struct x86_sink sink = { &reading, on_fact };
	size_t length;
	const unsigned char *code = elf_code_at(s->modules[module].file, start, &length);

	if (!code)
		return 0;
	length = end - start < length ? end - start : length;
	return x86_scan(code, length, start, &sink);
}

static int run_tasks(struct search *s)
{
	int r = 0;

	while (s->next_task < s->n_tasks && r == 0) {
		struct task task = s->tasks[s->next_task++];
		const struct elf_function *function =
			elf_function_at(s->modules[task.module].file, task.address);

		r = read_function(s, task.module, function->start, function->end, task.via);
	}
	return r;
}

/* Code between functions that have no name and no unwind information is read from its start. */
static int read_section(struct search *s, size_t module, const struct elf_section *section,
			char *via)
{
	const struct elf_file *file = s->modules[module].file;
	uint64_t at = section->address, end = section->address + section->size;
	int r = 0;

	while (at < end && r == 0) {
		const struct elf_function *function = elf_function_at(file, at);
		uint64_t stop = end;

		if (function)
			stop = function->end;
		else
			for (size_t i = 0; i < file->n_functions; i++)
				if (file->functions[i].start > at &&
				    file->functions[i].start < stop)
					stop = file->functions[i].start;
		r = read_function(s, module, at, stop, via);
		at = stop;
	}
	return r;
}

/* All of its code is taken to be used: what it imports, and the calls that it makes itself. */
static int read_whole(struct search *s, size_t module)
{
	const struct module *m = &s->modules[module];
	char *via = make_via(s, "code of ", m->name, "");
	int r = via ? 0 : -ENOMEM;

	for (size_t i = 0; i < m->file->n_sections && r == 0; i++)
		if (m->file->sections[i].code && m->file->sections[i].bytes)
			r = read_section(s, module, &m->file->sections[i], via);
	for (size_t i = 0; i < m->file->imports.n && r == 0; i++) {
		const char *name = m->file->imports.entries[i].value;

		via = make_via(s, name, ", imported by ", m->name);
		r = via ? follow_name(s, name, via) : -ENOMEM;
	}
	return r;
}

/* What the C library does unasked: before main(), and by pointers in the tables of its streams. */
static int read_unasked(struct search *s, size_t module)
{
	static const char *const starts[] = { "__libc_early_init", "__libc_start_main", "exit" };
	const struct elf_file *file = s->modules[module].file;
	char *via = make_via(s, "start of ", s->modules[module].name, "");
	int r = via ? 0 : -ENOMEM;

	for (size_t i = 0; i < ARRAY_SIZE(starts) && r == 0; i++)
		r = follow_name(s, starts[i], via);
	for (size_t i = 0; i < file->n_sections && r == 0; i++) {
		const struct elf_section *section = &file->sections[i];

		if (strcmp(section->name, "__libc_IO_vtables") != 0)
			continue;
		via = make_via(s, "streams of ", s->modules[module].name, "");
		for (uint64_t at = section->address;
		     via && at < section->address + section->size && r == 0; at += 8)
			r = map_get(&file->pointers, &at, sizeof(at))
				    ? follow_address(s, module, at, via)
				    : 0;
	}
	return r;
}

/* ---- which files ---- */

static int add_providers(struct search *s, size_t module)
{
	const struct map *defined = &s->modules[module].file->defined;

	for (size_t i = 0; i < defined->n; i++) {
		const struct map_entry *e = &defined->entries[i];

		const void *name = map_key(e);

		if (!map_get(&s->providers, name, e->key_len) &&
		    map_put(&s->providers, name, e->key_len, (void *)(uintptr_t)(module + 1)) < 0)
			return -ENOMEM;
	}
	return 0;
}

static bool is_c_library(const struct elf_file *file)
{
	static const char name[] = "__libc_start_main";

	/* Without the bounds of its functions it can only be read whole. */
	return map_get(&file->defined, name, strlen(name)) && file->n_functions;
}

static int add_module(struct search *s, const char *path, const char *build_id)
{
	struct elf_file *file = NULL;
	int r = elf_file_open(path, &file);

	if (r == -ENOMEM)
		return r;
	if (r < 0)
		return note_unknown(s, path, "cannot be read any more");
	if (strcmp(file->build_id, build_id) != 0 || file->machine != EM_X86_64) {
		r = note_unknown(s, path,
				 file->machine != EM_X86_64
					 ? "has code of an architecture that is not understood"
					 : "was changed since");
		elf_file_close(file);
		return r;
	}
	s->modules[s->n_modules++] = (struct module){
		.name = base_name(path),
		.file = file,
		.traced = is_c_library(file),
	};
	return add_providers(s, s->n_modules - 1);
}

static int add_modules(struct search *s, const struct profile_program *program)
{
	auto_free struct profile_library **libraries = profile_sorted(&program->libraries);
	int r;

	s->modules = calloc(program->libraries.n + 1, sizeof(*s->modules));
	if (!s->modules || !libraries)
		return -ENOMEM;
	r = add_module(s, program->path, program->build_id);
	s->reach->unreadable = r == 0 && !s->n_modules;
	for (size_t i = 0; i < program->libraries.n && r == 0; i++)
		r = add_module(s, libraries[i]->path, libraries[i]->build_id);
	return r;
}

/* Code that came from no file, and calls whose number the code is given. */
static int note_limits(struct search *s)
{
	int r = 0;

	for (size_t i = 0; i < s->n_modules && r == 0; i++)
		if (map_get(&s->modules[i].file->imports, "syscall", strlen("syscall")))
			r = note_unknown(s, s->modules[i].name,
					 "imports syscall(2), by which it can make any call");
	return r;
}

int reach_of(const struct profile_program *program, struct reach *ret)
{
	struct reach reach = { .arch = AUDIT_ARCH_X86_64 };
	cleanup(clear_search) struct search s = { .reach = &reach,
						.newest = syscall_newest(reach.arch) };
	int r = add_modules(&s, program);

	/* The program first: it is what people know. */
	for (size_t i = 0; i < s.n_modules && r == 0; i++)
		r = s.modules[i].traced ? 0 : read_whole(&s, i);
	if (r == 0)
		r = find_call(&s, "execve", "the launch of the program");
	for (size_t i = 0; i < s.n_modules && r == 0; i++)
		r = s.modules[i].traced ? read_unasked(&s, i) : 0;
	if (r == 0)
		r = run_tasks(&s);
	if (r == 0)
		r = note_limits(&s);
	if (r < 0) {
		reach_clear(&reach);
		return r;
	}
	*ret = reach;
	return 0;
}

void reach_clear(struct reach *reach)
{
	map_clear(&reach->calls, free);
	free(reach->unknown);
	*reach = (struct reach){ 0 };
}
