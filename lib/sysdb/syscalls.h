/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is known about system calls: names and numbers (from libseccomp), and from syscalls.tbl
 * what a call is for and which arguments are paths or descriptors.
 */
#ifndef LEARN_SYSDB_SYSCALLS_H
#define LEARN_SYSDB_SYSCALLS_H

#include <stdbool.h>
#include <stdint.h>

/* ---- architectures: AUDIT_ARCH_* tokens, the `arch` of struct seccomp_data ---- */

/* "x86_64", "x86" (i386), "aarch64" ...: libseccomp's names. NULL for an unknown token. */
const char *arch_name(uint32_t arch);
/* The token for a name, or 0. */
uint32_t arch_from_name(const char *name);
/* The architecture learn itself was built for. */
uint32_t arch_native(void);

/* Bit 30 marks an x32 call under AUDIT_ARCH_X86_64. */
#define X32_SYSCALL_BIT 0x40000000

/*
 * The call's name on that architecture, for the caller to free. Calls that libseccomp does not
 * know are "syscall_NUMBER"; x32 calls "x32_NUMBER". NULL without memory.
 */
char *syscall_name(uint32_t arch, int nr);
/* The number for a name (also the two made-up forms); -ENOENT when there is none there. */
int syscall_number(uint32_t arch, const char *name, int *ret);
/* The largest number that libseccomp can name there: a search of half a millisecond. */
int syscall_newest(uint32_t arch);

/* ---- syscalls.tbl ---- */

enum syscall_class {
	CLASS_PLAIN,
	CLASS_EXEC,   /* replaces the program */
	CLASS_FORK,   /* makes a task */
	CLASS_EXIT,   /* has no result: ends the task, or puts back what a signal broke off */
	CLASS_SOCKET, /* makes a socket: family, type, protocol are its first arguments */
	CLASS_ADDRESS, /* takes a struct sockaddr: see struct syscall_info.address */
	CLASS_MESSAGE, /* its second argument points to struct msghdr: sendmsg */
	CLASS_MESSAGES, /* ... to as many struct mmsghdr as the third says: sendmmsg */
	CLASS_SOCKETCALL, /* i386: a call of sockets by number, its arguments in memory */
	CLASS_VIEW,   /* changes the task's root or mount namespace, or makes a detached mount */
	CLASS_WRITE,  /* may make the file behind its descriptor grow */
	CLASS_CLOSE,  /* gives a descriptor up */
	CLASS_MAP,    /* maps memory, perhaps from a descriptor */
	CLASS_IOCTL,
	CLASS_SIGNAL, /* sends a signal to a process */
	CLASS_AFFINITY, /* asks for or sets the CPUs of a task */
	CLASS_MEMORY, /* gives memory back, or changes what may be done with it */
	CLASS_RESOURCE, /* asks for something else that a resource limit bounds */
	CLASS_FILTER, /* may install a seccomp filter */
	CLASS_OPTION, /* sets an option of a socket */
	CLASS_TRACE,  /* traces another task */
	CLASS_RING,   /* makes, or hands in, what is done without system calls: io_uring */
};

/* How a path argument is used; path_uses.c has what follows from it. */
enum path_use {
	USE_NONE,
	USE_OPEN,      /* flags: open(2)'s */
	USE_OPENAT2,   /* flags: pointer to struct open_how */
	USE_CREAT,     /* creat(2) */
	USE_SWAP,      /* swapon(2), swapoff(2): the kernel opens it to read and write */
	USE_ACCT,      /* acct(2): the kernel opens it to write */
	USE_OPEN_HANDLE, /* path: pointer to struct file_handle; flags: open(2)'s */
	USE_QUEUE,     /* mq_open(2): a name in /dev/mqueue; flags: open(2)'s */
	USE_QUEUE_UNLINK,
	USE_QUOTAS,    /* quotactl(2): a file with quotas; flags: the command */
	USE_BPF,       /* path: pointer to union bpf_attr; flags: the command */
	USE_EXEC,      /* flags: AT_EMPTY_PATH, AT_SYMLINK_NOFOLLOW */
	USE_MKDIR,
	USE_MKNOD,     /* flags: the mode argument */
	USE_SYMLINK,   /* the new name */
	USE_LINK_FROM, /* flags: AT_SYMLINK_FOLLOW, AT_EMPTY_PATH */
	USE_LINK_TO,
	USE_RENAME_FROM, /* flags: RENAME_EXCHANGE ..., or none */
	USE_RENAME_TO,
	USE_UNLINK,    /* flags: AT_REMOVEDIR, or none */
	USE_RMDIR,
	USE_TRUNCATE,
	USE_METADATA,  /* chmod, chown, utime, setxattr; flags: AT_SYMLINK_NOFOLLOW ... */
	USE_METADATA_LINK, /* the same on a link itself: lchown, lsetxattr */
	USE_TIMES,     /* flags as USE_METADATA; no path is the descriptor itself */
	USE_CHDIR,
	USE_ROOT,
	USE_MOUNT,     /* a mount point; flags: AT_EMPTY_PATH, AT_SYMLINK_NOFOLLOW */
	USE_MOUNT_SOURCE, /* mount(2)'s; flags: MS_BIND ...: which are paths */
	USE_MOUNT_OPTION, /* fsconfig(2)'s value; flags: the command */
	USE_UMOUNT,    /* flags: UMOUNT_NOFOLLOW */
	USE_MOVE_FROM, /* move_mount(2): flags: MOVE_MOUNT_F_* */
	USE_MOVE_TO,   /* flags: MOVE_MOUNT_T_* */
	USE_PICK,      /* fspick(2): flags: FSPICK_* */
	USE_INOTIFY,   /* flags: IN_DONT_FOLLOW */
	USE_FANOTIFY,  /* flags: FAN_MARK_*; no path is the descriptor itself */
	USE_STAT,      /* looked at; flags: AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH */
	USE_STAT_LINK, /* looked at without following: lstat, readlink */
	USE_HANDLE,    /* name_to_handle_at(2): looked at; flags: AT_SYMLINK_FOLLOW, AT_HANDLE_* */
};
#define N_PATH_USES (USE_HANDLE + 1)

#define NO_ARG (-1)

struct path_arg {
	enum path_use use;
	signed char dirfd; /* the argument that holds the directory, or NO_ARG for the cwd */
	signed char path;  /* the argument that points to the path, or NO_ARG: the descriptor itself */
	signed char flags; /* the argument that says how, or NO_ARG */
};

struct syscall_info {
	const char *name;
	enum syscall_class class;
	uint8_t fd_args;        /* bit I: argument I is a descriptor (not AT_FDCWD-like dirfds) */
	bool narrow;            /* this row is for 32-bit architectures */
	signed char address;    /* the argument that points to a struct sockaddr, or NO_ARG */
	struct path_arg paths[2];
};

/* The table's row for a name, or NULL: a call with nothing in it to look at. */
const struct syscall_info *syscall_info_by_name(const char *name);

/*
 * The rows by number for one architecture: built once, then an array access per call. The caller
 * frees it with free(). NULL without memory.
 */
struct syscall_index {
	uint32_t arch;
	int n;
	const struct syscall_info *rows[]; /* NULL where the table says nothing */
};
struct syscall_index *syscall_index_new(uint32_t arch);
static inline const struct syscall_info *syscall_index_get(const struct syscall_index *index, int nr)
{
	return nr >= 0 && nr < index->n ? index->rows[nr] : (const struct syscall_info *)0;
}

#endif
