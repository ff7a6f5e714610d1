/*
 * Written by learn: seccomp filter as a C array (--raw: binary).
 * What it allows was seen of:
 *   /usr/sbin/nginx
 * Include it, set no_new_privs with prctl(2), and pass the array to seccomp(2)
 * with SECCOMP_SET_MODE_FILTER in a struct sock_fprog.
 * What this format cannot express of the policy:
 *   24 path rules
 *   1 port rule
 *   6 resource limits
 * Notes:
 *   nginx looks up names by the modules of nsswitch.conf: where that names others, they need other sockets (AF_UNIX, AF_INET, AF_NETLINK) and files
 */
#ifndef nginx_FILTER_H
#define nginx_FILTER_H

#include <linux/filter.h>

static const struct sock_filter nginx_filter[] = {
	/*   0 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x4), /* architecture */
	/*   1 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xc000003e, 0, 112), /* x86_64 */
	/*   2 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x0), /* system call number */
	/*   3 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x30, 32, 0),
	/*   4 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0xb, 11, 0), /* munmap and above */
	/*   5 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x3, 107, 0), /* close */
	/*   6 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x9, 0, 4), /* mmap */
	/*   7 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x20), /* mmap prot, low word */
	/*   8 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1, 104, 0), /* PROT_READ */
	/*   9 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x3, 103, 0), /* PROT_READ|PROT_WRITE */
	/*  10 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x5, 102, 103), /* PROT_READ|PROT_EXEC */
	/*  11 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x2, 0, 101),
	/*  12 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x9, 1, 0), /* mmap and above */
	/*  13 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x8, 99, 100), /* lseek */
	/*  14 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x20), /* mprotect prot, low word */
	/*  15 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1, 97, 98), /* PROT_READ */
	/*  16 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x13, 4, 0),
	/*  17 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x10, 0, 95), /* ioctl */
	/*  18 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x18), /* ioctl request, low word */
	/*  19 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x5421, 93, 0), /* FIONBIO */
	/*  20 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x5452, 92, 93), /* FIOASYNC */
	/*  21 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x2d, 91, 0), /* recvfrom and above */
	/*  22 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x14, 90, 0), /* writev */
	/*  23 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x29, 4, 0), /* socket */
	/*  24 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x27, 88, 0), /* getpid */
	/*  25 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x2a, 87, 0), /* connect */
	/*  26 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x21, 86, 0), /* dup2 */
	/*  27 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x15, 85, 86), /* access */
	/*  28 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x10), /* socket domain, low word */
	/*  29 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1, 1, 0), /* AF_UNIX */
	/*  30 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x2, 0, 83), /* AF_INET */
	/*  31 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x18), /* socket type, low word */
	/*  32 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x80801, 1, 0), /* SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK */
	/*  33 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1, 0, 80), /* SOCK_STREAM */
	/*  34 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x20), /* socket protocol, low word */
	/*  35 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x0, 77, 78), /* 0 */
	/*  36 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0xea, 0, 26),
	/*  37 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x106, 75, 0), /* newfstatat */
	/*  38 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x101, 74, 0), /* openat */
	/*  39 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x120, 73, 0), /* accept4 */
	/*  40 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x12e, 0, 3), /* prlimit64 */
	/*  41 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x18), /* prlimit64 resource, low word */
	/*  42 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x7, 70, 0), /* RLIMIT_NOFILE */
	/*  43 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x3, 69, 70), /* RLIMIT_STACK */
	/*  44 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x135, 2, 0), /* getcpu and above */
	/*  45 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x111, 67, 0), /* set_robust_list */
	/*  46 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x122, 66, 67), /* eventfd2 */
	/*  47 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x149, 6, 0),
	/*  48 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x13e, 2, 0), /* getrandom and above */
	/*  49 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x135, 63, 0), /* getcpu */
	/*  50 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x13c, 11, 63), /* renameat2 */
	/*  51 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x13e, 61, 0), /* getrandom */
	/*  52 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x142, 9, 0), /* execveat */
	/*  53 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x146, 8, 60), /* copy_file_range and above */
	/*  54 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x1a9, 2, 0), /* io_uring_setup and above */
	/*  55 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x14e, 57, 0), /* rseq */
	/*  56 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x14c, 5, 57), /* statx */
	/*  57 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x1b2, 1, 0), /* pidfd_open and above */
	/*  58 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x1ac, 55, 3),
	/*  59 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x1bc, 0, 1), /* landlock_create_ruleset and above */
	/*  60 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 53, 1),
	/*  61 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x1ba, 52, 0),
	/*  62 */ BPF_STMT(BPF_RET | BPF_K, 0x50026), /* errno:ENOSYS */
	/*  63 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0xe4, 49, 0), /* clock_gettime and above */
	/*  64 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x69, 0, 18), /* setuid and above */
	/*  65 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x9d, 0, 3), /* prctl */
	/*  66 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x10), /* prctl option, low word */
	/*  67 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x17, 45, 0), /* PR_CAPBSET_READ */
	/*  68 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x4, 44, 45), /* PR_SET_DUMPABLE */
	/*  69 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0xc9, 0, 4), /* time and above */
	/*  70 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0xcb, 0, 42),
	/*  71 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xd5, 41, 0), /* epoll_create */
	/*  72 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xda, 40, 0), /* set_tid_address */
	/*  73 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xdb, 39, 40), /* restart_syscall */
	/*  74 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x82, 3, 0), /* rt_sigsuspend and above */
	/*  75 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x6c, 0, 37),
	/*  76 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x74, 36, 0), /* setgroups */
	/*  77 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x6e, 35, 36), /* getppid */
	/*  78 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x9e, 0, 2), /* arch_prctl */
	/*  79 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x10), /* arch_prctl code, low word */
	/*  80 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1002, 32, 33), /* ARCH_SET_FS */
	/*  81 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x83, 0, 31),
	/*  82 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xba, 30, 31), /* gettid */
	/*  83 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x3b, 0, 12), /* execve and above */
	/*  84 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x48, 0, 3), /* fcntl */
	/*  85 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x18), /* fcntl cmd, low word */
	/*  86 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x2, 26, 0), /* F_SETFD */
	/*  87 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x8, 25, 26), /* F_SETOWN */
	/*  88 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40, 1, 0),
	/*  89 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x3e, 24, 23),
	/*  90 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x5c, 2, 0), /* chown and above */
	/*  91 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x53, 21, 0), /* mkdir */
	/*  92 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x57, 20, 21), /* unlink */
	/*  93 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x5c, 19, 0), /* chown */
	/*  94 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x63, 18, 0), /* sysinfo */
	/*  95 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x60, 17, 18), /* gettimeofday */
	/*  96 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x35, 0, 6), /* socketpair */
	/*  97 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x10), /* socketpair domain, low word */
	/*  98 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1, 0, 15), /* AF_UNIX */
	/*  99 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x18), /* socketpair type, low word */
	/* 100 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1, 0, 13), /* SOCK_STREAM */
	/* 101 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x20), /* socketpair protocol, low word */
	/* 102 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x0, 10, 11), /* 0 */
	/* 103 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x38, 0, 2), /* clone */
	/* 104 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x10), /* clone flags, low word */
	/* 105 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1200011, 7, 8), /* CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD */
	/* 106 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x36, 2, 0), /* setsockopt */
	/* 107 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x32, 5, 0), /* listen */
	/* 108 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x31, 4, 5), /* bind */
	/* 109 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x18), /* setsockopt level, low word */
	/* 110 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1, 0, 3), /* SOL_SOCKET */
	/* 111 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0x20), /* setsockopt optname, low word */
	/* 112 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x2, 0, 1), /* 2 */
	/* 113 */ BPF_STMT(BPF_RET | BPF_K, 0x7fff0000), /* allow */
	/* 114 */ BPF_STMT(BPF_RET | BPF_K, 0x80000000), /* kill */
};

#endif
