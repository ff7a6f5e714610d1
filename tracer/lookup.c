/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a path leads, in as few system calls as it takes; see tracer/walk.c for the rest. */
#include "tracer/lookup.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sysdb/effects.h"
#include "tracer/procfs.h"
#include "tracer/quick.h"
#include "tracer/walk.h"

/* ---- whose root ---- */

int lookup_begin(struct lookup *l)
{
	struct stat proc, ns;

	if (stat("/proc", &proc) < 0 || stat("/proc/self/ns/mnt", &ns) < 0)
		return -errno;
	*l = (struct lookup){ .self = getpid(), .generation = 1 };
	l->proc = proc.st_dev;
	l->namespace = ns.st_ino;
	l->fds = open("/proc/self/fd", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return l->fds < 0 ? -errno : 0;
}

void lookup_end(struct lookup *l)
{
	if (l->generation && l->fds >= 0)
		close(l->fds);
	*l = (struct lookup){ .fds = -1 };
}

void lookup_roots_change(struct lookup *l)
{
	l->generation++;
}

/* Compares namespaces and roots when one may have changed since it was last done. */
static enum task_view view_of(const struct lookup *l, struct task *task)
{
	char name[PROCFS_NAME_MAX], root[PATH_MAX];
	struct stat ns;

	if (task->view_generation == l->generation)
		return task->view;
	procfs_name(name, task->tid, "ns/mnt");
	if (stat(name, &ns) < 0 || ns.st_ino != l->namespace)
		task->view = VIEW_OTHER_NAMESPACE;
	else if (procfs_link(task->tid, "root", root) < 0 || strcmp(root, "/") != 0)
		task->view = VIEW_OTHER_ROOT;
	else
		task->view = VIEW_OURS;
	task->view_generation = l->generation;
	return task->view;
}

/* ---- names ---- */

int lookup_join(char to[PATH_MAX], const char *dir, const char *last)
{
	size_t n = strcmp(dir, "/") == 0 ? 0 : strlen(dir), m = strlen(last);

	if (n + 1 + m >= PATH_MAX)
		return -ENAMETOOLONG;
	memmove(to, dir, n);
	to[n] = '/';
	memcpy(to + n + 1, last, m + 1);
	return 0;
}

static const char deleted[] = " (deleted)";

bool lookup_is_deleted(const char *path)
{
	size_t n = strlen(path), m = strlen(deleted);

	return n > m && strcmp(path + n - m, deleted) == 0;
}

/* The status of what is called PATH where TASK is; its chroot does not count. */
static int status_there(const struct lookup *l, struct task *task, const char *path,
			struct stat *st)
{
	char name[PROCFS_NAME_MAX + PATH_MAX];
	int n = 0;

	if (view_of(l, task) == VIEW_OTHER_NAMESPACE)
		n = snprintf(name, sizeof(name), "/proc/%d/root", (int)task->tid);
	snprintf(name + n, sizeof(name) - (size_t)n, "%s", path);
	return lstat(name, st) < 0 ? -errno : 0;
}

static bool is_there(const struct lookup *l, struct task *task, const char *path,
		     const struct stat *st)
{
	struct stat now;

	return status_there(l, task, path, &now) == 0 && now.st_dev == st->st_dev &&
	       now.st_ino == st->st_ino;
}

/* A nameless file of O_TMPFILE is called #INODE by the kernel. */
static bool is_nameless(const char *last)
{
	return last[0] == '#' && last[1] && !last[1 + strspn(last + 1, "0123456789")];
}

/*
 * A name that ends in " (deleted)" may really end so. Else the file has lost its name, but rights
 * on its directory still govern it; what never was in a directory (a memfd) has none.
 */
static int name_deleted(const struct lookup *l, struct task *task, const struct stat *st,
			struct place *ret)
{
	char *end = ret->path + strlen(ret->path) - strlen(deleted), *last;
	char dir[PATH_MAX];
	struct stat parent;

	if (st->st_nlink > 0 && is_there(l, task, ret->path, st))
		return 0;
	*end = '\0';
	last = strrchr(ret->path, '/') + 1;
	snprintf(dir, sizeof(dir), "%.*s", last - 1 == ret->path ? 1 : (int)(last - 1 - ret->path),
		 ret->path);
	if (status_there(l, task, dir, &parent) < 0 || parent.st_dev != st->st_dev)
		return -ENOENT;
	ret->in_reach = is_nameless(last);
	if (ret->in_reach)
		snprintf(last, (size_t)(end - last) + strlen(deleted), "#tmpfile");
	return 0;
}

int lookup_own_link(const struct lookup *l, int fd, char to[PATH_MAX])
{
	char number[16];
	ssize_t n;

	snprintf(number, sizeof(number), "%d", fd);
	n = readlinkat(l->fds, number, to, PATH_MAX);
	if (n < 0 || n == PATH_MAX)
		return n < 0 ? -errno : -ENAMETOOLONG;
	to[n] = '\0';
	return 0;
}

int lookup_own(const struct lookup *l, struct task *task, int fd, struct place *ret)
{
	struct stat st;
	int r = fstat(fd, &st) < 0 ? -errno : lookup_own_link(l, fd, ret->path);

	if (r < 0)
		return r;
	if (ret->path[0] != '/')
		return -ENOENT;
	ret->kind = path_kind_from_mode(st.st_mode);
	ret->in_reach = true;
	if (lookup_is_deleted(ret->path))
		return name_deleted(l, task, &st, ret);
	/* Names in a mount that is not attached begin at its own root. */
	return l->detached && !is_there(l, task, ret->path, &st) ? -ENOENT : 0;
}

int lookup_link(const struct lookup *l, struct task *task, const char *what, struct place *ret)
{
	auto_close int fd = procfs_path(task->tid, what);

	return fd < 0 ? fd : lookup_own(l, task, fd, ret);
}

void lookup_base(int dirfd, char to[PROCFS_NAME_MAX])
{
	if (dirfd == AT_FDCWD)
		snprintf(to, PROCFS_NAME_MAX, "cwd");
	else
		snprintf(to, PROCFS_NAME_MAX, "fd/%d", dirfd);
}

int lookup_descriptor(const struct lookup *l, struct task *task, int fd, struct place *ret)
{
	char what[PROCFS_NAME_MAX];

	lookup_base(fd, what);
	return lookup_link(l, task, what, ret);
}

/* ---- */

/* What openat2(2) itself would refuse; RESOLVE_CACHED is about time only. */
static int refused(int base, const struct lookup_request *request)
{
	uint64_t resolve = request->resolve & ~(uint64_t)RESOLVE_CACHED;
	auto_close int fd = -1;

	if (!resolve)
		return 0;
	fd = quick_open(base, request->path, request->last == LAST_FOLLOWED, resolve);
	return fd == -EXDEV || fd == -ELOOP ? fd : 0;
}

static int look_up(const struct lookup *l, struct task *task, const struct lookup_request *request,
		   struct place *ret)
{
	bool in_root = request->resolve & RESOLVE_IN_ROOT;
	bool absolute = request->path[0] == '/' && !in_root;
	bool ours = view_of(l, task) == VIEW_OURS;
	char what[PROCFS_NAME_MAX] = "root";
	auto_close int base = -1;
	int r;

	if (!absolute && quick_entry(l, task, request, ret) == 0)
		return 0;
	if (!absolute)
		lookup_base(request->dirfd, what);
	if (!absolute || !ours) {
		base = procfs_path(task->tid, what);
		if (base < 0)
			return base;
	}
	r = refused(base, request);
	if (r < 0)
		return r;
	if (!in_root)
		r = quick_path(l, task, base, ours, request, ret);
	return in_root || r == -EAGAIN ? walk_path(l, task, in_root ? base : -1, request, ret) : r;
}

int lookup_path(const struct lookup *l, struct task *task, const struct lookup_request *request,
		struct place *ret)
{
	struct lookup_request entry = *request;
	char path[PATH_MAX];
	size_t n;

	if (request->last != LAST_ENTRY)
		return look_up(l, task, request, ret);
	snprintf(path, sizeof(path), "%s", request->path);
	n = strlen(path);
	while (n > 1 && path[n - 1] == '/')
		path[--n] = '\0';
	entry.path = path;
	return look_up(l, task, &entry, ret);
}
