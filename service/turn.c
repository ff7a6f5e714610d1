/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One at a time is at work on a unit. */
#include "service/turn.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

/* PATH without its last part, to be freed. */
static char *directory_of(const char *path)
{
	return strndup(path, (size_t)(strrchr(path, '/') - path));
}

static int open_file(const char *path)
{
	auto_free char *directory = directory_of(path);
	int fd;

	if (!directory)
		return -ENOMEM;
	if (mkdir(directory, 0755) < 0 && errno != EEXIST)
		return -errno;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	return fd < 0 ? -errno : fd;
}

int turn_take(const char *path)
{
	for (;;) {
		auto_close int fd = open_file(path);
		struct stat st;

		if (fd == -ENOENT) /* who ended a turn has removed the directory since */
			continue;
		if (fd < 0)
			return fd;
		if (flock(fd, LOCK_EX | LOCK_NB) < 0)
			return errno == EWOULDBLOCK ? -EBUSY : -errno;
		if (fstat(fd, &st) < 0)
			return -errno;
		if (st.st_nlink) /* else it was removed before it was ours */
			return take_fd(fd);
	}
}

void turn_end(const char *path, int fd)
{
	auto_free char *directory = NULL;

	if (fd < 0)
		return;
	unlink(path);
	close(fd);
	directory = directory_of(path);
	if (directory)
		rmdir(directory);
}
