/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes N different system calls and needs K of them: some-calls N K SEED. A call that is needed and
 * fails ends it with status 1; of the others it does not care.
 */
#include <errno.h>
#include <stdbool.h>
#include <sys/syscall.h>

#include "target.h"

static const long calls[] = {
	SYS_llistxattr, SYS_ioprio_get, SYS_munlock, SYS_signalfd4, SYS_sched_getattr, SYS_fallocate,
	SYS_preadv2, SYS_getpgid, SYS_getsid, SYS_sched_yield, SYS_sched_getscheduler,
	SYS_sched_getparam, SYS_sched_get_priority_max, SYS_sched_get_priority_min, SYS_uname,
	SYS_sysinfo, SYS_times, SYS_getrusage, SYS_getcwd, SYS_pwritev2, SYS_getitimer,
	SYS_gettimeofday, SYS_clock_gettime, SYS_clock_getres, SYS_getcpu, SYS_timerfd_gettime,
	SYS_sched_rr_get_interval, SYS_sched_getaffinity, SYS_getpriority, SYS_fchdir,
	SYS_vmsplice, SYS_get_robust_list, SYS_epoll_create1, SYS_eventfd2, SYS_timerfd_create,
	SYS_pipe2, SYS_dup, SYS_dup3, SYS_inotify_init1, SYS_statfs, SYS_fstatfs, SYS_mincore,
	SYS_readahead, SYS_fadvise64, SYS_sigaltstack, SYS_membarrier, SYS_getxattr, SYS_lgetxattr,
	SYS_fgetxattr, SYS_listxattr, SYS_flistxattr, SYS_readlinkat, SYS_faccessat, SYS_pselect6,
	SYS_nanosleep, SYS_lseek, SYS_readv, SYS_writev, SYS_pwrite64, SYS_preadv, SYS_pwritev,
	SYS_splice, SYS_tee, SYS_timer_create,
};
#define N_CALLS ((long)(sizeof(calls) / sizeof(calls[0])))

static unsigned next_random(unsigned *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static void choose(bool needed[N_CALLS], long n, long k, unsigned seed)
{
	while (k > 0) {
		long i = (long)(next_random(&seed) % (unsigned)n);

		k -= !needed[i];
		needed[i] = true;
	}
}

int main(int argc, char **argv)
{
	bool needed[N_CALLS] = { false };
	long n = number(argc, argv, 1, N_CALLS), k = number(argc, argv, 2, 0);

	check(n <= N_CALLS && k <= n);
	choose(needed, n, k, (unsigned)number(argc, argv, 3, 1));
	/* Bad descriptors and addresses: each call fails in its own way, or does no harm. */
	for (long i = 0; i < n; i++)
		if (syscall(calls[i], -1L, 0L, 0L, 0L, 0L, 0L) < 0 &&
		    (errno == ENOSYS || errno == EPERM) && needed[i])
			_exit(1);
	_exit(0);
}
