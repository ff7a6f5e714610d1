/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who called: the frames of a stack, named through the process's mappings. */
#include "tracer/stacks.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/map.h"
#include "tracer/mappings.h"
#include "tracer/procfs.h"

/* What a frame is called; where nothing is mapped, for as long as no more code is. */
struct name {
	bool mapped;
	uint32_t code;
	char text[];
};

#define FRAME_SIZE 512
#define MOST_NAMES 4096 /* remembered: code that is made while a program runs has no end */
#define QUIET	    3 /* seconds without a stack after which the next one is not soon */

struct stacks {
	struct unwind *unwind; /* NULL while at rest */
	unsigned quiet;	       /* rests that found no stack walked, in a row */
	const struct task *task; /* whose stack is being walked */
	struct mappings mappings;
	struct map names;   /* of frames in these mappings: struct name */
	bool names_are_old; /* the mappings have changed since */
	const char *pointers[UNWIND_MOST_FRAMES];
};

/* In the middle of a walk, names of frames that it has met may be in use. */
static void forget_addresses(void *state)
{
	struct stacks *s = state;

	s->names_are_old = true;
	if (s->unwind)
		unwind_forget(s->unwind);
}

struct stacks *stacks_new(struct symbols *symbols)
{
	struct stacks *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->mappings.symbols = symbols;
	s->mappings.changed = forget_addresses;
	s->mappings.state = s;
	return s;
}

void stacks_free(struct stacks *s)
{
	if (!s)
		return;
	mappings_clear(&s->mappings);
	map_clear(&s->names, free);
	unwind_free(s->unwind);
	free(s);
}

void stacks_unmapped(struct stacks *s, const struct process *process, uint64_t address,
		     uint64_t size)
{
	mappings_unmapped(&s->mappings, process, address, size);
}

int stacks_mapped_file(struct stacks *s, const struct task *task, uint64_t address, char *to,
		       size_t size)
{
	const struct mapping *m = mappings_find(&s->mappings, task, address);

	if (!m || m->path[0] != '/')
		return -ENOENT;
	snprintf(to, size, "%s", m->path);
	return 0;
}

/* ---- names ---- */

/*
 * Where a call comes back to, the call may have been the last thing in its function. False where
 * nothing is mapped: it is gone, or was made while the program ran.
 */
static bool print_frame(struct stacks *s, const struct unwind_frame *frame, char to[FRAME_SIZE])
{
	const struct task *task = s->task;
	struct mapping *m = mappings_find(&s->mappings, task, frame->address);
	struct symbol_found symbol;
	const char *base;
	char root[PROCFS_NAME_MAX];
	struct module *module;
	uint64_t offset;

	if (!m || !*m->path) {
		snprintf(to, FRAME_SIZE, "0x%" PRIx64, frame->address);
		return m != NULL;
	}
	base = strrchr(m->path, '/');
	base = base ? base + 1 : m->path;
	offset = frame->address - m->start + m->offset;
	module = mappings_module(&s->mappings, task, m);
	procfs_name(root, task->tid, "root");
	if (module && module_symbol(module, root, offset - frame->returns, &symbol) == 0)
		snprintf(to, FRAME_SIZE, "%.128s!%.256s+0x%" PRIx64, base, symbol.name,
			 symbol.distance + frame->returns);
	else
		snprintf(to, FRAME_SIZE, "%.128s+0x%" PRIx64, base, offset);
	return true;
}

static struct name *new_name(struct stacks *s, const struct unwind_frame *frame)
{
	char text[FRAME_SIZE];
	bool mapped = print_frame(s, frame, text);
	struct name *name = malloc(sizeof(*name) + strlen(text) + 1);

	if (!name)
		return NULL;
	name->mapped = mapped;
	name->code = s->task->process->code;
	strcpy(name->text, text);
	return name;
}

/* NULL without memory. Borrowed until the next walk. */
static const char *name_frame(struct stacks *s, const struct unwind_frame *frame)
{
	const uint64_t key[] = { frame->address, frame->returns };
	struct name *name = map_get(&s->names, key, sizeof(key));

	if (name && (name->mapped || name->code == s->task->process->code))
		return name->text;
	if (name)
		free(map_remove(&s->names, key, sizeof(key)));
	name = new_name(s, frame);
	if (name && map_put(&s->names, key, sizeof(key), name) < 0) {
		free(name);
		return NULL;
	}
	return name ? name->text : NULL;
}

/* Names of before are of no use: their mappings are gone, or they are too many. */
static void drop_old_names(struct stacks *s)
{
	if (!s->names_are_old && s->names.n <= MOST_NAMES)
		return;
	map_clear(&s->names, free);
	s->names_are_old = false;
}

/* Where the module that is mapped at ADDRESS keeps its unwind table. */
static int find_table(void *state, uint64_t address, struct unwind_table *ret)
{
	struct stacks *s = state;
	struct mapping *m = mappings_find(&s->mappings, s->task, address);
	struct module *module = m ? mappings_module(&s->mappings, s->task, m) : NULL;
	struct module_frames frames;
	uint64_t in_file;

	if (!module || module_address(module, address - m->start + m->offset, &in_file) < 0 ||
	    module_frames(module, &frames) < 0)
		return -ENOENT;
	*ret = (struct unwind_table){
		.start = m->start,
		.end = m->end,
		.word = frames.word,
		.header = frames.header ? address - in_file + frames.header : 0,
		.rows = frames.rows,
		.n_rows = frames.n_rows,
		.base = address - in_file + frames.base,
	};
	return 0;
}

/* The bounds of the function at ADDRESS, where they are known. */
static int find_function(void *state, uint64_t address, uint64_t *start, uint64_t *end)
{
	struct stacks *s = state;
	struct mapping *m = mappings_find(&s->mappings, s->task, address);
	struct module *module = m ? mappings_module(&s->mappings, s->task, m) : NULL;
	struct symbol_found symbol;
	char root[PROCFS_NAME_MAX];

	procfs_name(root, s->task->tid, "root");
	if (!module || module_symbol(module, root, address - m->start + m->offset, &symbol) < 0)
		return -ENOENT;
	*start = address - symbol.distance;
	*end = *start + symbol.size;
	return 0;
}

/* Else it was made by a compiler that runs in the program. */
static bool is_in_file(void *state, uint64_t address)
{
	struct stacks *s = state;
	const struct mapping *m = mappings_find(&s->mappings, s->task, address);

	return m && *m->path == '/';
}

static bool is_constant(void *state, uint64_t address)
{
	const struct stacks *s = state;

	return mappings_constant(&s->mappings, address);
}

/* ---- walks ---- */

static struct unwind *new_unwind(struct stacks *s)
{
	const struct unwind_source source = {
		.state = s,
		.find_table = find_table,
		.find_function = find_function,
		.is_in_file = is_in_file,
		.is_constant = is_constant,
	};

	return unwind_new(&source);
}

size_t stacks_walk(struct stacks *s, const struct task *task, const char *const **frames)
{
	struct unwind_frame walked[UNWIND_MOST_FRAMES];
	size_t n, named = 0;

	if (!s->unwind)
		s->unwind = new_unwind(s);
	if (!s->unwind)
		return 0;
	s->quiet = 0;
	s->task = task;
	mappings_read(&s->mappings, task);
	drop_old_names(s);
	n = unwind_walk(s->unwind, task->tid, walked);
	while (named < n && (s->pointers[named] = name_frame(s, &walked[named])))
		named++;
	s->task = NULL;
	*frames = s->pointers;
	return named;
}

bool stacks_rest(struct stacks *s)
{
	if (s->quiet >= QUIET || ++s->quiet < QUIET)
		return false;
	/* With the mappings: the names of files that they go by may lead through one that ends. */
	mappings_clear(&s->mappings);
	map_clear(&s->names, free);
	unwind_free(take_ptr(s->unwind));
	symbols_rest(s->mappings.symbols);
	return true;
}
