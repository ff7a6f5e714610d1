/*
 * Written by learn: seccomp filter as a C array (--raw: binary).
 * What it allows was seen of:
 *   /usr/sbin/nginx
 * Include it, set no_new_privs with prctl(2), and pass the array to seccomp(2)
 * with SECCOMP_SET_MODE_FILTER in a struct sock_fprog.
 * What this format cannot express of the policy:
 *   24 path rules
 *   1 port rule
 *   10 resource limits
 * Notes:
 *   nginx looks up names by the modules of nsswitch.conf: where that names others, they need other sockets (AF_UNIX, AF_INET, AF_NETLINK) and files
 */
#ifndef nginx_FILTER_H
#define nginx_FILTER_H

#include <linux/filter.h>

static const struct sock_filter nginx_filter[] = {
	/*   0 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x4), /* architecture */
	/*   1 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xc000003e, 0, 120), /* x86_64 */
	/*   2 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x0), /* system call number */
	/*   3 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x2f, 37, 0), /* recvmsg and above */
	/*   4 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0xb, 11, 0), /* munmap and above */
	/*   5 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x3, 115, 0), /* close */
	/*   6 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x9, 0, 4), /* mmap */
	/*   7 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x20), /* mmap prot, low word */
	/*   8 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1, 112, 0), /* PROT_READ */
	/*   9 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x3, 111, 0), /* PROT_READ|PROT_WRITE */
	/*  10 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x5, 110, 111), /* PROT_READ|PROT_EXEC */
	/*  11 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x2, 0, 109),
	/*  12 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x9, 1, 0), /* mmap and above */
	/*  13 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x8, 107, 108), /* lseek */
	/*  14 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x20), /* mprotect prot, low word */
	/*  15 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1, 105, 106), /* PROT_READ */
	/*  16 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x2d, 0, 2), /* recvfrom */
	/*  17 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x28), /* recvfrom flags, low word */
	/*  18 */ BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0xbffe3611, 103, 102), /* any other bit */
	/*  19 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x13, 4, 0),
	/*  20 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x10, 0, 100), /* ioctl */
	/*  21 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x18), /* ioctl request, low word */
	/*  22 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x5421, 98, 0), /* FIONBIO */
	/*  23 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x5452, 97, 98), /* FIOASYNC */
	/*  24 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x14, 96, 0), /* writev */
	/*  25 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x2e, 0, 2), /* sendmsg */
	/*  26 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x20), /* sendmsg flags, low word */
	/*  27 */ BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0xbffe3611, 94, 93), /* any other bit */
	/*  28 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x29, 4, 0), /* socket */
	/*  29 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x27, 91, 0), /* getpid */
	/*  30 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x2a, 90, 0), /* connect */
	/*  31 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x21, 89, 0), /* dup2 */
	/*  32 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x15, 88, 89), /* access */
	/*  33 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x10), /* socket domain, low word */
	/*  34 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1, 1, 0), /* AF_UNIX */
	/*  35 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x2, 0, 86), /* AF_INET */
	/*  36 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x18), /* socket type, low word */
	/*  37 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x80801, 1, 0), /* SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK */
	/*  38 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1, 0, 83), /* SOCK_STREAM */
	/*  39 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x20), /* socket protocol, low word */
	/*  40 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x0, 80, 81), /* 0 */
	/*  41 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0xea, 0, 26),
	/*  42 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x106, 78, 0), /* newfstatat */
	/*  43 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x101, 77, 0), /* openat */
	/*  44 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x120, 76, 0), /* accept4 */
	/*  45 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x12e, 0, 3), /* prlimit64 */
	/*  46 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x18), /* prlimit64 resource, low word */
	/*  47 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x7, 73, 0), /* RLIMIT_NOFILE */
	/*  48 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x3, 72, 73), /* RLIMIT_STACK */
	/*  49 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x135, 2, 0), /* getcpu and above */
	/*  50 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x111, 70, 0), /* set_robust_list */
	/*  51 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x122, 69, 70), /* eventfd2 */
	/*  52 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x149, 6, 0),
	/*  53 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x13e, 2, 0), /* getrandom and above */
	/*  54 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x135, 66, 0), /* getcpu */
	/*  55 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x13c, 11, 66), /* renameat2 */
	/*  56 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x13e, 64, 0), /* getrandom */
	/*  57 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x142, 9, 0), /* execveat */
	/*  58 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x146, 8, 63), /* copy_file_range and above */
	/*  59 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x1a9, 2, 0), /* io_uring_setup and above */
	/*  60 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x14e, 60, 0), /* rseq */
	/*  61 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x14c, 5, 60), /* statx */
	/*  62 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x1b2, 1, 0), /* pidfd_open and above */
	/*  63 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x1ac, 58, 3),
	/*  64 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x1bc, 0, 1), /* landlock_create_ruleset and above */
	/*  65 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 56, 1),
	/*  66 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x1ba, 55, 0),
	/*  67 */ BPF_STMT(BPF_RET | BPF_K, 0x50026), /* errno:ENOSYS */
	/*  68 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0xe4, 52, 0), /* clock_gettime and above */
	/*  69 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x3e, 21, 0),
	/*  70 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x2f, 0, 2), /* recvmsg */
	/*  71 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x20), /* recvmsg flags, low word */
	/*  72 */ BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0xbffe3611, 49, 48), /* any other bit */
	/*  73 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x35, 0, 6), /* socketpair */
	/*  74 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x10), /* socketpair domain, low word */
	/*  75 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1, 0, 46), /* AF_UNIX */
	/*  76 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x18), /* socketpair type, low word */
	/*  77 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1, 0, 44), /* SOCK_STREAM */
	/*  78 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x20), /* socketpair protocol, low word */
	/*  79 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x0, 41, 42), /* 0 */
	/*  80 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x38, 0, 2), /* clone */
	/*  81 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x10), /* clone flags, low word */
	/*  82 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1200011, 38, 39), /* CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD */
	/*  83 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x36, 3, 0), /* setsockopt */
	/*  84 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x3b, 36, 0), /* execve and above */
	/*  85 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x32, 35, 0), /* listen */
	/*  86 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x31, 34, 35), /* bind */
	/*  87 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x18), /* setsockopt level, low word */
	/*  88 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1, 0, 33), /* SOL_SOCKET */
	/*  89 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x20), /* setsockopt optname, low word */
	/*  90 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x2, 30, 31), /* 2 */
	/*  91 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x75, 0, 14),
	/*  92 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x9d, 0, 3), /* prctl */
	/*  93 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x10), /* prctl option, low word */
	/*  94 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x17, 26, 0), /* PR_CAPBSET_READ */
	/*  95 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x4, 25, 26), /* PR_SET_DUMPABLE */
	/*  96 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0xc9, 0, 4), /* time and above */
	/*  97 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0xcb, 0, 23),
	/*  98 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xd5, 22, 0), /* epoll_create */
	/*  99 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xda, 21, 0), /* set_tid_address */
	/* 100 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xdb, 20, 21), /* restart_syscall */
	/* 101 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x9e, 0, 2), /* arch_prctl */
	/* 102 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x10), /* arch_prctl code, low word */
	/* 103 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1002, 17, 18), /* ARCH_SET_FS */
	/* 104 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x82, 16, 0), /* rt_sigsuspend */
	/* 105 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xba, 15, 16), /* gettid */
	/* 106 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x48, 0, 3), /* fcntl */
	/* 107 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x18), /* fcntl cmd, low word */
	/* 108 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x2, 12, 0), /* F_SETFD */
	/* 109 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x8, 11, 12), /* F_SETOWN */
	/* 110 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x69, 0, 3), /* setuid and above */
	/* 111 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x6c, 0, 9),
	/* 112 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x74, 8, 0), /* setgroups */
	/* 113 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x6e, 7, 8), /* getppid */
	/* 114 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x5c, 0, 3), /* chown and above */
	/* 115 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x5d, 0, 5),
	/* 116 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x63, 4, 0), /* sysinfo */
	/* 117 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x60, 3, 4), /* gettimeofday */
	/* 118 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x53, 2, 0), /* mkdir */
	/* 119 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x3f, 1, 0), /* uname */
	/* 120 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x57, 0, 1), /* unlink */
	/* 121 */ BPF_STMT(BPF_RET | BPF_K, 0x7fff0000), /* allow */
	/* 122 */ BPF_STMT(BPF_RET | BPF_K, 0x80000000), /* kill */
};

#endif
