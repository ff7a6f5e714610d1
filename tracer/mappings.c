/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one process has mapped where, read when an address is in nothing known. */
#include "tracer/mappings.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "tracer/memory.h"
#include "tracer/procfs.h"

#define MOST_MISSES 2 /* readings in vain while the process maps no code */
#define MOST_IMAGE (64 << 10) /* of a [vdso], in bytes */

static void free_mappings(struct mapping *all, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(all[i].path);
	free(all);
}

void mappings_clear(struct mappings *m)
{
	free_mappings(m->all, m->n);
	free(m->root);
	m->root = NULL;
	m->all = NULL;
	m->n = 0;
	m->image = 0;
}

/* ---- reading ---- */

/* What has no name and is no code is not kept. */
static int keep_mapping(void *state, const struct procfs_mapping *seen)
{
	struct mappings *m = state;
	struct mapping *more;

	if (!*seen->name && !seen->code)
		return 0;
	more = realloc(m->all, (m->n + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	m->all = more;
	more[m->n] = (struct mapping){
		.start = seen->start,
		.end = seen->end,
		.offset = seen->offset,
		.writable = seen->writable,
		.path = strdup(seen->name),
	};
	if (!more[m->n].path)
		return -ENOMEM;
	m->n++;
	return 0;
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
static bool keep_modules(struct mappings *m, const struct mapping *old, size_t n_old)
{
	size_t at = 0;

	for (size_t i = 0; i < n_old; i++) {
		while (at < m->n && m->all[at].start < old[i].start)
			at++;
		if (at < m->n && is_same_mapping(&m->all[at], &old[i])) {
			m->all[at].looked = old[i].looked;
			m->all[at].module = old[i].module;
		} else if (is_constant_mapping(&old[i])) {
			return false;
		}
	}
	return true;
}

/* What is remembered by address stays right as long as none of the constant ones has gone. */
static void read_mappings(struct mappings *m, const struct task *task)
{
	struct mapping *old = m->all;
	size_t n_old = m->n;
	bool same_image = m->image == task->process->image;

	free(m->root);
	m->root = NULL; /* it may have changed since */
	m->all = NULL;
	m->n = 0;
	procfs_each_mapping(task->tid, keep_mapping, m);
	if (!same_image || !keep_modules(m, old, n_old))
		m->changed(m->state);
	free_mappings(old, n_old);
	m->image = task->process->image;
	m->code = task->process->code;
}

void mappings_read(struct mappings *m, const struct task *task)
{
	if (m->image != task->process->image)
		read_mappings(m, task);
}

/* What was found out about it may be remembered by address: code without a name is just that. */
static bool has_been_used(const struct mapping *mapping)
{
	return mapping->looked || !*mapping->path;
}

/*
 * What was there may have code in its place that another file holds. Or it is there still, for the
 * call failed or took a part of it: then it has to be found again.
 */
void mappings_unmapped(struct mappings *m, const struct process *process, uint64_t address,
		       uint64_t size)
{
	bool lost = false;
	size_t kept = 0;

	if (m->image != process->image)
		return;
	for (size_t i = 0; i < m->n; i++) {
		if (m->all[i].start >= address + size || m->all[i].end <= address) {
			m->all[kept++] = m->all[i];
			continue;
		}
		lost = lost || has_been_used(&m->all[i]);
		free(m->all[i].path);
	}
	if (kept < m->n)
		m->misses = 0;
	m->n = kept;
	if (lost)
		m->changed(m->state);
}

/* ---- addresses ---- */

static struct mapping *mapping_at(const struct mappings *m, uint64_t address)
{
	for (size_t i = 0; i < m->n; i++)
		if (address >= m->all[i].start && address < m->all[i].end)
			return &m->all[i];
	return NULL;
}

bool mappings_constant(const struct mappings *m, uint64_t address)
{
	const struct mapping *at = mapping_at(m, address);

	return at && is_constant_mapping(at);
}

struct mapping *mappings_find(struct mappings *m, const struct task *task, uint64_t address)
{
	const struct process *process = task->process;
	bool same_image = m->image == process->image;
	struct mapping *at = same_image ? mapping_at(m, address) : NULL;

	if (at)
		return at;
	if (same_image && m->code == process->code && ++m->misses > MOST_MISSES)
		return NULL;
	if (!same_image || m->code != process->code)
		m->misses = 0;
	read_mappings(m, task);
	return mapping_at(m, address);
}

/* ---- modules ---- */

/* The [vdso] has no file: it is read out of the process. */
static struct module *image_of(const struct mappings *m, pid_t tid, const struct mapping *vdso)
{
	size_t size = vdso->end - vdso->start;
	auto_free char *image = size <= MOST_IMAGE ? malloc(size) : NULL;

	if (!image || memory_read(tid, vdso->start, image, size) < 0)
		return NULL;
	return symbols_image(m->symbols, image, size);
}

static const char *root_of(struct mappings *m, pid_t pid)
{
	char root[PATH_MAX];

	if (!m->root && procfs_link(pid, "root", root) == 0)
		m->root = strdup(root);
	return m->root ? m->root : "/";
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
static char *file_of(struct mappings *m, pid_t pid, const char *path)
{
	const char *root = root_of(m, pid);
	size_t n = strcmp(root, "/") == 0 ? 0 : strlen(root);
	char *file;

	if (path_is_within(path, root))
		return asprintf(&file, "/proc/%d/root%s", (int)pid, path + n) < 0 ? NULL : file;
	return has_our_mounts(pid) ? strdup(path) : NULL;
}

struct module *mappings_module(struct mappings *m, const struct task *task,
			       struct mapping *mapping)
{
	auto_free char *file = NULL;

	if (mapping->looked)
		return mapping->module;
	mapping->looked = true;
	if (strcmp(mapping->path, "[vdso]") == 0)
		mapping->module = image_of(m, task->tid, mapping);
	else if (mapping->path[0] == '/')
		file = file_of(m, task->tid, mapping->path);
	if (file)
		mapping->module = symbols_module(m->symbols, file);
	return mapping->module;
}
