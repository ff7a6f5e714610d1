/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Threads that wait in calls that any signal ends, beside threads that make calls, while N children
 * (800) end: SIGCHLD, which is ignored, may wake one thread and be taken by another. None may fail.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

#include "target.h"

#define WAIT_MS 20

static volatile bool over;

static void *waits_for_events(void *state)
{
	struct epoll_event event;
	int poller = (int)must(epoll_create1(0));

	while (!over)
		check(must(epoll_wait(poller, &event, 1, WAIT_MS)) == 0);
	return state;
}

static void *waits_for_semaphore(void *state)
{
	const struct timespec limit = { 0, WAIT_MS * 1000000 };
	struct sembuf down = { 0, -1, 0 };
	int id = (int)must(semget(IPC_PRIVATE, 1, 0600)), error = EAGAIN;

	while (!over && error == EAGAIN)
		error = semtimedop(id, &down, 1, &limit) < 0 ? errno : 0;
	must(semctl(id, 0, IPC_RMID));
	check(error == EAGAIN);
	return state;
}

static void *waits_for_signal(void *state)
{
	const struct timespec limit = { 0, WAIT_MS * 1000000 };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	while (!over)
		check(sigtimedwait(&set, NULL, &limit) == -1 && errno == EAGAIN);
	return state;
}

static void *waits_for_socket(void *state)
{
	const struct timeval limit = { 0, WAIT_MS * 1000 };
	int ends[2];
	char byte;

	must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	must(setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)));
	while (!over)
		check(recv(ends[0], &byte, 1, 0) == -1 && errno == EAGAIN);
	return state;
}

static void *calls(void *state)
{
	while (!over)
		must(getppid());
	return state;
}

int main(int argc, char **argv)
{
	static void *(*const work[])(void *) = {
		waits_for_events, waits_for_semaphore, waits_for_signal, waits_for_socket,
		waits_for_events, waits_for_semaphore, waits_for_signal, waits_for_socket,
		calls,		  calls,
	};
	enum { ALL = sizeof(work) / sizeof(work[0]) };
	long n = number(argc, argv, 1, 800);
	pthread_t threads[ALL];
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	check(pthread_sigmask(SIG_BLOCK, &set, NULL) == 0);
	for (int i = 0; i < ALL; i++)
		check(pthread_create(&threads[i], NULL, work[i], NULL) == 0);
	for (long i = 0; i < n; i++) {
		pid_t child = (pid_t)must(fork());

		if (child == 0)
			_exit(0);
		check(status_of(child) == 0);
	}
	over = true;
	for (int i = 0; i < ALL; i++)
		check(pthread_join(threads[i], NULL) == 0);
	puts("no call failed");
	return 0;
}
