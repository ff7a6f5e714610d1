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

#define MEAN_OF		8 /* stops in the running mean */
#define OFTEN_WAKEUPS	8 /* a gap this many wake-ups long or shorter is worth a place ... */
#define BUSY_WAKEUPS	3 /* ... this many, where another task wants the same CPU */
#define SELDOM_WAKEUPS	28
#define SELDOM_NS	1000000 /* until a wake-up was timed */
#define STOP_WAKEUPS	4 /* a stop costs two on another CPU; twice that, to be sure */
#define SWEEP_MS	4
#define MOST_LOOKS	16 /* tasks looked at in one sweep: 2 us each */
#define BUSY_PART	4  /* wanting a CPU for one part in so many of the time is being busy */
#define LONE_LOOKS	12 /* the only one that computes is in nobody's way: so often */
#define MOST_PASSED	8  /* times that one found asleep is passed over */

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
	p->busy_ns = BUSY_WAKEUPS * wakeup;
	p->seldom_ns = SELDOM_WAKEUPS * wakeup;
	p->stop_ns = STOP_WAKEUPS * wakeup;
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
	p->possible = cpus_count(p->own, p->mask_bytes) > 1 &&
		      procfs_run(getpid(), &(struct procfs_run){ 0 }) == 0;
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

/* From now on what it runs and how often it stops is counted; until now it was RUN. */
static void count_from_now(struct placed *placed, const struct procfs_run *run)
{
	placed->stops = 0;
	placed->run = *run;
	placed->since_ns = cpus_now_ns();
}

static void keep(struct placement *p, struct task *task)
{
	struct placed *placed = &task->placed;
	unsigned char mask[CPUS_MASK_BYTES];
	struct believed *believed;
	struct procfs_run run;
	int cpu = p->n_kept ? p->cpu : sched_getcpu();

	/* What the task may not use, it does not get; nor what is there only once for it. */
	if (cpus_of(task->tid, mask) != (long)p->mask_bytes || !cpus_has(mask, cpu) ||
	    cpus_count(mask, p->mask_bytes) < 2 || procfs_run(task->tid, &run) < 0)
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
	placed->computing = 0;
	placed->to_pass = 0;
	count_from_now(placed, &run);
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

void placement_leave(struct placement *p, const struct tasks *tasks,
		     const struct process *process)
{
	for (size_t i = 0; i < tasks->by_tid.n; i++) {
		struct task *task = tasks->by_tid.entries[i].value;

		if (task->process == process)
			placement_release(p, task);
	}
}

/* At once: the kernel takes its time to find out that another CPU has less to do. */
static void send_away(struct placement *p, struct task *task)
{
	const unsigned char *mask = task->placed.believed->mask;
	unsigned char elsewhere[CPUS_MASK_BYTES];

	memcpy(elsewhere, mask, p->mask_bytes);
	elsewhere[p->cpu / 8] &= (unsigned char)~(1u << (p->cpu % 8));
	if (is_still_here(p, task)) {
		cpus_give(task->tid, elsewhere, p->mask_bytes);
		cpus_give(task->tid, mask, p->mask_bytes);
	}
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
	if (!p->possible || task->process->ring || task->process->asks_ring)
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
	if (p->possible && placed->mean_ns < (p->n_busy ? p->busy_ns : p->often_ns))
		keep(p, task);
}

/* A kept task that has wanted the CPU since it was last looked at. */
struct busy {
	struct task *task;
	bool computes;	/* makes few calls */
	uint64_t waits; /* for the CPU, by so much longer than its stops would take elsewhere */
};

/* False where it wanted little, or cannot be seen. */
static bool look_at(const struct placement *p, struct task *task, struct busy *ret)
{
	struct placed *placed = &task->placed;
	const struct procfs_run before = placed->run;
	uint64_t time = cpus_now_ns() - placed->since_ns, ran, waited, stopped;
	unsigned stops = placed->stops;
	struct procfs_run now;

	if (!stops && placed->to_pass) {
		placed->to_pass--;
		return false;
	}
	if (procfs_run(task->tid, &now) < 0)
		return false;
	count_from_now(placed, &now);
	ran = now.ran_ns - before.ran_ns;
	waited = now.waited_ns - before.waited_ns;
	stopped = stops * p->stop_ns;
	placed->to_pass = !stops && !ran && !waited ? MOST_PASSED : 0;
	*ret = (struct busy){
		.task = task,
		.computes = !stops || time / stops >= p->seldom_ns,
		.waits = waited > time / BUSY_PART && waited > stopped ? waited - stopped : 0,
	};
	if (!ret->computes || ran < time / BUSY_PART)
		placed->computing = 0;
	else if (placed->computing < UINT8_MAX)
		placed->computing++;
	return ran + waited >= time / BUSY_PART;
}

/* Of those that wait, the one that waits the longest; NULL: nobody. */
static struct busy *longest_waiting(struct busy *busy, size_t n)
{
	struct busy *found = NULL;

	for (size_t i = 0; i < n; i++)
		if (busy[i].waits > (found ? found->waits : 0))
			found = &busy[i];
	return found;
}

/*
 * Where several tasks want this CPU, one that waits for it for longer than its stops would cost it
 * elsewhere goes where it likes; so does the only one when it computes for long. One that sleeps
 * stays: its next call may be soon.
 */
void placement_sweep(struct placement *p, const struct tasks *tasks)
{
	size_t n = tasks->by_tid.n < MOST_LOOKS ? tasks->by_tid.n : MOST_LOOKS;
	struct busy busy[MOST_LOOKS], *waiting;

	p->n_busy = 0;
	if (!p->n_kept)
		return;
	for (size_t i = 0; i < n; i++) {
		struct task *task = tasks->by_tid.entries[p->next++ % tasks->by_tid.n].value;

		if (task->placed.kept)
			p->n_busy += look_at(p, task, &busy[p->n_busy]);
	}
	if (p->n_busy > 1 && !p->calibrated) {
		calibrate(p);
		return; /* by the next time it is known what a stop costs */
	}
	while (p->n_busy > 1 && (waiting = longest_waiting(busy, p->n_busy))) {
		send_away(p, waiting->task);
		*waiting = busy[--p->n_busy];
	}
	if (p->n_busy == 1 && busy[0].computes && busy[0].task->placed.computing > LONE_LOOKS) {
		placement_release(p, busy[0].task);
		p->n_busy = 0;
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
	count_from_now(&task->placed, &(struct procfs_run){ 0 });
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
