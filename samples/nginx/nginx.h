/*
 * Written by learn: seccomp filter as a C array.
 * What it allows was seen of:
 *   /usr/sbin/nginx
 * Include it, set no_new_privs with prctl(2), and pass the array to seccomp(2)
 * with SECCOMP_SET_MODE_FILTER in a struct sock_fprog.
 * What this format cannot express of the policy:
 *   24 path rules
 *   1 port rule
 *   2 rules on reaching processes outside
 *   3 capabilities
 *   9 resource limits
 * Notes:
 *   nginx looks up names by the modules of nsswitch.conf: where that names others, they need other sockets (AF_UNIX, AF_INET, AF_NETLINK) and files
 */
#ifndef nginx_FILTER_H
#define nginx_FILTER_H

#include <linux/filter.h>

static const struct sock_filter nginx_filter[] = {
	/*   0 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x4), /* architecture */
	/*   1 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xc000003e, 0, 121), /* x86_64 */
	/*   2 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x0), /* system call number */
	/*   3 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x2f, 38, 0), /* recvmsg and above */
	/*   4 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0xb, 11, 0), /* munmap and above */
	/*   5 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x3, 116, 0), /* close */
	/*   6 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x9, 0, 4), /* mmap */
	/*   7 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x20), /* mmap prot, low word */
	/*   8 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1, 113, 0), /* PROT_READ */
	/*   9 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x3, 112, 0), /* PROT_READ|PROT_WRITE */
	/*  10 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x5, 111, 112), /* PROT_READ|PROT_EXEC */
	/*  11 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x2, 0, 110),
	/*  12 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0xa, 1, 0), /* mprotect and above */
	/*  13 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x8, 108, 109), /* lseek */
	/*  14 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x20), /* mprotect prot, low word */
	/*  15 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1, 106, 107), /* PROT_READ */
	/*  16 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x2d, 0, 2), /* recvfrom */
	/*  17 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x28), /* recvfrom flags, low word */
	/*  18 */ BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0xbffe3611, 104, 103), /* any other bit */
	/*  19 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x13, 4, 0),
	/*  20 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x10, 0, 101), /* ioctl */
	/*  21 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x18), /* ioctl request, low word */
	/*  22 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x5421, 99, 0), /* FIONBIO */
	/*  23 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x5452, 98, 99), /* FIOASYNC */
	/*  24 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x14, 97, 0), /* writev */
	/*  25 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x2d, 0, 2), /* recvfrom and above */
	/*  26 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x20), /* sendmsg flags, low word */
	/*  27 */ BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0xbffe3611, 95, 94), /* any other bit */
	/*  28 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x29, 5, 0), /* socket */
	/*  29 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x22, 0, 2),
	/*  30 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x27, 91, 0), /* getpid */
	/*  31 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x2a, 90, 91), /* connect */
	/*  32 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x21, 89, 0), /* dup2 */
	/*  33 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x15, 88, 89), /* access */
	/*  34 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x10), /* socket domain, low word */
	/*  35 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1, 1, 0), /* AF_UNIX */
	/*  36 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x2, 0, 86), /* AF_INET */
	/*  37 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x18), /* socket type, low word */
	/*  38 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x80801, 1, 0), /* SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK */
	/*  39 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1, 0, 83), /* SOCK_STREAM */
	/*  40 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x20), /* socket protocol, low word */
	/*  41 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x0, 80, 81), /* 0 */
	/*  42 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0xea, 0, 26),
	/*  43 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x106, 78, 0), /* newfstatat */
	/*  44 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x101, 77, 0), /* openat */
	/*  45 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x120, 76, 0), /* accept4 */
	/*  46 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x135, 6, 0), /* getcpu and above */
	/*  47 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x12e, 2, 0), /* prlimit64 */
	/*  48 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x111, 73, 0), /* set_robust_list */
	/*  49 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x122, 72, 73), /* eventfd2 */
	/*  50 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x18), /* prlimit64 resource, low word */
	/*  51 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x7, 70, 0), /* RLIMIT_NOFILE */
	/*  52 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x3, 69, 70), /* RLIMIT_STACK */
	/*  53 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x149, 6, 0),
	/*  54 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x13e, 2, 0), /* getrandom and above */
	/*  55 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x136, 0, 66),
	/*  56 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x13c, 11, 66), /* renameat2 */
	/*  57 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x13f, 0, 64),
	/*  58 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x142, 9, 0), /* execveat */
	/*  59 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x146, 8, 63), /* copy_file_range and above */
	/*  60 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x1a9, 2, 0), /* io_uring_setup and above */
	/*  61 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x14e, 60, 0), /* rseq */
	/*  62 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x14c, 5, 60), /* statx */
	/*  63 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x1b2, 1, 0), /* pidfd_open and above */
	/*  64 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x1ac, 58, 3),
	/*  65 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x1bc, 0, 1), /* landlock_create_ruleset and above */
	/*  66 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 56, 1),
	/*  67 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x1ba, 55, 0),
	/*  68 */ BPF_STMT(BPF_RET | BPF_K, 0x50026), /* errno:ENOSYS */
	/*  69 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0xe4, 52, 0), /* clock_gettime and above */
	/*  70 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x69, 0, 18), /* setuid and above */
	/*  71 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x9d, 0, 3), /* prctl */
	/*  72 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x10), /* prctl option, low word */
	/*  73 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x17, 48, 0), /* PR_CAPBSET_READ */
	/*  74 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x4, 47, 48), /* PR_SET_DUMPABLE */
	/*  75 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0xc9, 0, 4), /* time and above */
	/*  76 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0xcb, 0, 45),
	/*  77 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0xda, 0, 1), /* set_tid_address and above */
	/*  78 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0xdc, 44, 43),
	/*  79 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xd5, 42, 43), /* epoll_create */
	/*  80 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x75, 3, 0),
	/*  81 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x6c, 0, 40),
	/*  82 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x74, 39, 0), /* setgroups */
	/*  83 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x6e, 38, 39), /* getppid */
	/*  84 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x9e, 0, 2), /* arch_prctl */
	/*  85 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x10), /* arch_prctl code, low word */
	/*  86 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1002, 35, 36), /* ARCH_SET_FS */
	/*  87 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x82, 34, 0), /* rt_sigsuspend */
	/*  88 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xba, 33, 34), /* gettid */
	/*  89 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x3b, 0, 12), /* execve and above */
	/*  90 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x48, 0, 3), /* fcntl */
	/*  91 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x18), /* fcntl cmd, low word */
	/*  92 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x2, 29, 0), /* F_SETFD */
	/*  93 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x8, 28, 29), /* F_SETOWN */
	/*  94 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40, 1, 0),
	/*  95 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x3e, 27, 26),
	/*  96 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x5c, 2, 0), /* chown and above */
	/*  97 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x53, 24, 0), /* mkdir */
	/*  98 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x57, 23, 24), /* unlink */
	/*  99 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x5c, 22, 0), /* chown */
	/* 100 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x63, 21, 0), /* sysinfo */
	/* 101 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x60, 20, 21), /* gettimeofday */
	/* 102 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x30, 2, 0),
	/* 103 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x20), /* recvmsg flags, low word */
	/* 104 */ BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0xbffe3611, 18, 17), /* any other bit */
	/* 105 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x35, 0, 6), /* socketpair */
	/* 106 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x10), /* socketpair domain, low word */
	/* 107 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1, 0, 15), /* AF_UNIX */
	/* 108 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x18), /* socketpair type, low word */
	/* 109 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1, 0, 13), /* SOCK_STREAM */
	/* 110 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x20), /* socketpair protocol, low word */
	/* 111 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x0, 10, 11), /* 0 */
	/* 112 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x38, 0, 2), /* clone */
	/* 113 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x10), /* clone flags, low word */
	/* 114 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1200011, 7, 8), /* CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD */
	/* 115 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x36, 2, 0), /* setsockopt */
	/* 116 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x33, 6, 0),
	/* 117 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x31, 4, 5), /* bind and above */
	/* 118 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x18), /* setsockopt level, low word */
	/* 119 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1, 0, 3), /* SOL_SOCKET */
	/* 120 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x20), /* setsockopt optname, low word */
	/* 121 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x2, 0, 1), /* 2 */
	/* 122 */ BPF_STMT(BPF_RET | BPF_K, 0x7fff0000), /* allow */
	/* 123 */ BPF_STMT(BPF_RET | BPF_K, 0x80000000), /* kill */
};

#endif
