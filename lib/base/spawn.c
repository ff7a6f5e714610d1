/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Other programs run to their end. */
#include "base/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/diag.h"

/* All that can be read from FD, as a string. 0 or -errno. */
static int read_all(int fd, char **ret)
{
	auto_fclose FILE *in = fdopen(dup(fd), "re");
	auto_free char *text = NULL;
	size_t size = 0;

	if (!in)
		return -errno;
	if (getdelim(&text, &size, '\0', in) < 0) {
		if (ferror(in))
			return -errno;
		free(text);
		text = strdup("");
	}
	if (!text)
		return -ENOMEM;
	*ret = take_ptr(text);
	return 0;
}

static int start(const char *const *argv, bool quiet, int out, pid_t *pid)
{
	posix_spawn_file_actions_t files;
	int r = posix_spawn_file_actions_init(&files);

	if (r != 0)
		return -r;
	r = posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (r == 0)
		r = posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
	if (r == 0 && quiet)
		r = posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY,
						     0);
	if (r == 0)
		r = posix_spawnp(pid, argv[0], &files, NULL, (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&files);
	return -r;
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_SIGNALED + WTERMSIG(status);
}

int spawn(const char *const *argv, bool quiet, char **ret)
{
	auto_close int reading = -1, writing = -1;
	auto_free char *text = NULL;
	int ends[2], r, status;
	pid_t pid;

	if (ret) {
		if (pipe2(ends, O_CLOEXEC) < 0)
			return -errno;
		reading = ends[0];
		writing = ends[1];
	}
	r = start(argv, quiet, ret ? writing : STDERR_FILENO, &pid);
	if (r < 0)
		return r;
	if (ret) {
		close(take_fd(writing));
		r = read_all(reading, &text);
		close(take_fd(reading));
	}
	status = wait_for(pid);
	if (r < 0)
		return r;
	if (ret && status >= 0)
		*ret = take_ptr(text);
	return status;
}
