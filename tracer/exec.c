/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A process runs a new program: which, its loader, and where it begins. */
#include "tracer/exec.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sysdb/effects.h"
#include "tracer/control.h"
#include "tracer/lookup.h"
#include "tracer/peaks.h"
#include "tracer/procfs.h"
#include "tracer/scripts.h"

static int emit_limit(const struct tracing *t, const struct task *task, const char *why)
{
	struct event event = { .kind = EVENT_LIMIT, .limit = why };

	return tracing_emit(t, task, &event);
}

static int emit_executed(const struct tracing *t, const struct task *task, const char *path)
{
	struct event event = { .kind = EVENT_PATH,
			       .call = &task->call,
			       .path = { path, PATH_EXECUTE, KIND_FILE } };

	return tracing_emit(t, task, &event);
}

/*
 * The kernel opens more than the file that execve names: a script's interpreter, and the loader
 * of a dynamic executable. All of them need the right to be executed.
 */
static int emit_opened_by_kernel(struct tracing *t, struct task *task, const char *loader)
{
	struct place exe;
	int r = 0;

	if (lookup_link(&t->lookup, task, "exe", &exe) == 0)
		r = emit_executed(t, task, exe.path);
	if (r >= 0 && *loader)
		r = emit_executed(t, task, loader);
	return r;
}

/* What the launcher executed, which is no program of its own: a script, perhaps in chains. */
static int emit_command(struct tracing *t, struct task *task, const char *path)
{
	const struct lookup_request request = { path, AT_FDCWD, LAST_FOLLOWED, 0 };
	struct place place;
	int r = 0;

	if (lookup_path(&t->lookup, task, &request, &place) < 0)
		return 0;
	do
		r = emit_executed(t, task, place.path);
	while (r >= 0 && scripts_between(&t->lookup, task, &place));
	return r;
}

static void find_loader(struct tracing *t, const struct task *task, uint64_t address,
			char loader[PATH_MAX])
{
	if (!address || stacks_mapped_file(t->stacks, task->process, address, loader, PATH_MAX) < 0)
		loader[0] = '\0';
}

/* The loader is a library that no mmap call brought. */
static int emit_loader(struct tracing *t, const struct task *task, const char *loader)
{
	char file[PATH_MAX + PROCFS_NAME_MAX];

	if (!*loader)
		return 0;
	snprintf(file, sizeof(file), "/proc/%d/root%s", (int)task->process->pid, loader);
	return tracing_library(t, task, loader, file);
}

/* A traced program gains nothing by its set-user-ID bit unless the tracer is privileged. */
static int check_set_id(const struct tracing *t, const struct task *task)
{
	char file[PROCFS_NAME_MAX];
	struct stat st;

	procfs_name(file, task->process->pid, "exe");
	if (geteuid() == 0 || stat(file, &st) < 0 || !(st.st_mode & (S_ISUID | S_ISGID)))
		return 0;
	return emit_limit(t, task,
			  "set-user-ID or set-group-ID program: it ran without the privileges it "
			  "would have had; record it as root");
}

static bool can_break(const struct task *task)
{
	bool inert = true;

	/* The kernel would reset a blocked or ignored SIGTRAP to its default (force_sig). */
	return procfs_signal_inert(task->tid, SIGTRAP, &inert) == 0 && !inert;
}

/* Static programs have no loader: what they do, they do themselves. */
static int await_main(const struct tracing *t, struct task *task, uint64_t entry, uint64_t loader)
{
	struct process *p = task->process;

	p->entry = 0;
	p->phase = PHASE_MAIN;
	if (!loader || !entry)
		return 0;
	if (!can_break(task) || control_breakpoint(task->tid, entry) < 0)
		return emit_limit(t, task,
				  "start-up could not be told from the rest: all is in phase main");
	p->entry = entry;
	p->phase = PHASE_LOAD;
	return 0;
}

int exec_of_program(struct tracing *t, struct task *task, const char *path)
{
	uint64_t entry = 0, loader_address = 0;
	char loader[PATH_MAX];
	int r = 0;

	procfs_entry(task->process->pid, &entry, &loader_address);
	find_loader(t, task, loader_address, loader);
	if (!path) /* the program that called execve needs these rights */
		r = emit_opened_by_kernel(t, task, loader);
	task->process->highest_fd = -1;
	task->process->phase_calls = 0;
	if (r >= 0)
		r = tracing_set_program(t, task);
	if (r >= 0)
		r = await_main(t, task, entry, loader_address);
	if (r >= 0 && path) { /* and so does the launcher, which is no program of its own */
		const struct event_origin origin = { task->process->program, task->process->phase,
						     task->process->pid, task->tid };

		peaks_begin(t, task);
		r = t->sink->call(t->sink->state, &origin, &task->call);
		if (r >= 0)
			r = emit_command(t, task, path);
	}
	if (r >= 0)
		r = emit_opened_by_kernel(t, task, loader);
	if (r >= 0)
		r = emit_loader(t, task, loader);
	return r < 0 ? r : check_set_id(t, task);
}

void exec_await_entry(const struct task *task)
{
	if (task->process->entry)
		control_breakpoint(task->tid, task->process->entry);
}

bool exec_reached_entry(struct task *task)
{
	siginfo_t info;

	if (!task->process->entry || control_siginfo(task->tid, &info) < 0 ||
	    info.si_code != BREAKPOINT_SI_CODE ||
	    (uint64_t)(uintptr_t)info.si_addr != task->process->entry)
		return false;
	control_breakpoint(task->tid, 0);
	task->process->entry = 0;
	task->process->phase = PHASE_MAIN;
	return true;
}

bool exec_forget_entry(const struct task *task)
{
	bool pending = false;

	if (!task->process->entry)
		return true;
	control_breakpoint(task->tid, 0);
	return procfs_signal_pending(task->tid, SIGTRAP, &pending) < 0 || !pending;
}
