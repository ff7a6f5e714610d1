/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A process that outlives ours, should we be killed: it gives the tasks that we have kept on one
 * CPU (tracer/placement.h) the CPUs back that they may use. What else we change in a program that
 * was attached to, the kernel undoes when we end.
 */
#ifndef LEARN_TRACER_GUARDIAN_H
#define LEARN_TRACER_GUARDIAN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Tasks at once. */
#define GUARDIAN_MOST 256
/* Room for 8192 CPUs, the most that the kernel can be built for. */
#define GUARDIAN_MASK_BYTES 1024

struct guardian {
	int alive;		    /* closed by our end, however it comes */
	struct guardian_list *list; /* shared with the process */
};

/* Starts it. 0 or -errno; then there is none and nothing to end. */
int guardian_begin(struct guardian *guardian);
/* It has nothing to do and ends. */
void guardian_end(struct guardian *guardian);

/* What TID, which is on CPU alone, is to get back: a mask of BYTES. False when there is no room. */
bool guardian_note(struct guardian *guardian, pid_t tid, int cpu, const unsigned char *mask,
		   size_t bytes);
void guardian_forget(struct guardian *guardian, pid_t tid);

#endif
