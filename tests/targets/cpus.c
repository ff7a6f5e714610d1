/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes many calls, as what is kept on one CPU by a tracer does, and prints which CPUs it and others
 * then say that it has: first its own, then those that a child gives it. With "outside": those that
 * somebody gave it until standard input ended.
 */
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>

#include "target.h"

static void make_calls(void)
{
	for (int i = 0; i < 2000; i++)
		must(getppid());
}

static void print_set(const char *what, const cpu_set_t *set)
{
	printf("%s:", what);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, set))
			printf(" %d", cpu);
	putchar('\n');
}

static void print_asked(const char *what, pid_t pid)
{
	cpu_set_t set;

	must(sched_getaffinity(pid, sizeof(set), &set));
	print_set(what, &set);
}

static void print_shown(const char *name)
{
	char text[8192], *at;
	int fd = (int)must(open(name, O_RDONLY));
	long n = must(read(fd, text, sizeof(text) - 1));

	must(close(fd));
	text[n] = '\0';
	at = strstr(text, "\nCpus_allowed_list:");
	check(at != NULL);
	printf("%s%.*s\n", name, (int)strcspn(at + 1, "\n"), at + 1);
}

static void print_all(void)
{
	make_calls();
	print_asked("itself", 0);
	make_calls();
	print_shown("/proc/self/status");
	make_calls();
	print_shown("/proc/thread-self/status");
}

static int last_of(const cpu_set_t *set)
{
	int last = 0;

	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, set))
			last = cpu;
	return last;
}

/* Its parent makes calls meanwhile. */
static void ask_and_set(pid_t parent)
{
	const struct timespec while_it_calls = { 0, 20000000 };
	cpu_set_t set;

	nanosleep(&while_it_calls, NULL);
	must(sched_getaffinity(parent, sizeof(set), &set));
	print_set("a child is told", &set);
	fflush(stdout);
	CPU_ZERO(&set);
	must(sched_getaffinity(0, sizeof(set), &set));
	int last = last_of(&set);
	CPU_ZERO(&set);
	CPU_SET(last, &set);
	must(sched_setaffinity(parent, sizeof(set), &set));
	_exit(0);
}

static void call_until_over(int fd)
{
	struct pollfd end = { .fd = fd, .events = POLLIN };

	do
		make_calls();
	while (must(poll(&end, 1, 0)) == 0);
}

int main(int argc, char **argv)
{
	const struct timespec nap = { 0, 200000000 };
	pid_t parent = getpid(), child;

	if (argc > 1 && strcmp(argv[1], "outside") == 0) {
		puts("calling");
		fflush(stdout);
		call_until_over(STDIN_FILENO);
	} else {
		print_all();
		fflush(stdout);
		child = (pid_t)must(fork());
		if (child == 0)
			ask_and_set(parent);
		call_until_over((int)must(syscall(SYS_pidfd_open, child, 0)));
		check(status_of(child) == 0);
	}
	print_all();
	must(nanosleep(&nap, NULL)); /* nobody keeps it on a CPU now */
	print_shown("/proc/self/status");
	print_asked("itself", 0);
	return 0;
}
