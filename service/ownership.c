/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who owns a file, as a note, and given to somebody else. */
#include "service/ownership.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

/* Another name of the file may be somebody else's business: who may write here can make one. */
static bool may_change_hands(const struct stat *st)
{
	return S_ISDIR(st->st_mode) ||
	       ((S_ISREG(st->st_mode) || S_ISSOCK(st->st_mode)) && st->st_nlink == 1);
}

static int look(const char *path, int *fd, struct stat *st)
{
	*fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (*fd < 0 || fstat(*fd, st) < 0)
		return -errno;
	return may_change_hands(st) ? 0 : -EPERM;
}

int ownership_note(const char *path, char **ret)
{
	auto_close int fd = -1;
	struct stat st;
	int r = look(path, &fd, &st);

	if (r < 0)
		return r;
	r = asprintf(ret, "%u:%u:%o:%s", (unsigned)st.st_uid, (unsigned)st.st_gid,
		     (unsigned)(st.st_mode & 07777), path);
	return r < 0 ? -ENOMEM : 0;
}

int ownership_give(const char *path, uid_t uid, gid_t gid)
{
	auto_close int fd = -1;
	struct stat st;
	int r = look(path, &fd, &st);

	if (r < 0)
		return r;
	return fchownat(fd, "", uid, gid, AT_EMPTY_PATH) < 0 ? -errno : 0;
}

int ownership_restore(const char *note)
{
	auto_close int fd = -1;
	auto_free char *by_number = NULL;
	unsigned uid, gid, mode;
	struct stat st;
	int at, r;

	if (sscanf(note, "%u:%u:%o:%n", &uid, &gid, &mode, &at) < 3 || note[at] != '/')
		return -EINVAL;
	r = look(note + at, &fd, &st);
	if (r < 0)
		return r == -ENOENT || r == -ENOTDIR || r == -EPERM ? 0 : r;
	if (asprintf(&by_number, "/proc/self/fd/%d", fd) < 0) {
		by_number = NULL;
		return -ENOMEM;
	}
	if (fchownat(fd, "", uid, gid, AT_EMPTY_PATH) < 0)
		return -errno;
	/* chown(2) takes set-ID bits away; the descriptor itself takes no fchmod(2). */
	return chmod(by_number, mode) < 0 ? -errno : 0;
}
