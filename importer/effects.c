/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a call of a log did to its paths, as far as its outcome tells. */
#include "importer/effects.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/cleanup.h"
#include "sysdb/effects.h"
#include "sysdb/path_uses.h"

/* Of what is moved: KIND. What it replaces a log does not say: a file may have been there. */
static uint32_t moved(enum path_use use, uint32_t kind)
{
	bool directory = kind == KIND_DIRECTORY;
	uint32_t gone = directory ? PATH_REMOVE_DIR : PATH_REMOVE_FILE;

	if (use == USE_RENAME_FROM)
		return gone;
	return path_effect_of_creating(kind) | (directory ? 0 : gone);
}

uint32_t effects_of_path(const struct syscall_info *info, unsigned i, uint64_t flags,
			 uint32_t kind)
{
	enum path_use use = info->paths[i].use;

	if (use == USE_RENAME_FROM || use == USE_RENAME_TO)
		return moved(use, kind);
	if (use == USE_LINK_TO)
		return PATH_CREATE_FILE;
	return path_use_effects(use, flags, kind);
}

static bool makes(enum path_use use, uint64_t flags)
{
	return use == USE_CREAT || use == USE_MKDIR || use == USE_MKNOD || use == USE_SYMLINK ||
	       use == USE_LINK_TO ||
	       ((use == USE_OPEN || use == USE_OPENAT2) && flags & O_CREAT);
}

/* Programs find these there: a shell's `>/dev/null`, which opens with O_CREAT, makes nothing. */
static bool is_standard_device(const char *path)
{
	static const char *const names[] = { "null", "zero", "full", "random", "urandom", "tty",
					     "console", "ptmx" };
	const char directory[] = "/dev/";

	if (strncmp(path, directory, strlen(directory)) != 0)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(path + strlen(directory), names[i]) == 0)
			return true;
	return strncmp(path, "/dev/pts/", strlen("/dev/pts/")) == 0;
}

uint32_t effects_kind(const struct syscall_info *info, unsigned i, uint64_t flags, int64_t result,
		      const char *path)
{
	enum path_use use = info->paths[i].use;
	bool opens = use == USE_OPEN || use == USE_OPENAT2;

	if (result >= 0 && (opens || use == USE_CREAT) && !(flags & O_EXCL) &&
	    is_standard_device(path))
		return KIND_CHAR;
	if (result == -ENOENT || (result >= 0 && makes(use, flags)))
		return KIND_MISSING;
	if (use == USE_RMDIR || use == USE_CHDIR || use == USE_ROOT || use == USE_MOUNT ||
	    (use == USE_UNLINK && flags & AT_REMOVEDIR) || (opens && flags & O_DIRECTORY))
		return KIND_DIRECTORY;
	return KIND_FILE;
}
