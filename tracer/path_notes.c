/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a call does to files, as events. */
#include "tracer/path_notes.h"

#include <linux/fiemap.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "sysdb/effects.h"
#include "tracer/exec.h"
#include "tracer/paths.h"
#include "tracer/procfs.h"
#include "tracer/scripts.h"

static int emit_path(const struct tracing *t, struct task *task, const struct path_action *a)
{
	struct event event = {
		.kind = EVENT_PATH,
		.call = &task->call,
		.path = { .path = a->at.path, .effects = a->effects, .kind = a->at.kind },
	};

	phases_at_path(t->options->phase_at, task, a->at.path);
	return a->effects ? tracing_emit(t, task, &event) : 0;
}

/* Requests that are no device's own: landlock lets them pass (security/landlock/fs.c). */
static bool is_for_any_file(uint32_t request)
{
	static const uint32_t requests[] = {
		FIOCLEX, FIONCLEX, FIONBIO, FIOASYNC,	  FIOQSIZE,	 FIFREEZE,
		FITHAW,	 FIGETBSZ, FICLONE, FICLONERANGE, FIDEDUPERANGE, FS_IOC_FIEMAP,
	};

	for (size_t i = 0; i < ARRAY_SIZE(requests); i++)
		if (requests[i] == request)
			return true;
	return false;
}

/* ioctl on a device: the right belongs to the path that the descriptor was opened by. */
int path_notes_ioctl(const struct tracing *t, struct task *task)
{
	struct path_action a = { .effects = PATH_IOCTL };
	struct stat st;

	if (is_for_any_file((uint32_t)task->call.args[1]))
		return 0;
	if (procfs_descriptor(task->tid, (int)task->call.args[0], &st) < 0 ||
	    !(S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode)) ||
	    lookup_descriptor(&t->lookup, task, (int)task->call.args[0], &a.at) < 0)
		return 0;
	return emit_path(t, task, &a);
}

/* Code mapped from a file is a library, or the program itself. */
int path_notes_map(struct tracing *t, const struct task *task)
{
	char what[PROCFS_NAME_MAX], name[PROCFS_NAME_MAX], path[PATH_MAX];

	if (!(task->call.args[2] & PROT_EXEC) || task->call.args[3] & MAP_ANONYMOUS)
		return 0;
	snprintf(what, sizeof(what), "fd/%d", (int)task->call.args[4]);
	if (procfs_link(task->tid, what, path) < 0 || path[0] != '/')
		return 0;
	procfs_name(name, task->tid, what);
	return tracing_library(t, task, path, name);
}

/* Interpreters that are scripts themselves: the kernel's limit is five deep (fs/exec.c). */
static int emit_scripts(const struct tracing *t, struct task *task, struct path_action *a)
{
	const int most = 5;
	int r = 0;

	a->effects = PATH_EXECUTE;
	for (int i = 0; i < most && r >= 0 && scripts_between(&t->lookup, task, &a->at); i++)
		r = emit_path(t, task, a);
	return r;
}

/* LOOKED_AT: also of calls that only look. */
int path_notes_of_call(struct tracing *t, struct task *task, const struct syscall_info *info,
		      bool looked_at)
{
	struct path_action actions[2];
	int n, r = 0;

	if (info->paths[0].use == USE_NONE || (!paths_acted_on(info) && !looked_at))
		return 0;
	n = paths_of_call(&t->lookup, task, info, actions);
	for (int i = 0; i < n && r >= 0; i++) {
		placement_at_path(&t->placement, &t->tasks, task, actions[i].at.path);
		if (!looked_at)
			actions[i].effects &= ~(uint32_t)PATH_STAT;
		r = emit_path(t, task, &actions[i]);
	}
	if (r < 0 || !n || info->class != CLASS_EXEC)
		return r;
	r = emit_scripts(t, task, &actions[0]);
	return r < 0 ? r : exec_expect(task, actions[0].at.path);
}

/* mremap(2) moves what it cannot let grow. */
static void note_moved(struct tracing *t, const struct process *process, const uint64_t *args)
{
	if (args[3] & MREMAP_MAYMOVE)
		stacks_unmapped(t->stacks, process, args[0], args[1]);
	if (args[3] & MREMAP_FIXED)
		stacks_unmapped(t->stacks, process, args[4], args[2]);
}

/* What the call takes away, or puts something else in the place of. */
static void note_unmapped(struct tracing *t, const struct process *process,
			  const struct event_call *call, const char *name)
{
	const uint64_t *args = call->args;

	if (strcmp(name, "mremap") == 0)
		note_moved(t, process, args);
	else if (strcmp(name, "munmap") == 0 ||
		 (strncmp(name, "mmap", strlen("mmap")) == 0 && args[3] & MAP_FIXED))
		stacks_unmapped(t->stacks, process, args[0], args[1]);
}

/* By now the stack was walked, where it was: the call itself is before what it maps or unmaps. */
void path_notes_code(struct tracing *t, struct process *process, const struct event_call *call,
		     const struct syscall_info *info)
{
	if (info->class == CLASS_MAP || info->class == CLASS_MEMORY)
		note_unmapped(t, process, call, info->name);
	/* mmap, mprotect and their like: PROT_* is the third argument. */
	if ((info->class == CLASS_MAP || info->class == CLASS_MEMORY) && call->args[2] & PROT_EXEC)
		process->code++;
}
