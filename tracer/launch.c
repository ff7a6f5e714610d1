/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Starting the command, stopped at the right moment to be traced from its first call. */
#include "tracer/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <paths.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "tracer/control.h"
#include "tracer/watch.h"

/* 0 when FILE can be executed as far as its mode tells. */
static int check_executable(const char *file)
{
	struct stat st;

	if (stat(file, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EACCES;
	return faccessat(AT_FDCWD, file, X_OK, AT_EACCESS) < 0 ? -errno : 0;
}

int launch_find(const char *command, char path[PATH_MAX])
{
	const char *dirs = getenv("PATH");
	int best = -ENOENT;

	if (strchr(command, '/')) {
		if (strlen(command) >= PATH_MAX)
			return -ENAMETOOLONG;
		strcpy(path, command);
		return check_executable(path);
	}
	if (!*command)
		return -ENOENT;
	for (dirs = dirs ? dirs : _PATH_DEFPATH;; dirs++) {
		size_t n = strcspn(dirs, ":");
		int r = snprintf(path, PATH_MAX, "%.*s%s%s", (int)n, dirs, n ? "/" : "", command);

		r = r >= PATH_MAX ? -ENAMETOOLONG : check_executable(path);
		if (r == 0)
			return 0;
		if (r == -EACCES)
			best = r;
		dirs += n;
		if (!*dirs)
			return best;
	}
}

__attribute__((noreturn)) static void child(const struct trace_options *options, const char *path,
					    int go)
{
	char byte;

	if (read(go, &byte, 1) != 1)
		_exit(0); /* the tracer could not attach, and has said so */
	/*
	 * Still with our privileges: for another user the kernel would want no_new_privs. Before a
	 * policy, which need not allow it.
	 */
	if (watch_install(options) < 0)
		_exit(0);
	if (options->prepare && options->prepare(options->prepare_state) < 0)
		_exit(0);
	if (options->user && identity_assume(options->user) < 0)
		_exit(0);
	execve(path, options->command, environ);
	/* Not _exit(3): under a policy no call but this one is sure to be allowed. */
	syscall(SYS_exit_group, errno);
	__builtin_trap(); /* nor is this one */
}

pid_t launch(const struct trace_options *options, const char *path)
{
	int go[2];
	pid_t pid;
	int r;

	if (pipe2(go, O_CLOEXEC) < 0)
		return diag_errno(-errno, "cannot make a pipe");
	pid = fork();
	if (pid == 0) {
		close(go[1]);
		child(options, path, go[0]);
	}
	r = pid < 0 ? -errno : control_seize(pid, true);
	if (r == 0 && write(go[1], "", 1) != 1)
		r = -errno;
	close(go[0]);
	close(go[1]);
	if (pid < 0)
		return diag_errno(r, "cannot fork");
	if (r < 0) {
		kill(pid, SIGKILL);
		return diag_errno(r, "cannot trace (is ptrace forbidden here?)");
	}
	return pid;
}
