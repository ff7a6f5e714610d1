/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which arguments are inspected: one row each. */
#include "sysdb/argspecs.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "sysdb/argnames.h"
#include "sysdb/ioctls.h"
#include "sysdb/modes.h"

/*
 * A row is checked by policies where the values are few, are chosen by the program's code and not
 * by its data, its machine or its kernel, and where others would give an attacker something. A
 * check on values that are not the same in each run stops the program one day; and it makes the
 * kernel run the filter at each such call, where it would know the answer (18 ns). All other rows
 * are SHOWN: recorded for people.
 *
 * Not here, as no row can say it: arguments whose meaning depends on another one (prctl's second,
 * fcntl's third), descriptors, sizes, addresses.
 * Values of optname and protocol have names together with level and domain: as PAIR rows.
 *
 * Widths are what the kernel reads (its SYSCALL_DEFINEs): low words for arguments that its
 * functions declare as int, and for those unsigned longs whose high half it drops (clone, mmap,
 * mount, mbind) or refuses (mprotect, unshare, mremap, get_mempolicy, pkey_alloc, kexec_load,
 * perf_event_open). ptrace's request is read whole.
 */
#define ROW(kind_, width_, call_, index_, arg_, names_, most_, why_)                               \
	.call = call_, .index = index_, .arg = arg_, .width = width_, .kind = kind_,               \
	.names = names_, .most = most_, .why = why_
/* What a call does when its argument is this small choice; more columns may follow. */
#define CHOICE(...) { CHOICE_(__VA_ARGS__, .pointer = 0) }
#define CHOICE_(call_, index_, arg_, names_, most_, why_, ...)                                     \
	ROW(ARG_CHOICE, 32, call_, index_, arg_, names_, most_, why_), __VA_ARGS__
/* The same for an argument that the kernel reads whole. */
#define WIDE_CHOICE(...) { ROW(ARG_CHOICE, 64, __VA_ARGS__) }
#define FLAGS(...) { FLAGS_(__VA_ARGS__, .pointer = 0) }
#define FLAGS_(call_, index_, arg_, names_, most_, why_, ...)                                      \
	ROW(ARG_FLAGS, 32, call_, index_, arg_, names_, most_, why_), __VA_ARGS__
#define SHOWN(...) { CHOICE_(__VA_ARGS__, .shown_only = true) }
/* A file's mode: octal, and of calls that open files only where they may make one. */
#define MODE(call_, index_, ...)                                                                   \
	{ CHOICE_(call_, index_, "mode", NULL, 64, why_mode, .shown_only = true,                   \
		  .format_other = mode_format, .parse_other = mode_parse, __VA_ARGS__) }
#define SHOWN_FLAGS(...) { FLAGS_(__VA_ARGS__, .shown_only = true) }
/* The field at OFFSET of the structure that argument POINTER points to: 64 bits. */
#define FIELD(kind_, call_, nth_, arg_, names_, most_, number_, pointer_, offset_)                 \
	{ .call = call_, .index = ARGSPEC_ARGUMENTS + (nth_), .arg = arg_, .width = 64,            \
	  .kind = kind_, .names = names_, .most = most_, .why = why_field, .shown_only = true,     \
	  .number = number_, .pointer = pointer_, .offset = offset_ }

/* Arguments FIRST and SECOND as a pair. */
#define PAIR(call_, arg_, names_, most_, why_, first_, second_)                                    \
	{ .call = call_, .index = ARGSPEC_ARGUMENTS, .arg = arg_, .width = 64, .kind = ARG_CHOICE, \
	  .names = names_, .most = most_, .why = why_, .shown_only = true, .pointer = first_,      \
	  .offset = second_, .pair = true }

/* A user or group by number, of a process that becomes another's. */
#define IDENTITY(call_, index_, arg_) SHOWN(call_, index_, arg_, unchanged_names, 16, why_identity)
#define TWO_IDENTITIES(call_) IDENTITY(call_, 0, "real"), IDENTITY(call_, 1, "effective")
#define THREE_IDENTITIES(call_) TWO_IDENTITIES(call_), IDENTITY(call_, 2, "saved")

#define NAMESPACES                                                                                 \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |             \
	 CLONE_NEWPID | CLONE_NEWNET)
#define NEW_TIME 0x80
#define ACCESS_MODE 3

/* Which of these a program uses depends on what its peers send and on how full buffers are. */
#define COMMON_MESSAGE_FLAGS                                                                       \
	(MSG_PEEK | MSG_DONTROUTE | MSG_CTRUNC | MSG_TRUNC | MSG_DONTWAIT | MSG_EOR |              \
	 MSG_WAITALL | MSG_CONFIRM | MSG_NOSIGNAL | MSG_MORE | MSG_WAITFORONE | MSG_CMSG_CLOEXEC)

static const char why_domain[] = "reaching kernel code of protocols that it does not speak";
static const char why_type[] = "raw sockets and other socket types";
static const char why_protocol[] = "other protocols of a family that it uses";
static const char why_level[] = "socket options of other protocols";
static const char why_option[] = "socket options that it does not use";
static const char why_message[] = "urgent data, zero copy and error queues, which few need";
static const char why_signal[] = "sending other signals";
static const char why_fcntl[] = "leases, seals, owners and other descriptor commands";
static const char why_prot[] = "making memory writable and executable at once";

static const char why_new[] = "what its new descriptors are like";
static const char why_advice[] = "what it tells about its memory";
static const char why_fadvise[] = "what it tells about its files";
static const char why_at[] = "how it looks paths up";
static const char why_whence[] = "from where it counts in files";
static const char why_mount[] = "how it mounts";
static const char why_lock[] = "what memory it locks";
static const char why_node[] = "where its memory is";
static const char why_ipc[] = "how it shares with others";
static const char why_wait[] = "how it waits for children";
static const char why_priority[] = "whose priority, and how";
static const char why_clock[] = "which clocks it uses";
static const char why_timer[] = "how it sets timers";
static const char why_uring[] = "how it uses io_uring, whose operations no filter sees";
static const char why_landlock[] = "how it confines itself";
static const char why_module[] = "how it loads kernel modules";
static const char why_kexec[] = "how it loads another kernel";
static const char why_magic[] = "nothing: these are constants";
static const char why_mode[] = "for whom its files are, and whether they give rights";
static const char why_identity[] = "which user and group it becomes";
static const char why_field[] = "what stands in memory, where no filter can look";

static const struct arg_name unchanged_names[] = { { UINT32_MAX, "unchanged" }, { 0, NULL } };

const struct argspec argspec_table[] = {
	SHOWN("_llseek", 4, "whence", whence_names, 8, why_whence),
	SHOWN_FLAGS("accept4", 3, "flags", accept_names, 16, why_new),
	CHOICE("arch_prctl", 0, "code", arch_prctl_names, 16,
	      "switching shadow stacks or CPUID faulting"),
	CHOICE("bpf", 0, "cmd", bpf_names, 40, "loading other kinds of kernel programs"),
	FIELD(ARG_FLAGS, "capset", 0, "data[0]", NULL, 16, 0, 1, 0),
	FIELD(ARG_FLAGS, "capset", 1, "data[1]", NULL, 16, 0, 1, 12),
	MODE("chmod", 1),
	SHOWN("clock_adjtime", 0, "clockid", clock_names, 32, why_clock),
	SHOWN("clock_adjtime64", 0, "clockid", clock_names, 32, why_clock),
	SHOWN("clock_getres", 0, "clockid", clock_names, 32, why_clock),
	SHOWN("clock_getres_time64", 0, "clockid", clock_names, 32, why_clock),
	SHOWN("clock_gettime", 0, "clockid", clock_names, 32, why_clock),
	SHOWN("clock_gettime64", 0, "clockid", clock_names, 32, why_clock),
	SHOWN("clock_nanosleep", 0, "clockid", clock_names, 32, why_clock),
	SHOWN_FLAGS("clock_nanosleep", 1, "flags", timer_names, 8, why_timer),
	SHOWN("clock_nanosleep_time64", 0, "clockid", clock_names, 32, why_clock),
	SHOWN_FLAGS("clock_nanosleep_time64", 1, "flags", timer_names, 8, why_timer),
	SHOWN("clock_settime", 0, "clockid", clock_names, 32, why_clock),
	SHOWN("clock_settime64", 0, "clockid", clock_names, 32, why_clock),
	FLAGS("clone", 0, "flags", clone_names, 32,
	      "making namespaces, in which it would have capabilities", .number = 0xff,
	      .unmasked = NAMESPACES | CLONE_UNTRACED | CLONE_PTRACE),
	FIELD(ARG_FLAGS, "clone3", 0, "cl_args.flags", clone3_names, 32, 0, 0, 0),
	FIELD(ARG_CHOICE, "clone3", 1, "cl_args.exit_signal", signal_names, 16, 0, 0, 32),
	SHOWN_FLAGS("close_range", 2, "flags", close_range_names, 8, "how it closes descriptors"),
	SHOWN_FLAGS("copy_file_range", 5, "flags", NULL, 8, "flags that no kernel has yet"),
	MODE("creat", 1),
	SHOWN_FLAGS("delete_module", 1, "flags", descriptor_names, 8, why_module),
	SHOWN_FLAGS("dup3", 2, "flags", descriptor_names, 16, why_new),
	SHOWN_FLAGS("epoll_create1", 0, "flags", epoll_create_names, 16, why_new),
	SHOWN("epoll_ctl", 1, "op", epoll_names, 8, "whether descriptors come and go"),
	SHOWN_FLAGS("eventfd2", 1, "flags", eventfd_names, 16, why_new),
	SHOWN_FLAGS("execveat", 4, "flags", at_names, 16, why_at),
	SHOWN_FLAGS("faccessat2", 3, "flags", access_names, 16, why_at),
	SHOWN("fadvise64", 3, "advice", fadvise_names, 8, why_fadvise),
	SHOWN_FLAGS("fallocate", 1, "mode", fallocate_names, 16, "whether it cuts files up"),
	SHOWN_FLAGS("fanotify_init", 0, "flags", fanotify_init_names, 16,
	      "how it watches the file system"),
	SHOWN_FLAGS("fanotify_init", 1, "event_f_flags", open_names, 16,
	      "how it opens what it watches", .number = ACCESS_MODE),
	SHOWN_FLAGS("fanotify_mark", 1, "flags", fanotify_mark_names, 16, "what it watches"),
	MODE("fchmod", 1),
	MODE("fchmodat", 2),
	MODE("fchmodat2", 2),
	SHOWN_FLAGS("fchmodat2", 3, "flags", at_names, 16, why_at),
	SHOWN_FLAGS("fchownat", 4, "flags", at_names, 16, why_at),
	CHOICE("fcntl", 1, "cmd", fcntl_names, 40, why_fcntl),
	CHOICE("fcntl64", 1, "cmd", fcntl_names, 40, why_fcntl),
	SHOWN_FLAGS("finit_module", 2, "flags", finit_module_names, 8, why_module),
	SHOWN_FLAGS("flock", 1, "operation", flock_names, 16, "how it locks files"),
	SHOWN("fsconfig", 1, "cmd", fsconfig_names, 16, why_mount),
	SHOWN_FLAGS("fsetxattr", 4, "flags", xattr_names, 8, "whether it replaces attributes"),
	SHOWN_FLAGS("fsmount", 1, "flags", fsopen_names, 8, why_mount),
	SHOWN_FLAGS("fsopen", 1, "flags", fsopen_names, 8, why_mount),
	SHOWN_FLAGS("fspick", 2, "flags", fspick_names, 8, why_mount),
	SHOWN_FLAGS("fstatat64", 3, "flags", at_names, 16, why_at),
	SHOWN("futex", 1, "op", futex_names, 32, "how threads wait for each other",
	      .number = 0x7f),
	SHOWN("futex_time64", 1, "op", futex_names, 32, "how threads wait for each other",
	      .number = 0x7f),
	SHOWN_FLAGS("get_mempolicy", 4, "flags", get_mempolicy_names, 8, why_node),
	SHOWN("getitimer", 0, "which", itimer_names, 8, why_timer),
	SHOWN("getpriority", 0, "which", priority_names, 8, why_priority),
	SHOWN_FLAGS("getrandom", 2, "flags", getrandom_names, 8,
	      "whether it waits for randomness"),
	SHOWN("getrlimit", 0, "resource", resource_names, 16, "which of its limits it asks for"),
	SHOWN("getrusage", 0, "who", rusage_names, 8, "whose use it asks for"),
	CHOICE("getsockopt", 1, "level", socket_level_names, 32, why_level),
	CHOICE("getsockopt", 2, "optname", NULL, 64, why_option),
	PAIR("getsockopt", "level.optname", socket_option_names, 64, why_option, 1, 2),
	SHOWN_FLAGS("inotify_add_watch", 2, "mask", inotify_names, 32, "what it watches for"),
	SHOWN_FLAGS("inotify_init1", 0, "flags", inotify_init_names, 16, why_new),
	SHOWN_FLAGS("io_uring_enter", 3, "flags", io_uring_enter_names, 32, why_uring),
	SHOWN("io_uring_register", 1, "opcode", io_uring_register_names, 40, why_uring,
	      .number = 0x7fffffff),
	CHOICE("ioctl", 1, "request", ioctl_names, 64,
	      "injecting terminal input and driving devices", .format_other = ioctl_format,
	      .parse_other = ioctl_parse),
	CHOICE("iopl", 0, "level", NULL, 4, "reaching all I/O ports"),
	SHOWN("ioprio_get", 0, "which", ioprio_who_names, 8, why_priority),
	SHOWN("ioprio_set", 0, "which", ioprio_who_names, 8, why_priority),
	CHOICE("ipc", 0, "call", ipc_names, 32, "other kinds of System V IPC", .number = 0xffff),
	SHOWN("kcmp", 2, "type", kcmp_names, 16, "what it compares"),
	SHOWN_FLAGS("kexec_file_load", 4, "flags", kexec_file_names, 16, why_kexec),
	SHOWN_FLAGS("kexec_load", 3, "flags", kexec_names, 16, why_kexec),
	CHOICE("keyctl", 0, "operation", keyctl_names, 40, "other uses of the kernel's keys"),
	CHOICE("kill", 1, "sig", signal_names, 64, why_signal),
	SHOWN("landlock_add_rule", 1, "rule_type", landlock_rule_names, 8, why_landlock),
	SHOWN_FLAGS("landlock_create_ruleset", 2, "flags", landlock_create_names, 8, why_landlock),
	SHOWN_FLAGS("landlock_restrict_self", 1, "flags", landlock_restrict_names, 16,
	      why_landlock),
	SHOWN_FLAGS("linkat", 4, "flags", at_names, 16, why_at),
	SHOWN("lseek", 2, "whence", whence_names, 8, why_whence),
	SHOWN_FLAGS("lsetxattr", 4, "flags", xattr_names, 8, "whether it replaces attributes"),
	SHOWN("madvise", 2, "advice", advice_names, 32, why_advice),
	SHOWN("mbind", 2, "mode", mempolicy_names, 16, why_node, .number = 0x1fff),
	SHOWN_FLAGS("mbind", 5, "flags", mbind_names, 8, why_node),
	SHOWN("membarrier", 0, "cmd", membarrier_names, 16, "how its threads order memory"),
	SHOWN_FLAGS("memfd_create", 1, "flags", memfd_names, 16, why_new),
	SHOWN_FLAGS("memfd_secret", 0, "flags", memfd_secret_names, 16, why_new),
	MODE("mkdir", 1),
	MODE("mkdirat", 2),
	MODE("mknod", 1),
	MODE("mknodat", 2),
	SHOWN_FLAGS("mlock2", 2, "flags", mlock2_names, 8, why_lock),
	SHOWN_FLAGS("mlockall", 0, "flags", mlockall_names, 8, why_lock),
	FLAGS("mmap", 2, "prot", prot_names, 16, why_prot, .apart = PROT_WRITE | PROT_EXEC,
	      .unmasked = PROT_GROWSDOWN | PROT_GROWSUP),
	SHOWN_FLAGS("mmap", 3, "flags", map_names, 32, "what kinds of memory it maps",
	      .number = 0xf),
	FLAGS("mmap2", 2, "prot", prot_names, 16, why_prot, .apart = PROT_WRITE | PROT_EXEC,
	      .unmasked = PROT_GROWSDOWN | PROT_GROWSUP),
	SHOWN_FLAGS("mmap2", 3, "flags", map_names, 32, "what kinds of memory it maps",
	      .number = 0xf),
	CHOICE("modify_ldt", 0, "func", NULL, 4, "changing segment descriptors"),
	SHOWN_FLAGS("mount", 3, "mountflags", mount_names, 32, "how it mounts"),
	SHOWN_FLAGS("mount_setattr", 2, "flags", open_tree_names, 16, why_mount),
	SHOWN_FLAGS("move_mount", 4, "flags", move_mount_names, 16, why_mount),
	FLAGS("mprotect", 2, "prot", prot_names, 16, why_prot, .apart = PROT_WRITE | PROT_EXEC,
	      .unmasked = PROT_GROWSDOWN | PROT_GROWSUP),
	SHOWN_FLAGS("mq_open", 1, "oflag", open_names, 32, "how it opens queues",
	      .number = ACCESS_MODE),
	SHOWN_FLAGS("mremap", 3, "flags", mremap_names, 8, "how it moves memory"),
	SHOWN("msgctl", 1, "op", msgctl_names, 16, why_ipc, .number = 0xff),
	SHOWN_FLAGS("msgget", 1, "msgflg", ipcget_names, 16, why_ipc),
	SHOWN_FLAGS("msgrcv", 4, "msgflg", message_names, 8, why_ipc),
	SHOWN_FLAGS("msgsnd", 3, "msgflg", message_names, 8, why_ipc),
	SHOWN_FLAGS("msync", 2, "flags", msync_names, 8, "how it writes memory back"),
	SHOWN_FLAGS("name_to_handle_at", 4, "flags", handle_names, 16, why_at),
	SHOWN_FLAGS("newfstatat", 3, "flags", at_names, 16, why_at),
	SHOWN_FLAGS("open", 1, "flags", open_names, 64, "how it opens files",
	      .number = ACCESS_MODE),
	MODE("open", 2, .given = 1, .given_bits = O_CREAT),
	SHOWN_FLAGS("open_by_handle_at", 2, "flags", open_names, 32, "how it opens files",
	      .number = ACCESS_MODE),
	SHOWN_FLAGS("open_tree", 2, "flags", open_tree_names, 16, why_mount),
	SHOWN_FLAGS("openat", 2, "flags", open_names, 64, "how it opens files",
	      .number = ACCESS_MODE),
	MODE("openat", 3, .given = 2, .given_bits = O_CREAT),
	FIELD(ARG_FLAGS, "openat2", 0, "how.flags", open_names, 32, ACCESS_MODE, 2, 0),
	FIELD(ARG_FLAGS, "openat2", 1, "how.resolve", resolve_names, 16, 0, 2, 16),
	SHOWN_FLAGS("perf_event_open", 4, "flags", perf_names, 16, "how it measures"),
	CHOICE("personality", 0, "persona", personality_names, 16,
	      "switching address randomisation off or making all memory executable",
	      .number = 0xff),
	SHOWN_FLAGS("pidfd_open", 1, "flags", pidfd_open_names, 16, why_new),
	CHOICE("pidfd_send_signal", 1, "sig", signal_names, 64, why_signal),
	SHOWN_FLAGS("pidfd_send_signal", 3, "flags", pidfd_signal_names, 8,
	      "to whom of a process the signal goes"),
	SHOWN_FLAGS("pipe2", 1, "flags", descriptor_names, 16, why_new),
	SHOWN_FLAGS("pkey_alloc", 1, "access_rights", pkey_names, 8, "how it protects memory"),
	FLAGS("pkey_mprotect", 2, "prot", prot_names, 16, why_prot,
	      .apart = PROT_WRITE | PROT_EXEC, .unmasked = PROT_GROWSDOWN | PROT_GROWSUP),
	CHOICE("prctl", 0, "option", prctl_names, 64,
	      "changing capabilities, dumpability or its memory map"),
	SHOWN_FLAGS("preadv2", 5, "flags", rwf_names, 16, "how it reads and writes"),
	CHOICE("prlimit64", 1, "resource", resource_names, 16, "changing other limits"),
	FIELD(ARG_CHOICE, "prlimit64", 0, "new_limit.rlim_max", NULL, 16, 0, 2, 8),
	SHOWN("process_madvise", 3, "advice", advice_names, 32, why_advice),
	WIDE_CHOICE("ptrace", 0, "request", ptrace_names, 40, "other ways to control processes"),
	SHOWN_FLAGS("pwritev2", 5, "flags", rwf_names, 16, "how it reads and writes"),
	CHOICE("quotactl", 0, "op", quota_names, 32, "changing quotas", .number = 0xffffff00),
	CHOICE("quotactl_fd", 1, "op", quota_names, 32, "changing quotas", .number = 0xffffff00),
	SHOWN("reboot", 0, "magic", reboot_magic1_names, 8, why_magic),
	SHOWN("reboot", 1, "magic2", reboot_magic2_names, 8, why_magic),
	CHOICE("reboot", 2, "op", reboot_names, 8, "other ways to stop the machine"),
	FLAGS("recvfrom", 3, "flags", message_flag_names, 32, why_message,
	      .harmless = COMMON_MESSAGE_FLAGS),
	FLAGS("recvmmsg", 3, "flags", message_flag_names, 32, why_message,
	      .harmless = COMMON_MESSAGE_FLAGS),
	FLAGS("recvmmsg_time64", 3, "flags", message_flag_names, 32, why_message,
	      .harmless = COMMON_MESSAGE_FLAGS),
	FLAGS("recvmsg", 2, "flags", message_flag_names, 32, why_message,
	      .harmless = COMMON_MESSAGE_FLAGS),
	SHOWN_FLAGS("renameat2", 4, "flags", rename_names, 8, "how it renames"),
	SHOWN_FLAGS("rseq", 2, "flags", rseq_names, 8, "whether it leaves restartable sequences"),
	SHOWN("rt_sigprocmask", 0, "how", how_names, 8, "how it blocks signals"),
	CHOICE("rt_sigqueueinfo", 1, "sig", signal_names, 64, why_signal),
	CHOICE("rt_tgsigqueueinfo", 2, "sig", signal_names, 64, why_signal),
	SHOWN("sched_get_priority_max", 0, "policy", policy_names, 16, why_priority,
	      .number = 0xffff),
	SHOWN("sched_get_priority_min", 0, "policy", policy_names, 16, why_priority,
	      .number = 0xffff),
	SHOWN("sched_setscheduler", 1, "policy", policy_names, 16, why_priority, .number = 0xffff),
	CHOICE("seccomp", 0, "operation", seccomp_names, 8, "other uses of seccomp"),
	SHOWN_FLAGS("seccomp", 1, "flags", seccomp_flag_names, 16,
	      "how its filters are installed"),
	SHOWN("semctl", 2, "op", semctl_names, 32, why_ipc, .number = 0xff),
	SHOWN_FLAGS("semget", 2, "semflg", ipcget_names, 16, why_ipc),
	FLAGS("sendmmsg", 3, "flags", message_flag_names, 32, why_message,
	      .harmless = COMMON_MESSAGE_FLAGS),
	FLAGS("sendmsg", 2, "flags", message_flag_names, 32, why_message,
	      .harmless = COMMON_MESSAGE_FLAGS),
	FLAGS("sendto", 3, "flags", message_flag_names, 32, why_message,
	      .harmless = COMMON_MESSAGE_FLAGS),
	SHOWN("set_mempolicy", 0, "mode", mempolicy_names, 16, why_node, .number = 0x1fff),
	IDENTITY("setgid", 0, "gid"),
	IDENTITY("setgid32", 0, "gid"),
	SHOWN("setitimer", 0, "which", itimer_names, 8, why_timer),
	CHOICE("setns", 1, "nstype", unshare_names, 16, "entering other kinds of namespaces"),
	SHOWN("setpriority", 0, "which", priority_names, 8, why_priority),
	TWO_IDENTITIES("setregid"),
	TWO_IDENTITIES("setregid32"),
	THREE_IDENTITIES("setresgid"),
	THREE_IDENTITIES("setresgid32"),
	THREE_IDENTITIES("setresuid"),
	THREE_IDENTITIES("setresuid32"),
	TWO_IDENTITIES("setreuid"),
	TWO_IDENTITIES("setreuid32"),
	CHOICE("setrlimit", 0, "resource", resource_names, 16, "changing other limits"),
	CHOICE("setsockopt", 1, "level", socket_level_names, 32, why_level),
	CHOICE("setsockopt", 2, "optname", NULL, 64, why_option),
	PAIR("setsockopt", "level.optname", socket_option_names, 64, why_option, 1, 2),
	IDENTITY("setuid", 0, "uid"),
	IDENTITY("setuid32", 0, "uid"),
	SHOWN_FLAGS("setxattr", 4, "flags", xattr_names, 8, "whether it replaces attributes"),
	SHOWN_FLAGS("shmat", 2, "shmflg", shmat_names, 16, why_ipc),
	SHOWN("shmctl", 1, "op", shmctl_names, 16, why_ipc, .number = 0xff),
	SHOWN_FLAGS("shmget", 2, "shmflg", shmget_names, 16, why_ipc),
	SHOWN("shutdown", 1, "how", shutdown_names, 8, "how it ends connections"),
	SHOWN_FLAGS("signalfd4", 3, "flags", signalfd_names, 16, why_new),
	CHOICE("socket", 0, "domain", family_names, 32, why_domain),
	CHOICE("socket", 1, "type", socket_type_names, 32, why_type, .number = 0xf),
	CHOICE("socket", 2, "protocol", NULL, 32, why_protocol),
	PAIR("socket", "domain.protocol", protocol_names, 32, why_protocol, 0, 2),
	CHOICE("socketcall", 0, "call", socketcall_names, 32, "other socket calls"),
	CHOICE("socketpair", 0, "domain", family_names, 32, why_domain),
	CHOICE("socketpair", 1, "type", socket_type_names, 32, why_type, .number = 0xf),
	CHOICE("socketpair", 2, "protocol", NULL, 32, why_protocol),
	PAIR("socketpair", "domain.protocol", protocol_names, 32, why_protocol, 0, 2),
	SHOWN_FLAGS("splice", 5, "flags", splice_names, 16, "how it moves pages"),
	SHOWN_FLAGS("statx", 2, "flags", at_names, 16, why_at),
	SHOWN_FLAGS("statx", 3, "mask", statx_mask_names, 32, "what it asks about files"),
	SHOWN_FLAGS("swapon", 1, "swapflags", swap_names, 8, "how it swaps"),
	SHOWN_FLAGS("sync_file_range", 3, "flags", sync_range_names, 8,
	      "how it writes files back"),
	CHOICE("syslog", 0, "type", syslog_names, 16,
	      "clearing the kernel's log or silencing the console"),
	SHOWN_FLAGS("tee", 3, "flags", splice_names, 16, "how it moves pages"),
	CHOICE("tgkill", 2, "sig", signal_names, 64, why_signal),
	SHOWN("timer_create", 0, "clockid", clock_names, 32, why_clock),
	SHOWN_FLAGS("timer_settime", 1, "flags", timer_names, 8, why_timer),
	SHOWN_FLAGS("timer_settime64", 1, "flags", timer_names, 8, why_timer),
	SHOWN("timerfd_create", 0, "clockid", clock_names, 16, why_clock),
	SHOWN_FLAGS("timerfd_create", 1, "flags", timerfd_create_names, 8, why_new),
	SHOWN_FLAGS("timerfd_settime", 1, "flags", timerfd_names, 8, why_timer),
	SHOWN_FLAGS("timerfd_settime64", 1, "flags", timerfd_names, 8, why_timer),
	CHOICE("tkill", 1, "sig", signal_names, 64, why_signal),
	SHOWN("ugetrlimit", 0, "resource", resource_names, 16, "which of its limits it asks for"),
	{ CHOICE_("umask", 0, "mask", NULL, 64, why_mode, .shown_only = true,
		  .format_other = mode_format, .parse_other = mode_parse) },
	SHOWN_FLAGS("umount2", 1, "flags", umount_names, 16, "how it unmounts"),
	SHOWN_FLAGS("unlinkat", 2, "flags", unlink_names, 8, "whether it removes directories"),
	FLAGS("unshare", 0, "flags", unshare_names, 16,
	      "making namespaces, in which it would have capabilities",
	      .unmasked = NAMESPACES | NEW_TIME),
	FLAGS("userfaultfd", 0, "flags", userfaultfd_names, 8,
	      "holding up the kernel at page faults of its own", .unmasked = UINT32_MAX),
	SHOWN_FLAGS("utimensat", 3, "flags", at_names, 16, why_at),
	SHOWN_FLAGS("vmsplice", 3, "flags", splice_names, 16, "how it moves pages"),
	SHOWN_FLAGS("wait4", 2, "options", wait_names, 16, why_wait),
	SHOWN("waitid", 0, "idtype", id_names, 8, why_wait),
	SHOWN_FLAGS("waitid", 3, "options", wait_names, 16, why_wait),
	SHOWN_FLAGS("waitpid", 2, "options", wait_names, 16, why_wait),
	{ .call = NULL },
};

/* ---- where a row does not hold ---- */

/* kernel/fork.c (CONFIG_CLONE_BACKWARDS2), mm/mmap.c (old_mmap), arch/x86/kernel/sys_ia32.c. */
static const struct {
	const char *call;
	unsigned index;
	uint32_t arch;
} elsewhere[] = {
	{ "mmap", 2, AUDIT_ARCH_I386 },	  { "mmap", 3, AUDIT_ARCH_I386 },
	{ "mmap", 2, AUDIT_ARCH_S390 },	  { "mmap", 3, AUDIT_ARCH_S390 },
	{ "mmap", 2, AUDIT_ARCH_S390X },  { "mmap", 3, AUDIT_ARCH_S390X },
	{ "clone", 0, AUDIT_ARCH_S390 },  { "clone", 0, AUDIT_ARCH_S390X },
	/* The halves of 64-bit offsets are arguments of their own. */
	{ "fadvise64", 3, AUDIT_ARCH_I386 }, { "sync_file_range", 3, AUDIT_ARCH_I386 },
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
	size_t low = 0, high = ARRAY_SIZE(argspec_table) - 1;
	const struct argspec *first;

	while (low < high) { /* the first row that is not before CALL */
		size_t middle = low + (high - low) / 2;

		if (strcmp(argspec_table[middle].call, call) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	first = &argspec_table[low];
	for (*n = 0; first[*n].call && strcmp(first[*n].call, call) == 0;)
		++*n;
	return *n ? first : NULL;
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

bool argspec_counts(const struct argspec *spec, const uint64_t args[ARGSPEC_ARGUMENTS])
{
	return (args[spec->given] & spec->given_bits) == spec->given_bits;
}
