/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The first thread waits in a call that any signal ends, beside threads that make calls, while the
 * process is sent N signals (200) that it ignores: such a one may wake the first thread and be
 * taken by another. No wait may end by it. Once for each kind of call, in a process of its own.
 */
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

#include "target.h"

#define CALLERS 3

static volatile bool over;
static int event, poller, ends[2];
static int semaphore; /* main() makes and removes it, however the wait ends */

static void begin_events(void)
{
	struct epoll_event readable = { .events = EPOLLIN };

	event = (int)must(eventfd(0, 0));
	poller = (int)must(epoll_create1(0));
	must(epoll_ctl(poller, EPOLL_CTL_ADD, event, &readable));
}

static void wait_for_events(void)
{
	struct epoll_event got;
	eventfd_t value;

	check(must(epoll_wait(poller, &got, 1, -1)) == 1);
	must(eventfd_read(event, &value));
}

static void end_events(void)
{
	must(eventfd_write(event, 1));
}

static void wait_for_semaphore(void)
{
	struct sembuf down = { 0, -1, 0 };

	must(semop(semaphore, &down, 1));
}

static void end_semaphore(void)
{
	struct sembuf up = { 0, 1, 0 };

	must(semop(semaphore, &up, 1));
}

static void begin_signal(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	check(pthread_sigmask(SIG_BLOCK, &set, NULL) == 0);
}

static void wait_for_signal(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	check(must(sigwaitinfo(&set, NULL)) == SIGRTMIN);
}

static void end_signal(void)
{
	must(kill(getpid(), SIGRTMIN));
}

/* Without a time limit the kernel begins such a call again itself. */
static void begin_socket(void)
{
	const struct timeval limit = { .tv_sec = 60 };

	must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	must(setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)));
}

static void wait_for_socket(void)
{
	char byte;

	check(must(recv(ends[0], &byte, 1, 0)) == 1);
}

static void end_socket(void)
{
	must(send(ends[1], "x", 1, 0));
}

static const struct {
	void (*begin)(void), (*wait)(void), (*end)(void);
} kinds[] = {
	{ begin_events, wait_for_events, end_events },
	{ NULL, wait_for_semaphore, end_semaphore },
	{ begin_signal, wait_for_signal, end_signal },
	{ begin_socket, wait_for_socket, end_socket },
};

static void *calls(void *state)
{
	while (!over)
		must(getppid());
	return state;
}

/* Sends them, from a process of its own, and ends the wait then. */
struct disturbance {
	void (*end)(void);
	long n;
};

static void *disturb(void *state)
{
	const struct timespec between = { 0, 1000000 };
	const struct disturbance *d = state;
	const pid_t whole = getpid();
	pid_t child = (pid_t)must(fork());

	if (child == 0) {
		for (long i = 0; i < d->n; i++) {
			nanosleep(&between, NULL);
			must(kill(whole, SIGURG));
		}
		_exit(0);
	}
	check(status_of(child) == 0);
	d->end();
	return NULL;
}

static void wait_disturbed(size_t kind, long n)
{
	struct disturbance disturbance = { kinds[kind].end, n };
	pthread_t disturber, callers[CALLERS];

	if (kinds[kind].begin)
		kinds[kind].begin();
	/* Once undisturbed: a tracer that is to look at results has seen one then. */
	kinds[kind].end();
	kinds[kind].wait();
	for (int i = 0; i < CALLERS; i++)
		check(pthread_create(&callers[i], NULL, calls, NULL) == 0);
	check(pthread_create(&disturber, NULL, disturb, &disturbance) == 0);
	kinds[kind].wait();
	over = true;
	check(pthread_join(disturber, NULL) == 0);
	for (int i = 0; i < CALLERS; i++)
		check(pthread_join(callers[i], NULL) == 0);
}

int main(int argc, char **argv)
{
	long n = number(argc, argv, 1, 200);
	int failed = 0;

	semaphore = (int)must(semget(IPC_PRIVATE, 1, 0600));
	for (size_t kind = 0; kind < sizeof(kinds) / sizeof(kinds[0]); kind++) {
		pid_t child = (pid_t)must(fork());

		if (child == 0) {
			wait_disturbed(kind, n);
			_exit(0);
		}
		failed += status_of(child) != 0;
	}
	must(semctl(semaphore, 0, IPC_RMID));
	check(failed == 0);
	puts("no wait ended early");
	return 0;
}
