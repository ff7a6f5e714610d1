/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where most paths lead, in as few system calls as it takes. */
#include "tracer/quick.h"

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

int quick_open(int base, const char *path, bool follow, uint64_t resolve)
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
 * NAME in the directory whose own name is in ret->path, by the status of what is there; NULL:
 * nothing. 0, or -EAGAIN where more has to be known.
 */
static int entry(const struct lookup *l, const struct lookup_request *request, const char *name,
		 const struct stat *st, struct place *ret)
{
	ret->kind = st ? path_kind_from_mode(st->st_mode) : KIND_MISSING;
	ret->in_reach = true;
	if ((ret->kind == KIND_SYMLINK && request->last == LAST_FOLLOWED) || ret->path[0] != '/' ||
	    lookup_is_deleted(ret->path) || l->detached ||
	    lookup_join(ret->path, ret->path, name) < 0)
		return -EAGAIN;
	return 0;
}

int quick_entry(const struct lookup *l, const struct task *task,
		const struct lookup_request *request, struct place *ret)
{
	const char *name = request->path;
	char base[PROCFS_NAME_MAX], file[2 * PROCFS_NAME_MAX + NAME_MAX];
	struct stat st;
	int n, r;

	if (request->resolve || strchr(name, '/') || strcmp(name, ".") == 0 ||
	    strcmp(name, "..") == 0 || is_ours_to_see(name))
		return -EAGAIN;
	lookup_base(request->dirfd, base);
	n = snprintf(file, sizeof(file), "/proc/%d/%s/%s", (int)task->tid, base, name);
	if (n < 0 || (size_t)n >= sizeof(file))
		return -EAGAIN;
	r = lstat(file, &st);
	if ((r < 0 && errno != ENOENT) || procfs_link(task->tid, base, ret->path) < 0 ||
	    entry(l, request, name, r < 0 ? NULL : &st, ret) < 0)
		return -EAGAIN;
	return is_our_own(l, ret->path) ? -EAGAIN : 0;
}

/*
 * Opens the directory of the path's last name, or the nearest above it that is there. Gives what of
 * PATH lies below it. A descriptor for the caller to close, or -errno.
 */
static int open_above(int base, const char *path, uint64_t resolve, const char **below)
{
	char dir[PATH_MAX];
	int fd;

	snprintf(dir, sizeof(dir), "%s", path);
	do {
		if (strcmp(dir, ".") == 0 || strcmp(dir, "/") == 0 ||
		    !(*below = cut_last(dir, path)))
			return -EAGAIN;
		fd = quick_open(base, dir, true, resolve);
	} while (fd == -ENOENT);
	return fd;
}

/*
 * What the path's last name means in its directory, or how much of the path leads to nothing. Links
 * that matter are for others.
 */
static int by_directory(const struct lookup *l, int base, const struct lookup_request *request,
			uint64_t resolve, struct place *ret)
{
	const char *below;
	auto_close int above = open_above(base, request->path, resolve, &below);
	char next[NAME_MAX + 2];
	struct stat st;
	bool is_last, there;
	int n, r;

	if (above < 0)
		return -EAGAIN;
	n = snprintf(next, sizeof(next), "%.*s", (int)strcspn(below, "/"), below);
	is_last = !below[n];
	there = fstatat(above, next, &st, AT_SYMLINK_NOFOLLOW) == 0;
	if ((there ? !is_last : errno != ENOENT) || is_ours_to_see(next) ||
	    lookup_own_link(l, above, ret->path) < 0)
		return -EAGAIN;
	r = entry(l, request, below, there ? &st : NULL, ret);
	ret->in_reach = is_last;
	return r;
}

/* The path as a whole: also one that ends in a link, or in "..". */
static int by_whole(const struct lookup *l, struct task *task, int base,
		    const struct lookup_request *request, uint64_t resolve, struct place *ret)
{
	auto_close int fd =
		quick_open(base, request->path, request->last == LAST_FOLLOWED, resolve);

	return fd < 0 ? -EAGAIN : lookup_own(l, task, fd, ret);
}

int quick_path(const struct lookup *l, struct task *task, int base, bool ours,
	       const struct lookup_request *request, struct place *ret)
{
	bool absolute = request->path[0] == '/';
	uint64_t inside = absolute ? RESOLVE_IN_ROOT : RESOLVE_BENEATH;
	uint64_t resolve = RESOLVE_NO_MAGICLINKS | (ours ? 0 : inside);
	int r = by_directory(l, base, request, resolve, ret);

	if (r == -EAGAIN)
		r = by_whole(l, task, base, request, resolve, ret);
	return r == 0 && is_our_own(l, ret->path) ? -EAGAIN : r;
}
