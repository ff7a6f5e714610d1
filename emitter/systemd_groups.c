/* SPDX-License-Identifier: GPL-3.0-or-later */
/* systemd's groups of system calls, as far as they matter to an exact list. */
#include "emitter/systemd_groups.h"

#include <stddef.h>

/* `systemd-analyze syscall-filter @default` of systemd 252. */
const char *const systemd_default_calls[] = {
	"arch_prctl", "brk", "cacheflush", "clock_getres", "clock_getres_time64",
	"clock_gettime", "clock_gettime64", "clock_nanosleep", "clock_nanosleep_time64",
	"execve", "exit", "exit_group", "futex", "futex_time64", "futex_waitv",
	"get_robust_list", "get_thread_area", "getegid", "getegid32", "geteuid", "geteuid32",
	"getgid", "getgid32", "getgroups", "getgroups32", "getpgid", "getpgrp", "getpid",
	"getppid", "getrandom", "getresgid", "getresgid32", "getresuid", "getresuid32",
	"getrlimit", "getsid", "gettid", "gettimeofday", "getuid", "getuid32", "membarrier",
	"mmap", "mmap2", "mprotect", "munmap", "nanosleep", "pause", "prlimit64",
	"restart_syscall", "riscv_flush_icache", "riscv_hwprobe", "rseq", "rt_sigreturn",
	"sched_getaffinity", "sched_yield", "set_robust_list", "set_thread_area",
	"set_tid_address", "set_tls", "sigreturn", "time", "ugetrlimit", "uretprobe",
	NULL,
};
