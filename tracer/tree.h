/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What all traced processes use together, as a control group would count it (MemoryMax=,
 * TasksMax= of systemd.resource-control(5)).
 *
 * Memory is RssAnon and RssShmem, looked at once a second, before an exec, at a process's end and
 * before it gives much back; and of processes that were not seen yet, or asked for more, where they
 * would make a new peak if each held what the one does that is looked at. A sum above all before by
 * a sixteenth, and once a second any above the peak, is looked into: pages that several processes
 * map count once. Not seen are the kernel's own memory and the page cache, files on tmpfs that
 * nobody maps, and what came and went in between.
 */
#ifndef LEARN_TRACER_TREE_H
#define LEARN_TRACER_TREE_H

#include "tracer/tracing.h"

/* What PROCESS holds now, in bytes. */
void tree_set_memory(struct tracing *t, struct process *process, uint64_t anon, uint64_t shmem);

/* The look that is due once a second; then tells. 0 or -errno of the sink. */
int tree_look(struct tracing *t);

/*
 * What a process shared with its maker, and was counted for both, it has given up for a program of
 * its own: that sum is no measure any more of what is worth a look.
 */
void tree_after_exec(struct tracing *t);

/* PROCESS may hold more by now than when it was looked at. */
void tree_grown(struct tracing *t, struct process *process);

/* EVENT_TREE if a peak has grown. 0 or -errno of the sink. */
int tree_tell(struct tracing *t);

#endif
