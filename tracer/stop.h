/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a raw wait status is understood: ptrace(2), "Stopped states". */
#ifndef LEARN_TRACER_STOP_H
#define LEARN_TRACER_STOP_H

#include <sys/types.h>

enum stop_kind {
	STOP_EXITED,  /* gone; value: exit status */
	STOP_KILLED,  /* gone; value: the signal */
	STOP_SECCOMP, /* our filter stopped a call at its entry */
	STOP_SYSCALL, /* syscall-stop: entry or exit, PTRACE_GET_SYSCALL_INFO tells */
	STOP_FORK,    /* made a task; value: its tid */
	STOP_EXEC,    /* runs a new program; value: the tid it had before */
	STOP_EXITING, /* about to end, memory and descriptors still there; value: wait status */
	STOP_GROUP,   /* stopped by job control; value: the stop signal */
	STOP_EVENT,   /* first stop of a new task, or the end of a group-stop */
	STOP_SIGNAL,  /* a signal is about to be delivered; value: which */
};

struct stop {
	pid_t tid;
	enum stop_kind kind;
	long value;
};

/* Decodes; asks the kernel for the event message where the kind has one. */
struct stop stop_decode(pid_t tid, int status);

#endif
