/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Facts about a process from /proc/PID (proc(5)). Every function: 0 or -errno. */
#ifndef LEARN_TRACER_PROCFS_H
#define LEARN_TRACER_PROCFS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/types.h>

/* Room for any /proc/PID/... name of ours. */
#define PROCFS_NAME_MAX 64

/* "/proc/PID/WHAT" into BUF. */
void procfs_name(char buf[PROCFS_NAME_MAX], pid_t pid, const char *what);

/* Reads a link such as "exe", "cwd", "fd/3" into TO as a string. */
int procfs_link(pid_t pid, const char *what, char to[PATH_MAX]);

/* Reads a small file such as "stat" into TO as a string; its length or -errno. */
ssize_t procfs_read(pid_t pid, const char *what, char *to, size_t size);

/* Opens a file such as "maps" for reading; NULL with errno. */
FILE *procfs_open(pid_t pid, const char *what);

/* The status of what a descriptor of the process is open for. 0 or -errno. */
int procfs_descriptor(pid_t pid, int fd, struct stat *ret);

/* Opens what such a link leads to, or a directory, as O_PATH: a descriptor or -errno. */
int procfs_path(pid_t pid, const char *what);

/* The numbers of a task and its thread group in its own pid namespace (NSpid, Linux 4.1). */
int procfs_inner_ids(pid_t of, pid_t *tgid, pid_t *tid);

/*
 * The numbers of a task in our own pid namespace and in those within, down to its own: *N of them.
 * -E2BIG for more than there can be.
 */
#define PROCFS_DEPTH_MAX 33 /* MAX_PID_NS_LEVEL of the kernel, and the outermost */
int procfs_numbers(pid_t of, pid_t numbers[PROCFS_DEPTH_MAX], size_t *n);

/* The thread group and the parent of a task. */
int procfs_ids(pid_t tid, pid_t *tgid, pid_t *ppid);

/* What may keep a task from being traced: from /proc/PID/status and stat. */
struct procfs_task {
	pid_t tgid, ppid;
	pid_t tracer;  /* 0: nobody */
	uid_t uid;     /* effective */
	bool kernel;   /* one of the kernel's own threads */
	bool ring;     /* a thread of a program's that the kernel made to work for an io_uring */
	bool ended;    /* a zombie, or past it */
};
int procfs_task(pid_t tid, struct procfs_task *ret);

/*
 * Calls SEE for each task of a process until it returns a negative number, which becomes the
 * result; likewise for each process there is. Tasks that come or go meanwhile may be missed.
 */
int procfs_each_task(pid_t pid, int (*see)(void *state, pid_t tid), void *state);
int procfs_each_process(int (*see)(void *state, pid_t pid), void *state);

/* The same for what a process has mapped. */
struct procfs_mapping {
	uint64_t start, end, offset;
	bool writable;
	bool code;        /* may be executed */
	const char *name; /* of the file, or "[vdso]" and the like; "" for none */
};
int procfs_each_mapping(pid_t pid, int (*see)(void *state, const struct procfs_mapping *mapping),
			void *state);

/* Use in bytes, as /proc/PID/status tells; 0 where it does not (kernel threads, zombies). */
struct procfs_memory {
	uint64_t peak;     /* VmPeak: address space at its largest */
	uint64_t data;     /* VmData */
	uint64_t stack;    /* VmStk */
	uint64_t locked;   /* VmLck and VmPin */
	uint64_t resident; /* VmHWM: resident set at its largest */
	uint64_t anon;     /* RssAnon */
	uint64_t shmem;    /* RssShmem */
	uint64_t signals;  /* SigQ: queued for all processes of the user, a number */
};
int procfs_memory(pid_t pid, struct procfs_memory *ret);

/*
 * A quick look (/proc/PID/statm): private writable memory with the stack, and RssAnon, in bytes.
 * What a process shares with another after fork(2) is anonymous memory of both.
 */
int procfs_private(pid_t pid, uint64_t *data, uint64_t *anon);

/*
 * A slow look (/proc/PID/smaps_rollup): the process's part of its anonymous and shared memory, in
 * which a page that N processes map counts one Nth.
 */
int procfs_part(pid_t pid, uint64_t *ret);

/* User and system time of the whole process, in clock ticks: sysconf(_SC_CLK_TCK) a second. */
int procfs_cpu_ticks(pid_t pid, uint64_t *ret);

/* How long a task has had a CPU, and how long it was ready to run and had none. */
struct procfs_run {
	uint64_t ran_ns, waited_ns;
};

/* From /proc/TID/schedstat; all zeroes where the kernel does not count it. */
int procfs_run(pid_t tid, struct procfs_run *ret);

/* Whether the task blocks or ignores SIGNAL (below 32). */
int procfs_signal_inert(pid_t tid, int signal, bool *ret);

/* What a task does about signals, and whether it is the first process of its PID namespace. */
struct procfs_signals {
	uint64_t caught; /* bit N - 1: a handler for signal N */
	bool namespace_init;
};
int procfs_signals(pid_t tid, struct procfs_signals *ret);

/* Whether SIGNAL (below 32) was sent to this very task and waits for its delivery. */
int procfs_signal_pending(pid_t tid, int signal, bool *ret);

/* The program's entry point, and where its loader was mapped (0: it has none). */
int procfs_entry(pid_t pid, uint64_t *entry, uint64_t *loader);

#endif
