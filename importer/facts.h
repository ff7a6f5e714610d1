/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One call of a log, whichever wrote it, and the events that follow from it. */
#ifndef LEARN_IMPORTER_FACTS_H
#define LEARN_IMPORTER_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "event/event.h"
#include "importer/importing.h"
#include "sysdb/syscalls.h"

#define MOST_LOGGED_PATHS 2

/* Strings are borrowed; NULL where the log has none. */
struct logged_path {
	const char *path; /* as the call had it */
	const char *dir;  /* what the log says its descriptor is */
	uint32_t kind;    /* KIND_*, 0 where the log does not say */
};

struct logged_address {
	int family;          /* AF_UNSPEC: none */
	const char *address; /* as in struct event */
	uint16_t port;
	const char *path;    /* of a UNIX socket with a name in the file system */
};

struct logged_call {
	const struct syscall_info *info; /* NULL: a call with nothing in it to look at */
	struct event_call call;          /* unread_args is set for what the log does not tell */
	bool has_result;
	int64_t result; /* negative: -errno */
	struct logged_path paths[MOST_LOGGED_PATHS];
	struct logged_address address;
	const char *descriptor; /* what the log says that argument 0 is */
	const char *mapped;     /* the same of mmap's descriptor */
	uint32_t is;            /* KIND_*: what a call like fstat said that argument 0 is, or 0 */
};

/*
 * Hands the call and all that is known of it to the sink, and keeps the process's descriptors and
 * working directory. Returns whether a stack is wanted, or -errno.
 */
int facts_hand_on(struct importer *im, const struct logged_task *task,
		  const struct logged_call *call);

/*
 * A log does not say whether what was opened is a directory, but later calls do: KIND_* for what
 * DESCRIPTOR of the process is. 0 or -errno.
 */
int facts_settle(struct importer *im, const struct process *process, int descriptor, uint32_t kind);
/* The same for all that is left when a process ends. */
int facts_settle_all(struct importer *im, const struct process *process);

/* What is at its place in the log: the stack of the call before. 0 or -errno. */
int facts_stack(struct importer *im, const struct event_origin *origin,
		const struct event_call *call, const char *const *frames, size_t n);

struct event_origin facts_origin(const struct logged_task *task);

/* PATH from the directory DIR, without empty, "." and ".." components, for the caller to free. */
char *facts_absolute(const char *dir, const char *path);

#endif
