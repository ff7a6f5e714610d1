/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names of path effects and kinds. */
#include "sysdb/effects.h"

#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"

static const char *const effects[] = {
	"read",          "write",         "execute",     "list",          "truncate",
	"create_file",   "create_dir",    "create_symlink", "create_socket", "create_fifo",
	"create_char",   "create_block",  "remove_file", "remove_dir",    "refer",
	"ioctl",         "connect",       "metadata",    "chdir",         "root",
	"mount",         "watch",         "stat",        "handle",
};
_Static_assert(ARRAY_SIZE(effects) == N_PATH_EFFECTS, "one name an effect");

static const char *const kinds[] = {
	"missing", "file", "directory", "symlink", "socket", "fifo", "char", "block",
};
_Static_assert(ARRAY_SIZE(kinds) == N_PATH_KINDS, "one name a kind");

static uint32_t find(const char *const *names, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(names[i], name) == 0)
			return 1u << i;
	return 0;
}

const char *path_effect_name(unsigned bit)
{
	return effects[bit];
}

const char *path_kind_name(unsigned bit)
{
	return kinds[bit];
}

uint32_t path_effect_from_name(const char *name)
{
	return find(effects, ARRAY_SIZE(effects), name);
}

uint32_t path_kind_from_name(const char *name)
{
	return find(kinds, ARRAY_SIZE(kinds), name);
}

uint32_t path_kind_from_mode(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return KIND_DIRECTORY;
	case S_IFLNK:
		return KIND_SYMLINK;
	case S_IFSOCK:
		return KIND_SOCKET;
	case S_IFIFO:
		return KIND_FIFO;
	case S_IFCHR:
		return KIND_CHAR;
	case S_IFBLK:
		return KIND_BLOCK;
	default:
		return KIND_FILE; /* 0 is an anonymous inode: memfd, eventfd */
	}
}
