/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who called: the frames of a stack, named through the process's mappings. */
#include "tracer/stacks.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/map.h"
#include "base/path.h"
#include "tracer/memory.h"
#include "tracer/procfs.h"

struct mapping {
	uint64_t start, end, offset;
	bool writable;
	char *path;
	struct module *module; /* NULL: not looked for yet, or none */
	bool looked;
};

/* What a frame is called; where nothing is mapped, for as long as no more code is. */
struct name {
	bool mapped;
	uint32_t code;
	char text[];
};

#define FRAME_SIZE 512
#define MOST_NAMES 4096 /* remembered: code that is made while a program runs has no end */
#define MOST_MISSES 2 /* readings in vain while the process maps no code */
#define QUIET	    3 /* seconds without a stack after which the next one is not soon */
#define MOST_IMAGE (64 << 10) /* of a [vdso], in bytes */

struct stacks {
	struct symbols *symbols;
	struct unwind *unwind; /* NULL while at rest */
	unsigned quiet;	       /* rests that found no stack walked, in a row */
	const struct process *process; /* whose stack is being walked */
	pid_t tid;		       /* by which of its tasks */
	/* The mappings that were read last, and whose they are. */
	uint32_t image;
	uint32_t code;	 /* process->code when they were read */
	unsigned misses; /* addresses that were in none of them since */
	struct mapping *mappings;
	size_t n_mappings;
	char *root; /* what the process's / is called here; NULL: not asked yet */
	struct map names;  /* of frames in these mappings: struct name */
	bool names_are_old; /* the mappings were read again since */
	const char *pointers[UNWIND_MOST_FRAMES];
};

static unwind_find_table find_table;
static unwind_is_constant is_constant;

struct stacks *stacks_new(struct symbols *symbols)
{
	struct stacks *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->symbols = symbols;
	return s;
}

static void free_mappings(struct mapping *mappings, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(mappings[i].path);
	free(mappings);
}

/* What the next walk reads anew. */
static void forget_mappings(struct stacks *s)
{
	free_mappings(s->mappings, s->n_mappings);
	map_clear(&s->names, free);
	free(s->root);
	s->root = NULL;
	s->mappings = NULL;
	s->n_mappings = 0;
	s->image = 0;
}

void stacks_free(struct stacks *s)
{
	if (!s)
		return;
	forget_mappings(s);
	unwind_free(s->unwind);
	free(s);
}

/* ---- mappings ---- */

/* What has no name and is no code is not kept. */
static int keep_mapping(void *state, const struct procfs_mapping *seen)
{
	struct stacks *s = state;
	struct mapping *more;

	if (!*seen->name && !seen->code)
		return 0;
	more = realloc(s->mappings, (s->n_mappings + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	s->mappings = more;
	more[s->n_mappings] = (struct mapping){
		.start = seen->start,
		.end = seen->end,
		.offset = seen->offset,
		.writable = seen->writable,
		.path = strdup(seen->name),
	};
	if (!more[s->n_mappings].path)
		return -ENOMEM;
	s->n_mappings++;
	return 0;
}

/* The task whose stack is walked: the leader of a process that dies may be gone before it. */
static pid_t looked_at(const struct stacks *s, const struct process *process)
{
	return s->tid ? s->tid : process->pid;
}

static bool is_same_mapping(const struct mapping *a, const struct mapping *b)
{
	return a->start == b->start && a->end == b->end && a->offset == b->offset &&
	       a->writable == b->writable && strcmp(a->path, b->path) == 0;
}

/* What is remembered by address comes from these. */
static bool is_constant_mapping(const struct mapping *m)
{
	return !m->writable && *m->path == '/';
}

/*
 * Whether each constant one of OLD, which are in order, is in S as well; what was found out about
 * them is taken over.
 */
static bool keep_modules(struct stacks *s, const struct mapping *old, size_t n_old)
{
	size_t at = 0;

	for (size_t i = 0; i < n_old; i++) {
		while (at < s->n_mappings && s->mappings[at].start < old[i].start)
			at++;
		if (at < s->n_mappings && is_same_mapping(&s->mappings[at], &old[i])) {
			s->mappings[at].looked = old[i].looked;
			s->mappings[at].module = old[i].module;
		} else if (is_constant_mapping(&old[i])) {
			return false;
		}
	}
	return true;
}

/* What was there may have code in its place that another file holds. */
void stacks_unmapped(struct stacks *s, const struct process *process, uint64_t address,
		     uint64_t size)
{
	size_t kept = 0;

	if (s->image != process->image)
		return;
	for (size_t i = 0; i < s->n_mappings; i++) {
		struct mapping *m = &s->mappings[i];

		if (m->start >= address + size || m->end <= address) {
			s->mappings[kept++] = *m;
			continue;
		}
		if (m->module) {
			s->names_are_old = true;
			unwind_forget(s->unwind);
		}
		free(m->path);
	}
	s->n_mappings = kept;
}

/*
 * Reads the mappings of code and files. What is remembered by address stays right as long as none
 * of them has gone; nothing is kept of what was there before the last exec.
 */
static void read_mappings(struct stacks *s, const struct process *process)
{
	struct mapping *old = s->mappings;
	size_t n_old = s->n_mappings;
	bool same_image = s->image == process->image;

	s->mappings = NULL;
	s->n_mappings = 0;
	procfs_each_mapping(looked_at(s, process), keep_mapping, s);
	free(s->root);
	s->root = NULL; /* it may have changed since */
	if (!same_image || !keep_modules(s, old, n_old)) {
		s->names_are_old = true;
		if (s->unwind)
			unwind_forget(s->unwind);
	}
	free_mappings(old, n_old);
	s->image = process->image;
	s->code = process->code;
}

static struct mapping *mapping_at(struct stacks *s, uint64_t address)
{
	for (size_t i = 0; i < s->n_mappings; i++)
		if (address >= s->mappings[i].start && address < s->mappings[i].end)
			return &s->mappings[i];
	return NULL;
}

/* As mapping_at(), for this process as it is now: a library may have come since. */
static struct mapping *find_mapping(struct stacks *s, const struct process *process,
				    uint64_t address)
{
	struct mapping *m = s->image == process->image ? mapping_at(s, address) : NULL;

	if (m)
		return m;
	if (s->image == process->image && s->code == process->code && ++s->misses > MOST_MISSES)
		return NULL;
	if (s->image != process->image || s->code != process->code)
		s->misses = 0;
	read_mappings(s, process);
	return mapping_at(s, address);
}

int stacks_mapped_file(struct stacks *s, const struct process *process, uint64_t address, char *to,
		       size_t size)
{
	const struct mapping *m = find_mapping(s, process, address);

	if (!m || m->path[0] != '/')
		return -ENOENT;
	snprintf(to, size, "%s", m->path);
	return 0;
}

/* ---- modules ---- */

/* The [vdso] has no file: it is read out of the process. */
static struct module *image_of(struct stacks *s, const struct process *process,
			       const struct mapping *m)
{
	size_t size = m->end - m->start;
	auto_free char *image = size <= MOST_IMAGE ? malloc(size) : NULL;

	if (!image || memory_read(looked_at(s, process), m->start, image, size) < 0)
		return NULL;
	return symbols_image(s->symbols, image, size);
}

static const char *root_of(struct stacks *s, pid_t pid)
{
	char root[PATH_MAX];

	if (!s->root && procfs_link(pid, "root", root) == 0)
		s->root = strdup(root);
	return s->root ? s->root : "/";
}

static bool has_our_mounts(pid_t pid)
{
	char name[PROCFS_NAME_MAX];
	struct stat theirs, ours;

	procfs_name(name, pid, "ns/mnt");
	return stat(name, &theirs) == 0 && stat("/proc/self/ns/mnt", &ours) == 0 &&
	       theirs.st_ino == ours.st_ino;
}

/*
 * How to open a file that is mapped, for the caller to free; NULL when that cannot be told. /proc
 * calls files as they are called from outside: what is below the process's root is found there,
 * whatever is mounted; what is not, because it has changed its root since, is where it is for us.
 */
static char *file_of(struct stacks *s, pid_t pid, const char *path)
{
	const char *root = root_of(s, pid);
	size_t n = strcmp(root, "/") == 0 ? 0 : strlen(root);
	char *file;

	if (path_is_within(path, root))
		return asprintf(&file, "/proc/%d/root%s", (int)pid, path + n) < 0 ? NULL : file;
	return has_our_mounts(pid) ? strdup(path) : NULL;
}

static struct module *module_of(struct stacks *s, const struct process *process,
				struct mapping *m)
{
	auto_free char *file = NULL;

	if (m->looked)
		return m->module;
	m->looked = true;
	if (strcmp(m->path, "[vdso]") == 0)
		m->module = image_of(s, process, m);
	else if (m->path[0] == '/')
		file = file_of(s, looked_at(s, process), m->path);
	if (file)
		m->module = symbols_module(s->symbols, file);
	return m->module;
}

/* ---- frames ---- */

/*
 * Where a call comes back to, the call may have been the last thing in its function. False where
 * nothing is mapped: it is gone, or was made while the program ran.
 */
static bool print_frame(struct stacks *s, const struct process *process,
			const struct unwind_frame *frame, char to[FRAME_SIZE])
{
	struct mapping *m = find_mapping(s, process, frame->address);
	const char *base, *symbol;
	char root[PROCFS_NAME_MAX];
	struct module *module;
	uint64_t offset, distance;

	if (!m || !*m->path) {
		snprintf(to, FRAME_SIZE, "0x%" PRIx64, frame->address);
		return m != NULL;
	}
	base = strrchr(m->path, '/');
	base = base ? base + 1 : m->path;
	offset = frame->address - m->start + m->offset;
	module = module_of(s, process, m);
	procfs_name(root, looked_at(s, process), "root");
	if (module && module_symbol(module, root, offset - frame->returns, &symbol, &distance) == 0)
		snprintf(to, FRAME_SIZE, "%.128s!%.256s+0x%" PRIx64, base, symbol,
			 distance + frame->returns);
	else
		snprintf(to, FRAME_SIZE, "%.128s+0x%" PRIx64, base, offset);
	return true;
}

static struct name *new_name(struct stacks *s, const struct process *process,
			     const struct unwind_frame *frame)
{
	char text[FRAME_SIZE];
	bool mapped = print_frame(s, process, frame, text);
	struct name *name = malloc(sizeof(*name) + strlen(text) + 1);

	if (!name)
		return NULL;
	name->mapped = mapped;
	name->code = process->code;
	strcpy(name->text, text);
	return name;
}

/* NULL without memory. Borrowed until the next walk. */
static const char *name_frame(struct stacks *s, const struct process *process,
			      const struct unwind_frame *frame)
{
	const uint64_t key[] = { frame->address, frame->returns };
	struct name *name = map_get(&s->names, key, sizeof(key));

	if (name && (name->mapped || name->code == process->code))
		return name->text;
	if (name)
		free(map_remove(&s->names, key, sizeof(key)));
	name = new_name(s, process, frame);
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
	struct mapping *m = find_mapping(s, s->process, address);
	struct module *module = m ? module_of(s, s->process, m) : NULL;
	struct module_frames frames;
	uint64_t in_file;

	if (!module || module_address(module, address - m->start + m->offset, &in_file) < 0 ||
	    module_frames(module, &frames) < 0)
		return -ENOENT;
	*ret = (struct unwind_table){
		.start = m->start,
		.end = m->end,
		.header = frames.header ? address - in_file + frames.header : 0,
		.rows = frames.rows,
		.n_rows = frames.n_rows,
		.base = address - in_file + frames.base,
	};
	return 0;
}

/* The tables of a file that is mapped for reading only. */
static bool is_constant(void *state, uint64_t address)
{
	struct mapping *m = mapping_at(state, address);

	return m && is_constant_mapping(m);
}

size_t stacks_walk(struct stacks *s, const struct task *task, const char *const **frames)
{
	struct unwind_frame walked[UNWIND_MOST_FRAMES];
	size_t n, named = 0;

	if (!s->unwind)
		s->unwind = unwind_new(find_table, is_constant, s);
	if (!s->unwind)
		return 0;
	s->quiet = 0;
	s->process = task->process;
	s->tid = task->tid;
	if (s->image != task->process->image)
		read_mappings(s, task->process);
	drop_old_names(s);
	n = unwind_walk(s->unwind, task->tid, walked);
	while (named < n && (s->pointers[named] = name_frame(s, task->process, &walked[named])))
		named++;
	s->process = NULL;
	s->tid = 0;
	*frames = s->pointers;
	return named;
}

bool stacks_rest(struct stacks *s)
{
	if (s->quiet >= QUIET || ++s->quiet < QUIET)
		return false;
	/* With the mappings: the names of files that they go by may lead through one that ends. */
	forget_mappings(s);
	unwind_free(take_ptr(s->unwind));
	symbols_rest(s->symbols);
	return true;
}
