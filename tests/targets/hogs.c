/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A process makes CALLS calls (1000) while N children (8) of its own, all made after it, look for
 * files that are not there, which takes a tracer longer than it takes them: `hogs N CALLS`.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "target.h"

static void hog(long number)
{
	char name[64];

	must(prctl(PR_SET_PDEATHSIG, SIGKILL));
	for (unsigned long i = 0;; i++) {
		snprintf(name, sizeof(name), "/nowhere/%ld/%lu", number, i);
		check(open(name, O_RDONLY) < 0);
	}
}

static void work(long n, long calls)
{
	for (long i = 0; i < n; i++)
		if (must(fork()) == 0)
			hog(i);
	must(usleep(300000));
	for (long i = 0; i < calls; i++)
		syscall(SYS_getppid);
	_exit(0);
}

int main(int argc, char **argv)
{
	long n = number(argc, argv, 1, 8), calls = number(argc, argv, 2, 1000);
	pid_t pid = (pid_t)must(fork());

	if (pid == 0)
		work(n, calls);
	return status_of(pid);
}
