/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which CPUs tasks may use, and how long a wake-up between them takes. */
#ifndef LEARN_TRACER_CPUS_H
#define LEARN_TRACER_CPUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/guardian.h"

/* Masks are as the kernel has them, sched_setaffinity(2): a bit for each CPU. */
#define CPUS_MASK_BYTES GUARDIAN_MASK_BYTES

/* The mask of a task (0: ours) into MASK of CPUS_MASK_BYTES: how many bytes it has, or -1. */
long cpus_of(pid_t tid, unsigned char *mask);
/* Gives a task a mask, or one CPU. 0 or -errno. */
int cpus_give(pid_t tid, const unsigned char *mask, size_t bytes);
int cpus_give_one(pid_t tid, int cpu, size_t bytes);

bool cpus_has(const unsigned char *mask, int cpu);
int cpus_count(const unsigned char *mask, size_t bytes);

/* Nanoseconds from our CPU to another one of MASK; 0 when it cannot be measured. */
uint64_t cpus_time_wakeup(const unsigned char *mask, size_t bytes);

/* CLOCK_MONOTONIC. */
uint64_t cpus_now_ns(void);

#endif
