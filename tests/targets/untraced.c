/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Children that ask not to be traced, by clone and clone3. One that got away from its tracer with
 * the tracer's filter would see every call fail with ENOSYS.
 */
#include <errno.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>

#include "target.h"

static void child(long expected)
{
	_exit(syscall(SYS_getppid) == expected ? 3 : 1);
}

int main(void)
{
	struct clone_args args = { .flags = CLONE_UNTRACED, .exit_signal = SIGCHLD };
	long self = getpid(), pid;

#if defined(__s390x__)
	pid = must(syscall(SYS_clone, 0, CLONE_UNTRACED | SIGCHLD, 0, 0, 0));
#else
	pid = must(syscall(SYS_clone, CLONE_UNTRACED | SIGCHLD, 0, 0, 0, 0));
#endif
	if (pid == 0)
		child(self);
	check(status_of((pid_t)pid) == 3);

	pid = syscall(SYS_clone3, &args, sizeof(args));
	if (pid == 0)
		child(self);
	if (pid > 0)
		check(status_of((pid_t)pid) == 3);
	else
		check(errno == ENOSYS || errno == EPERM);
	puts("nobody got away");
	return 0;
}
