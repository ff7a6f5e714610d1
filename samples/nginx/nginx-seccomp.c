/*
 * Written by learn: seccomp filter in C for libseccomp.
 * What it allows was seen of:
 *   /usr/sbin/nginx
 * Link with -lseccomp; call the function when all that needs more has been done.
 * What this format cannot express of the policy:
 *   24 path rules
 *   1 port rule
 *   2 rules on reaching processes outside
 *   3 capabilities
 *   9 resource limits
 * Notes:
 *   nginx looks up names by the modules of nsswitch.conf: where that names others, they need other sockets (AF_UNIX, AF_INET, AF_NETLINK) and files
 * Calls newer than number 456 fail with ENOSYS up to 520 only.
 */
#include <errno.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>

int nginx_seccomp(void);

/* For what is in no rule. */
#define DEFAULT_ACTION SCMP_ACT_KILL_PROCESS

/* What is done about a call whose arguments pass all of the checks. */
struct rule {
	uint32_t action;
	const char *name;
	int number; /* for a libseccomp that does not know the name */
	unsigned int n_checks;
	struct scmp_arg_cmp checks[6];
};

#define ANSWER(call, nr, act) { .action = (act), .name = (call), .number = (nr) }
#define ALLOW(call, nr) ANSWER(call, nr, SCMP_ACT_ALLOW)
#define ALLOW_IF(call, nr, ...) \
	{ .action = SCMP_ACT_ALLOW, \
	  .name = (call), \
	  .number = (nr), \
	  .n_checks = sizeof((struct scmp_arg_cmp[]){ __VA_ARGS__ }) / \
		      sizeof(struct scmp_arg_cmp), \
	  .checks = { __VA_ARGS__ } }
#define END { .name = NULL }

/* Of an int the kernel reads the low word only: the high one may hold anything. */
#define LOW_WORD(arg, value) { (arg), SCMP_CMP_MASKED_EQ, 0xffffffff, (value) }
#define WHOLE(arg, value) { (arg), SCMP_CMP_EQ, (value), 0 }
#define NO_BITS(arg, bits) { (arg), SCMP_CMP_MASKED_EQ, (bits), 0 }

/* Most frequent first. */
static const struct rule x86_64_rules[] = {
	ALLOW("close", 3), /* seen 489 times in nginx */
	ALLOW("epoll_wait", 232), /* seen 445 times in nginx */
	ALLOW("newfstatat", 262), /* seen 365 times in nginx */
	ALLOW("epoll_ctl", 233), /* seen 254 times in nginx */
	ALLOW("openat", 257), /* seen 249 times in nginx */
	ALLOW_IF("recvfrom", 45, NO_BITS(3, 0xbffe3611)), /* flags within MSG_PEEK|MSG_DONTROUTE|MSG_CTRUNC|MSG_TRUNC|MSG_DONTWAIT|MSG_EOR|MSG_WAITALL|MSG_CONFIRM|MSG_NOSIGNAL|MSG_MORE|MSG_WAITFORONE|MSG_CMSG_CLOEXEC; seen 225 times in nginx */
	ALLOW("pread64", 17), /* seen 205 times in nginx */
	ALLOW("write", 1), /* seen 203 times in nginx */
	ALLOW("accept4", 288), /* seen 202 times in nginx */
	ALLOW("writev", 20), /* seen 202 times in nginx */
	ALLOW_IF("mmap", 9, LOW_WORD(2, 0x1)), /* prot PROT_READ; seen 84 times in nginx */
	ALLOW_IF("mmap", 9, LOW_WORD(2, 0x3)), /* prot PROT_READ|PROT_WRITE */
	ALLOW_IF("mmap", 9, LOW_WORD(2, 0x5)), /* prot PROT_READ|PROT_EXEC */
	ALLOW("read", 0), /* seen 44 times in nginx */
	ALLOW_IF("prctl", 157, LOW_WORD(0, 0x17)), /* option PR_CAPBSET_READ; seen 28 times in nginx */
	ALLOW_IF("prctl", 157, LOW_WORD(0, 0x4)), /* option PR_SET_DUMPABLE */
	ALLOW_IF("recvmsg", 47, NO_BITS(2, 0xbffe3611)), /* flags within MSG_PEEK|MSG_DONTROUTE|MSG_CTRUNC|MSG_TRUNC|MSG_DONTWAIT|MSG_EOR|MSG_WAITALL|MSG_CONFIRM|MSG_NOSIGNAL|MSG_MORE|MSG_WAITFORONE|MSG_CMSG_CLOEXEC; seen 28 times in nginx */
	ALLOW("futex", 202), /* seen 23 times in nginx */
	ALLOW_IF("mprotect", 10, LOW_WORD(2, 0x1)), /* prot PROT_READ; seen 20 times in nginx */
	ALLOW_IF("fcntl", 72, LOW_WORD(1, 0x2)), /* cmd F_SETFD; seen 16 times in nginx */
	ALLOW_IF("fcntl", 72, LOW_WORD(1, 0x8)), /* cmd F_SETOWN */
	ALLOW("brk", 12), /* seen 14 times in nginx */
	ALLOW_IF("sendmsg", 46, NO_BITS(2, 0xbffe3611)), /* flags within MSG_PEEK|MSG_DONTROUTE|MSG_CTRUNC|MSG_TRUNC|MSG_DONTWAIT|MSG_EOR|MSG_WAITALL|MSG_CONFIRM|MSG_NOSIGNAL|MSG_MORE|MSG_WAITFORONE|MSG_CMSG_CLOEXEC; seen 14 times in nginx */
	ALLOW_IF("ioctl", 16, LOW_WORD(1, 0x5421)), /* request FIONBIO; seen 13 times in nginx */
	ALLOW_IF("ioctl", 16, LOW_WORD(1, 0x5452)), /* request FIOASYNC */
	ALLOW("rt_sigprocmask", 14), /* seen 13 times in nginx */
	ALLOW("rt_sigaction", 13), /* seen 12 times in nginx */
	ALLOW("mkdir", 83), /* seen 10 times in nginx */
	ALLOW("lseek", 8), /* seen 9 times in nginx */
	ALLOW_IF("socketpair", 53, LOW_WORD(0, 0x1), LOW_WORD(1, 0x1), LOW_WORD(2, 0x0)), /* domain AF_UNIX, type SOCK_STREAM, protocol 0; seen 8 times in nginx */
	ALLOW("epoll_create", 213), /* seen 6 times in nginx */
	ALLOW("geteuid", 107), /* seen 6 times in nginx */
	ALLOW("wait4", 61), /* seen 6 times in nginx */
	ALLOW("chown", 92), /* seen 5 times in nginx */
	ALLOW("exit_group", 231), /* seen 5 times in nginx */
	ALLOW("getpid", 39), /* seen 5 times in nginx */
	ALLOW("munmap", 11), /* seen 5 times in nginx */
	ALLOW("rt_sigreturn", 15), /* seen 5 times in nginx */
	ALLOW("rt_sigsuspend", 130), /* seen 5 times in nginx */
	ALLOW("set_robust_list", 273), /* seen 5 times in nginx */
	ALLOW_IF("socket", 41, LOW_WORD(0, 0x1), LOW_WORD(1, 0x80801), LOW_WORD(2, 0x0)), /* domain AF_UNIX, type SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK, protocol 0; seen 5 times in nginx */
	ALLOW_IF("socket", 41, LOW_WORD(0, 0x1), LOW_WORD(1, 0x1), LOW_WORD(2, 0x0)), /* domain AF_UNIX, type SOCK_STREAM, protocol 0 */
	ALLOW_IF("socket", 41, LOW_WORD(0, 0x2), LOW_WORD(1, 0x80801), LOW_WORD(2, 0x0)), /* domain AF_INET, type SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK, protocol 0 */
	ALLOW_IF("socket", 41, LOW_WORD(0, 0x2), LOW_WORD(1, 0x1), LOW_WORD(2, 0x0)), /* domain AF_INET, type SOCK_STREAM, protocol 0 */
	ALLOW_IF("clone", 56, LOW_WORD(0, 0x1200011)), /* flags CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD; seen 4 times in nginx */
	ALLOW("connect", 42), /* seen 4 times in nginx */
	ALLOW("eventfd2", 290), /* seen 4 times in nginx */
	ALLOW_IF("prlimit64", 302, LOW_WORD(1, 0x7)), /* resource RLIMIT_NOFILE; seen 4 times in nginx */
	ALLOW_IF("prlimit64", 302, LOW_WORD(1, 0x3)), /* resource RLIMIT_STACK */
	ALLOW("setgid", 106), /* seen 4 times in nginx */
	ALLOW("setgroups", 116), /* seen 4 times in nginx */
	ALLOW("setuid", 105), /* seen 4 times in nginx */
	ALLOW("uname", 63), /* seen 3 times in nginx */
	ALLOW("dup2", 33), /* seen 2 times in nginx */
	ALLOW("listen", 50), /* seen 2 times in nginx */
	ALLOW("access", 21), /* seen once in nginx */
	ALLOW_IF("arch_prctl", 158, LOW_WORD(0, 0x1002)), /* code ARCH_SET_FS; seen once in nginx */
	ALLOW("bind", 49), /* seen once in nginx */
	ALLOW("clock_nanosleep", 230), /* seen once in nginx */
	ALLOW("execve", 59), /* seen once in nginx */
	ALLOW("getppid", 110), /* seen once in nginx */
	ALLOW("getrandom", 318), /* seen once in nginx */
	ALLOW("gettid", 186), /* seen once in nginx */
	ALLOW("pwrite64", 18), /* seen once in nginx */
	ALLOW("rseq", 334), /* seen once in nginx */
	ALLOW("set_tid_address", 218), /* seen once in nginx */
	ALLOW_IF("setsockopt", 54, LOW_WORD(1, 0x1), LOW_WORD(2, 0x2)), /* level SOL_SOCKET, optname 2; seen once in nginx */
	ALLOW("sysinfo", 99), /* seen once in nginx */
	ALLOW("unlink", 87), /* seen once in nginx */
	ALLOW("clock_getres", 229), /* implied by the vDSO: made as a call where the vDSO cannot serve the clock */
	ALLOW("clock_gettime", 228), /* implied by the vDSO: made as a call where the vDSO cannot serve the clock */
	ALLOW("exit", 60), /* implied: a thread ends with it */
	ALLOW("getcpu", 309), /* implied by the vDSO: made as a call where the vDSO cannot tell the CPU */
	ALLOW("gettimeofday", 96), /* implied by the vDSO: made as a call where the vDSO cannot serve the clock */
	ALLOW("restart_syscall", 219), /* implied: the kernel goes on with an interrupted wait by it */
	ALLOW("time", 201), /* implied by the vDSO: made as a call where the vDSO cannot serve the clock */
	/* not seen: a library that tries it falls back on ENOSYS alone */
	ANSWER("renameat2", 316, SCMP_ACT_ERRNO(ENOSYS)),
	ANSWER("execveat", 322, SCMP_ACT_ERRNO(ENOSYS)),
	ANSWER("copy_file_range", 326, SCMP_ACT_ERRNO(ENOSYS)),
	ANSWER("preadv2", 327, SCMP_ACT_ERRNO(ENOSYS)),
	ANSWER("pwritev2", 328, SCMP_ACT_ERRNO(ENOSYS)),
	ANSWER("statx", 332, SCMP_ACT_ERRNO(ENOSYS)),
	ANSWER("io_uring_setup", 425, SCMP_ACT_ERRNO(ENOSYS)),
	ANSWER("io_uring_enter", 426, SCMP_ACT_ERRNO(ENOSYS)),
	ANSWER("io_uring_register", 427, SCMP_ACT_ERRNO(ENOSYS)),
	ANSWER("pidfd_open", 434, SCMP_ACT_ERRNO(ENOSYS)),
	ANSWER("clone3", 435, SCMP_ACT_ERRNO(ENOSYS)),
	ANSWER("close_range", 436, SCMP_ACT_ERRNO(ENOSYS)),
	ANSWER("openat2", 437, SCMP_ACT_ERRNO(ENOSYS)),
	ANSWER("pidfd_getfd", 438, SCMP_ACT_ERRNO(ENOSYS)),
	ANSWER("faccessat2", 439, SCMP_ACT_ERRNO(ENOSYS)),
	ANSWER("process_madvise", 440, SCMP_ACT_ERRNO(ENOSYS)),
	ANSWER("epoll_pwait2", 441, SCMP_ACT_ERRNO(ENOSYS)),
	ANSWER("landlock_create_ruleset", 444, SCMP_ACT_ERRNO(ENOSYS)),
	ANSWER("landlock_add_rule", 445, SCMP_ACT_ERRNO(ENOSYS)),
	ANSWER("landlock_restrict_self", 446, SCMP_ACT_ERRNO(ENOSYS)),
	ANSWER("memfd_secret", 447, SCMP_ACT_ERRNO(ENOSYS)),
	ANSWER("process_mrelease", 448, SCMP_ACT_ERRNO(ENOSYS)),
	ANSWER("futex_waitv", 449, SCMP_ACT_ERRNO(ENOSYS)),
	ANSWER("set_mempolicy_home_node", 450, SCMP_ACT_ERRNO(ENOSYS)),
	ANSWER("cachestat", 451, SCMP_ACT_ERRNO(ENOSYS)),
	ANSWER("fchmodat2", 452, SCMP_ACT_ERRNO(ENOSYS)),
	ANSWER("map_shadow_stack", 453, SCMP_ACT_ERRNO(ENOSYS)),
	ANSWER("futex_wake", 454, SCMP_ACT_ERRNO(ENOSYS)),
	ANSWER("futex_wait", 455, SCMP_ACT_ERRNO(ENOSYS)),
	ANSWER("futex_requeue", 456, SCMP_ACT_ERRNO(ENOSYS)),
	END
};

static int number_of(const struct rule *rule)
{
	int number = seccomp_syscall_resolve_name(rule->name);

	return number == __NR_SCMP_ERROR ? rule->number : number;
}

/* The filter is a list in the order of the priorities. */
static int add_rules(scmp_filter_ctx ctx, const struct rule *rule)
{
	uint8_t priority = 255;
	int err = 0, last = -1;

	for (; !err && rule->name; rule++) {
		int call = number_of(rule);

		err = seccomp_rule_add_array(ctx, rule->action, call, rule->n_checks,
					     rule->checks);
		if (!err && call != last && priority)
			err = seccomp_syscall_priority(ctx, call, priority--);
		last = call;
	}
	return err;
}

static int has_rule(const struct rule *rule, int call)
{
	while (rule->name && number_of(rule) != call)
		rule++;
	return rule->name != NULL;
}

/* Calls newer than this policy do not exist: programs fall back to older ones. */
static int add_calls_to_come(scmp_filter_ctx ctx, const struct rule *rules)
{
	int err = 0;

	for (int call = 457; !err && call <= 520; call++)
		if (!has_rule(rules, call))
			err = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS), call, 0);
	return err;
}

/* A filter for one architecture; foreign ones, and x32, end the process. */
static int make_filter(scmp_filter_ctx *ret, uint32_t arch, const struct rule *rules)
{
	scmp_filter_ctx ctx = seccomp_init(DEFAULT_ACTION);
	int err;

	if (!ctx)
		return -ENOMEM;
	err = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	if (!err)
		err = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_TSYNC, 1);
	if (!err && arch != seccomp_arch_native()) {
		err = seccomp_arch_remove(ctx, SCMP_ARCH_NATIVE);
		if (!err)
			err = seccomp_arch_add(ctx, arch);
	}
	if (!err)
		err = add_rules(ctx, rules);
	if (!err && arch == seccomp_arch_native())
		err = add_calls_to_come(ctx, rules);
	if (err)
		seccomp_release(ctx);
	else
		*ret = ctx;
	return err;
}

/* Confines the calling process, all of its threads, for good: 0 or -errno. */
int nginx_seccomp(void)
{
	scmp_filter_ctx ctx = NULL;
	int err = make_filter(&ctx, SCMP_ARCH_X86_64, x86_64_rules);

	if (!err)
		err = seccomp_load(ctx);
	if (err && ctx)
		seccomp_release(ctx);
	/* Not released after success: free(3) may need a call that is forbidden now. */
	return err;
}
