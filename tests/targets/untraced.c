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

/* Its flags may stand in memory that cannot be written. */
static void make(const struct clone_args *args, long self)
{
	long pid = syscall(SYS_clone3, args, sizeof(*args));

	if (pid == 0)
		child(self);
	if (pid > 0)
		check(status_of((pid_t)pid) == 3);
	else
		check(errno == ENOSYS || errno == EPERM);
}

int main(void)
{
	static const struct clone_args fixed = { .flags = CLONE_UNTRACED, .exit_signal = SIGCHLD };
	struct clone_args args = fixed;
	long self = getpid(), pid;

#if defined(__s390x__)
	pid = must(syscall(SYS_clone, 0, CLONE_UNTRACED | SIGCHLD, 0, 0, 0));
#else
	pid = must(syscall(SYS_clone, CLONE_UNTRACED | SIGCHLD, 0, 0, 0, 0));
#endif
	if (pid == 0)
		child(self);
	check(status_of((pid_t)pid) == 3);

	make(&args, self);
	make(&fixed, self);
	check(fixed.flags == CLONE_UNTRACED);
	puts("nobody got away");
	return 0;
}
