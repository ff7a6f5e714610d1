/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A process runs a new program: which, its loader, and where it begins. */
#include "tracer/exec.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
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

static int emit_executed(const struct tracing *t, const struct task *task, const char *path,
			 bool again)
{
	struct event event = { .kind = EVENT_PATH,
			       .call = &task->call,
			       .path = { path, PATH_EXECUTE, KIND_FILE, again } };

	return tracing_emit_executed(t, task, &event);
}

/* What a process runs now. */
struct image {
	char exe[PATH_MAX];    /* "" where it has no name */
	char loader[PATH_MAX]; /* "" for a static program */
	bool named;	       /* exe is the file's name still */
	uint64_t entry, loader_address;
};

/*
 * The kernel opens more than the file that execve names: a script's interpreter, and the loader
 * of a dynamic executable. All of them need the right to be executed. TOLD already was this one,
 * or NULL.
 */
static int emit_opened_by_kernel(const struct tracing *t, const struct task *task,
				 const struct image *image, const char *told, bool again)
{
	int r = 0;

	if (*image->exe && !(told && strcmp(told, image->exe) == 0))
		r = emit_executed(t, task, image->exe, again);
	if (r >= 0 && *image->loader)
		r = emit_executed(t, task, image->loader, again);
	return r;
}

/*
 * What the launcher executed, which is no program of its own: a script, perhaps in chains, and
 * what the kernel opened for it.
 */
static int emit_command(struct tracing *t, struct task *task, const char *path,
			const struct image *image)
{
	const struct lookup_request request = { path, AT_FDCWD, LAST_FOLLOWED, 0 };
	struct place place;
	int r = 0;

	if (lookup_path(&t->lookup, task, &request, &place) < 0)
		return emit_opened_by_kernel(t, task, image, NULL, false);
	do
		r = emit_executed(t, task, place.path, false);
	while (r >= 0 && scripts_between(&t->lookup, task, &place));
	return r < 0 ? r : emit_opened_by_kernel(t, task, image, place.path, false);
}

/* By the name that stands in the executable; where that leads nowhere, by what is mapped. */
static void find_loader(struct tracing *t, struct task *task, struct image *image)
{
	struct lookup_request request = { NULL, AT_FDCWD, LAST_FOLLOWED, 0 };
	const struct module *module;
	char file[PROCFS_NAME_MAX];
	struct place place;

	if (!image->loader_address)
		return;
	procfs_name(file, task->process->pid, "exe");
	module = symbols_module(&t->symbols, file);
	request.path = module ? module_interpreter(module) : NULL;
	if (request.path && lookup_path(&t->lookup, task, &request, &place) == 0 &&
	    place.kind == KIND_FILE)
		snprintf(image->loader, sizeof(image->loader), "%s", place.path);
	else if (stacks_mapped_file(t->stacks, task, image->loader_address, image->loader,
				    sizeof(image->loader)) < 0)
		image->loader[0] = '\0';
}

/* EXECUTED: what was executed, for where the kernel does not tell us; or NULL. */
static void look_at_image(struct tracing *t, struct task *task, const char *executed,
			  struct image *ret)
{
	struct place exe;

	ret->exe[0] = ret->loader[0] = '\0';
	ret->named = false;
	ret->entry = ret->loader_address = 0;
	procfs_entry(task->process->pid, &ret->entry, &ret->loader_address);
	find_loader(t, task, ret);
	if (lookup_link(&t->lookup, task, "exe", &exe) == 0) {
		snprintf(ret->exe, sizeof(ret->exe), "%s", exe.path);
		ret->named = exe.in_reach;
	} else if (executed && geteuid() != 0) {
		snprintf(ret->exe, sizeof(ret->exe), "%s", executed);
		ret->named = true;
	}
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

int exec_expect(struct task *task, const char *path)
{
	char *copy = strdup(path);

	if (!copy)
		return -ENOMEM;
	free(task->executes);
	task->executes = copy;
	return 0;
}

int exec_tell_hidden(const struct tracing *t, const struct task *task)
{
	return emit_limit(t, task,
			  "not dumpable (prctl(2), PR_SET_DUMPABLE), which hides its memory from "
			  "users: paths, addresses and call sites were not seen from there on; "
			  "record it as root");
}

/* So is what runs from a file that the user may execute and not read. */
static int check_hidden(const struct tracing *t, const struct task *task)
{
	char cwd[PATH_MAX];

	if (geteuid() == 0 || procfs_link(task->process->pid, "cwd", cwd) != -EACCES)
		return 0;
	return exec_tell_hidden(t, task);
}

static bool can_break(const struct tracing *t, const struct task *task)
{
	bool inert = true;

	if (t->options->n_targets) /* should we be killed, nobody would take it back */
		return false;
	/* The kernel would reset a blocked or ignored SIGTRAP to its default (force_sig). */
	return procfs_signal_inert(task->tid, SIGTRAP, &inert) == 0 && !inert;
}

/* Static programs have no loader: what they do, they do themselves. */
static int await_main(const struct tracing *t, struct task *task, const struct image *image)
{
	struct process *p = task->process;

	p->entry = 0;
	p->phase = PHASE_MAIN;
	if (!image->loader_address || !image->entry)
		return 0;
	if (t->options->door) /* a service outlives us, and is confined before it starts */
		return 0;
	if (t->listening)
		return 0;
	if (!can_break(t, task) || control_break(task->tid, image->entry, &p->at_entry) < 0)
		return emit_limit(t, task,
				  "start-up could not be told from the rest: all is in phase main");
	p->entry = image->entry;
	p->phase = PHASE_LOAD;
	return 0;
}

int exec_of_program(struct tracing *t, struct task *task, const char *path)
{
	struct image image;
	int r = 0;

	look_at_image(t, task, path ? path : task->executes, &image);
	if (!path) /* the program that called execve needs these rights */
		r = emit_opened_by_kernel(t, task, &image, task->executes, false);
	task->process->highest_fd = -1;
	task->process->phase_calls = 0;
	if (r >= 0)
		r = tracing_set_program(t, task, image.named ? image.exe : NULL);
	if (r >= 0)
		r = await_main(t, task, &image);
	if (r >= 0 && path) { /* and so does the launcher, which is no program of its own */
		const struct event_origin origin = { .program = task->process->program,
						     .phase = task->process->phase,
						     .pid = task->process->pid,
						     .tid = task->tid };

		peaks_begin(t, task);
		r = t->sink->call(t->sink->state, &origin, &task->call);
		if (r >= 0)
			r = emit_command(t, task, path, &image);
	} else if (r >= 0) {
		r = emit_opened_by_kernel(t, task, &image, NULL, true);
	}
	free(task->executes);
	task->executes = NULL;
	if (r >= 0)
		r = emit_loader(t, task, image.loader);
	if (r >= 0)
		r = check_set_id(t, task);
	return r < 0 ? r : check_hidden(t, task);
}

bool exec_reached_entry(struct task *task)
{
	struct process *p = task->process;

	if (!p->entry || !control_broke(task->tid, p->entry))
		return false;
	control_unbreak(task->tid, p->entry, p->at_entry);
	p->entry = 0;
	p->phase = PHASE_MAIN;
	return true;
}

bool exec_forget_entry(const struct task *task)
{
	const struct process *p = task->process;
	bool pending = false;

	if (!p->entry)
		return true;
	control_unbreak(task->tid, p->entry, p->at_entry);
	return procfs_signal_pending(task->tid, SIGTRAP, &pending) < 0 || !pending;
}
