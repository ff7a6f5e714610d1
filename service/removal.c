/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Removing what is to be gone, and may be so already. */
#include "service/removal.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "base/cleanup.h"

void removal_of_unfinished(const char *path)
{
	auto_free char *pattern = NULL;
	glob_t found;

	if (asprintf(&pattern, "%s.??????", path) < 0) {
		pattern = NULL;
		return;
	}
	if (glob(pattern, 0, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc; i++)
			unlink(found.gl_pathv[i]);
		globfree(&found);
	}
}

/* A file system that is read-only says so before it says that the name is not there. */
static bool is_gone(const char *path)
{
	return faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT;
}

int removal_of_file(const char *path)
{
	int r = unlink(path) < 0 ? -errno : 0;

	return r < 0 && is_gone(path) ? 0 : r;
}

int removal_of_directory(const char *path)
{
	int r = rmdir(path) < 0 && errno != ENOTEMPTY && errno != EEXIST && errno != EBUSY ? -errno
											   : 0;

	return r < 0 && is_gone(path) ? 0 : r;
}
