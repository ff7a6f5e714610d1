/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A path gone step by step (path_resolution(7)). */
#include "tracer/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "sysdb/effects.h"
#include "tracer/procfs.h"

#define MOST_LINKS    40 /* the kernel's MAXSYMLINKS */
#define PROC_ROOT_INO 1	 /* the inode of each proc file system's root */

struct walk {
	const struct lookup *l;
	struct task *task;
	int root, at; /* O_PATH descriptors of ours */
	unsigned links;
	enum last_link last;
	char rest[2 * PATH_MAX]; /* still to go: the path, with the links' texts put in */
};

struct step {
	char name[NAME_MAX + 1];
	bool final; /* nothing but slashes comes after it */
	bool slash; /* a slash comes after it */
};

static void end_walk(struct walk *w)
{
	if (w->root >= 0)
		close(w->root);
	if (w->at >= 0)
		close(w->at);
}

/* Takes the first component off the rest. 1, 0 when there is none, -ENAMETOOLONG. */
static int take_step(struct walk *w, struct step *step)
{
	const char *from = w->rest + strspn(w->rest, "/");
	size_t n = strcspn(from, "/"), after = strspn(from + n, "/");

	if (n > NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(step->name, from, n);
	step->name[n] = '\0';
	step->slash = after > 0;
	step->final = !from[n + after];
	memmove(w->rest, from + n + after, strlen(from + n + after) + 1);
	return n > 0;
}

static int copy_of(int fd)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);

	return copy < 0 ? -errno : copy;
}

/* FD (ours, or -errno) is where we are now. */
static int move_to(struct walk *w, int fd)
{
	if (fd < 0)
		return fd;
	close(w->at);
	w->at = fd;
	return 1;
}

static int open_step(int at, const char *name, int flags)
{
	int fd = openat(at, name, O_PATH | O_CLOEXEC | flags);

	return fd < 0 ? -errno : fd;
}

static bool is_same(int a, int b)
{
	struct statx x, y;
	const unsigned wanted = STATX_INO | STATX_MNT_ID;

	return statx(a, "", AT_EMPTY_PATH, wanted, &x) == 0 &&
	       statx(b, "", AT_EMPTY_PATH, wanted, &y) == 0 && x.stx_ino == y.stx_ino &&
	       x.stx_dev_major == y.stx_dev_major && x.stx_dev_minor == y.stx_dev_minor &&
	       x.stx_mnt_id == y.stx_mnt_id;
}

/* There is nothing of that name: as good a name as text gives for what comes after. */
static int end_missing(struct walk *w, const struct step *step, bool in_reach, struct place *ret)
{
	int r = lookup_own(w->l, w->task, w->at, ret);

	if (r == 0)
		r = lookup_join(ret->path, ret->path, step->name);
	if (r == 0 && *w->rest) {
		r = lookup_join(ret->path, ret->path, w->rest);
		path_tidy(ret->path);
	}
	ret->kind = KIND_MISSING;
	ret->in_reach = ret->in_reach && in_reach;
	return r;
}

/* ---- links ---- */

static bool is_in_proc(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC;
}

/* /proc/self and /proc/thread-self mean the process that looks: that is not us. */
static bool is_self(const struct walk *w, const char *name, char target[PATH_MAX])
{
	pid_t tid = w->task->tid, pid = w->task->process->pid;
	struct stat st;

	if (fstat(w->at, &st) < 0 || st.st_ino != PROC_ROOT_INO)
		return false;
	if (st.st_dev != w->l->proc && procfs_inner_ids(tid, &pid, &tid) < 0)
		return false;
	if (strcmp(name, "self") == 0)
		snprintf(target, PATH_MAX, "%d", (int)pid);
	else if (strcmp(name, "thread-self") == 0)
		snprintf(target, PATH_MAX, "%d/task/%d", (int)pid, (int)tid);
	else
		return false;
	return true;
}

/* A link whose text means nothing to the kernel: /proc/1/fd/3 (openat2(2)). */
static bool is_magic(const struct walk *w, const char *name)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_NO_MAGICLINKS };
	auto_close int fd = (int)syscall(SYS_openat2, w->at, name, &how, sizeof(how));

	return fd < 0 && errno == ELOOP;
}

/* Puts the text of a link in the place of its name. */
static int insert(struct walk *w, const char *target, const struct step *step)
{
	size_t n = strlen(target), m = strlen(w->rest);

	if (n + 1 + m >= sizeof(w->rest))
		return -ENAMETOOLONG;
	memmove(w->rest + n + step->slash, w->rest, m + 1);
	memcpy(w->rest, target, n);
	if (step->slash)
		w->rest[n] = '/';
	return target[0] == '/' ? move_to(w, copy_of(w->root)) : 1;
}

static int follow(struct walk *w, int link, const struct step *step)
{
	char target[PATH_MAX];
	ssize_t n;

	if (w->links++ == MOST_LINKS)
		return -ELOOP;
	if (is_in_proc(w->at)) {
		if (is_self(w, step->name, target))
			return insert(w, target, step);
		if (is_magic(w, step->name))
			return move_to(w, open_step(w->at, step->name, 0));
	}
	n = readlinkat(link, "", target, sizeof(target) - 1);
	if (n <= 0)
		return n < 0 ? -errno : -ENOENT;
	target[n] = '\0';
	return insert(w, target, step);
}

/* ---- steps ---- */

static bool is_followed(const struct walk *w, const struct step *step)
{
	return !step->final || w->last == LAST_FOLLOWED || (w->last == LAST_KEPT && step->slash);
}

/* 1 to go on, 0 at an end that is told in RET, -errno. */
static int go(struct walk *w, const struct step *step, struct place *ret)
{
	auto_close int fd = -1;
	struct stat st;

	if (strcmp(step->name, ".") == 0)
		return 1;
	if (strcmp(step->name, "..") == 0)
		return is_same(w->at, w->root) ? 1 : move_to(w, open_step(w->at, "..", 0));
	fd = open_step(w->at, step->name, O_NOFOLLOW);
	if (fd < 0)
		return end_missing(w, step, step->final && fd == -ENOENT, ret);
	if (fstat(fd, &st) < 0)
		return -errno;
	if (S_ISLNK(st.st_mode) && is_followed(w, step))
		return follow(w, fd, step);
	return move_to(w, take_fd(fd));
}

/* The tracee's root, and where its path begins. */
static int begin(struct walk *w, int root, const struct lookup_request *request)
{
	char what[PROCFS_NAME_MAX];

	w->root = root < 0 ? procfs_path(w->task->tid, "root") : copy_of(root);
	if (w->root < 0)
		return w->root;
	lookup_base(request->dirfd, what);
	if (root >= 0 || request->path[0] == '/')
		w->at = copy_of(w->root);
	else
		w->at = procfs_path(w->task->tid, what);
	return w->at < 0 ? w->at : 0;
}

int walk_path(const struct lookup *l, struct task *task, int root,
	      const struct lookup_request *request, struct place *ret)
{
	cleanup(end_walk) struct walk w = { l, task, -1, -1, 0, request->last, "" };
	struct step step;
	int r = begin(&w, root, request);

	if (r < 0)
		return r;
	snprintf(w.rest, sizeof(w.rest), "%s", request->path);
	while ((r = take_step(&w, &step)) > 0) {
		r = go(&w, &step, ret);
		if (r <= 0)
			return r;
	}
	return r < 0 ? r : lookup_own(l, task, w.at, ret);
}
