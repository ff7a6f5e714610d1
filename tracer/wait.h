/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where we wait for the kernel: the only place that calls waitpid(2). */
#ifndef LEARN_TRACER_WAIT_H
#define LEARN_TRACER_WAIT_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Takes over the signals for the time of a recording: those sent to this process come to
 * wait_sent(), those from the terminal reach LEADER (the command) by themselves. While there is no
 * leader (0), those that end a program ask for the end of the recording. 0 or -errno.
 */
int wait_begin(pid_t leader);
/* The leader has ended: signals are ours from now on. */
void wait_without_leader(void);
/* One of these signals, and who sent it. */
#define SENT_MOST 64
struct sent {
	int signal, code; /* code: si_code of siginfo_t */
	pid_t sender;
	union sigval value;
};

/* Whether there was another one, which is in *ret then. */
bool wait_sent(struct sent *ret);
/* Whether SIGNAL is one of them, and whether it ends programs. */
bool wait_passes(int signal);
bool wait_ends(int signal);
/* True once after a signal has asked for the end. */
bool wait_asked(void);
/* Gives the signals back. */
void wait_end(void);

struct change {
	pid_t tid;
	int status; /* as waitpid(2) gives it */
};

/* All zeroes at first. */
struct changes {
	struct change *taken; /* from the kernel, and not given out yet: from NEXT to N */
	size_t next, n, capacity;
	size_t given;	 /* since all that there were were taken */
	size_t interval; /* and after so many they are again */
};

/*
 * Waits for the next change of any child or tracee, of which there are about TRACEES. Returns 1
 * with *ret, 0 when none is left, -EINTR when a signal came first.
 *
 * The kernel tells of the tracee that was made last first: as long as that one always has
 * something new, it would tell of no other. So from time to time all changes are taken, and given
 * out before the kernel is asked again.
 */
int wait_any(struct changes *changes, size_t tracees, struct change *ret);
void wait_clear(struct changes *changes);

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
