/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Attaching to programs that run already: every task, and why one cannot be traced. */
#include "tracer/attach.h"

#include <errno.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "tracer/control.h"
#include "tracer/procfs.h"
#include "tracer/unseen.h"

struct search {
	struct tracing *t;
	pid_t pid;  /* the process whose tasks are looked at */
	bool found; /* something new, in this pass */
	bool warn;  /* of what cannot be traced: the last pass */
};

/* ---- why not ---- */

static void tracer_name(pid_t pid, char name[32])
{
	auto_fclose FILE *comm = procfs_open(pid, "comm");

	if (!comm || !fgets(name, 32, comm))
		strcpy(name, "a process that is hidden");
	name[strcspn(name, "\n")] = '\0';
}

static int yama_forbids(void)
{
	auto_fclose FILE *file = fopen("/proc/sys/kernel/yama/ptrace_scope", "re");
	int scope = file ? fgetc(file) : '0';

	return scope > '0' && scope <= '9' ? scope - '0' : 0;
}

/* Into WHY (of SIZE bytes): what keeps us from tracing PID, where ptrace said ERROR. */
static void explain(pid_t pid, int error, char *why, size_t size)
{
	struct procfs_task facts;
	char name[32];

	if (pid == getpid())
		snprintf(why, size, "it is learn itself");
	else if (procfs_task(pid, &facts) < 0)
		snprintf(why, size, "there is no such process");
	else if (facts.ended)
		snprintf(why, size, "it has ended");
	else if (facts.kernel)
		snprintf(why, size, "it is a thread of the kernel and makes no system calls");
	else if (facts.tracer) {
		tracer_name(facts.tracer, name);
		snprintf(why, size, "it is traced already, by %s (process %d)", name,
			 (int)facts.tracer);
	} else if (geteuid() != 0 && facts.uid != geteuid()) {
		const struct passwd *owner = getpwuid(facts.uid);

		snprintf(why, size, "it belongs to %s, and only root may trace it",
			 owner ? owner->pw_name : "another user");
	} else if (error == -EPERM && yama_forbids()) {
		snprintf(why, size, "kernel.yama.ptrace_scope is %d: %s", yama_forbids(),
			 yama_forbids() < 3 ? "only root may attach to running programs"
					    : "nobody may");
	} else if (error == -EPERM && geteuid() != 0) {
		snprintf(why, size, "it is not dumpable (prctl(2)) or has privileges of its own, "
				    "and only root may trace it");
	} else {
		snprintf(why, size, "%s", strerror(-error));
	}
}

static int refuse(pid_t pid, int error)
{
	char why[160];

	explain(pid, error, why, sizeof(why));
	return diag(error, "cannot attach to process %d: %s", (int)pid, why);
}

/* ---- every task ---- */

/* An error of one task that is none: it has ended, or is ours since a traced task made it. */
static bool is_no_loss(pid_t tid)
{
	struct procfs_task facts;

	return procfs_task(tid, &facts) < 0 || facts.ended || facts.tracer == getpid();
}

static int seize_task(void *state, pid_t tid)
{
	struct search *s = state;
	struct tasks *tasks = &s->t->tasks;
	struct task *task;
	int r;

	if (tasks_find(tasks, tid))
		return 0;
	r = control_seize(tid, false);
	if (r < 0)
		return is_no_loss(tid) ? 0 : r;
	s->found = true;
	/* At once: what a traced task does untold, nobody puts right (interrupt.h). */
	control_interrupt(tid);
	task = tasks_add(tasks, tid);
	if (!task)
		return -ENOMEM;
	task->begun = true;
	return tasks_join(tasks, task, s->pid);
}

/* Threads that are made while we look are made by traced ones or show in another pass. */
static int seize_process(struct tracing *t, pid_t pid)
{
	struct search s = { .t = t, .pid = pid };
	struct process *process;
	int r;

	do {
		s.found = false;
		r = procfs_each_task(pid, seize_task, &s);
	} while (r == 0 && s.found);
	process = tasks_process(&t->tasks, pid);
	if (r < 0 || !process)
		return r < 0 ? r : -ESRCH;
	process->every_call = true;
	process->phase = PHASE_MAIN;
	process->highest_fd = -1;
	return 0;
}

int attach_newcomer(struct tracing *t, pid_t pid, const char *file)
{
	auto_free char *launching = strdup(file);
	struct process *process;
	int r = launching ? seize_process(t, pid) : -ENOMEM;

	if (r < 0)
		return r;
	process = tasks_process(&t->tasks, pid);
	process->launching = take_ptr(launching);
	return 0;
}

static int seize_child(void *state, pid_t pid)
{
	struct search *s = state;
	struct procfs_task facts;
	char why[160];
	int r;

	if (procfs_task(pid, &facts) < 0 || facts.tracer == getpid() || facts.ended ||
	    pid == getpid() || !tasks_process(&s->t->tasks, facts.ppid) ||
	    tasks_process(&s->t->tasks, pid))
		return 0;
	r = seize_process(s->t, pid);
	if (r == -ENOMEM)
		return r;
	if (r == 0)
		s->found = true;
	if (r < 0 && r != -ESRCH && s->warn) {
		explain(pid, r, why, sizeof(why));
		diag_warn("the child process %d is not recorded: %s", (int)pid, why);
	}
	return 0;
}

static int seize_children(struct tracing *t)
{
	struct search s = { .t = t };
	int r;

	do {
		s.found = false;
		r = procfs_each_process(seize_child, &s);
	} while (r == 0 && s.found);
	s.warn = true;
	return r < 0 ? r : procfs_each_process(seize_child, &s);
}

static int seize_target(struct tracing *t, struct trace_target *target)
{
	struct procfs_task facts;
	int r = procfs_task(target->pid, &facts);

	target->exit_status = -1;
	target->signal = 0;
	if (r < 0 || facts.ended || target->pid == getpid())
		return refuse(target->pid, r < 0 ? -ESRCH : -EPERM);
	target->pid = facts.tgid;
	if (tasks_process(&t->tasks, target->pid))
		return 0; /* named twice */
	r = seize_process(t, target->pid);
	return r < 0 ? refuse(target->pid, r) : 0;
}

/* ---- what they run ---- */

struct code {
	struct tracing *t;
	const struct task *task;
	const char *exe;
	bool ring; /* an io_uring is mapped */
};

static int see_mapping(void *state, const struct procfs_mapping *mapping)
{
	struct code *code = state;
	char file[PATH_MAX + PROCFS_NAME_MAX];

	code->ring |= strcmp(mapping->name, "anon_inode:[io_uring]") == 0;
	if (!mapping->code || mapping->name[0] != '/' || strcmp(mapping->name, code->exe) == 0)
		return 0;
	snprintf(file, sizeof(file), "/proc/%d/root%s", (int)code->task->process->pid,
		 mapping->name);
	return tracing_library(code->t, code->task, mapping->name, file);
}

/* Rings may lie in memory of the program's own; then the kernel's threads for them show. */
static bool has_ring_thread(const struct tracing *t, const struct process *process)
{
	struct procfs_task facts;

	for (size_t i = 0; i < t->tasks.by_tid.n; i++) {
		const struct task *task = t->tasks.by_tid.entries[i].value;

		if (task->process == process && procfs_task(task->tid, &facts) == 0 && facts.ring)
			return true;
	}
	return false;
}

static int introduce(struct tracing *t, const struct task *task)
{
	struct event event = { .kind = EVENT_LIMIT,
			       .limit = "attached to while it ran: what it did before, its start "
					"above all, was not seen" };
	char exe[PATH_MAX] = "";
	struct code code = { t, task, exe, false };
	int r = tracing_set_program(t, task, NULL);

	if (r < 0 || !t->programs.n)
		return r < 0 ? r : -ESRCH;
	r = tracing_emit(t, task, &event);
	procfs_link(task->process->pid, "exe", exe);
	if (r >= 0)
		r = procfs_each_mapping(task->process->pid, see_mapping, &code);
	if (r >= 0 && (code.ring || has_ring_thread(t, task->process)))
		r = unseen_by_ring(t, task);
	return r == -ENOMEM ? r : 0; /* what has ended meanwhile shows as ended soon */
}

/* Once a process. */
static int introduce_all(struct tracing *t)
{
	uint32_t image = 0;
	int r = 0;

	for (size_t i = 0; i < t->tasks.by_tid.n && r >= 0; i++) {
		const struct task *task = t->tasks.by_tid.entries[i].value;

		if (task->process->image == image)
			continue; /* tasks of one process stand together */
		image = task->process->image;
		r = introduce(t, task);
	}
	return r;
}

int attach(struct tracing *t)
{
	int r = 0;

	for (size_t i = 0; i < t->options->n_targets && r == 0; i++)
		r = seize_target(t, &t->options->targets[i]);
	if (r < 0)
		return r;
	r = seize_children(t);
	if (r == 0)
		r = introduce_all(t);
	return r < 0 ? diag_errno(r, "cannot attach") : 0;
}
