/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a path leads for a tracee: from its working directory or descriptor, in its root, and
 * without side effects.
 *
 * Names are those of the tracee's mount namespace, from its root directory: where that is ours, a
 * tracee in a chroot has its files named as we see them.
 */
#ifndef LEARN_TRACER_LOOKUP_H
#define LEARN_TRACER_LOOKUP_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "sysdb/path_uses.h"
#include "tracer/procfs.h"
#include "tracer/tasks.h"

struct lookup_request {
	const char *path; /* not empty */
	int dirfd;	  /* the tracee's, or AT_FDCWD */
	enum last_link last;
	uint64_t resolve; /* openat2(2)'s RESOLVE_* */
};

struct place {
	char path[PATH_MAX]; /* absolute, without symbolic links */
	uint32_t kind;	     /* KIND_* */
	bool in_reach;	     /* its directory is there, and it was not removed from it */
};

/* What looking up needs to know of ourselves. */
struct lookup {
	int fds; /* our /proc/self/fd, or -1 */
	pid_t self;
	dev_t proc;	     /* our /proc */
	uint64_t namespace;  /* our mount namespace's inode */
	uint32_t generation; /* changes when a tracee may have changed its root */
	bool detached;	     /* a tracee made a mount that is nowhere attached */
};

/* 0 or -errno: without /proc nothing can be looked up. */
int lookup_begin(struct lookup *l);
void lookup_end(struct lookup *l);

/* A call that changes a root or a namespace begins or ends: what is known of them is old. */
void lookup_roots_change(struct lookup *l);

/*
 * 0, or -errno when the call will fail before it touches anything (-ELOOP, -EXDEV, -EBADF,
 * -ENAMETOOLONG), or when what is there has no name: a pipe, a memfd (-ENOENT).
 */
int lookup_path(const struct lookup *l, struct task *task, const struct lookup_request *request,
		struct place *ret);

/* What the tracee's descriptor is (AT_FDCWD: its working directory). 0, or -errno as above. */
int lookup_descriptor(const struct lookup *l, struct task *task, int fd, struct place *ret);

/* The same for a link below /proc/PID, such as "exe". */
int lookup_link(const struct lookup *l, struct task *task, const char *what, struct place *ret);

/* What one of our own descriptors is: a name as above, seen from TASK. */
int lookup_own(const struct lookup *l, struct task *task, int fd, struct place *ret);

/* What the kernel calls one of our own descriptors. 0 or -errno. */
int lookup_own_link(const struct lookup *l, int fd, char to[PATH_MAX]);

/* Whether what the kernel calls PATH has lost its name; it may also really be called so. */
bool lookup_is_deleted(const char *path);

/* "cwd" for AT_FDCWD, or "fd/N": where relative paths begin, below /proc/PID. */
void lookup_base(int dirfd, char to[PROCFS_NAME_MAX]);

/* "DIR/LAST" into TO; -ENAMETOOLONG when there is no room for it. */
int lookup_join(char to[PATH_MAX], const char *dir, const char *last);

#endif
