/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names of argument values: one table for each kind of argument; private to this room. */
#ifndef LEARN_SYSDB_ARGNAMES_H
#define LEARN_SYSDB_ARGNAMES_H

#include "sysdb/argspecs.h"

#define NAME(name) { (uint32_t)(name), #name }
/* Values that the installed headers may be too old to know, and those that are equal everywhere. */
#define LATER(value, name) { value, #name }
#define NAMES_END { 0, NULL }

/* argnames_files.c */
extern const struct arg_name open_names[];
extern const struct arg_name fcntl_names[];
extern const struct arg_name at_names[];
extern const struct arg_name access_names[];
extern const struct arg_name unlink_names[];
extern const struct arg_name rename_names[];
extern const struct arg_name handle_names[];
extern const struct arg_name statx_mask_names[];
extern const struct arg_name resolve_names[];
extern const struct arg_name whence_names[];
extern const struct arg_name flock_names[];
extern const struct arg_name fadvise_names[];
extern const struct arg_name fallocate_names[];
extern const struct arg_name sync_range_names[];
extern const struct arg_name splice_names[];
extern const struct arg_name rwf_names[];
extern const struct arg_name xattr_names[];
extern const struct arg_name descriptor_names[];
extern const struct arg_name eventfd_names[];
extern const struct arg_name epoll_create_names[];
extern const struct arg_name signalfd_names[];
extern const struct arg_name inotify_init_names[];
extern const struct arg_name inotify_names[];
extern const struct arg_name fanotify_init_names[];
extern const struct arg_name fanotify_mark_names[];
extern const struct arg_name epoll_names[];
extern const struct arg_name close_range_names[];
extern const struct arg_name mount_names[];
extern const struct arg_name umount_names[];
extern const struct arg_name open_tree_names[];
extern const struct arg_name move_mount_names[];
extern const struct arg_name fsopen_names[];
extern const struct arg_name fsconfig_names[];
extern const struct arg_name fspick_names[];
extern const struct arg_name swap_names[];
extern const struct arg_name quota_names[];

/* argnames_kernel.c */
extern const struct arg_name prctl_names[];
extern const struct arg_name arch_prctl_names[];
extern const struct arg_name seccomp_names[];
extern const struct arg_name bpf_names[];
extern const struct arg_name keyctl_names[];
extern const struct arg_name seccomp_flag_names[];
extern const struct arg_name getrandom_names[];
extern const struct arg_name perf_names[];
extern const struct arg_name io_uring_enter_names[];
extern const struct arg_name io_uring_register_names[];
extern const struct arg_name reboot_names[];
extern const struct arg_name reboot_magic1_names[];
extern const struct arg_name reboot_magic2_names[];
extern const struct arg_name landlock_create_names[];
extern const struct arg_name landlock_rule_names[];
extern const struct arg_name landlock_restrict_names[];
extern const struct arg_name finit_module_names[];
extern const struct arg_name kexec_names[];
extern const struct arg_name kexec_file_names[];
extern const struct arg_name syslog_names[];

/* argnames_memory.c */
extern const struct arg_name prot_names[];
extern const struct arg_name map_names[];
extern const struct arg_name mremap_names[];
extern const struct arg_name msync_names[];
extern const struct arg_name mlock2_names[];
extern const struct arg_name mlockall_names[];
extern const struct arg_name memfd_names[];
extern const struct arg_name memfd_secret_names[];
extern const struct arg_name mempolicy_names[];
extern const struct arg_name mbind_names[];
extern const struct arg_name get_mempolicy_names[];
extern const struct arg_name pkey_names[];
extern const struct arg_name userfaultfd_names[];
extern const struct arg_name membarrier_names[];
extern const struct arg_name ipcget_names[];
extern const struct arg_name shmget_names[];
extern const struct arg_name shmat_names[];
extern const struct arg_name shmctl_names[];
extern const struct arg_name semctl_names[];
extern const struct arg_name msgctl_names[];
extern const struct arg_name message_names[];
extern const struct arg_name ipc_names[];
extern const struct arg_name advice_names[];

/* argnames_network.c */
extern const struct arg_name family_names[];
extern const struct arg_name socket_type_names[];
extern const struct arg_name socket_level_names[];
extern const struct arg_name socket_option_names[]; /* of pairs: level, option */
extern const struct arg_name protocol_names[];	    /* of pairs: family, protocol */
extern const struct arg_name message_flag_names[];
extern const struct arg_name shutdown_names[];
extern const struct arg_name accept_names[];
extern const struct arg_name socketcall_names[];

/* argnames_process.c */
extern const struct arg_name signal_names[];
extern const struct arg_name clone_names[];
extern const struct arg_name clone3_names[];
extern const struct arg_name unshare_names[];
extern const struct arg_name personality_names[];
extern const struct arg_name futex_names[];
extern const struct arg_name resource_names[];
extern const struct arg_name ptrace_names[];
extern const struct arg_name wait_names[];
extern const struct arg_name id_names[];
extern const struct arg_name rusage_names[];
extern const struct arg_name priority_names[];
extern const struct arg_name ioprio_who_names[];
extern const struct arg_name policy_names[];
extern const struct arg_name how_names[];
extern const struct arg_name pidfd_open_names[];
extern const struct arg_name pidfd_signal_names[];
extern const struct arg_name kcmp_names[];
extern const struct arg_name clock_names[];
extern const struct arg_name timer_names[];
extern const struct arg_name timerfd_names[];
extern const struct arg_name timerfd_create_names[];
extern const struct arg_name itimer_names[];
extern const struct arg_name rseq_names[];

/* Made from the kernel's headers by ioctl_names.sh, in order of number; the best name first. */
extern const struct arg_name ioctl_names[];

#endif
