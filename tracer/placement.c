/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where tracer and tracees run, and what tracees are told about it. */
#include "tracer/placement.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tracer/memory.h"
#include "tracer/pids.h"
#include "tracer/procfs.h"
#include "tracer/tasks.h"

#define MEAN_OF		8   /* stops in the running mean */
#define OFTEN_WAKEUPS	8   /* a gap this many wake-ups long or shorter is worth a place */
#define SELDOM_WAKEUPS	28
#define SELDOM_NS	1000000 /* until a wake-up was timed */
#define SWEEP_MS	4
#define MOST_LOOKS	16 /* tasks looked at in one sweep: 2 us each */
#define BUSY_PART	4  /* running for one part in so many is computing */
#define LONE_LOOKS	12 /* the only one that computes is in nobody's way: so often */
#define MOST_PASSED	8  /* times that one found asleep is passed over */

#define UNKNOWN UINT64_MAX

/* How long a task has run, in nanoseconds. */
static uint64_t run_time(pid_t tid)
{
	uint64_t ns;

	return procfs_run_time(tid, &ns) < 0 ? UNKNOWN : ns;
}

/* When it is first needed: most programs end before. */
static void calibrate(struct placement *p)
{
	uint64_t wakeup;

	if (p->calibrated)
		return;
	wakeup = cpus_time_wakeup(p->own, p->mask_bytes);
	p->calibrated = true;
	p->possible = wakeup > 0;
	p->often_ns = OFTEN_WAKEUPS * wakeup;
	p->seldom_ns = SELDOM_WAKEUPS * wakeup;
}

/* ---- keeping and letting go ---- */

void placement_begin(struct placement *p, struct guardian *guardian)
{
	long bytes;

	*p = (struct placement){ .guardian = guardian };
	bytes = cpus_of(0, p->own);
	if (bytes <= 0)
		return;
	p->mask_bytes = (size_t)bytes;
	p->seldom_ns = SELDOM_NS;
	p->possible = cpus_count(p->own, p->mask_bytes) > 1 && run_time(getpid()) != UNKNOWN;
}

/* Before a task gets another mask than its own: whoever comes after us must know. */
static bool note(const struct placement *p, const struct task *task, int cpu,
		 const unsigned char *mask)
{
	return !p->guardian || guardian_note(p->guardian, task->tid, cpu, mask, p->mask_bytes);
}

static void forget_note(const struct placement *p, const struct task *task)
{
	if (p->guardian)
		guardian_forget(p->guardian, task->tid);
}

/* From now on what it runs and how often it stops is counted. */
static void count_from_now(struct placed *placed, uint64_t run_ns)
{
	placed->stops = 0;
	placed->computing = 0;
	placed->run_ns = run_ns;
	placed->since_ns = cpus_now_ns();
}

static void keep(struct placement *p, struct task *task)
{
	struct placed *placed = &task->placed;
	unsigned char mask[CPUS_MASK_BYTES];
	struct believed *believed;
	int cpu = p->n_kept ? p->cpu : sched_getcpu();

	/* What the task may not use, it does not get; nor what is there only once for it. */
	if (cpus_of(task->tid, mask) != (long)p->mask_bytes || !cpus_has(mask, cpu) ||
	    cpus_count(mask, p->mask_bytes) < 2)
		return;
	believed = malloc(sizeof(*believed) + p->mask_bytes);
	if (!believed)
		return;
	believed->n_users = 1;
	memcpy(believed->mask, mask, p->mask_bytes);
	if (!note(p, task, cpu, mask) || (!p->n_kept && cpus_give_one(0, cpu, p->mask_bytes) < 0) ||
	    cpus_give_one(task->tid, cpu, p->mask_bytes) < 0) {
		forget_note(p, task);
		free(believed);
		return;
	}
	p->cpu = cpu;
	p->n_kept++;
	p->ever_kept = true;
	placed->kept = true;
	placed->believed = believed;
	count_from_now(placed, run_time(task->tid));
}

static void drop(struct placement *p, struct task *task)
{
	struct placed *placed = &task->placed;

	forget_note(p, task);
	if (--placed->believed->n_users == 0)
		free(placed->believed);
	*placed = (struct placed){ .n = 0 };
	if (--p->n_kept == 0)
		cpus_give(0, p->own, p->mask_bytes);
}

/* Somebody else may have given the task other CPUs meanwhile (taskset(1), from outside). */
static bool is_still_here(const struct placement *p, const struct task *task)
{
	unsigned char mask[CPUS_MASK_BYTES];

	return cpus_of(task->tid, mask) == (long)p->mask_bytes && cpus_has(mask, p->cpu) &&
	       cpus_count(mask, p->mask_bytes) == 1;
}

void placement_release(struct placement *p, struct task *task)
{
	if (!task->placed.kept)
		return;
	if (is_still_here(p, task))
		cpus_give(task->tid, task->placed.believed->mask, p->mask_bytes);
	drop(p, task);
}

void placement_end(struct placement *p, const struct tasks *tasks)
{
	for (size_t i = 0; i < tasks->by_tid.n; i++)
		placement_release(p, tasks->by_tid.entries[i].value);
}

void placement_keep(struct placement *p, struct task *task)
{
	if (p->possible && !task->placed.kept)
		keep(p, task);
}

void placement_at_stop(struct placement *p, struct task *task)
{
	struct placed *placed = &task->placed;
	uint64_t now, gap;

	if (placed->kept) {
		placed->stops++;
		return;
	}
	if (!p->possible)
		return;
	now = cpus_now_ns();
	gap = now - placed->last_ns;
	placed->last_ns = now;
	if (placed->n++ == 0) {
		placed->mean_ns = 0;
		return;
	}
	placed->mean_ns += gap / MEAN_OF;
	if (placed->n <= MEAN_OF)
		return;
	placed->mean_ns -= placed->mean_ns / MEAN_OF;
	calibrate(p);
	if (p->possible && placed->mean_ns < p->often_ns)
		keep(p, task);
}

/* What a kept task did since it was last looked at. */
enum doing { DOING_NOTHING, DOING_CALLS, DOING_COMPUTE };

static enum doing look_at(const struct placement *p, struct task *task)
{
	struct placed *placed = &task->placed;
	uint64_t time = cpus_now_ns() - placed->since_ns, before = placed->run_ns, now;
	unsigned computing = placed->computing;

	if (placed->stops && time / placed->stops < p->seldom_ns) {
		count_from_now(placed, UNKNOWN);
		return DOING_CALLS;
	}
	if (!placed->stops && placed->to_pass) {
		placed->to_pass--;
		return DOING_NOTHING;
	}
	now = run_time(task->tid);
	count_from_now(placed, now);
	if (before == UNKNOWN || now == UNKNOWN || now - before < time / BUSY_PART) {
		placed->to_pass = before != UNKNOWN && now == before ? MOST_PASSED : 0;
		return DOING_NOTHING;
	}
	placed->computing = computing < UINT8_MAX ? (uint8_t)(computing + 1) : UINT8_MAX;
	return DOING_COMPUTE;
}

/*
 * A task that computes goes where it likes when another one wants to run here. One that sleeps
 * stays: its next call may be soon.
 */
void placement_sweep(struct placement *p, const struct tasks *tasks)
{
	size_t n = tasks->by_tid.n < MOST_LOOKS ? tasks->by_tid.n : MOST_LOOKS;
	struct task *computing[MOST_LOOKS];
	size_t n_computing = 0, n_running = 0;

	if (!p->n_kept)
		return;
	for (size_t i = 0; i < n; i++) {
		struct task *task = tasks->by_tid.entries[p->next++ % tasks->by_tid.n].value;
		enum doing doing = task->placed.kept ? look_at(p, task) : DOING_NOTHING;

		n_running += doing != DOING_NOTHING;
		if (doing == DOING_COMPUTE)
			computing[n_computing++] = task;
	}
	if (n_computing && n_running > 1)
		calibrate(p);
	while (n_computing && (n_running > 1 || computing[0]->placed.computing > LONE_LOOKS)) {
		placement_release(p, computing[--n_computing]);
		n_running--;
	}
}

unsigned placement_sweep_ms(const struct placement *p)
{
	return p->n_kept ? SWEEP_MS : 0;
}

/* The maker was let go after the kernel had copied its mask to the new task. */
static void give_mask_of(const struct placement *p, const struct task *maker,
			 const struct task *task)
{
	unsigned char of_maker[CPUS_MASK_BYTES], of_task[CPUS_MASK_BYTES];

	if (cpus_of(maker->tid, of_maker) == (long)p->mask_bytes &&
	    cpus_of(task->tid, of_task) == (long)p->mask_bytes &&
	    memcmp(of_maker, of_task, p->mask_bytes) != 0)
		cpus_give(task->tid, of_maker, p->mask_bytes);
}

void placement_inherit(struct placement *p, const struct task *maker, struct task *task)
{
	struct believed *believed;

	if (task->placed.kept) /* by what /proc said, before its maker's event */
		return;
	if (!maker->placed.kept) {
		if (p->ever_kept)
			give_mask_of(p, maker, task);
		return;
	}
	believed = maker->placed.believed;
	if (!note(p, task, p->cpu, believed->mask)) {
		cpus_give(task->tid, believed->mask, p->mask_bytes);
		return;
	}
	believed->n_users++;
	task->placed.believed = believed;
	task->placed.kept = true;
	count_from_now(&task->placed, 0);
	p->n_kept++;
}

void placement_forget(struct placement *p, struct task *task)
{
	if (task->placed.kept)
		drop(p, task);
}

/* ---- what tasks are told ---- */

void placement_answer(const struct placement *p, const struct tasks *tasks,
		      const struct task *caller, int64_t result)
{
	const struct task *target = pids_meant(tasks, caller, (pid_t)caller->call.args[0]);

	if (result <= 0 || !target || !target->placed.kept || !is_still_here(p, target))
		return;
	memory_write(caller->tid, caller->call.args[2], target->placed.believed->mask,
		     (size_t)result < p->mask_bytes ? (size_t)result : p->mask_bytes);
}

void placement_note_request(struct placement *p, const struct tasks *tasks,
			    const struct task *caller, int64_t result)
{
	struct task *target = pids_meant(tasks, caller, (pid_t)caller->call.args[0]);

	/* The kernel has given it a mask of its own: it is not kept any more. */
	if (result == 0 && target && target->placed.kept)
		drop(p, target);
}

/* The task of /proc/N/status or /proc/N/task/N/status, or NULL. */
static struct task *shown_by(const struct tasks *tasks, const struct task *reader, const char *path)
{
	int pid = 0, tid = 0, end = 0;

	if (strncmp(path, "/proc/", strlen("/proc/")) != 0)
		return NULL;
	if (sscanf(path, "/proc/%d/status%n", &pid, &end) == 1 && end && !path[end])
		return pids_meant(tasks, reader, pid);
	end = 0;
	if (sscanf(path, "/proc/%d/task/%d/status%n", &pid, &tid, &end) == 2 && end && !path[end])
		return pids_meant(tasks, reader, tid);
	return NULL;
}

void placement_at_path(struct placement *p, const struct tasks *tasks, const struct task *reader,
		       const char *path)
{
	struct task *target = p->n_kept ? shown_by(tasks, reader, path) : NULL;

	if (target)
		placement_release(p, target);
}
