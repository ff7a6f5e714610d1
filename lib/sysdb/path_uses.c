/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What follows from the way in which a call uses a path. */
#include "sysdb/path_uses.h"

#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/mount.h>
#include <linux/quota.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "sysdb/effects.h"

/*
 * Queues are looked up in a mount of the kernel's own, whose inodes are those of the file system
 * mounted here (mq_overview(7)): that is where landlock can have a rule for them.
 */
#define QUEUES "/dev/mqueue/"

#define ALWAYS (~(uint64_t)0)

/* ---- effects that depend on flags ---- */

static uint32_t opened(uint64_t flags, uint32_t kind)
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

static uint32_t made_node(uint64_t mode, uint32_t kind)
{
	(void)kind;
	/* mknod(2): no type is a regular file. */
	return path_effect_of_creating(path_kind_from_mode((mode_t)(mode & S_IFMT)));
}

static uint32_t unlinked(uint64_t flags, uint32_t kind)
{
	(void)kind;
	return flags & AT_REMOVEDIR ? PATH_REMOVE_DIR : PATH_REMOVE_FILE;
}

/* mount(2): a path for a bind mount or a move, a device for many file systems, else any word. */
static uint32_t mounted_from(uint64_t flags, uint32_t kind)
{
	const uint64_t no_source = MS_REMOUNT | MS_SHARED | MS_PRIVATE | MS_SLAVE | MS_UNBINDABLE;

	if (flags & no_source)
		return 0;
	return flags & (MS_BIND | MS_MOVE) || kind == KIND_BLOCK ? PATH_MOUNT : 0;
}

static uint32_t mount_option(uint64_t command, uint32_t kind)
{
	bool path = command == FSCONFIG_SET_PATH || command == FSCONFIG_SET_PATH_EMPTY;

	return path || (command == FSCONFIG_SET_STRING && kind == KIND_BLOCK) ? PATH_MOUNT : 0;
}

static uint32_t marked(uint64_t flags, uint32_t kind)
{
	(void)kind;
	return flags & FAN_MARK_FLUSH ? 0 : PATH_WATCH;
}

static uint32_t pinned(uint64_t command, uint32_t kind)
{
	(void)kind;
	if (command == BPF_OBJ_PIN)
		return PATH_CREATE_FILE;
	return command == BPF_OBJ_GET ? PATH_READ : 0;
}

/* The kernel keeps the quotas there itself; for other commands the address is no path. */
static uint32_t quotas_kept(uint64_t command, uint32_t kind)
{
	(void)kind;
	return (uint32_t)command >> SUBCMDSHIFT == Q_QUOTAON ? PATH_READ | PATH_WRITE : 0;
}

uint32_t path_effect_of_creating(uint32_t kind)
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

/* ---- the rows ---- */

/* clang-format off */
static const struct path_rule_of_use uses[] = {
	[USE_NONE] = { 0 },
	[USE_OPEN] = { .kept_by = O_NOFOLLOW, .more = opened },
	[USE_OPENAT2] = { .kept_by = O_NOFOLLOW, .more = opened },
	[USE_CREAT] = { .flags = O_CREAT | O_WRONLY | O_TRUNC, .more = opened },
	[USE_SWAP] = { .flags = O_RDWR, .more = opened },
	[USE_ACCT] = { .flags = O_WRONLY | O_APPEND, .more = opened },
	[USE_OPEN_HANDLE] = { .more = opened },
	[USE_QUEUE] = { .last = LAST_KEPT, .below = QUEUES, .more = opened },
	[USE_QUEUE_UNLINK] = { .last = LAST_ENTRY, .below = QUEUES, .effects = PATH_REMOVE_FILE },
	[USE_QUOTAS] = { .more = quotas_kept },
	[USE_BPF] = { .more = pinned },
	[USE_EXEC] = { .kept_by = AT_SYMLINK_NOFOLLOW, .empty_by = AT_EMPTY_PATH,
		       .effects = PATH_EXECUTE },
	[USE_MKDIR] = { .last = LAST_ENTRY, .effects = PATH_CREATE_DIR },
	[USE_MKNOD] = { .last = LAST_ENTRY, .more = made_node },
	[USE_SYMLINK] = { .last = LAST_ENTRY, .effects = PATH_CREATE_SYMLINK },
	[USE_LINK_FROM] = { .last = LAST_KEPT, .followed_by = AT_SYMLINK_FOLLOW,
			    .empty_by = AT_EMPTY_PATH },
	[USE_LINK_TO] = { .last = LAST_ENTRY },
	[USE_RENAME_FROM] = { .last = LAST_ENTRY },
	[USE_RENAME_TO] = { .last = LAST_ENTRY },
	[USE_UNLINK] = { .last = LAST_ENTRY, .more = unlinked },
	[USE_RMDIR] = { .last = LAST_ENTRY, .effects = PATH_REMOVE_DIR },
	[USE_TRUNCATE] = { .effects = PATH_TRUNCATE },
	[USE_METADATA] = { .kept_by = AT_SYMLINK_NOFOLLOW, .empty_by = AT_EMPTY_PATH,
			   .null_by = AT_EMPTY_PATH, .effects = PATH_METADATA },
	[USE_METADATA_LINK] = { .last = LAST_KEPT, .effects = PATH_METADATA },
	[USE_TIMES] = { .kept_by = AT_SYMLINK_NOFOLLOW, .empty_by = AT_EMPTY_PATH,
			.null_by = ALWAYS, .effects = PATH_METADATA },
	[USE_CHDIR] = { .effects = PATH_CHDIR },
	[USE_ROOT] = { .effects = PATH_ROOT },
	[USE_MOUNT] = { .kept_by = AT_SYMLINK_NOFOLLOW, .empty_by = AT_EMPTY_PATH,
			.effects = PATH_MOUNT },
	[USE_MOUNT_SOURCE] = { .more = mounted_from },
	/* FSCONFIG_SET_PATH_EMPTY is the only command with that bit that has a string. */
	[USE_MOUNT_OPTION] = { .empty_by = FSCONFIG_SET_PATH_EMPTY, .more = mount_option },
	[USE_UMOUNT] = { .kept_by = UMOUNT_NOFOLLOW, .effects = PATH_MOUNT },
	[USE_MOVE_FROM] = { .last = LAST_KEPT, .followed_by = MOVE_MOUNT_F_SYMLINKS,
			    .empty_by = MOVE_MOUNT_F_EMPTY_PATH, .effects = PATH_MOUNT },
	[USE_MOVE_TO] = { .last = LAST_KEPT, .followed_by = MOVE_MOUNT_T_SYMLINKS,
			  .empty_by = MOVE_MOUNT_T_EMPTY_PATH, .effects = PATH_MOUNT },
	[USE_PICK] = { .kept_by = FSPICK_SYMLINK_NOFOLLOW, .empty_by = FSPICK_EMPTY_PATH,
		       .effects = PATH_MOUNT },
	[USE_INOTIFY] = { .kept_by = IN_DONT_FOLLOW, .effects = PATH_WATCH },
	[USE_FANOTIFY] = { .kept_by = FAN_MARK_DONT_FOLLOW, .null_by = ALWAYS, .more = marked },
	[USE_STAT] = { .kept_by = AT_SYMLINK_NOFOLLOW, .empty_by = AT_EMPTY_PATH,
		       .null_by = AT_EMPTY_PATH, .effects = PATH_STAT },
	[USE_STAT_LINK] = { .last = LAST_KEPT, .empty_by = ALWAYS, .effects = PATH_STAT },
	[USE_HANDLE] = { .last = LAST_KEPT, .followed_by = AT_SYMLINK_FOLLOW,
			 .empty_by = AT_EMPTY_PATH, .effects = PATH_STAT },
};
/* clang-format on */
_Static_assert(ARRAY_SIZE(uses) == N_PATH_USES, "a row each");

const struct path_rule_of_use *path_use(enum path_use use)
{
	return &uses[use];
}

enum last_link path_use_last(enum path_use use, uint64_t flags)
{
	const struct path_rule_of_use *row = &uses[use];
	const uint64_t new_only = O_CREAT | O_EXCL;

	flags |= row->flags;
	if (flags & row->kept_by || (row->more == opened && (flags & new_only) == new_only))
		return LAST_KEPT;
	return flags & row->followed_by ? LAST_FOLLOWED : row->last;
}

uint32_t path_use_effects(enum path_use use, uint64_t flags, uint32_t kind)
{
	const struct path_rule_of_use *row = &uses[use];

	return row->effects | (row->more ? row->more(flags | row->flags, kind) : 0);
}

/* The flag is __O_TMPFILE | O_DIRECTORY: all of it counts. */
bool path_use_is_tmpfile(enum path_use use, uint64_t flags)
{
	return uses[use].more == opened && (flags & O_TMPFILE) == O_TMPFILE;
}
