/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a path leads, in as few system calls as it takes; see tracer/walk.c for the rest. */
#include "tracer/lookup.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sysdb/effects.h"
#include "tracer/procfs.h"
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

static bool ends_deleted(const char *path)
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

int lookup_own(const struct lookup *l, struct task *task, int fd, struct place *ret)
{
	struct stat st;
	char number[16];
	ssize_t n;

	snprintf(number, sizeof(number), "%d", fd);
	if (fstat(fd, &st) < 0)
		return -errno;
	n = readlinkat(l->fds, number, ret->path, sizeof(ret->path));
	if (n < 0 || (size_t)n == sizeof(ret->path))
		return n < 0 ? -errno : -ENAMETOOLONG;
	ret->path[n] = '\0';
	if (ret->path[0] != '/')
		return -ENOENT;
	ret->kind = path_kind_from_mode(st.st_mode);
	ret->in_reach = true;
	if (ends_deleted(ret->path))
		return name_deleted(l, task, &st, ret);
	/* Names in a mount that is not attached begin at its own root. */
	return l->detached && !is_there(l, task, ret->path, &st) ? -ENOENT : 0;
}

int lookup_link(const struct lookup *l, struct task *task, const char *what, struct place *ret)
{
	auto_close int fd = procfs_path(task->tid, what);

	return fd < 0 ? fd : lookup_own(l, task, fd, ret);
}

/* "cwd" or "fd/N". */
static void base_name(int dirfd, char to[PROCFS_NAME_MAX])
{
	if (dirfd == AT_FDCWD)
		snprintf(to, PROCFS_NAME_MAX, "cwd");
	else
		snprintf(to, PROCFS_NAME_MAX, "fd/%d", dirfd);
}

int lookup_descriptor(const struct lookup *l, struct task *task, int fd, struct place *ret)
{
	char what[PROCFS_NAME_MAX];

	base_name(fd, what);
	return lookup_link(l, task, what, ret);
}

/* ---- the quick way: the kernel goes the whole path at once ---- */

static int open_path(int base, const char *path, bool follow, uint64_t resolve)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW),
		.resolve = resolve,
	};
	long fd = syscall(SYS_openat2, base, path, &how, sizeof(how));

	return fd < 0 ? -errno : (int)fd;
}

/* The kernel took us for the one that looks: /proc/self, and links to it such as /proc/mounts. */
static bool is_our_own(const struct lookup *l, const char *path)
{
	char own[PROCFS_NAME_MAX];
	size_t n;

	if (strncmp(path, "/proc/", 6) != 0)
		return false;
	n = (size_t)snprintf(own, sizeof(own), "/proc/%d", (int)l->self);
	return strncmp(path, own, n) == 0 && (path[n] == '/' || !path[n]);
}

/* In /proc it means the one that looks, and is missing for who has no number there. */
static bool is_ours_to_see(const char *name)
{
	return strcmp(name, "self") == 0 || strcmp(name, "thread-self") == 0;
}

/*
 * Cuts the last component off DIR and gives where it begins in the path that DIR was a copy of.
 * Those with a meaning of their own are for the walk: NULL.
 */
static const char *cut_last(char dir[PATH_MAX], const char *path)
{
	char *slash = strrchr(dir, '/');
	char *last = slash ? slash + 1 : dir;
	const char *found = path + (last - dir);

	if (!*last || strcmp(last, ".") == 0 || strcmp(last, "..") == 0)
		return NULL;
	if (!slash)
		strcpy(dir, ".");
	else
		slash[slash == dir] = '\0';
	return found;
}

/*
 * PATH leads to nothing. In most cases a directory on its way is there and the next name in it is
 * free: 0. Dangling links are for the walk: -EAGAIN.
 */
static int quick_missing(const struct lookup *l, struct task *task, int base,
			 const struct lookup_request *request, uint64_t resolve, struct place *ret)
{
	char dir[PATH_MAX], first[PATH_MAX], byte;
	auto_close int parent = -ENOENT;
	const char *missing = NULL;
	bool is_last = true;

	snprintf(dir, sizeof(dir), "%s", request->path);
	while (parent == -ENOENT) {
		is_last = !missing;
		missing = strcmp(dir, ".") == 0 || strcmp(dir, "/") == 0
				  ? NULL
				  : cut_last(dir, request->path);
		if (!missing)
			return -EAGAIN;
		parent = open_path(base, dir, true, resolve);
	}
	snprintf(first, sizeof(first), "%.*s", (int)strcspn(missing, "/"), missing);
	if (parent < 0 || is_ours_to_see(first) || readlinkat(parent, first, &byte, 1) >= 0 ||
	    errno != ENOENT || lookup_own(l, task, parent, ret) < 0)
		return -EAGAIN;
	ret->kind = KIND_MISSING;
	ret->in_reach = ret->in_reach && is_last;
	return lookup_join(ret->path, ret->path, missing);
}

/* 0, or -EAGAIN where only a walk can tell. */
static int quick(const struct lookup *l, struct task *task, int base, bool ours,
		 const struct lookup_request *request, struct place *ret)
{
	bool absolute = request->path[0] == '/';
	uint64_t inside = absolute ? RESOLVE_IN_ROOT : RESOLVE_BENEATH;
	uint64_t resolve = RESOLVE_NO_MAGICLINKS | (ours ? 0 : inside);
	auto_close int fd = open_path(base, request->path, request->last == LAST_FOLLOWED, resolve);
	int r;

	if (fd < 0 && fd != -ENOENT)
		return -EAGAIN;
	r = fd < 0 ? quick_missing(l, task, base, request, resolve, ret)
		   : lookup_own(l, task, fd, ret);
	return r == 0 && is_our_own(l, ret->path) ? -EAGAIN : r;
}

/*
 * One name in the directory of a descriptor, which is no link or means itself: nothing has to be
 * opened to tell what the directory is called and what is there. 0, or -EAGAIN where it takes more.
 */
static int quick_entry(const struct lookup *l, struct task *task,
		       const struct lookup_request *request, struct place *ret)
{
	const char *name = request->path;
	char base[PROCFS_NAME_MAX], file[2 * PROCFS_NAME_MAX + NAME_MAX];
	struct stat st = { .st_mode = 0 };
	int n;

	if (request->resolve || l->detached || strchr(name, '/') || strcmp(name, ".") == 0 ||
	    strcmp(name, "..") == 0 || is_ours_to_see(name))
		return -EAGAIN;
	base_name(request->dirfd, base);
	n = snprintf(file, sizeof(file), "/proc/%d/%s/%s", (int)task->tid, base, name);
	if (n < 0 || (size_t)n >= sizeof(file) || (lstat(file, &st) < 0 && errno != ENOENT))
		return -EAGAIN;
	ret->kind = st.st_mode ? path_kind_from_mode(st.st_mode) : KIND_MISSING;
	ret->in_reach = true;
	if ((ret->kind == KIND_SYMLINK && request->last == LAST_FOLLOWED) ||
	    procfs_link(task->tid, base, ret->path) < 0 || ret->path[0] != '/' ||
	    ends_deleted(ret->path) || lookup_join(ret->path, ret->path, name) < 0)
		return -EAGAIN;
	return is_our_own(l, ret->path) ? -EAGAIN : 0;
}

/* ---- */

/* What openat2(2) itself would refuse; RESOLVE_CACHED is about time only. */
static int refused(int base, const struct lookup_request *request)
{
	uint64_t resolve = request->resolve & ~(uint64_t)RESOLVE_CACHED;
	auto_close int fd = -1;

	if (!resolve)
		return 0;
	fd = open_path(base, request->path, request->last == LAST_FOLLOWED, resolve);
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
		base_name(request->dirfd, what);
	if (!absolute || !ours) {
		base = procfs_path(task->tid, what);
		if (base < 0)
			return base;
	}
	r = refused(base, request);
	if (r < 0)
		return r;
	if (!in_root)
		r = quick(l, task, base, ours, request, ret);
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
