/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes N children by clone3 while a thread asks for them to be untraced and takes that back, again
 * and again; some are waited for in the call itself (vfork(2)). A child whose calls are refused goes
 * on asking until one is not: one that got away for good never ends.
 */
#include <errno.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/syscall.h>

#include "target.h"

static _Atomic uint64_t *flags;

static void *flip(void *unused)
{
	for (;;) {
		atomic_fetch_xor(flags, CLONE_UNTRACED);
		for (volatile int i = 0; i < 200; i++)
			;
	}
	return unused;
}

/* Nothing of the C library's: the memory is the maker's. */
static inline __attribute__((always_inline)) long call(long nr, long a)
{
	long result;

	__asm__ volatile("syscall" : "=a"(result) : "a"(nr), "D"(a) : "rcx", "r11", "memory");
	return result;
}

int main(int argc, char **argv)
{
	long n = number(argc, argv, 1, 1000);
	static struct clone_args args = { .exit_signal = SIGCHLD }; /* flipped to the end */
	pthread_t thread;

	flags = (_Atomic uint64_t *)&args.flags;
	check(pthread_create(&thread, NULL, flip, NULL) == 0);
	for (long i = 0; i < n; i++) {
		long pid;

		atomic_store(flags, i % 500 == 0 ? CLONE_VFORK : 0);
		pid = syscall(SYS_clone3, &args, sizeof(args));
		if (pid == 0) {
			while (call(SYS_getppid, 0) < 0)
				;
			call(SYS_exit_group, 3);
		}
		must(pid);
		check(status_of((pid_t)pid) == 3);
	}
	puts("all came to their end");
	return 0;
}
