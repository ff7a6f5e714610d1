/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints what a program inherits besides descriptors; traced and untraced it must be the same. */
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "target.h"

static void print_signals(void)
{
	struct sigaction action;
	sigset_t blocked;

	must(sigprocmask(SIG_BLOCK, NULL, &blocked));
	for (int signal = 1; signal < NSIG; signal++) {
		if (sigismember(&blocked, signal) == 1)
			printf("blocked %d\n", signal);
		if (sigaction(signal, NULL, &action) == 0 && action.sa_handler != SIG_DFL)
			printf("not default %d\n", signal);
	}
}

static void print_limits(void)
{
	struct rlimit limit;

	for (int resource = 0; resource < RLIM_NLIMITS; resource++) {
		must(getrlimit(resource, &limit));
		printf("limit %d %llu %llu\n", resource, (unsigned long long)limit.rlim_cur,
		       (unsigned long long)limit.rlim_max);
	}
}

static void print_affinity(void)
{
	cpu_set_t cpus;

	must(sched_getaffinity(0, sizeof(cpus), &cpus));
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &cpus))
			printf("cpu %d\n", cpu);
	printf("online %ld\n", sysconf(_SC_NPROCESSORS_ONLN));
}

int main(int argc, char **argv)
{
	int death = 0;

	print_signals();
	print_limits();
	print_affinity();
	for (int fd = 0; fd < 3; fd++)
		printf("terminal %d: %d, foreground: %d\n", fd, isatty(fd),
		       tcgetpgrp(fd) == getpgrp());
	must(prctl(PR_GET_PDEATHSIG, &death));
	printf("death signal %d, dumpable %d, umask %o, nice %d, scheduler %d\n", death,
	       prctl(PR_GET_DUMPABLE), umask(0), getpriority(PRIO_PROCESS, 0),
	       sched_getscheduler(0));
	printf("personality %x, timer slack %d, uid %u, gid %u\n",
	       (unsigned)personality(0xffffffff), prctl(PR_GET_TIMERSLACK), getuid(), getgid());
	for (int i = 0; i < argc; i++)
		printf("argument %s\n", argv[i]);
	for (char **entry = environ; *entry; entry++)
		if (strncmp(*entry, "_=", 2) != 0)
			printf("environment %s\n", *entry);
	return 0;
}
