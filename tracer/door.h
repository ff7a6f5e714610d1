/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Programs that come to be traced by themselves, over a socket (AF_UNIX, SOCK_SEQPACKET): a process
 * connects, says in one message which file it is going to execute, and waits for one byte. It is
 * traced from that execve on, with the process number, parent and privileges that it has, and
 * without a filter of ours.
 */
#ifndef LEARN_TRACER_DOOR_H
#define LEARN_TRACER_DOOR_H

#include "tracer/tracing.h"

/* A listening socket at PATH, which must not exist, for everybody. The descriptor or -errno. */
int door_listen(const char *path);

/*
 * The process that comes: to be called right before it executes FILE. 0 when it is traced, -errno
 * when it is not (nobody listens, or does not want it); it may go on in either case.
 */
int door_knock(const char *path, const char *file);

/*
 * The tracer's side. wait_any() is to return when somebody comes: a child of ours, the porter,
 * waits for that and ends. 0 or -errno.
 */
int door_open(struct tracing *t);
/* The child TID has ended: if it is the porter, lets in whoever came. 1 if so, 0 or -errno. */
int door_answer(struct tracing *t, pid_t tid);
/* Nobody is let in any more. */
void door_close(struct tracing *t);

#endif
