/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The processes of a log: what a later line must know of the earlier ones. */
#ifndef LEARN_IMPORTER_PROCESSES_H
#define LEARN_IMPORTER_PROCESSES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/map.h"

/* What a descriptor is, as far as the log told. */
struct descriptor {
	char *path;      /* or NULL */
	int socket_type; /* SOCK_*, 0 for none */
	/* It was opened for reading, and whether a file or a directory is not yet known. */
	bool unsure;
	uint32_t program; /* that opened it */
	uint32_t effects; /* PATH_*, were it a file */
};

struct process {
	unsigned tasks; /* that share it */
	pid_t pid;
	int program;    /* its number, -1 before the first execve */
	uint32_t arch;
	char *cwd;
	int highest_fd; /* -1 for none */
	struct map descriptors; /* struct descriptor by int */
};

struct logged_task {
	pid_t tid;
	struct process *process;
	char *pending; /* an unfinished call: "name(arguments", or NULL */
	uint64_t since; /* when it began, in lines */
};

struct processes {
	struct map by_tid; /* struct logged_task */
	struct map known;  /* every pid there ever was: the line of its end + 1, as a pointer */
};

struct logged_task *processes_find(const struct processes *p, pid_t tid);
/* Whether such a process was ever part of the log. */
bool processes_knows(const struct processes *p, pid_t pid);
/*
 * A new task. FROM is the one that made it, or NULL; a THREAD shares all with FROM, another process
 * begins with a copy. NULL without memory.
 */
struct logged_task *processes_add(struct processes *p, pid_t tid, const struct logged_task *from,
				  bool thread);
/* The task turns out to have that number. 0 or -ENOMEM. */
int processes_rename(struct processes *p, struct logged_task *task, pid_t tid);
/* The task has ended, in that line. */
void processes_remove(struct processes *p, struct logged_task *task, uint64_t line);
/* Whether such a process ended after that line. */
bool processes_ended_since(const struct processes *p, pid_t pid, uint64_t line);
void processes_clear(struct processes *p);

/* What FD is, or NULL. */
struct descriptor *process_descriptor(const struct process *process, int fd);
/* From now on FD is this; PATH is copied, or NULL. 0 or -ENOMEM. */
int process_opened(struct process *process, int fd, const char *path, int socket_type);
void process_closed(struct process *process, int fd);
/* 0 or -ENOMEM. */
int process_set_cwd(struct process *process, const char *cwd);

#endif
