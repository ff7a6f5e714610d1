/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a call at its entry is about to do to which paths. */
#include "tracer/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sysdb/effects.h"
#include "tracer/memory.h"
#include "tracer/procfs.h"

#define MOST_LINKS 40 /* as the kernel's MAXSYMLINKS */

/* ---- looking a path up as the tracee would ---- */

/*
 * /proc/self and its like mean the process that looks: us, while it should be the tracee. Writes
 * the path to look up into TO.
 */
static void as_seen_by(const struct task *task, const char *path, char to[PATH_MAX])
{
	static const struct {
		const char *prefix, *under;
	} magic[] = {
		{ "/proc/self", "" },	   { "/proc/thread-self", "" }, { "/dev/fd", "/fd" },
		{ "/dev/stdin", "/fd/0" }, { "/dev/stdout", "/fd/1" },	{ "/dev/stderr", "/fd/2" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(magic); i++) {
		size_t n = strlen(magic[i].prefix);

		if (strncmp(path, magic[i].prefix, n) == 0 && (path[n] == '/' || !path[n])) {
			snprintf(to, PATH_MAX, "/proc/%d%s%s", (int)task->process->pid,
				 magic[i].under, path + n);
			return;
		}
	}
	snprintf(to, PATH_MAX, "%s", path);
}

/* Where a relative path starts: the descriptor's directory, or the working directory. */
static void base_name(int dirfd, char to[PROCFS_NAME_MAX])
{
	if (dirfd == AT_FDCWD)
		snprintf(to, PROCFS_NAME_MAX, "cwd");
	else
		snprintf(to, PROCFS_NAME_MAX, "fd/%d", dirfd);
}

/* Opens the tracee's root, or the start of a relative path, as O_PATH. */
static int open_base(const struct task *task, int dirfd, bool absolute)
{
	char what[PROCFS_NAME_MAX] = "root", name[PROCFS_NAME_MAX];
	int fd;

	if (!absolute)
		base_name(dirfd, what);
	procfs_name(name, task->tid, what);
	fd = open(name, O_PATH | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/*
 * Opens PATH below BASE as O_PATH, without side effects; absolute paths and links stay inside the
 * tracee's root (openat2(2), RESOLVE_IN_ROOT). A descriptor or -errno.
 */
static int open_at(int base, const char *path, bool absolute, bool follow)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW),
		.resolve = absolute ? RESOLVE_IN_ROOT : 0,
	};
	long fd = syscall(SYS_openat2, base, *path ? path : ".", &how, sizeof(how));

	if (fd < 0 && errno == EXDEV) /* RESOLVE_IN_ROOT refuses magic links such as /proc/1/fd/3 */
		fd = openat(base, path, (int)how.flags);
	return fd < 0 ? -errno : (int)fd;
}

/* The absolute name of what FD is. 0, or -ENOENT for what has no name: pipes, sockets. */
static int name_of(int fd, char to[PATH_MAX])
{
	char link[PROCFS_NAME_MAX];

	snprintf(link, sizeof(link), "fd/%d", fd);
	if (procfs_link(getpid(), link, to) < 0 || to[0] != '/')
		return -ENOENT;
	return 0;
}

/* Joins a directory's name with the last component. */
static void join(char to[PATH_MAX], const char *dir, const char *last)
{
	char joined[PATH_MAX + NAME_MAX + 2];

	if (strcmp(last, ".") == 0 || !*last)
		snprintf(joined, sizeof(joined), "%s", dir);
	else
		snprintf(joined, sizeof(joined), "%s/%s", strcmp(dir, "/") == 0 ? "" : dir, last);
	memcpy(to, joined, PATH_MAX - 1);
	to[PATH_MAX - 1] = '\0';
}

/* Removes empty, "." and ".." components from an absolute name, by text alone. */
static void tidy(char *path)
{
	char *to = path;

	for (const char *from = path; *from;) {
		size_t n = strcspn(from + 1, "/");

		if (n == 2 && strncmp(from + 1, "..", 2) == 0) {
			while (to > path && *--to != '/')
				;
		} else if (n > 0 && !(n == 1 && from[1] == '.')) {
			memmove(to, from, n + 1);
			to += n + 1;
		}
		from += n + 1;
	}
	if (to == path)
		*to++ = '/';
	*to = '\0';
}

/* As good a name as text gives when not even the directory is there. */
static void name_by_text(const struct task *task, int dirfd, const char *path,
			 struct path_action *ret)
{
	char what[PROCFS_NAME_MAX], base[PATH_MAX] = "/";

	if (path[0] != '/') {
		base_name(dirfd, what);
		if (procfs_link(task->tid, what, base) < 0)
			snprintf(base, sizeof(base), "/");
	}
	join(ret->path, base, path[0] == '/' ? path + strspn(path, "/") : path);
	tidy(ret->path);
	ret->kind = KIND_MISSING;
}

/* Splits off the last component; trailing slashes belong to it no more. */
static const char *split_last(char *path)
{
	size_t n = strlen(path);
	char *slash;

	while (n > 1 && path[n - 1] == '/')
		path[--n] = '\0';
	slash = strrchr(path, '/');
	if (!slash)
		return path;
	*slash = '\0';
	return slash + 1;
}

static int fill_from_fd(int fd, struct path_action *ret)
{
	struct stat st;

	if (fstat(fd, &st) < 0 || name_of(fd, ret->path) < 0)
		return -ENOENT;
	ret->kind = path_kind_from_mode(st.st_mode);
	return 0;
}

static void look_up(const struct task *task, int dirfd, const char *path, bool follow, int links,
		    struct path_action *ret);

/*
 * PATH leads to nothing: its directory may be there. A last component that is a dangling link
 * says where a call that follows it would create.
 */
static void look_up_missing(const struct task *task, int dirfd, int base, const char *path,
			    bool follow, int links, struct path_action *ret)
{
	char dir[PATH_MAX], target[PATH_MAX];
	const char *last;
	auto_close int parent = -1;
	ssize_t n;

	snprintf(dir, sizeof(dir), "%s", path);
	last = split_last(dir);
	parent = open_at(base, last == dir ? "." : *dir ? dir : "/", path[0] == '/', true);
	if (parent < 0 || name_of(parent, ret->path) < 0) {
		name_by_text(task, dirfd, path, ret);
		return;
	}
	n = follow && links > 0 ? readlinkat(parent, last, target, sizeof(target) - 1) : -1;
	if (n > 0) {
		char next[PATH_MAX];

		target[n] = '\0';
		join(next, target[0] == '/' ? "/" : ret->path,
		     target + (target[0] == '/' ? strspn(target, "/") : 0));
		look_up(task, AT_FDCWD, next, true, links - 1, ret);
		return;
	}
	join(dir, ret->path, last);
	memcpy(ret->path, dir, sizeof(dir));
	tidy(ret->path);
	ret->kind = KIND_MISSING;
}

static void look_up(const struct task *task, int dirfd, const char *path, bool follow, int links,
		    struct path_action *ret)
{
	bool absolute = path[0] == '/';
	auto_close int base = open_base(task, dirfd, absolute);
	auto_close int fd = base < 0 ? -1 : open_at(base, path, absolute, follow);

	if (base < 0) {
		name_by_text(task, dirfd, path, ret);
	} else if (fd < 0) {
		look_up_missing(task, dirfd, base, path, follow, links, ret);
	} else if (fill_from_fd(fd, ret) < 0) {
		name_by_text(task, dirfd, path, ret);
		ret->kind = KIND_FIFO; /* a pipe or socket behind /proc/PID/fd: no name, no rule */
	}
}

static void resolve(const struct task *task, int dirfd, const char *path, bool follow,
		    struct path_action *ret)
{
	char seen[PATH_MAX];

	as_seen_by(task, path, seen);
	look_up(task, dirfd, seen, follow, MOST_LINKS, ret);
}

void paths_resolve(const struct task *task, const char *path, struct path_action *ret)
{
	ret->effects = 0;
	resolve(task, AT_FDCWD, path, true, ret);
}

/* AT_EMPTY_PATH: what the descriptor itself is. */
static int resolve_descriptor(const struct task *task, int fd, struct path_action *ret)
{
	char what[PROCFS_NAME_MAX], name[PROCFS_NAME_MAX];
	struct stat st;
	int r;

	base_name(fd, what);
	r = procfs_link(task->tid, what, ret->path);
	procfs_name(name, task->tid, what);
	if (r < 0 || ret->path[0] != '/' || stat(name, &st) < 0)
		return -ENOENT;
	ret->kind = path_kind_from_mode(st.st_mode);
	return 0;
}

/* ---- what the call does ---- */

static uint32_t open_effects(uint64_t flags, uint32_t kind)
{
	uint32_t effects = 0;

	if (flags & O_PATH)
		return PATH_HANDLE;
	if ((flags & O_ACCMODE) != O_WRONLY)
		effects |= kind == KIND_DIRECTORY ? PATH_LIST : PATH_READ;
	if ((flags & O_ACCMODE) != O_RDONLY)
		effects |= PATH_WRITE;
	if (flags & O_TRUNC)
		effects |= PATH_TRUNCATE;
	if (flags & O_CREAT && (kind == KIND_MISSING || kind == KIND_FILE))
		effects |= PATH_CREATE_FILE;
	return effects;
}

/* The flag is __O_TMPFILE | O_DIRECTORY: all of it counts. */
static bool is_tmpfile(uint64_t flags)
{
	return (flags & O_TMPFILE) == O_TMPFILE;
}

/* A nameless file in a directory: as if "#tmpfile" were created there. */
static void make_tmpfile(struct path_action *a, uint64_t flags)
{
	char dir[PATH_MAX];

	memcpy(dir, a->path, sizeof(dir));
	join(a->path, dir, "#tmpfile");
	a->kind = KIND_MISSING;
	a->effects = open_effects((flags & ~(uint64_t)O_TMPFILE) | O_CREAT, KIND_MISSING);
}

/* open_how of a tracee's openat2, 0 flags when unreadable. */
static uint64_t openat2_flags(const struct task *task, uint64_t address)
{
	struct open_how how;

	return memory_read(task->tid, address, &how, sizeof(how)) < 0 ? 0 : how.flags;
}

static uint32_t mknod_effect(uint64_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFCHR:
		return PATH_CREATE_CHAR;
	case S_IFBLK:
		return PATH_CREATE_BLOCK;
	case S_IFIFO:
		return PATH_CREATE_FIFO;
	case S_IFSOCK:
		return PATH_CREATE_SOCKET;
	default:
		return PATH_CREATE_FILE;
	}
}

/* Making a second name for, or moving, something of KIND. */
static uint32_t create_effect(uint32_t kind)
{
	static const struct {
		uint32_t kind, effect;
	} rows[] = {
		{ KIND_DIRECTORY, PATH_CREATE_DIR }, { KIND_SYMLINK, PATH_CREATE_SYMLINK },
		{ KIND_SOCKET, PATH_CREATE_SOCKET }, { KIND_FIFO, PATH_CREATE_FIFO },
		{ KIND_CHAR, PATH_CREATE_CHAR },     { KIND_BLOCK, PATH_CREATE_BLOCK },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].kind == kind)
			return rows[i].effect;
	return PATH_CREATE_FILE;
}

static uint32_t remove_effect(uint32_t kind)
{
	if (kind == KIND_MISSING)
		return 0;
	return kind == KIND_DIRECTORY ? PATH_REMOVE_DIR : PATH_REMOVE_FILE;
}

/* Effects that follow from one path argument alone; pairs are finished by finish_pair(). */
static void fill_effects(const struct task *task, const struct path_arg *arg, uint64_t flags,
			 struct path_action *a)
{
	switch (arg->use) {
	case USE_OPEN:
	case USE_OPENAT2:
	case USE_CREAT:
		if (arg->use == USE_OPENAT2)
			flags = openat2_flags(task, flags);
		if (arg->use == USE_CREAT)
			flags = O_CREAT | O_WRONLY | O_TRUNC;
		if (is_tmpfile(flags))
			make_tmpfile(a, flags);
		else
			a->effects = open_effects(flags, a->kind);
		break;
	case USE_EXEC:
		a->effects = PATH_EXECUTE;
		break;
	case USE_MKDIR:
		a->effects = PATH_CREATE_DIR;
		break;
	case USE_MKNOD:
		a->effects = mknod_effect(flags);
		break;
	case USE_SYMLINK:
		a->effects = PATH_CREATE_SYMLINK;
		break;
	case USE_UNLINK:
		a->effects = flags & AT_REMOVEDIR ? PATH_REMOVE_DIR : PATH_REMOVE_FILE;
		break;
	case USE_RMDIR:
		a->effects = PATH_REMOVE_DIR;
		break;
	case USE_TRUNCATE:
		a->effects = PATH_WRITE | PATH_TRUNCATE;
		break;
	case USE_METADATA:
	case USE_METADATA_LINK:
		a->effects = PATH_METADATA;
		break;
	case USE_CHDIR:
		a->effects = PATH_CHDIR;
		break;
	case USE_ROOT:
		a->effects = PATH_ROOT;
		break;
	case USE_MOUNT:
		a->effects = PATH_MOUNT;
		break;
	case USE_WATCH:
		a->effects = PATH_WATCH;
		break;
	case USE_STAT:
	case USE_STAT_LINK:
		a->effects = PATH_STAT;
		break;
	case USE_NONE:
	case USE_LINK_FROM:
	case USE_LINK_TO:
	case USE_RENAME_FROM:
	case USE_RENAME_TO:
		a->effects = 0;
		break;
	}
}

static bool same_directory(const char *a, const char *b)
{
	size_t n = (size_t)(strrchr(a, '/') - a), m = (size_t)(strrchr(b, '/') - b);

	return n == m && memcmp(a, b, n) == 0;
}

/* rename(2) and link(2): what happens to one name depends on the other. */
static void finish_pair(const struct syscall_info *info, uint64_t flags, struct path_action *from,
			struct path_action *to)
{
	bool rename = info->paths[0].use == USE_RENAME_FROM;
	uint32_t to_kind = to->kind;

	to->effects = create_effect(from->kind);
	if (rename) {
		from->effects = remove_effect(from->kind);
		to->effects |= remove_effect(to_kind);
		if (flags & RENAME_EXCHANGE)
			from->effects |= create_effect(to_kind);
	}
	if (!same_directory(from->path, to->path)) {
		from->effects |= PATH_REFER;
		to->effects |= PATH_REFER;
	}
}

/* Whether the call follows a link in the last component. */
static bool follows(const struct path_arg *arg, uint64_t flags)
{
	switch (arg->use) {
	case USE_OPEN:
	case USE_OPENAT2:
		return !(flags & O_NOFOLLOW) && (flags & (O_CREAT | O_EXCL)) != (O_CREAT | O_EXCL);
	case USE_EXEC:
	case USE_METADATA:
	case USE_STAT:
	case USE_MOUNT:
		return arg->flags == NO_ARG || !(flags & AT_SYMLINK_NOFOLLOW);
	case USE_LINK_FROM:
		return flags & AT_SYMLINK_FOLLOW;
	case USE_CREAT:
	case USE_TRUNCATE:
	case USE_CHDIR:
	case USE_ROOT:
	case USE_WATCH:
		return true;
	case USE_NONE:
	case USE_MKDIR:
	case USE_MKNOD:
	case USE_SYMLINK:
	case USE_LINK_TO:
	case USE_RENAME_FROM:
	case USE_RENAME_TO:
	case USE_UNLINK:
	case USE_RMDIR:
	case USE_METADATA_LINK:
	case USE_STAT_LINK:
		return false;
	}
	return false;
}

static uint64_t flags_of(const struct task *task, const struct path_arg *arg)
{
	return arg->flags == NO_ARG ? 0 : task->call.args[arg->flags];
}

/* Reads and resolves one path argument. */
static int fill_path(const struct task *task, const struct path_arg *arg, struct path_action *a)
{
	int dirfd = arg->dirfd == NO_ARG ? AT_FDCWD : (int)task->call.args[arg->dirfd];
	uint64_t flags = flags_of(task, arg);
	char path[PATH_MAX];
	ssize_t n = memory_read_string(task->tid, task->call.args[arg->path], path, sizeof(path));

	/* A NULL path with a descriptor means the descriptor (utimensat, and statx from 6.11). */
	if (n < 0 && !(arg->dirfd != NO_ARG && task->call.args[arg->path] == 0))
		return -EFAULT;
	if (n <= 0)
		return arg->dirfd == NO_ARG ? -ENOENT : resolve_descriptor(task, dirfd, a);
	if (arg->use == USE_OPENAT2)
		flags = openat2_flags(task, flags);
	resolve(task, dirfd, path, follows(arg, flags), a);
	return 0;
}

bool paths_acted_on(const struct syscall_info *info)
{
	return info->paths[0].use != USE_NONE && info->paths[0].use != USE_STAT &&
	       info->paths[0].use != USE_STAT_LINK;
}

int paths_of_call(const struct task *task, const struct syscall_info *info,
		  struct path_action actions[2])
{
	int n = 0;

	for (int i = 0; i < 2 && info->paths[i].use != USE_NONE; i++) {
		const struct path_arg *arg = &info->paths[i];

		if (fill_path(task, arg, &actions[n]) < 0)
			return 0;
		fill_effects(task, arg, flags_of(task, arg), &actions[n]);
		n++;
	}
	if (n == 2 &&
	    (info->paths[0].use == USE_RENAME_FROM || info->paths[0].use == USE_LINK_FROM))
		finish_pair(info, flags_of(task, &info->paths[0]), &actions[0], &actions[1]);
	return n;
}
