/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which calls stand for one another, and what other C libraries do when they start. */
#include "learner/siblings.h"

#include <asm/ioctls.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/resource.h>

static const char newer[] = "the newer and the older call for the same";
static const char wider[] = "the same with 64-bit times or sizes, on 32-bit architectures";
static const char vectors[] = "C libraries read and write with or without a vector of buffers";

const struct sibling_group sibling_table[] = {
	{ "C libraries open files with any of these", { "open", "openat", "openat2" } },
	{ "C libraries look at files with any of these",
	  { "stat", "lstat", "fstat", "newfstatat", "statx", "stat64", "lstat64", "fstat64",
	    "fstatat64" } },
	{ newer, { "access", "faccessat", "faccessat2" } },
	{ newer, { "readlink", "readlinkat" } },
	{ newer, { "mkdir", "mkdirat" } },
	{ newer, { "rmdir", "unlink", "unlinkat" } },
	{ newer, { "rename", "renameat", "renameat2" } },
	{ newer, { "link", "linkat" } },
	{ newer, { "symlink", "symlinkat" } },
	{ newer, { "mknod", "mknodat" } },
	{ newer, { "chmod", "fchmodat", "fchmodat2" } },
	{ newer, { "chown", "lchown", "fchownat", "chown32", "lchown32" } },
	{ newer, { "utime", "utimes", "futimesat", "utimensat", "utimensat_time64" } },
	{ newer, { "getdents", "getdents64" } },
	/* Without clone3: all libraries do without it, and a filter cannot see its flags. */
	{ "C libraries make processes and threads with any of these", { "clone3", "clone" } },
	{ "C libraries make processes with any of these", { "fork", "vfork", "clone" } },
	{ newer, { "wait4", "waitpid" } },
	{ newer, { "poll", "ppoll", "ppoll_time64" } },
	{ newer, { "select", "_newselect", "pselect6", "pselect6_time64" } },
	{ newer, { "epoll_create", "epoll_create1" } },
	{ newer, { "epoll_wait", "epoll_pwait", "epoll_pwait2" } },
	{ newer, { "eventfd", "eventfd2" } },
	{ newer, { "signalfd", "signalfd4" } },
	{ newer, { "inotify_init", "inotify_init1" } },
	{ newer, { "dup2", "dup3" } },
	{ newer, { "pipe", "pipe2" } },
	{ newer, { "accept", "accept4" } },
	{ newer, { "send", "sendto" } },
	{ newer, { "recv", "recvfrom" } },
	{ newer, { "sendmsg", "sendmmsg" } },
	{ newer, { "recvmsg", "recvmmsg", "recvmmsg_time64" } },
	{ vectors, { "read", "readv" } },
	{ vectors, { "write", "writev" } },
	{ vectors, { "pread64", "preadv", "preadv2" } },
	{ vectors, { "pwrite64", "pwritev", "pwritev2" } },
	{ "allocators take memory by any of these",
	  { "mmap", "mmap2", "brk", "munmap", "mremap", "madvise", "mprotect" } },
	{ "allocators take memory by any of these", { "brk", "mmap", "mmap2", "munmap" } },
	{ newer, { "getpgrp", "getpgid" } },
	{ newer, { "alarm", "setitimer" } },
	{ newer, { "pause", "ppoll", "ppoll_time64" } },
	{ newer, { "getrlimit", "ugetrlimit", "prlimit64" } },
	{ newer, { "setrlimit", "prlimit64" } },
	{ "raise(3) and abort(3) use any of these", { "tgkill", "tkill", "gettid" } },
	{ newer, { "rt_sigaction", "sigaction" } },
	{ newer, { "rt_sigprocmask", "sigprocmask" } },
	{ newer, { "rt_sigsuspend", "sigsuspend" } },
	{ newer, { "rt_sigtimedwait", "rt_sigtimedwait_time64" } },
	{ "sleeping", { "nanosleep", "clock_nanosleep", "clock_nanosleep_time64" } },
	{ wider, { "clock_gettime", "clock_gettime64" } },
	{ wider, { "clock_settime", "clock_settime64" } },
	{ wider, { "clock_getres", "clock_getres_time64" } },
	{ wider, { "futex", "futex_time64" } },
	{ wider, { "timer_settime", "timer_settime64" } },
	{ wider, { "timer_gettime", "timer_gettime64" } },
	{ wider, { "timerfd_settime", "timerfd_settime64" } },
	{ wider, { "timerfd_gettime", "timerfd_gettime64" } },
	{ wider, { "semop", "semtimedop", "semtimedop_time64" } },
	{ wider, { "mq_timedsend", "mq_timedsend_time64" } },
	{ wider, { "mq_timedreceive", "mq_timedreceive_time64" } },
	{ wider, { "lseek", "_llseek" } },
	{ wider, { "fcntl", "fcntl64" } },
	{ wider, { "sendfile", "sendfile64" } },
	{ wider, { "truncate", "truncate64" } },
	{ wider, { "ftruncate", "ftruncate64" } },
	{ wider, { "statfs", "statfs64" } },
	{ wider, { "fstatfs", "fstatfs64" } },
	{ wider, { "fadvise64", "fadvise64_64" } },
	{ NULL, { NULL } },
};

#define ANY(name, why)                                                                             \
	{                                                                                          \
		name, why, STARTUP_WHOLE, 0, 0                                                     \
	}
#define ONLY(name, index, value, why)                                                              \
	{                                                                                          \
		name, why, STARTUP_VALUE, index, value                                             \
	}
#define TOO(name, index, value, why)                                                               \
	{                                                                                          \
		name, why, STARTUP_VALUE_TOO, index, value                                         \
	}

static const char tls[] = "a thread finds its variables by it";
static const char identity[] = "a thread makes itself known with it";
static const char unprotect[] = "a loader protects what it has relocated, allocators their pages";
static const char maps[] = "loaders, allocators and thread stacks";

#define FORK  (CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID | SIGCHLD)
#define SPAWN (CLONE_VM | CLONE_VFORK | SIGCHLD)
#define THREAD                                                                                     \
	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |        \
	 CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID)

#define ARCH_SET_FS 0x1002 /* asm/prctl.h, on x86 only */

const struct startup_call startup_table[] = {
	ONLY("arch_prctl", 0, ARCH_SET_FS, tls),
	ANY("set_thread_area", tls),
	ANY("set_tid_address", identity),
	ANY("set_robust_list", identity),
	ANY("rseq", "the GNU C library asks for restartable sequences"),
	ANY("getrandom", "allocators and stack protectors begin at random"),
	ANY("brk", "allocators ask where the heap ends"),
	ANY("munmap", "what is mapped is unmapped"),
	ONLY("mmap", 2, PROT_NONE, maps),
	ONLY("mmap", 2, PROT_READ, maps),
	ONLY("mmap", 2, PROT_READ | PROT_WRITE, maps),
	ONLY("mmap2", 2, PROT_NONE, maps),
	ONLY("mmap2", 2, PROT_READ, maps),
	ONLY("mmap2", 2, PROT_READ | PROT_WRITE, maps),
	ONLY("mprotect", 2, PROT_READ, unprotect),
	ONLY("mprotect", 2, PROT_READ | PROT_WRITE, unprotect),
	ONLY("prlimit64", 1, RLIMIT_STACK, "the GNU C library sizes threads' stacks by it"),
	ANY("readlink", "a static program asks for its own path"),
	ANY("readlinkat", "a static program asks for its own path"),
	ANY("uname", "older C libraries look at the kernel's version"),
	ANY("membarrier", "musl's loader registers for it"),
	ANY("rt_sigprocmask", "musl blocks signals while it makes threads or ends"),
	ONLY("ioctl", 1, TIOCGWINSZ, "musl asks whether standard output is a terminal"),
	ONLY("ioctl", 1, TCGETS, "the GNU C library asks whether standard output is a terminal"),
	ANY("fstat", "the GNU C library sizes its buffers by it"),
	ANY("newfstatat", "the GNU C library sizes its buffers by it"),
	ONLY("fcntl", 1, F_SETFD, "musl marks a file close-on-exec once more"),
	TOO("clone", 0, FORK, "the GNU C library forks so"),
	TOO("clone", 0, SPAWN, "C libraries start programs so"),
	TOO("clone", 0, THREAD, "the GNU C library makes threads so"),
	TOO("clone", 0, THREAD | CLONE_DETACHED, "musl makes threads so"),
	{ NULL, NULL, STARTUP_WHOLE, 0, 0 },
};
