/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole files: read at once, replaced at once. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/diag.h"

int read_file(const char *path, size_t max, char **ret, size_t *ret_len)
{
	auto_close int fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO)
						   : open(path, O_RDONLY | O_CLOEXEC);
	auto_free char *data = NULL;
	size_t len = 0, room = 0;

	if (fd < 0)
		return -errno;
	for (;;) {
		ssize_t n;

		if (len + 1 >= room) {
			char *more = realloc(data, room ? 2 * room : 65536);

			if (!more)
				return -ENOMEM;
			data = more;
			room = room ? 2 * room : 65536;
		}
		n = read(fd, data + len, room - len - 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		len += (size_t)n;
		if (len > max)
			return -EFBIG;
	}
	data[len] = '\0';
	*ret = take_ptr(data);
	*ret_len = len;
	return 0;
}

/* Where writing to PATH ends up: the target of a link, existing or not. */
static char *final_path(const char *path)
{
	char target[PATH_MAX];
	ssize_t n = readlink(path, target, sizeof(target) - 1);
	char *resolved = realpath(path, NULL);

	if (resolved || n < 0)
		return resolved ? resolved : strdup(path);
	target[n] = '\0'; /* a dangling link: its target is created */
	if (target[0] == '/')
		return strdup(target);
	const char *slash = strrchr(path, '/');
	if (asprintf(&resolved, "%.*s%s", slash ? (int)(slash + 1 - path) : 0, path, target) < 0)
		return NULL;
	return resolved;
}

static mode_t current_umask(void)
{
	mode_t mask = umask(022);

	umask(mask);
	return mask;
}

/* The new file has the old one's permissions, or those that open(2) would have given it. */
static int open_temporary(struct new_file *file)
{
	struct stat st;
	mode_t mode = stat(file->path, &st) == 0 ? st.st_mode & 07777 : 0666 & ~current_umask();
	int fd;

	if (asprintf(&file->temporary, "%s.XXXXXX", file->path) < 0) {
		file->temporary = NULL;
		return -ENOMEM;
	}
	fd = mkostemp(file->temporary, O_CLOEXEC);
	if (fd < 0) {
		int err = -errno;

		free(file->temporary);
		file->temporary = NULL;
		return err;
	}
	fchmod(fd, mode);
	return fd;
}

/* A FIFO without a reader is refused, not waited for; writing waits as usual. */
static int open_direct(const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return -errno;
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
	return fd;
}

int new_file_open(struct new_file *file, const char *path)
{
	struct stat st;
	bool direct = stat(path, &st) == 0 && !S_ISREG(st.st_mode);
	int fd;

	/* A pipe behind /dev/fd has no name that could be resolved. */
	*file = (struct new_file){ .path = direct ? strdup(path) : final_path(path) };
	if (!file->path)
		return -ENOMEM;
	fd = direct ? open_direct(path) : open_temporary(file);
	if (fd >= 0)
		file->out = fdopen(fd, "w");
	if (!file->out) {
		if (fd >= 0)
			close(fd);
		new_file_abandon(file);
		return fd < 0 ? fd : -ENOMEM;
	}
	return 0;
}

/* Makes the rename itself durable; file systems that cannot sync a directory are left alone. */
static void sync_directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	auto_free char *dir = slash == path ? strdup("/")
			      : slash	    ? strndup(path, (size_t)(slash - path))
					    : strdup(".");
	auto_close int fd = dir ? open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	if (fd >= 0)
		fsync(fd);
}

int new_file_commit(struct new_file *file)
{
	FILE *out = take_ptr(file->out);
	int err = 0;

	if (fflush(out) != 0 || ferror(out))
		err = errno ? -errno : -EIO;
	if (!err && file->temporary && fsync(fileno(out)) != 0)
		err = -errno;
	if (fclose(out) != 0 && !err)
		err = -errno;
	if (!err && file->temporary && rename(file->temporary, file->path) != 0)
		err = -errno;
	if (!err && file->temporary) {
		sync_directory_of(file->path);
		free(take_ptr(file->temporary));
	}
	new_file_abandon(file);
	return err;
}

void new_file_abandon(struct new_file *file)
{
	if (file->out)
		fclose(file->out);
	if (file->temporary)
		unlink(file->temporary);
	free(file->temporary);
	free(file->path);
	*file = (struct new_file){ 0 };
}

int flush_stdout(void)
{
	int err;

	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	err = errno ? -errno : -EIO;
	clearerr(stdout);
	return diag_errno(err, "cannot write to standard output");
}
