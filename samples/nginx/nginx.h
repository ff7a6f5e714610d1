/*
 * Written by learn: seccomp filter as a C array (--raw: binary).
 * What it allows was seen of:
 *   /usr/sbin/nginx
 * Include it, set no_new_privs with prctl(2), and pass the array to seccomp(2)
 * with SECCOMP_SET_MODE_FILTER in a struct sock_fprog.
 * What this format cannot express of the policy:
 *   24 path rules
 *   1 port rule
 *   8 resource limits
 */
#ifndef nginx_FILTER_H
#define nginx_FILTER_H

#include <linux/filter.h>

static const struct sock_filter nginx_filter[] = {
	/*   0 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x4), /* architecture */
	/*   1 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xc000003e, 0, 121), /* x86_64 */
	/*   2 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x0), /* system call number */
	/*   3 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x2f, 38, 0), /* recvmsg and above */
	/*   4 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x2d, 0, 2), /* recvfrom */
	/*   5 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x28), /* recvfrom flags, low word */
	/*   6 */ BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0xbffe3611, 116, 115), /* any other bit */
	/*   7 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0xb, 11, 0), /* munmap and above */
	/*   8 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x3, 113, 0), /* close */
	/*   9 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x9, 0, 4), /* mmap */
	/*  10 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x20), /* mmap prot, low word */
	/*  11 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1, 110, 0), /* PROT_READ */
	/*  12 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x3, 109, 0), /* PROT_READ|PROT_WRITE */
	/*  13 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x5, 108, 109), /* PROT_READ|PROT_EXEC */
	/*  14 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x2, 0, 107),
	/*  15 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xa, 1, 0), /* mprotect */
	/*  16 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x8, 105, 106), /* lseek */
	/*  17 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x20), /* mprotect prot, low word */
	/*  18 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1, 103, 104), /* PROT_READ */
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
	/*  29 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x27, 0, 2), /* getpid and above */
	/*  30 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x28, 0, 91),
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
	/*  46 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x12e, 0, 3), /* prlimit64 */
	/*  47 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x18), /* prlimit64 resource, low word */
	/*  48 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x7, 73, 0), /* RLIMIT_NOFILE */
	/*  49 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x3, 72, 73), /* RLIMIT_STACK */
	/*  50 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x135, 2, 0), /* getcpu and above */
	/*  51 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x111, 70, 0), /* set_robust_list */
	/*  52 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x122, 69, 70), /* eventfd2 */
	/*  53 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x149, 6, 0),
	/*  54 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x13e, 2, 0), /* getrandom and above */
	/*  55 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x135, 66, 0), /* getcpu */
	/*  56 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x13c, 11, 66), /* renameat2 */
	/*  57 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x13f, 0, 64),
	/*  58 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x146, 9, 0), /* copy_file_range and above */
	/*  59 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x142, 8, 63), /* execveat */
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
	/*  70 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x3b, 20, 0), /* execve and above */
	/*  71 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x30, 2, 0),
	/*  72 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x20), /* recvmsg flags, low word */
	/*  73 */ BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0xbffe3611, 49, 48), /* any other bit */
	/*  74 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x35, 0, 6), /* socketpair */
	/*  75 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x10), /* socketpair domain, low word */
	/*  76 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1, 0, 46), /* AF_UNIX */
	/*  77 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x18), /* socketpair type, low word */
	/*  78 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1, 0, 44), /* SOCK_STREAM */
	/*  79 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x20), /* socketpair protocol, low word */
	/*  80 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x0, 41, 42), /* 0 */
	/*  81 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x38, 0, 2), /* clone */
	/*  82 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x10), /* clone flags, low word */
	/*  83 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1200011, 38, 39), /* CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD */
	/*  84 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x36, 2, 0), /* setsockopt */
	/*  85 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x32, 36, 0), /* listen */
	/*  86 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x31, 35, 36), /* bind */
	/*  87 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x18), /* setsockopt level, low word */
	/*  88 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1, 0, 34), /* SOL_SOCKET */
	/*  89 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x20), /* setsockopt optname, low word */
	/*  90 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x2, 31, 32), /* 2 */
	/*  91 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x6c, 13, 0),
	/*  92 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x48, 0, 3), /* fcntl */
	/*  93 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x18), /* fcntl cmd, low word */
	/*  94 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x2, 27, 0), /* F_SETFD */
	/*  95 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x8, 26, 27), /* F_SETOWN */
	/*  96 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x58, 0, 4),
	/*  97 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x69, 24, 0), /* setuid and above */
	/*  98 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x5c, 23, 0), /* chown */
	/*  99 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x63, 22, 0), /* sysinfo */
	/* 100 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x60, 21, 22), /* gettimeofday */
	/* 101 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x3e, 0, 20),
	/* 102 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x53, 19, 0), /* mkdir */
	/* 103 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x3f, 18, 0), /* uname */
	/* 104 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x57, 17, 18), /* unlink */
	/* 105 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x9d, 0, 3), /* prctl */
	/* 106 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x10), /* prctl option, low word */
	/* 107 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x17, 14, 0), /* PR_CAPBSET_READ */
	/* 108 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x4, 13, 14), /* PR_SET_DUMPABLE */
	/* 109 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0xc9, 0, 4), /* time and above */
	/* 110 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0xcb, 0, 11),
	/* 111 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xd5, 10, 0), /* epoll_create */
	/* 112 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xda, 9, 0), /* set_tid_address */
	/* 113 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xdb, 8, 9), /* restart_syscall */
	/* 114 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x9e, 0, 2), /* arch_prctl */
	/* 115 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x10), /* arch_prctl code, low word */
	/* 116 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1002, 5, 6), /* ARCH_SET_FS */
	/* 117 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x75, 0, 2),
	/* 118 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x82, 3, 0), /* rt_sigsuspend */
	/* 119 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xba, 2, 3), /* gettid */
	/* 120 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x74, 1, 0), /* setgroups and above */
	/* 121 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x6e, 0, 1), /* getppid */
	/* 122 */ BPF_STMT(BPF_RET | BPF_K, 0x7fff0000), /* allow */
	/* 123 */ BPF_STMT(BPF_RET | BPF_K, 0x80000000), /* kill */
};

#endif
