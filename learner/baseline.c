/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which calls are always allowed and why, and which are answered with ENOSYS. */
#include "learner/baseline.h"

#include <stddef.h>

static const char vdso[] = "made as a call where the vDSO cannot serve the clock";

const struct implied_call baseline_table[] = {
	{ "exit", "a thread ends with it", IMPLIED_ALWAYS },
	{ "exit_group", "a process ends with it", IMPLIED_ALWAYS },
	{ "rt_sigreturn", "a signal handler returns with it", IMPLIED_ALWAYS },
	{ "sigreturn", "a signal handler returns with it", IMPLIED_ALWAYS },
	{ "restart_syscall", "the kernel goes on with an interrupted wait by it", IMPLIED_ALWAYS },
	{ "execve", "the program is started with it under the filter", IMPLIED_LAUNCHED },
	{ "futex", "a thread waits for another, if it comes too early", IMPLIED_THREADS },
	{ "futex_time64", "a thread waits for another, if it comes too early", IMPLIED_THREADS },
	{ "sched_yield", "a thread spins for a lock, if another holds it", IMPLIED_THREADS },
	{ "clock_gettime", vdso, IMPLIED_VDSO },
	{ "clock_gettime64", vdso, IMPLIED_VDSO },
	{ "clock_getres", vdso, IMPLIED_VDSO },
	{ "clock_getres_time64", vdso, IMPLIED_VDSO },
	{ "gettimeofday", vdso, IMPLIED_VDSO },
	{ "time", vdso, IMPLIED_VDSO },
	{ "getcpu", "made as a call where the vDSO cannot tell the CPU", IMPLIED_VDSO },
	{ NULL, NULL, IMPLIED_ALWAYS },
};

const char *const fallback_table[] = {
	"cachestat",
	"clone3",
	"close_range",
	"copy_file_range",
	"epoll_pwait2",
	"execveat",
	"faccessat2",
	"fchmodat2",
	"futex_requeue",
	"futex_wait",
	"futex_waitv",
	"futex_wake",
	"io_uring_enter",
	"io_uring_register",
	"io_uring_setup",
	"landlock_add_rule",
	"landlock_create_ruleset",
	"landlock_restrict_self",
	"listmount",
	"map_shadow_stack",
	"memfd_secret",
	"mseal",
	"openat2",
	"pidfd_getfd",
	"pidfd_open",
	"preadv2",
	"process_madvise",
	"process_mrelease",
	"pwritev2",
	"renameat2",
	"rseq",
	"set_mempolicy_home_node",
	"statmount",
	"statx",
	NULL,
};
