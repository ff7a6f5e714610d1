/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Watches over itself until its standard input ends: threads pass numbers to each other in every
 * way there is, none may get lost, doubled or late, and no call may fail for a stop that the
 * program did not ask for. Then prints what it counted.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/sem.h>
#include <sys/timerfd.h>
#include <time.h>

#include "target.h"

#define TICK_MS 5

static volatile bool over;
static int to_echo[2], from_echo[2], silent[2];

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* ---- numbers through pipes ---- */

static void *echo(void *state)
{
	uint64_t number;

	(void)state;
	while (must(read(to_echo[0], &number, sizeof(number))) == sizeof(number))
		must(write(from_echo[1], &number, sizeof(number)));
	return NULL;
}

static void *pipes(void *state)
{
	uint64_t *n = state, back;

	for (; !over; ++*n) {
		must(write(to_echo[1], n, sizeof(*n)));
		must(read(from_echo[0], &back, sizeof(back)));
		check(back == *n);
	}
	close(to_echo[1]);
	return NULL;
}

/* ---- numbers under a lock (futex) ---- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static uint64_t produced, consumed;

static void *produce(void *state)
{
	(void)state;
	for (bool last = false; !last;) {
		pthread_mutex_lock(&lock);
		while (produced != consumed)
			check(pthread_cond_wait(&changed, &lock) == 0);
		last = over;
		produced++;
		pthread_cond_broadcast(&changed);
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

static void *consume(void *state)
{
	uint64_t *n = state;

	for (bool last = false; !last;) {
		pthread_mutex_lock(&lock);
		while (produced == consumed)
			check(pthread_cond_wait(&changed, &lock) == 0);
		consumed++;
		last = over;
		pthread_cond_broadcast(&changed);
		pthread_mutex_unlock(&lock);
		++*n;
	}
	over = true;
	return NULL;
}

/* ---- queued signals and a timer ---- */

static void *signals(void *state)
{
	uint64_t *n = state;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	while (!over) {
		const union sigval value = { .sival_int = (int)*n };
		siginfo_t info;

		must(sigqueue(getpid(), SIGRTMIN, value));
		must(sigwaitinfo(&set, &info));
		check(info.si_code == SI_QUEUE && info.si_value.sival_int == (int)*n);
		++*n;
	}
	return NULL;
}

static void *ticks(void *state)
{
	const struct timespec every = { 0, TICK_MS * 1000000 };
	const struct itimerspec spec = { every, every };
	uint64_t *n = state, some;
	int fd = (int)must(timerfd_create(CLOCK_MONOTONIC, 0));
	double start = now();

	must(timerfd_settime(fd, 0, &spec, NULL));
	while (!over) {
		check(must(read(fd, &some, sizeof(some))) == sizeof(some));
		*n += some;
	}
	check((double)*n <= (now() - start) * 1000 / TICK_MS + 1);
	check((double)*n >= (now() - start) * 1000 / TICK_MS - 100);
	return NULL;
}

/* ---- calls that wait: none may fail ---- */

static void *epolls(void *state)
{
	struct epoll_event event = { .events = EPOLLIN };
	uint64_t *n = state, some;
	int poller = (int)must(epoll_create1(0)), fd = (int)must(eventfd(0, 0));

	must(epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event));
	for (; !over; ++*n) {
		check(must(epoll_wait(poller, &event, 1, 20)) == 0);
		some = 1;
		must(write(fd, &some, sizeof(some)));
		check(must(epoll_wait(poller, &event, 1, -1)) == 1);
		must(read(fd, &some, sizeof(some)));
	}
	return NULL;
}

static void *sleeps(void *state)
{
	const struct timespec nap = { 0, 30000000 };
	uint64_t *n = state;

	for (; !over; ++*n) {
		double start = now();

		must(nanosleep(&nap, NULL));
		check(now() - start >= 0.03);
	}
	return NULL;
}

static void *semaphores(void *state)
{
	struct sembuf down = { 0, -1, 0 };
	const struct timespec nap = { 0, 30000000 };
	int id = (int)must(semget(IPC_PRIVATE, 1, 0600));
	uint64_t *n = state;

	for (; !over; ++*n)
		check(semtimedop(id, &down, 1, &nap) == -1 && errno == EAGAIN);
	must(semctl(id, 0, IPC_RMID));
	return NULL;
}

/* Waits from the beginning to the end. */
static void *blocked(void *state)
{
	char byte;

	(void)state;
	check(must(read(silent[0], &byte, 1)) == 0);
	return NULL;
}

/* ---- tasks that come and go ---- */

static void *nothing(void *state)
{
	return state;
}

static void *births(void *state)
{
	uint64_t *n = state;

	for (; !over; ++*n) {
		pthread_t thread;
		pid_t child;
		void *value;

		check(pthread_create(&thread, NULL, nothing, n) == 0);
		check(pthread_join(thread, &value) == 0 && value == n);
		child = (pid_t)must(*n % 2 ? fork() : vfork());
		if (child == 0) {
			execl("/bin/true", "true", NULL);
			_exit(EXIT_FAILURE);
		}
		check(status_of(child) == 0);
	}
	return NULL;
}

int main(void)
{
	static void *(*const work[])(void *) = { pipes,	 consume,    signals, ticks, epolls,
						 sleeps, semaphores, births,  echo,  produce,
						 blocked };
	enum { COUNTED = 8, ALL = sizeof(work) / sizeof(work[0]) };
	uint64_t counts[ALL] = { 0 };
	pthread_t threads[ALL];
	sigset_t set;
	char byte;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	check(pthread_sigmask(SIG_BLOCK, &set, NULL) == 0);
	must(pipe(to_echo));
	must(pipe(from_echo));
	must(pipe(silent));
	for (int i = 0; i < ALL; i++)
		check(pthread_create(&threads[i], NULL, work[i], &counts[i]) == 0);
	puts("running");
	fflush(stdout);
	check(must(read(STDIN_FILENO, &byte, 1)) == 0);
	over = true;
	close(silent[1]);
	for (int i = 0; i < ALL; i++)
		check(pthread_join(threads[i], NULL) == 0);
	for (int i = 0; i < COUNTED; i++)
		check(counts[i] > 0);
	puts("nothing amiss");
	return 0;
}
