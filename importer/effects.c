/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a call of a log did to its paths, by the way it uses them. */
#include "importer/effects.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "sysdb/effects.h"

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

static uint32_t created(uint64_t flags, uint32_t kind)
{
	return opened(flags | O_CREAT | O_WRONLY | O_TRUNC, kind);
}

static uint32_t made_node(uint64_t mode, uint32_t kind)
{
	(void)kind;
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

static uint32_t unlinked(uint64_t flags, uint32_t kind)
{
	(void)kind;
	return flags & AT_REMOVEDIR ? PATH_REMOVE_DIR : PATH_REMOVE_FILE;
}

static uint32_t moved_away(uint64_t flags, uint32_t kind)
{
	(void)flags;
	return kind == KIND_DIRECTORY ? PATH_REMOVE_DIR : PATH_REMOVE_FILE;
}

/* KIND is of what is moved. A log does not say what it replaces: a file may have been there. */
static uint32_t moved_here(uint64_t flags, uint32_t kind)
{
	(void)flags;
	return kind == KIND_DIRECTORY ? PATH_CREATE_DIR : PATH_CREATE_FILE | PATH_REMOVE_FILE;
}

/* Which directories the two names are in is compared by the caller. */
static const struct {
	enum path_use use;
	uint32_t effects;
	uint32_t (*more)(uint64_t flags, uint32_t kind);
} uses[] = {
	{ USE_OPEN, 0, opened },
	{ USE_OPENAT2, 0, opened },
	{ USE_CREAT, 0, created },
	{ USE_EXEC, PATH_EXECUTE, NULL },
	{ USE_MKDIR, PATH_CREATE_DIR, NULL },
	{ USE_MKNOD, 0, made_node },
	{ USE_SYMLINK, PATH_CREATE_SYMLINK, NULL },
	{ USE_LINK_TO, PATH_CREATE_FILE, NULL },
	{ USE_RENAME_FROM, 0, moved_away },
	{ USE_RENAME_TO, 0, moved_here },
	{ USE_UNLINK, 0, unlinked },
	{ USE_RMDIR, PATH_REMOVE_DIR, NULL },
	{ USE_TRUNCATE, PATH_WRITE | PATH_TRUNCATE, NULL },
	{ USE_METADATA, PATH_METADATA, NULL },
	{ USE_METADATA_LINK, PATH_METADATA, NULL },
	{ USE_CHDIR, PATH_CHDIR, NULL },
	{ USE_ROOT, PATH_ROOT, NULL },
	{ USE_MOUNT, PATH_MOUNT, NULL },
};

static bool watches(const struct syscall_info *info)
{
	return strcmp(info->name, "inotify_add_watch") == 0 ||
	       strcmp(info->name, "fanotify_mark") == 0;
}

uint32_t effects_of_path(const struct syscall_info *info, unsigned i, uint64_t flags,
			 uint32_t kind)
{
	enum path_use use = info->paths[i].use;

	if (watches(info))
		return PATH_WATCH;
	for (size_t u = 0; u < ARRAY_SIZE(uses); u++)
		if (uses[u].use == use)
			return uses[u].effects | (uses[u].more ? uses[u].more(flags, kind) : 0);
	return 0;
}

static bool makes(enum path_use use, uint64_t flags)
{
	return use == USE_CREAT || use == USE_MKDIR || use == USE_MKNOD || use == USE_SYMLINK ||
	       use == USE_LINK_TO ||
	       ((use == USE_OPEN || use == USE_OPENAT2) && flags & O_CREAT);
}

uint32_t effects_kind(const struct syscall_info *info, unsigned i, uint64_t flags, int64_t result)
{
	enum path_use use = info->paths[i].use;
	bool opens = use == USE_OPEN || use == USE_OPENAT2;

	if (result == -ENOENT || (result >= 0 && makes(use, flags)))
		return KIND_MISSING;
	if (use == USE_RMDIR || use == USE_CHDIR || use == USE_ROOT || use == USE_MOUNT ||
	    (use == USE_UNLINK && flags & AT_REMOVEDIR) || (opens && flags & O_DIRECTORY))
		return KIND_DIRECTORY;
	return KIND_FILE;
}
