/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which CPUs tasks may use, and how long a wake-up between them takes. */
#include "tracer/cpus.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS		8   /* of the calibration, each two wake-ups */
#define MOST_ROUNDS_NS	3000000 /* the other CPU may be busy */

uint64_t cpus_now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

/* ---- masks: the raw calls, because the kernel's size counts, not glibc's ---- */

long cpus_of(pid_t tid, unsigned char *mask)
{
	return syscall(SYS_sched_getaffinity, tid, (size_t)CPUS_MASK_BYTES, mask);
}

int cpus_give(pid_t tid, const unsigned char *mask, size_t bytes)
{
	return syscall(SYS_sched_setaffinity, tid, bytes, mask) < 0 ? -errno : 0;
}

int cpus_give_one(pid_t tid, int cpu, size_t bytes)
{
	unsigned char mask[CPUS_MASK_BYTES] = { 0 };

	mask[cpu / 8] = (unsigned char)(1u << (cpu % 8));
	return cpus_give(tid, mask, bytes);
}

bool cpus_has(const unsigned char *mask, int cpu)
{
	return mask[cpu / 8] >> (cpu % 8) & 1;
}

int cpus_count(const unsigned char *mask, size_t bytes)
{
	int n = 0;

	for (int cpu = 0; cpu < (int)(8 * bytes); cpu++)
		n += cpus_has(mask, cpu);
	return n;
}

static int other_cpu(const unsigned char *mask, size_t bytes, int cpu)
{
	for (int other = 0; other < (int)(8 * bytes); other++)
		if (other != cpu && cpus_has(mask, other))
			return other;
	return cpu;
}

/* ---- how long a wake-up on another CPU takes ---- */

struct partner {
	int in, out, cpu;
	size_t mask_bytes;
};

static void *answer_bytes(void *argument)
{
	const struct partner *p = argument;
	char byte;

	cpus_give_one(0, p->cpu, p->mask_bytes);
	while (read(p->in, &byte, 1) == 1 && write(p->out, &byte, 1) == 1)
		;
	return NULL;
}

/* The time of one wake-up, or 0 when it cannot be measured. */
static uint64_t time_rounds(int to, int from)
{
	const uint64_t begin = cpus_now_ns();
	uint64_t best = UINT64_MAX;
	char byte = 0;

	for (int i = 0; i < ROUNDS && (i < 2 || cpus_now_ns() - begin < MOST_ROUNDS_NS); i++) {
		uint64_t start = cpus_now_ns(), taken;

		if (write(to, &byte, 1) != 1 || read(from, &byte, 1) != 1)
			return 0;
		taken = (cpus_now_ns() - start) / 2;
		if (i > 0 && taken < best) /* at first the partner is not there yet */
			best = taken;
	}
	return best;
}

uint64_t cpus_time_wakeup(const unsigned char *mask, size_t bytes)
{
	int there[2] = { -1, -1 }, back[2] = { -1, -1 };
	struct partner partner = { .cpu = other_cpu(mask, bytes, sched_getcpu()),
				   .mask_bytes = bytes };
	uint64_t wakeup = 0;
	pthread_t thread;

	if (pipe2(there, O_CLOEXEC) == 0 && pipe2(back, O_CLOEXEC) == 0) {
		partner.in = there[0];
		partner.out = back[1];
		if (pthread_create(&thread, NULL, answer_bytes, &partner) == 0) {
			wakeup = time_rounds(there[1], back[0]);
			close(there[1]);
			there[1] = -1;
			pthread_join(thread, NULL);
		}
	}
	for (int i = 0; i < 2; i++) {
		if (there[i] >= 0)
			close(there[i]);
		if (back[i] >= 0)
			close(back[i]);
	}
	return wakeup;
}
