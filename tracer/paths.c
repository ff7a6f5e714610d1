/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a call at its entry is about to do to which paths. */
#include "tracer/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"
#include "sysdb/effects.h"
#include "sysdb/path_uses.h"
#include "tracer/memory.h"
#include "tracer/procfs.h"

#define CREATES                                                                                    \
	(PATH_CREATE_FILE | PATH_CREATE_DIR | PATH_CREATE_SYMLINK | PATH_CREATE_SOCKET |           \
	 PATH_CREATE_FIFO | PATH_CREATE_CHAR | PATH_CREATE_BLOCK)

/* ---- what the arguments say ---- */

/* One path argument, with what stands in memory read. */
struct asked {
	enum path_use use;
	int dirfd;
	bool has_dirfd; /* the call has a descriptor that can stand for the path */
	bool by_fd;	/* and takes no path */
	uint64_t address;
	uint64_t flags, resolve;
};

static int read_openat2(const struct task *task, struct asked *a)
{
	struct open_how how;

	if (memory_read(task->tid, a->flags, &how, sizeof(how)) < 0)
		return -EFAULT;
	a->flags = how.flags;
	a->resolve = how.resolve;
	return 0;
}

#define BPF_PATH_FD (1u << 14) /* BPF_F_PATH_FD, Linux 6.6 */

/* bpf(2): the part of union bpf_attr for BPF_OBJ_PIN and BPF_OBJ_GET. */
static int read_bpf(const struct task *task, struct asked *a)
{
	struct {
		uint64_t path;
		uint32_t fd, flags;
		int32_t path_fd;
	} attr = { 0 };
	uint64_t size = task->call.args[2] < sizeof(attr) ? task->call.args[2] : sizeof(attr);

	if (a->flags != BPF_OBJ_PIN && a->flags != BPF_OBJ_GET)
		return -ENOENT;
	if (memory_read(task->tid, a->address, &attr, size) < 0)
		return -EFAULT;
	a->address = attr.path;
	a->dirfd = attr.flags & BPF_PATH_FD ? attr.path_fd : AT_FDCWD;
	return 0;
}

/* 0, or -errno when there is nothing to look at. */
static int read_asked(const struct task *task, const struct path_arg *arg, struct asked *ret)
{
	const uint64_t *args = task->call.args;

	*ret = (struct asked){
		.use = arg->use,
		.dirfd = arg->dirfd == NO_ARG ? AT_FDCWD : (int)args[arg->dirfd],
		.has_dirfd = arg->dirfd != NO_ARG,
		.by_fd = arg->path == NO_ARG,
		.address = arg->path == NO_ARG ? 0 : args[arg->path],
		.flags = arg->flags == NO_ARG ? 0 : args[arg->flags],
	};
	if (arg->use == USE_OPENAT2)
		return read_openat2(task, ret);
	if (arg->use == USE_BPF)
		return read_bpf(task, ret);
	ret->flags = (uint32_t)ret->flags;
	return 0;
}

/* ---- where it leads ---- */

/* open_by_handle_at(2): only by opening can it be told what a handle means; O_PATH does no more. */
static int find_by_handle(const struct lookup *l, struct task *task, const struct asked *a,
			  struct place *ret)
{
	union {
		struct file_handle handle;
		char bytes[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	} u;
	char what[PROCFS_NAME_MAX], name[PROCFS_NAME_MAX];
	auto_close int mount = -1, fd = -1;

	lookup_base(a->dirfd, what);
	procfs_name(name, task->tid, what);
	if (memory_read(task->tid, a->address, &u.handle, sizeof(u.handle)) < 0 ||
	    u.handle.handle_bytes > MAX_HANDLE_SZ ||
	    memory_read(task->tid, a->address, u.bytes, sizeof(u.handle) + u.handle.handle_bytes) <
		    0)
		return -EFAULT;
	mount = open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	fd = mount < 0 ? -1 : open_by_handle_at(mount, &u.handle, O_PATH | O_CLOEXEC);
	return fd < 0 ? -ENOENT : lookup_own(l, task, fd, ret);
}

static int find(const struct lookup *l, struct task *task, const struct asked *a, struct place *ret)
{
	const struct path_rule_of_use *use = path_use(a->use);
	struct lookup_request request = { NULL, a->dirfd, path_use_last(a->use, a->flags),
					  a->resolve };
	size_t before = use->below ? strlen(use->below) : 0;
	char path[PATH_MAX];
	ssize_t n;

	if (a->use == USE_OPEN_HANDLE)
		return find_by_handle(l, task, a, ret);
	if (a->by_fd || (a->has_dirfd && !a->address &&
			 (use->null_by == UINT64_MAX || a->flags & use->null_by)))
		return lookup_descriptor(l, task, a->dirfd, ret);
	memcpy(path, before ? use->below : "", before);
	n = memory_read_string(task->tid, a->address, path + before, sizeof(path) - before);
	if (n < 0)
		return (int)n;
	request.path = path;
	if (n > 0)
		return lookup_path(l, task, &request, ret);
	return a->has_dirfd && (use->empty_by == UINT64_MAX || a->flags & use->empty_by)
		       ? lookup_descriptor(l, task, a->dirfd, ret)
		       : -ENOENT;
}

/* ---- what is done there ---- */

/* A nameless file in a directory: as if "#tmpfile" were created there. */
static int make_tmpfile(struct path_action *action, uint64_t flags)
{
	int r = lookup_join(action->at.path, action->at.path, "#tmpfile");

	action->at.kind = KIND_MISSING;
	action->effects =
		path_use_effects(USE_OPEN, (flags & ~(uint64_t)O_TMPFILE) | O_CREAT, KIND_MISSING);
	return r;
}

static int fill(const struct lookup *l, struct task *task, const struct path_arg *arg,
		struct path_action *action)
{
	struct asked a;
	int r = read_asked(task, arg, &a);

	if (r == 0)
		r = find(l, task, &a, &action->at);
	if (r < 0)
		return r;
	if (path_use_is_tmpfile(a.use, a.flags))
		return make_tmpfile(action, a.flags);
	action->effects = path_use_effects(a.use, a.flags, action->at.kind);
	if (!action->at.in_reach)
		action->effects &= ~(uint32_t)CREATES;
	return 0;
}

static uint32_t remove_effect(uint32_t kind)
{
	if (kind == KIND_MISSING)
		return 0;
	return kind == KIND_DIRECTORY ? PATH_REMOVE_DIR : PATH_REMOVE_FILE;
}

static bool same_directory(const char *a, const char *b)
{
	size_t n = (size_t)(strrchr(a, '/') - a), m = (size_t)(strrchr(b, '/') - b);

	return n == m && memcmp(a, b, n) == 0;
}

/* rename(2) and link(2): what happens to one name depends on the other. */
static void finish_pair(bool rename, uint64_t flags, struct path_action *from,
			struct path_action *to)
{
	from->effects = 0;
	to->effects = path_effect_of_creating(from->at.kind);
	if (rename) {
		from->effects = remove_effect(from->at.kind);
		to->effects |= remove_effect(to->at.kind);
		if (flags & RENAME_EXCHANGE)
			from->effects |= path_effect_of_creating(to->at.kind);
		if (flags & RENAME_WHITEOUT)
			from->effects |= PATH_CREATE_CHAR;
	}
	if (!same_directory(from->at.path, to->at.path)) {
		from->effects |= PATH_REFER;
		to->effects |= PATH_REFER;
	}
}

/* What is asked of the kernel in vain, whatever a policy says (renameat2(2), link(2)). */
static bool fails_anyway(bool rename, uint64_t flags, const struct path_action *from,
			 const struct path_action *to)
{
	if (!from->at.in_reach || !to->at.in_reach)
		return true;
	if (rename && flags & RENAME_EXCHANGE)
		return to->at.kind == KIND_MISSING;
	return (!rename || flags & RENAME_NOREPLACE) && to->at.kind != KIND_MISSING;
}

static int fill_pair(const struct lookup *l, struct task *task, const struct syscall_info *info,
		     struct path_action actions[2])
{
	const struct path_arg *arg = &info->paths[0];
	bool rename = arg->use == USE_RENAME_FROM;
	uint64_t flags = arg->flags == NO_ARG ? 0 : task->call.args[arg->flags];

	if (fill(l, task, arg, &actions[0]) < 0 ||
	    fill(l, task, &info->paths[1], &actions[1]) < 0 ||
	    fails_anyway(rename, flags, &actions[0], &actions[1]))
		return 0;
	finish_pair(rename, flags, &actions[0], &actions[1]);
	return 2;
}

bool paths_acted_on(const struct syscall_info *info)
{
	enum path_use use = info->paths[0].use;

	return use != USE_NONE && use != USE_STAT && use != USE_STAT_LINK && use != USE_HANDLE;
}

int paths_of_call(const struct lookup *l, struct task *task, const struct syscall_info *info,
		  struct path_action actions[2])
{
	int n = 0;

	if (info->paths[0].use == USE_RENAME_FROM || info->paths[0].use == USE_LINK_FROM)
		return fill_pair(l, task, info, actions);
	for (int i = 0; i < 2 && info->paths[i].use != USE_NONE; i++)
		if (fill(l, task, &info->paths[i], &actions[n]) == 0)
			n++;
	return n;
}
