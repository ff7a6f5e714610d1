/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A service of two stages: a controller that starts a worker, which restricts itself further.
 *
 *	controller WORKER FILTER ORDERS
 *
 * Called "worker", it puts the filter of the file FILTER on (none: "") and obeys what comes over
 * descriptor 3: p answers P, o opens a file first. The controller passes ORDERS on, opens the file
 * itself, writes a file into $STATE_DIRECTORY and prints the answers and how the worker ended.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "target.h"

#define ORDERS_FD 3
#define FILE_OPENED "/etc/passwd"

static void confine(const char *path)
{
	static struct sock_filter insns[4096];
	struct sock_fprog program = { .filter = insns };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, insns, sizeof(insns));

	program.len = n < 0 ? 0 : (unsigned short)((size_t)n / sizeof(*insns));
	if (!program.len || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		_exit(1);
}

static int work(const char *filter)
{
	char order;

	if (*filter)
		confine(filter);
	while (read(ORDERS_FD, &order, 1) == 1) {
		char answer = order == 'o' && open(FILE_OPENED, O_RDONLY) < 0 ? 'e' : 'P';

		if (write(ORDERS_FD, &answer, 1) != 1)
			return 1;
	}
	return 0;
}

static pid_t start(const char *worker, const char *filter, int fds[2])
{
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
		exit(1);
	pid = fork();
	if (pid == 0) {
		if (dup2(fds[1], ORDERS_FD) == ORDERS_FD)
			fcntl(ORDERS_FD, F_SETFD, 0);
		execl(worker, worker, filter, (char *)NULL);
		_exit(1);
	}
	close(fds[1]);
	return pid;
}

static void keep_state(void)
{
	const char *directory = getenv("STATE_DIRECTORY");
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/counter", directory ? directory : "/nowhere");
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || write(fd, "1", 1) != 1)
		printf("no state: %s\n", strerror(errno));
}

int main(int argc, char **argv)
{
	const char *slash = strrchr(argv[0], '/');
	int fds[2], status = 0;
	char answer;
	pid_t pid;

	if (strcmp(slash ? slash + 1 : argv[0], "worker") == 0)
		return work(argc > 1 ? argv[1] : "");
	if (argc != 4)
		return 2;
	pid = start(argv[1], argv[2], fds);
	for (const char *order = argv[3]; *order; order++)
		if (write(fds[0], order, 1) == 1 && read(fds[0], &answer, 1) == 1)
			printf("%c", answer);
	close(fds[0]);
	waitpid(pid, &status, 0);
	printf(" %s\n", WIFSIGNALED(status) ? "killed" : "ended");
	printf("controller: %s\n", open(FILE_OPENED, O_RDONLY) < 0 ? "cannot" : "can");
	keep_state();
	return 0;
}
