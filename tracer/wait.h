/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where we wait for the kernel: the only place that calls waitpid(2). */
#ifndef LEARN_TRACER_WAIT_H
#define LEARN_TRACER_WAIT_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Takes over the signals for the time of a recording: those sent to this process alone go on to
 * LEADER (the command), those from the terminal reach the command by themselves. While there is no
 * leader (0), those that end a program ask for the end of the recording. 0 or -errno.
 */
int wait_begin(pid_t leader);
/* The leader has ended: signals are ours from now on. */
void wait_without_leader(void);
/* True once after a signal has asked for the end. */
bool wait_asked(void);
/* Gives the signals back. */
void wait_end(void);

/*
 * Waits for the next change of any child or tracee. Returns 1 with *tid and *status (as waitpid
 * gives it), 0 when none is left, -EINTR when a signal came first.
 */
int wait_any(pid_t *tid, int *status);

/*
 * The command was stopped by SIGNAL. When that is one of the terminal's (SIGTSTP, SIGTTIN,
 * SIGTTOU), stops this process as well until somebody continues it, and then continues the
 * command, should it have been forgotten.
 */
void wait_stop_too(int signal);

/* Makes wait_any() return every so many milliseconds. */
void wait_tick_every(unsigned ms);
/* True once after each such tick. */
bool wait_ticked(void);

#endif
