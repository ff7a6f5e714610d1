/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Calls that were broken into because the program is traced: by a stop of ours, or by a signal that
 * it ignores, which the kernel delivers to tracers all the same. The program must not notice.
 */
#ifndef LEARN_TRACER_INTERRUPT_H
#define LEARN_TRACER_INTERRUPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event_call;
struct process;
struct task;
struct tracing;

#define INTERRUPT_ARCHES 2
#define INTERRUPT_CALLS 512 /* numbers: all that the kernel has given out so far */

/* Which calls any wake-up of their task ends, by number. */
struct interrupts {
	struct {
		uint32_t arch;
		uint8_t kinds[INTERRUPT_CALLS]; /* enum in interrupt.c */
	} arches[INTERRUPT_ARCHES];
	size_t n;
};

/* Those of one architecture are added. */
void interrupts_add_arch(struct interrupts *interrupts, uint32_t arch);

/*
 * At STOP_EVENT and STOP_SIGNAL. Most calls that wait are begun again by the kernel after a stop;
 * those that would fail with EINTR (signal(7), "Interruption of system calls ... by stop signals")
 * are made to be begun again as well, unless a handler of the program's runs now. A time that such
 * a call was to wait at most begins anew. A call that the kernel goes on with by
 * restart_syscall(2) is learned under its own name. 0 or -errno of the sink.
 */
int interrupt_over(struct tracing *t, struct task *task);

/*
 * The same at the exit of task->call, for what has no other stop: an ignored signal may wake one
 * thread and be taken by another. *RESULT is what the call returns, changed where that is.
 */
void interrupt_at_exit(const struct tracing *t, const struct task *task, int64_t *result);

/*
 * Whether task->call, at its entry, may be ended by that, so that its exit has to be seen: a call
 * that waits, in a program with threads that is sent signals that it ignores.
 */
bool interrupt_threatens(const struct tracing *t, const struct task *task);

/* The program of PROCESS will be sent SIGCHLD: it made another one. */
void interrupt_expect_signals(struct tracing *t, struct process *process);

/* SIGNAL came to one of a program's threads: more that it ignores may follow. */
void interrupt_note_signal(struct tracing *t, const struct task *task, int signal);

/* setsockopt(2): its sockets may have a time limit, which makes calls on them fail with EINTR. */
void interrupt_note_option(const struct task *task);

#endif
