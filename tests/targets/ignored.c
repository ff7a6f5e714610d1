/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signals that a program ignores come while calls wait that any signal ends: none may fail. */
#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/sem.h>
#include <time.h>

#include "target.h"

#define WAIT_MS 120

/* Ends after a while: SIGCHLD, which is ignored by default; before that, SIGURG and SIGUSR1. */
static pid_t disturb(void)
{
	const struct timespec while_it_waits = { 0, 20000000 };
	pid_t child = (pid_t)must(fork());

	if (child > 0)
		return child;
	nanosleep(&while_it_waits, NULL);
	kill(getppid(), SIGURG);
	nanosleep(&while_it_waits, NULL);
	kill(getppid(), SIGUSR1);
	nanosleep(&while_it_waits, NULL);
	_exit(0);
}

static void wait_disturbed(void)
{
	const struct timespec limit = { 0, WAIT_MS * 1000000 };
	struct sembuf down = { 0, -1, 0 };
	struct epoll_event event;
	int poller = (int)must(epoll_create1(0));
	int id = (int)must(semget(IPC_PRIVATE, 1, 0600));
	pid_t child = disturb();
	int result, error;

	check(must(epoll_wait(poller, &event, 1, WAIT_MS)) == 0);
	check(status_of(child) == 0);
	child = disturb();
	result = semtimedop(id, &down, 1, &limit);
	error = errno;
	must(semctl(id, 0, IPC_RMID));
	must(close(poller));
	check(result == -1 && error == EAGAIN);
	check(status_of(child) == 0);
}

int main(void)
{
	must(signal(SIGUSR1, SIG_IGN) == SIG_ERR ? -1 : 0);
	/* More than once: the first times a tracer may look closer. */
	for (int i = 0; i < 3; i++)
		wait_disturbed();
	puts("not disturbed");
	return 0;
}
