/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which arguments are inspected: one row each. */
#include "sysdb/argspecs.h"

#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/audit.h>
#include <linux/blkzoned.h>
#include <linux/bpf.h>
#include <linux/fcntl.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <linux/fscrypt.h>
#include <linux/futex.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/kd.h>
#include <linux/keyctl.h>
#include <linux/kvm.h>
#include <linux/loop.h>
#include <linux/nsfs.h>
#include <linux/perf_event.h>
#include <linux/prctl.h>
#include <linux/random.h>
#include <linux/rtc.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <linux/vt.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "base/parse.h"

#define NAME(name) { (uint64_t)(name), #name }
/* Values that the installed headers may be too old to know. */
#define LATER(value, name) { value, #name }
#define NAMES_END { 0, NULL }

/* ---- names of values ---- */

static const struct arg_name fcntl_names[] = {
	NAME(F_DUPFD), NAME(F_GETFD), NAME(F_SETFD), NAME(F_GETFL), NAME(F_SETFL),
	NAME(F_GETLK), NAME(F_SETLK), NAME(F_SETLKW), NAME(F_SETOWN), NAME(F_GETOWN),
	NAME(F_SETSIG), NAME(F_GETSIG), LATER(12, F_GETLK64), LATER(13, F_SETLK64),
	LATER(14, F_SETLKW64), NAME(F_SETOWN_EX), NAME(F_GETOWN_EX),
	NAME(F_GETOWNER_UIDS), NAME(F_OFD_GETLK), NAME(F_OFD_SETLK), NAME(F_OFD_SETLKW),
	NAME(F_SETLEASE), NAME(F_GETLEASE), NAME(F_NOTIFY), LATER(1027, F_DUPFD_QUERY),
	LATER(1028, F_CREATED_QUERY), NAME(F_CANCELLK), NAME(F_DUPFD_CLOEXEC), NAME(F_SETPIPE_SZ),
	NAME(F_GETPIPE_SZ), NAME(F_ADD_SEALS), NAME(F_GET_SEALS), NAME(F_GET_RW_HINT),
	NAME(F_SET_RW_HINT), NAME(F_GET_FILE_RW_HINT), NAME(F_SET_FILE_RW_HINT),
	NAMES_END,
};

static const struct arg_name ioctl_names[] = {
	/* terminals */
	NAME(TCGETS), NAME(TCSETS), NAME(TCSETSW), NAME(TCSETSF), NAME(TCGETA), NAME(TCSETA),
	NAME(TCSETAW), NAME(TCSETAF), NAME(TCSBRK), NAME(TCXONC), NAME(TCFLSH), NAME(TIOCEXCL),
	NAME(TIOCNXCL), NAME(TIOCSCTTY), NAME(TIOCGPGRP), NAME(TIOCSPGRP), NAME(TIOCOUTQ),
	NAME(TIOCSTI), NAME(TIOCGWINSZ), NAME(TIOCSWINSZ), NAME(TIOCMGET), NAME(TIOCMBIS),
	NAME(TIOCMBIC), NAME(TIOCMSET), NAME(TIOCGSOFTCAR), NAME(TIOCSSOFTCAR), NAME(FIONREAD),
	NAME(TIOCLINUX), NAME(TIOCCONS), NAME(TIOCGSERIAL), NAME(TIOCSSERIAL), NAME(TIOCPKT),
	NAME(FIONBIO), NAME(TIOCNOTTY), NAME(TIOCSETD), NAME(TIOCGETD), NAME(TCSBRKP),
	NAME(TIOCSBRK), NAME(TIOCCBRK), NAME(TIOCGSID), NAME(TCGETS2), NAME(TCSETS2),
	NAME(TCSETSW2), NAME(TCSETSF2), NAME(TIOCGPTN), NAME(TIOCSPTLCK), NAME(TIOCGDEV),
	NAME(TIOCSIG), NAME(TIOCVHANGUP), NAME(TIOCGPKT), NAME(TIOCGPTLCK), NAME(TIOCGEXCL),
	NAME(TIOCGPTPEER), NAME(FIONCLEX), NAME(FIOCLEX), NAME(FIOASYNC), NAME(FIOQSIZE),
	/* the console */
	NAME(KDGETMODE), NAME(KDSETMODE), NAME(KDGKBMODE), NAME(KDSKBMODE), NAME(KDGKBTYPE),
	NAME(VT_OPENQRY), NAME(VT_GETMODE), NAME(VT_SETMODE), NAME(VT_GETSTATE), NAME(VT_ACTIVATE),
	NAME(VT_WAITACTIVE), NAME(VT_RELDISP), NAME(VT_DISALLOCATE),
	/* sockets and interfaces */
	NAME(FIOSETOWN), NAME(SIOCSPGRP), NAME(FIOGETOWN), NAME(SIOCGPGRP), NAME(SIOCATMARK),
	NAME(SIOCGSTAMP_OLD), NAME(SIOCGSTAMPNS_OLD), NAME(SIOCADDRT), NAME(SIOCDELRT),
	NAME(SIOCGIFNAME), NAME(SIOCGIFCONF), NAME(SIOCGIFFLAGS), NAME(SIOCSIFFLAGS),
	NAME(SIOCGIFADDR), NAME(SIOCSIFADDR), NAME(SIOCGIFDSTADDR), NAME(SIOCSIFDSTADDR),
	NAME(SIOCGIFBRDADDR), NAME(SIOCSIFBRDADDR), NAME(SIOCGIFNETMASK), NAME(SIOCSIFNETMASK),
	NAME(SIOCGIFMETRIC), NAME(SIOCGIFMTU), NAME(SIOCSIFMTU), NAME(SIOCSIFNAME),
	NAME(SIOCGIFHWADDR), NAME(SIOCSIFHWADDR), NAME(SIOCGIFINDEX), NAME(SIOCGIFCOUNT),
	NAME(SIOCGIFTXQLEN), NAME(SIOCSIFTXQLEN), NAME(SIOCETHTOOL), NAME(SIOCGMIIPHY),
	NAME(SIOCGMIIREG), NAME(SIOCDARP), NAME(SIOCGARP), NAME(SIOCSARP), NAME(SIOCGIFMAP),
	NAME(SIOCGIFVLAN), NAME(SIOCSIFVLAN), NAME(SIOCBRADDBR), NAME(SIOCBRDELBR),
	NAME(SIOCBRADDIF), NAME(SIOCBRDELIF), NAME(SIOCSHWTSTAMP), NAME(SIOCGHWTSTAMP),
	NAME(TUNSETIFF), NAME(TUNGETIFF), NAME(TUNSETPERSIST), NAME(TUNSETOWNER), NAME(TUNSETGROUP),
	NAME(TUNGETFEATURES), NAME(TUNSETOFFLOAD), NAME(TUNSETVNETHDRSZ), NAME(TUNSETQUEUE),
	/* files and file systems */
	NAME(FIBMAP), NAME(FIGETBSZ), NAME(FIFREEZE), NAME(FITHAW), NAME(FITRIM), NAME(FICLONE),
	NAME(FICLONERANGE), NAME(FIDEDUPERANGE), NAME(FS_IOC_GETFLAGS), NAME(FS_IOC_SETFLAGS),
	NAME(FS_IOC_GETVERSION), NAME(FS_IOC_SETVERSION), NAME(FS_IOC_FIEMAP),
	NAME(FS_IOC_FSGETXATTR), NAME(FS_IOC_FSSETXATTR), NAME(FS_IOC_GETFSLABEL),
	NAME(FS_IOC_SETFSLABEL), NAME(FS_IOC_SET_ENCRYPTION_POLICY),
	NAME(FS_IOC_GET_ENCRYPTION_POLICY), NAME(FS_IOC_ADD_ENCRYPTION_KEY),
	/* block devices */
	NAME(BLKROSET), NAME(BLKROGET), NAME(BLKRRPART), NAME(BLKGETSIZE), NAME(BLKFLSBUF),
	NAME(BLKRASET), NAME(BLKRAGET), NAME(BLKSSZGET), NAME(BLKSECTGET), NAME(BLKBSZGET),
	NAME(BLKBSZSET), NAME(BLKGETSIZE64), NAME(BLKDISCARD), NAME(BLKIOMIN), NAME(BLKIOOPT),
	NAME(BLKALIGNOFF), NAME(BLKPBSZGET), NAME(BLKDISCARDZEROES), NAME(BLKSECDISCARD),
	NAME(BLKROTATIONAL), NAME(BLKZEROOUT), NAME(BLKGETZONESZ), NAME(BLKGETNRZONES),
	NAME(BLKREPORTZONE), NAME(BLKRESETZONE), NAME(LOOP_SET_FD), NAME(LOOP_CLR_FD),
	NAME(LOOP_SET_STATUS64), NAME(LOOP_GET_STATUS64), NAME(LOOP_CONFIGURE),
	NAME(LOOP_CTL_ADD), NAME(LOOP_CTL_REMOVE), NAME(LOOP_CTL_GET_FREE),
	/* others that programs are seen with */
	NAME(RNDGETENTCNT), NAME(RNDADDTOENTCNT), NAME(RNDADDENTROPY), NAME(RNDCLEARPOOL),
	NAME(RTC_RD_TIME), NAME(RTC_SET_TIME), NAME(RTC_WKALM_RD), NAME(RTC_WKALM_SET),
	NAME(PERF_EVENT_IOC_ENABLE), NAME(PERF_EVENT_IOC_DISABLE), NAME(PERF_EVENT_IOC_RESET),
	NAME(PERF_EVENT_IOC_ID), NAME(PERF_EVENT_IOC_SET_BPF), NAME(NS_GET_USERNS),
	NAME(NS_GET_PARENT), NAME(NS_GET_NSTYPE), NAME(NS_GET_OWNER_UID),
	NAME(SECCOMP_IOCTL_NOTIF_RECV), NAME(SECCOMP_IOCTL_NOTIF_SEND),
	NAME(SECCOMP_IOCTL_NOTIF_ID_VALID), NAME(SECCOMP_IOCTL_NOTIF_ADDFD),
	NAME(KVM_GET_API_VERSION), NAME(KVM_CREATE_VM), NAME(KVM_CHECK_EXTENSION),
	NAME(KVM_GET_VCPU_MMAP_SIZE), NAME(KVM_CREATE_VCPU), NAME(KVM_RUN),
	NAME(KVM_SET_USER_MEMORY_REGION),
	NAMES_END,
};

static const struct arg_name prctl_names[] = {
	NAME(PR_SET_PDEATHSIG), NAME(PR_GET_PDEATHSIG), NAME(PR_GET_DUMPABLE),
	NAME(PR_SET_DUMPABLE),
	NAME(PR_GET_UNALIGN), NAME(PR_SET_UNALIGN), NAME(PR_GET_KEEPCAPS), NAME(PR_SET_KEEPCAPS),
	NAME(PR_GET_FPEMU), NAME(PR_SET_FPEMU), NAME(PR_GET_FPEXC), NAME(PR_SET_FPEXC),
	NAME(PR_GET_TIMING), NAME(PR_SET_TIMING), NAME(PR_SET_NAME), NAME(PR_GET_NAME),
	NAME(PR_GET_ENDIAN), NAME(PR_SET_ENDIAN), NAME(PR_GET_SECCOMP), NAME(PR_SET_SECCOMP),
	NAME(PR_CAPBSET_READ), NAME(PR_CAPBSET_DROP), NAME(PR_GET_TSC), NAME(PR_SET_TSC),
	NAME(PR_GET_SECUREBITS), NAME(PR_SET_SECUREBITS), NAME(PR_SET_TIMERSLACK),
	NAME(PR_GET_TIMERSLACK), NAME(PR_TASK_PERF_EVENTS_DISABLE),
	NAME(PR_TASK_PERF_EVENTS_ENABLE), NAME(PR_MCE_KILL), NAME(PR_MCE_KILL_GET), NAME(PR_SET_MM),
	NAME(PR_SET_CHILD_SUBREAPER), NAME(PR_GET_CHILD_SUBREAPER), NAME(PR_SET_NO_NEW_PRIVS),
	NAME(PR_GET_NO_NEW_PRIVS), NAME(PR_GET_TID_ADDRESS), NAME(PR_SET_THP_DISABLE),
	NAME(PR_GET_THP_DISABLE), NAME(PR_MPX_ENABLE_MANAGEMENT), NAME(PR_MPX_DISABLE_MANAGEMENT),
	NAME(PR_SET_FP_MODE), NAME(PR_GET_FP_MODE), NAME(PR_CAP_AMBIENT), NAME(PR_SVE_SET_VL),
	NAME(PR_SVE_GET_VL), NAME(PR_GET_SPECULATION_CTRL), NAME(PR_SET_SPECULATION_CTRL),
	NAME(PR_PAC_RESET_KEYS), NAME(PR_SET_TAGGED_ADDR_CTRL), NAME(PR_GET_TAGGED_ADDR_CTRL),
	NAME(PR_SET_IO_FLUSHER), NAME(PR_GET_IO_FLUSHER), NAME(PR_SET_SYSCALL_USER_DISPATCH),
	LATER(60, PR_PAC_SET_ENABLED_KEYS), LATER(61, PR_PAC_GET_ENABLED_KEYS),
	LATER(62, PR_SCHED_CORE), LATER(65, PR_SET_MDWE), LATER(66, PR_GET_MDWE),
	LATER(0x53564d41, PR_SET_VMA), NAME(PR_SET_PTRACER), LATER(0x41555856, PR_GET_AUXV),
	NAMES_END,
};

/* arch/x86/include/uapi/asm/prctl.h, which other architectures do not have. */
static const struct arg_name arch_prctl_names[] = {
	LATER(0x1001, ARCH_SET_GS), LATER(0x1002, ARCH_SET_FS), LATER(0x1003, ARCH_GET_FS),
	LATER(0x1004, ARCH_GET_GS), LATER(0x1011, ARCH_GET_CPUID), LATER(0x1012, ARCH_SET_CPUID),
	LATER(0x1021, ARCH_GET_XCOMP_SUPP), LATER(0x1022, ARCH_GET_XCOMP_PERM),
	LATER(0x1023, ARCH_REQ_XCOMP_PERM), LATER(0x2001, ARCH_MAP_VDSO_X32),
	LATER(0x2002, ARCH_MAP_VDSO_32), LATER(0x2003, ARCH_MAP_VDSO_64),
	LATER(0x3001, ARCH_CET_STATUS), LATER(0x4001, ARCH_GET_UNTAG_MASK),
	LATER(0x4002, ARCH_ENABLE_TAGGED_ADDR), LATER(0x4003, ARCH_GET_MAX_TAG_BITS),
	LATER(0x5001, ARCH_SHSTK_ENABLE), LATER(0x5002, ARCH_SHSTK_DISABLE),
	LATER(0x5003, ARCH_SHSTK_LOCK), LATER(0x5005, ARCH_SHSTK_STATUS),
	NAMES_END,
};

static const struct arg_name family_names[] = {
	NAME(AF_UNSPEC), NAME(AF_UNIX), NAME(AF_INET), NAME(AF_AX25), NAME(AF_IPX),
	NAME(AF_APPLETALK),
	NAME(AF_X25), NAME(AF_INET6), NAME(AF_KEY), NAME(AF_NETLINK), NAME(AF_PACKET), NAME(AF_RDS),
	NAME(AF_PPPOX), NAME(AF_LLC), NAME(AF_IB), NAME(AF_MPLS), NAME(AF_CAN), NAME(AF_TIPC),
	NAME(AF_BLUETOOTH), NAME(AF_RXRPC), NAME(AF_PHONET), NAME(AF_IEEE802154), NAME(AF_CAIF),
	NAME(AF_ALG), NAME(AF_NFC), NAME(AF_VSOCK), NAME(AF_KCM), NAME(AF_QIPCRTR), NAME(AF_SMC),
	NAME(AF_XDP), LATER(45, AF_MCTP),
	NAMES_END,
};

#define SOCKET_TYPE(type)                                                                          \
	{ type, #type }, { type | SOCK_CLOEXEC, #type "|SOCK_CLOEXEC" },                           \
	{ type | SOCK_NONBLOCK, #type "|SOCK_NONBLOCK" },                                          \
	{ type | SOCK_CLOEXEC | SOCK_NONBLOCK, #type "|SOCK_CLOEXEC|SOCK_NONBLOCK" }

static const struct arg_name socket_type_names[] = {
	SOCKET_TYPE(SOCK_STREAM), SOCKET_TYPE(SOCK_DGRAM), SOCKET_TYPE(SOCK_RAW),
	SOCKET_TYPE(SOCK_RDM), SOCKET_TYPE(SOCK_SEQPACKET), SOCKET_TYPE(SOCK_DCCP),
	SOCKET_TYPE(SOCK_PACKET),
	NAMES_END,
};

static const struct arg_name socket_level_names[] = {
	NAME(SOL_SOCKET), NAME(IPPROTO_IP), NAME(IPPROTO_TCP), NAME(IPPROTO_UDP),
	NAME(IPPROTO_IPV6),
	NAME(IPPROTO_ICMPV6), NAME(IPPROTO_SCTP), NAME(IPPROTO_UDPLITE), NAME(IPPROTO_RAW),
	NAME(SOL_PACKET), LATER(270, SOL_NETLINK), LATER(271, SOL_TIPC), LATER(274, SOL_BLUETOOTH),
	LATER(279, SOL_ALG), LATER(282, SOL_TLS), LATER(283, SOL_XDP), LATER(284, SOL_MPTCP),
	NAMES_END,
};

static const struct arg_name prot_names[] = {
	NAME(PROT_NONE), NAME(PROT_READ), NAME(PROT_WRITE), NAME(PROT_EXEC),
	NAME(PROT_GROWSDOWN), NAME(PROT_GROWSUP),
	NAMES_END,
};

/* The low byte of clone's flags is the signal that the parent gets. */
static const struct arg_name clone_names[] = {
	NAME(CLONE_VM), NAME(CLONE_FS), NAME(CLONE_FILES), NAME(CLONE_SIGHAND), NAME(CLONE_PIDFD),
	NAME(CLONE_PTRACE), NAME(CLONE_VFORK), NAME(CLONE_PARENT), NAME(CLONE_THREAD),
	NAME(CLONE_NEWNS), NAME(CLONE_SYSVSEM), NAME(CLONE_SETTLS), NAME(CLONE_PARENT_SETTID),
	NAME(CLONE_CHILD_CLEARTID), NAME(CLONE_DETACHED), NAME(CLONE_UNTRACED),
	NAME(CLONE_CHILD_SETTID), NAME(CLONE_NEWCGROUP), NAME(CLONE_NEWUTS), NAME(CLONE_NEWIPC),
	NAME(CLONE_NEWUSER), NAME(CLONE_NEWPID), NAME(CLONE_NEWNET), NAME(CLONE_IO), NAME(SIGCHLD),
	NAMES_END,
};

/* unshare(2) and setns(2) take the time namespace too: clone(2) has a signal in that bit. */
#define NEW_TIME 0x80
static const struct arg_name unshare_names[] = {
	LATER(NEW_TIME, CLONE_NEWTIME), NAME(CLONE_VM), NAME(CLONE_FS), NAME(CLONE_FILES),
	NAME(CLONE_SIGHAND), NAME(CLONE_THREAD), NAME(CLONE_NEWNS), NAME(CLONE_SYSVSEM),
	NAME(CLONE_NEWCGROUP), NAME(CLONE_NEWUTS), NAME(CLONE_NEWIPC), NAME(CLONE_NEWUSER),
	NAME(CLONE_NEWPID), NAME(CLONE_NEWNET),
	NAMES_END,
};

#define NAMESPACES                                                                                 \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |             \
	 CLONE_NEWPID | CLONE_NEWNET)

static const struct arg_name personality_names[] = {
	NAME(PER_LINUX), LATER(0xffffffff, PER_QUERY), NAME(PER_LINUX32), NAME(ADDR_NO_RANDOMIZE),
	NAME(MMAP_PAGE_ZERO), NAME(ADDR_COMPAT_LAYOUT), NAME(READ_IMPLIES_EXEC),
	NAME(ADDR_LIMIT_32BIT), NAME(SHORT_INODE), NAME(WHOLE_SECONDS), NAME(STICKY_TIMEOUTS),
	NAME(ADDR_LIMIT_3GB), NAME(UNAME26),
	NAMES_END,
};

static const struct arg_name advice_names[] = {
	NAME(MADV_NORMAL), NAME(MADV_RANDOM), NAME(MADV_SEQUENTIAL), NAME(MADV_WILLNEED),
	NAME(MADV_DONTNEED), NAME(MADV_FREE), NAME(MADV_REMOVE), NAME(MADV_DONTFORK),
	NAME(MADV_DOFORK), NAME(MADV_MERGEABLE), NAME(MADV_UNMERGEABLE), NAME(MADV_HUGEPAGE),
	NAME(MADV_NOHUGEPAGE), NAME(MADV_DONTDUMP), NAME(MADV_DODUMP), NAME(MADV_WIPEONFORK),
	NAME(MADV_KEEPONFORK), NAME(MADV_COLD), NAME(MADV_PAGEOUT), NAME(MADV_HWPOISON),
	LATER(22, MADV_POPULATE_READ), LATER(23, MADV_POPULATE_WRITE),
	LATER(24, MADV_DONTNEED_LOCKED), LATER(25, MADV_COLLAPSE), LATER(102, MADV_GUARD_INSTALL),
	LATER(103, MADV_GUARD_REMOVE),
	NAMES_END,
};

#define FUTEX(name)                                                                                \
	NAME(FUTEX_##name), { FUTEX_##name | FUTEX_PRIVATE_FLAG, "FUTEX_" #name "_PRIVATE" },      \
	{ FUTEX_##name | FUTEX_CLOCK_REALTIME, "FUTEX_" #name "|FUTEX_CLOCK_REALTIME" },           \
	{ FUTEX_##name | FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME,                                \
	  "FUTEX_" #name "_PRIVATE|FUTEX_CLOCK_REALTIME" }

static const struct arg_name futex_names[] = {
	FUTEX(WAIT), FUTEX(WAKE), FUTEX(FD), FUTEX(REQUEUE), FUTEX(CMP_REQUEUE), FUTEX(WAKE_OP),
	FUTEX(LOCK_PI), FUTEX(UNLOCK_PI), FUTEX(TRYLOCK_PI), FUTEX(WAIT_BITSET),
	FUTEX(WAKE_BITSET), FUTEX(WAIT_REQUEUE_PI), FUTEX(CMP_REQUEUE_PI), FUTEX(LOCK_PI2),
	NAMES_END,
};

static const struct arg_name resource_names[] = {
	NAME(RLIMIT_CPU), NAME(RLIMIT_FSIZE), NAME(RLIMIT_DATA), NAME(RLIMIT_STACK),
	NAME(RLIMIT_CORE), NAME(RLIMIT_RSS), NAME(RLIMIT_NPROC), NAME(RLIMIT_NOFILE),
	NAME(RLIMIT_MEMLOCK), NAME(RLIMIT_AS), NAME(RLIMIT_LOCKS), NAME(RLIMIT_SIGPENDING),
	NAME(RLIMIT_MSGQUEUE), NAME(RLIMIT_NICE), NAME(RLIMIT_RTPRIO), NAME(RLIMIT_RTTIME),
	NAMES_END,
};

static const struct arg_name seccomp_names[] = {
	NAME(SECCOMP_SET_MODE_STRICT), NAME(SECCOMP_SET_MODE_FILTER),
	NAME(SECCOMP_GET_ACTION_AVAIL), NAME(SECCOMP_GET_NOTIF_SIZES),
	NAMES_END,
};

static const struct arg_name bpf_names[] = {
	NAME(BPF_MAP_CREATE), NAME(BPF_MAP_LOOKUP_ELEM), NAME(BPF_MAP_UPDATE_ELEM),
	NAME(BPF_MAP_DELETE_ELEM), NAME(BPF_MAP_GET_NEXT_KEY), NAME(BPF_PROG_LOAD),
	NAME(BPF_OBJ_PIN), NAME(BPF_OBJ_GET), NAME(BPF_PROG_ATTACH), NAME(BPF_PROG_DETACH),
	NAME(BPF_PROG_TEST_RUN), NAME(BPF_PROG_GET_NEXT_ID), NAME(BPF_MAP_GET_NEXT_ID),
	NAME(BPF_PROG_GET_FD_BY_ID), NAME(BPF_MAP_GET_FD_BY_ID), NAME(BPF_OBJ_GET_INFO_BY_FD),
	NAME(BPF_PROG_QUERY), NAME(BPF_RAW_TRACEPOINT_OPEN), NAME(BPF_BTF_LOAD),
	NAME(BPF_BTF_GET_FD_BY_ID), NAME(BPF_TASK_FD_QUERY), NAME(BPF_MAP_LOOKUP_AND_DELETE_ELEM),
	NAME(BPF_MAP_FREEZE), NAME(BPF_BTF_GET_NEXT_ID), NAME(BPF_MAP_LOOKUP_BATCH),
	NAME(BPF_MAP_LOOKUP_AND_DELETE_BATCH), NAME(BPF_MAP_UPDATE_BATCH),
	NAME(BPF_MAP_DELETE_BATCH), NAME(BPF_LINK_CREATE), NAME(BPF_LINK_UPDATE),
	NAME(BPF_LINK_GET_FD_BY_ID), NAME(BPF_LINK_GET_NEXT_ID), NAME(BPF_ENABLE_STATS),
	NAME(BPF_ITER_CREATE), NAME(BPF_LINK_DETACH), NAME(BPF_PROG_BIND_MAP),
	NAMES_END,
};

static const struct arg_name keyctl_names[] = {
	NAME(KEYCTL_GET_KEYRING_ID), NAME(KEYCTL_JOIN_SESSION_KEYRING), NAME(KEYCTL_UPDATE),
	NAME(KEYCTL_REVOKE), NAME(KEYCTL_CHOWN), NAME(KEYCTL_SETPERM), NAME(KEYCTL_DESCRIBE),
	NAME(KEYCTL_CLEAR), NAME(KEYCTL_LINK), NAME(KEYCTL_UNLINK), NAME(KEYCTL_SEARCH),
	NAME(KEYCTL_READ), NAME(KEYCTL_INSTANTIATE), NAME(KEYCTL_NEGATE),
	NAME(KEYCTL_SET_REQKEY_KEYRING), NAME(KEYCTL_SET_TIMEOUT), NAME(KEYCTL_ASSUME_AUTHORITY),
	NAME(KEYCTL_GET_SECURITY), NAME(KEYCTL_SESSION_TO_PARENT), NAME(KEYCTL_REJECT),
	NAME(KEYCTL_INSTANTIATE_IOV), NAME(KEYCTL_INVALIDATE), NAME(KEYCTL_GET_PERSISTENT),
	NAME(KEYCTL_DH_COMPUTE), NAME(KEYCTL_PKEY_QUERY), NAME(KEYCTL_PKEY_ENCRYPT),
	NAME(KEYCTL_PKEY_DECRYPT), NAME(KEYCTL_PKEY_SIGN), NAME(KEYCTL_PKEY_VERIFY),
	NAME(KEYCTL_RESTRICT_KEYRING), NAME(KEYCTL_MOVE), NAME(KEYCTL_CAPABILITIES),
	LATER(32, KEYCTL_WATCH_KEY),
	NAMES_END,
};

static const struct arg_name signal_names[] = {
	{ 0, "0" }, NAME(SIGHUP), NAME(SIGINT), NAME(SIGQUIT), NAME(SIGILL), NAME(SIGTRAP),
	NAME(SIGABRT), NAME(SIGBUS), NAME(SIGFPE), NAME(SIGKILL), NAME(SIGUSR1), NAME(SIGSEGV),
	NAME(SIGUSR2), NAME(SIGPIPE), NAME(SIGALRM), NAME(SIGTERM), NAME(SIGCHLD), NAME(SIGCONT),
	NAME(SIGSTOP), NAME(SIGTSTP), NAME(SIGTTIN), NAME(SIGTTOU), NAME(SIGURG), NAME(SIGXCPU),
	NAME(SIGXFSZ), NAME(SIGVTALRM), NAME(SIGPROF), NAME(SIGWINCH), NAME(SIGIO), NAME(SIGPWR),
	NAME(SIGSYS),
	NAMES_END,
};

static const struct arg_name epoll_names[] = {
	NAME(EPOLL_CTL_ADD), NAME(EPOLL_CTL_DEL), NAME(EPOLL_CTL_MOD),
	NAMES_END,
};

static const struct arg_name ptrace_names[] = {
	NAME(PTRACE_TRACEME), NAME(PTRACE_PEEKTEXT), NAME(PTRACE_PEEKDATA), NAME(PTRACE_PEEKUSER),
	NAME(PTRACE_POKETEXT), NAME(PTRACE_POKEDATA), NAME(PTRACE_POKEUSER), NAME(PTRACE_CONT),
	NAME(PTRACE_KILL), NAME(PTRACE_SINGLESTEP), NAME(PTRACE_ATTACH), NAME(PTRACE_DETACH),
	NAME(PTRACE_SYSCALL), NAME(PTRACE_SETOPTIONS), NAME(PTRACE_GETEVENTMSG),
	NAME(PTRACE_GETSIGINFO), NAME(PTRACE_SETSIGINFO), NAME(PTRACE_GETREGSET),
	NAME(PTRACE_SETREGSET), NAME(PTRACE_SEIZE), NAME(PTRACE_INTERRUPT), NAME(PTRACE_LISTEN),
	NAME(PTRACE_PEEKSIGINFO), NAME(PTRACE_GETSIGMASK), NAME(PTRACE_SETSIGMASK),
	LATER(0x420e, PTRACE_GET_SYSCALL_INFO),
	NAMES_END,
};

/* ---- the rows ---- */

/* What a call does when its argument is this small choice. */
#define CHOICE(call_, index_, arg_, names_, most_, why_)                                           \
	{ .call = call_, .index = index_, .arg = arg_, .width = 32, .kind = ARG_CHOICE,            \
	  .names = names_, .most = most_, .why = why_ }
/* The same for an argument that the kernel reads whole. */
#define WIDE_CHOICE(call_, index_, arg_, names_, most_, why_)                                      \
	{ .call = call_, .index = index_, .arg = arg_, .width = 64, .kind = ARG_CHOICE,            \
	  .names = names_, .most = most_, .why = why_ }
#define SHOWN(call_, index_, arg_, names_, most_, why_)                                            \
	{ .call = call_, .index = index_, .arg = arg_, .width = 32, .kind = ARG_CHOICE,            \
	  .names = names_, .most = most_, .why = why_, .shown_only = true }
#define FLAGS(call_, index_, arg_, names_, most_, apart_, unmasked_, why_)                         \
	{ .call = call_, .index = index_, .arg = arg_, .width = 32, .kind = ARG_FLAGS,             \
	  .names = names_, .most = most_, .why = why_, .apart = apart_, .unmasked = unmasked_ }
#define PROT(call_)                                                                                \
	FLAGS(call_, 2, "prot", prot_names, 16, PROT_WRITE | PROT_EXEC,                            \
	      PROT_GROWSDOWN | PROT_GROWSUP,                                                       \
	      "making memory writable and executable at once")

static const char why_domain[] = "reaching kernel code of protocols that it does not speak";
static const char why_type[] = "raw sockets and other socket types";
static const char why_protocol[] = "other protocols of a family that it uses";
static const char why_level[] = "socket options of other protocols";
static const char why_option[] = "socket options that it does not use";
static const char why_signal[] = "sending other signals";
static const char why_fcntl[] = "leases, seals, owners and other descriptor commands";

/*
 * Widths are what the kernel reads: low words for arguments that its functions declare as int, and
 * for those unsigned longs whose high half it drops or refuses (clone, mmap, mprotect, unshare).
 */
const struct argspec argspec_table[] = {
	CHOICE("arch_prctl", 0, "code", arch_prctl_names, 16,
	       "switching shadow stacks or CPUID faulting"),
	CHOICE("bpf", 0, "cmd", bpf_names, 40, "loading other kinds of kernel programs"),
	FLAGS("clone", 0, "flags", clone_names, 32, 0, NAMESPACES | CLONE_UNTRACED | CLONE_PTRACE,
	      "making namespaces, in which it would have capabilities"),
	SHOWN("epoll_ctl", 1, "op", epoll_names, 8, "whether descriptors come and go"),
	CHOICE("fcntl", 1, "cmd", fcntl_names, 40, why_fcntl),
	CHOICE("fcntl64", 1, "cmd", fcntl_names, 40, why_fcntl),
	SHOWN("futex", 1, "op", futex_names, 32, "how threads wait for each other"),
	SHOWN("futex_time64", 1, "op", futex_names, 32, "how threads wait for each other"),
	CHOICE("getsockopt", 1, "level", socket_level_names, 32, why_level),
	CHOICE("getsockopt", 2, "optname", NULL, 64, why_option),
	SHOWN("getrlimit", 0, "resource", resource_names, 16, "which of its limits it asks for"),
	CHOICE("ioctl", 1, "request", ioctl_names, 64,
	       "injecting terminal input and driving devices"),
	CHOICE("keyctl", 0, "operation", keyctl_names, 40, "other uses of the kernel's keys"),
	CHOICE("kill", 1, "sig", signal_names, 64, why_signal),
	SHOWN("madvise", 2, "advice", advice_names, 32, "what it tells about its memory"),
	PROT("mmap"),
	PROT("mmap2"),
	PROT("mprotect"),
	CHOICE("personality", 0, "persona", personality_names, 16,
	       "switching address randomisation off or making all memory executable"),
	PROT("pkey_mprotect"),
	CHOICE("prctl", 0, "option", prctl_names, 64,
	       "changing capabilities, dumpability or its memory map"),
	CHOICE("prlimit64", 1, "resource", resource_names, 16, "changing other limits"),
	WIDE_CHOICE("ptrace", 0, "request", ptrace_names, 40, "other ways to control processes"),
	CHOICE("seccomp", 0, "operation", seccomp_names, 8, "other uses of seccomp"),
	CHOICE("setns", 1, "nstype", unshare_names, 16, "entering other kinds of namespaces"),
	CHOICE("setrlimit", 0, "resource", resource_names, 16, "changing other limits"),
	CHOICE("setsockopt", 1, "level", socket_level_names, 32, why_level),
	CHOICE("setsockopt", 2, "optname", NULL, 64, why_option),
	CHOICE("socket", 0, "domain", family_names, 32, why_domain),
	CHOICE("socket", 1, "type", socket_type_names, 32, why_type),
	CHOICE("socket", 2, "protocol", NULL, 32, why_protocol),
	CHOICE("socketpair", 0, "domain", family_names, 32, why_domain),
	CHOICE("socketpair", 1, "type", socket_type_names, 32, why_type),
	CHOICE("socketpair", 2, "protocol", NULL, 32, why_protocol),
	CHOICE("tgkill", 2, "sig", signal_names, 64, why_signal),
	SHOWN("ugetrlimit", 0, "resource", resource_names, 16, "which of its limits it asks for"),
	FLAGS("unshare", 0, "flags", unshare_names, 16, 0, NAMESPACES | NEW_TIME,
	      "making namespaces, in which it would have capabilities"),
	{ .call = NULL },
};

/* ---- where a row does not hold ---- */

/* Sources: kernel/fork.c (CONFIG_CLONE_BACKWARDS2), mm/mmap.c (old_mmap). */
static const struct {
	const char *call;
	unsigned index;
	uint32_t arch;
} elsewhere[] = {
	{ "mmap", 2, AUDIT_ARCH_I386 }, { "mmap", 2, AUDIT_ARCH_S390 },
	{ "mmap", 2, AUDIT_ARCH_S390X }, { "clone", 0, AUDIT_ARCH_S390 },
	{ "clone", 0, AUDIT_ARCH_S390X },
};

bool argspec_applies(const struct argspec *spec, uint32_t arch)
{
	for (size_t i = 0; i < ARRAY_SIZE(elsewhere); i++)
		if (elsewhere[i].arch == arch && elsewhere[i].index == spec->index &&
		    strcmp(elsewhere[i].call, spec->call) == 0)
			return false;
	return true;
}

/* ---- looking rows up ---- */

const struct argspec *argspecs_of(const char *call, size_t *n)
{
	const struct argspec *first = argspec_table;

	while (first->call && strcmp(first->call, call) != 0)
		first++;
	*n = 0;
	if (!first->call)
		return NULL;
	while (first[*n].call && strcmp(first[*n].call, call) == 0)
		++*n;
	return first;
}

const struct argspec *argspec_of(const char *call, unsigned index)
{
	size_t n;
	const struct argspec *rows = argspecs_of(call, &n);

	for (size_t i = 0; i < n; i++)
		if (rows[i].index == index)
			return &rows[i];
	return NULL;
}

uint64_t argspec_significant(const struct argspec *spec, uint64_t value)
{
	return spec->width == 32 ? (uint32_t)value : value;
}

/* ---- values as text ---- */

static const char *exact_name(const struct argspec *spec, uint64_t value)
{
	for (const struct arg_name *n = spec->names; n && n->name; n++)
		if (n->value == value)
			return n->name;
	return NULL;
}

/* Small numbers read best in decimal, codes and addresses in hexadecimal. */
static int print_number(FILE *out, uint64_t value)
{
	return fprintf(out, value < 4096 ? "%" PRIu64 : "%#" PRIx64, value);
}

static void print_flags(FILE *out, const struct argspec *spec, uint64_t value)
{
	const char *separator = "";

	for (const struct arg_name *n = spec->names; n && n->name; n++) {
		if (!n->value || (value & n->value) != n->value)
			continue;
		fprintf(out, "%s%s", separator, n->name);
		separator = "|";
		value &= ~n->value;
	}
	if (value || !*separator) {
		fputs(separator, out);
		print_number(out, value);
	}
}

char *argspec_format(const struct argspec *spec, uint64_t value)
{
	uint64_t significant = argspec_significant(spec, value);
	const char *name = exact_name(spec, significant);
	char *text = NULL;
	size_t length;
	FILE *out;

	if (name)
		return strdup(name);
	out = open_memstream(&text, &length);
	if (!out)
		return NULL;
	if (spec->kind == ARG_FLAGS)
		print_flags(out, spec, significant);
	else
		print_number(out, significant);
	if (fclose(out) < 0) {
		free(text);
		return NULL;
	}
	return text;
}

int argspec_parse(const struct argspec *spec, const char *word, uint64_t *ret)
{
	for (const struct arg_name *n = spec->names; n && n->name; n++) {
		if (strcmp(n->name, word) == 0) {
			*ret = n->value;
			return 0;
		}
	}
	return parse_u64(word, spec->width == 32 ? UINT32_MAX : UINT64_MAX, ret) < 0 ? -EINVAL : 0;
}
