/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The events that follow from one call of a log. */
#include "importer/facts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "importer/effects.h"
#include "sysdb/effects.h"
#include "sysdb/path_uses.h"

/* A call on its way to the sink. */
struct handing {
	struct importer *im;
	struct process *process;
	const struct logged_call *logged;
	struct event_origin origin;
};

struct event_origin facts_origin(const struct logged_task *task)
{
	return (struct event_origin){
		.program = (uint32_t)task->process->program,
		.phase = PHASE_MAIN,
		.pid = task->process->pid,
		.tid = task->tid,
	};
}

static int emit(const struct handing *h, struct event *event)
{
	event->origin = h->origin;
	event->call = &h->logged->call;
	return h->im->sink.event(h->im->sink.state, event);
}

static uint64_t arg(const struct handing *h, int index)
{
	return index < 0 ? 0 : h->logged->call.args[index];
}

static bool is_read(const struct handing *h, int index)
{
	return index >= 0 && !(h->logged->call.unread_args >> index & 1);
}

static bool succeeded(const struct handing *h)
{
	return h->logged->has_result && h->logged->result >= 0;
}

static bool is_call(const struct handing *h, const char *name)
{
	return h->logged->info && strcmp(h->logged->info->name, name) == 0;
}

/* ---- paths ---- */

char *facts_absolute(const char *dir, const char *path)
{
	char *joined;

	if (asprintf(&joined, "%s%s%s", path[0] == '/' ? "" : dir, path[0] == '/' ? "" : "/",
		     path) < 0)
		return NULL;
	path_tidy(joined);
	return joined;
}

/* Where a relative path begins, or NULL where the log does not tell. */
static const char *start_of(const struct handing *h, const struct path_arg *how,
			    const struct logged_path *path)
{
	const struct descriptor *d;

	if (path->dir)
		return path->dir;
	if (how->dirfd == NO_ARG || (int)arg(h, how->dirfd) == AT_FDCWD)
		return h->process->cwd;
	d = is_read(h, how->dirfd) ? process_descriptor(h->process, (int)arg(h, how->dirfd)) : NULL;
	return d ? d->path : NULL;
}

/* The absolute path, for the caller to free; NULL where the log does not tell, or no memory. */
static char *absolute(const struct handing *h, unsigned i)
{
	const struct logged_path *path = &h->logged->paths[i];
	const char *dir;

	if (!path->path)
		return NULL;
	if (path->path[0] == '/')
		return facts_absolute("", path->path);
	dir = start_of(h, &h->logged->info->paths[i], path);
	if (!dir || dir[0] != '/') {
		importing_note(&h->im->summary.unread_paths, h->im->summary.unread_path,
			       path->path);
		return NULL;
	}
	/* An empty path is the descriptor itself (AT_EMPTY_PATH). */
	return facts_absolute(dir, path->path);
}

static uint64_t flags_of(const struct handing *h, unsigned i)
{
	return arg(h, h->logged->info->paths[i].flags);
}

static int emit_path(const struct handing *h, const char *path, uint32_t effects, uint32_t kind)
{
	struct event event = {
		.kind = EVENT_PATH,
		.path = { .path = path, .effects = effects, .kind = kind },
	};

	return effects ? emit(h, &event) : 0;
}

static bool same_directory(const char *a, const char *b)
{
	size_t n = (size_t)(strrchr(a, '/') - a), m = (size_t)(strrchr(b, '/') - b);

	return n == m && memcmp(a, b, n) == 0;
}

static int know_directory(struct importer *im, const char *path)
{
	static char mark;

	return map_get(&im->directories, path, strlen(path))
		       ? 0
		       : map_put(&im->directories, path, strlen(path), &mark);
}

/* An open(2) that succeeded, of what may be a file or a directory. */
static bool is_unsure(const struct handing *h, uint32_t effects)
{
	enum path_use use = h->logged->info->paths[0].use;

	return (use == USE_OPEN || use == USE_OPENAT2) && succeeded(h) && effects == PATH_READ &&
	       !h->logged->paths[0].kind && !(flags_of(h, 0) & O_DIRECTORY);
}

int facts_settle(struct importer *im, const struct process *process, int descriptor, uint32_t kind)
{
	struct descriptor *d = process_descriptor(process, descriptor);
	struct event event = { .kind = EVENT_PATH };

	if (!d || !d->unsure)
		return 0;
	d->unsure = false;
	event.origin = (struct event_origin){ .program = d->program, .phase = PHASE_MAIN,
						      .pid = process->pid, .tid = process->pid };
	event.path.path = d->path;
	event.path.effects = kind == KIND_DIRECTORY ? PATH_LIST : d->effects;
	event.path.kind = kind;
	if (kind == KIND_DIRECTORY && know_directory(im, d->path) < 0)
		return -ENOMEM;
	return im->sink.event(im->sink.state, &event);
}

int facts_settle_all(struct importer *im, const struct process *process)
{
	int r = 0;

	for (size_t i = 0; i < process->descriptors.n && r == 0; i++) {
		const int *fd = map_key(&process->descriptors.entries[i]);

		r = facts_settle(im, process, *fd, KIND_FILE);
	}
	return r;
}

/* What is renamed is a directory, if the log ever showed it as one. */
static uint32_t kind_of_moved(const struct handing *h, const char *path)
{
	return map_get(&h->im->directories, path, strlen(path)) ? KIND_DIRECTORY : KIND_FILE;
}

static int note_move(const struct handing *h, const char *from, const char *to, uint32_t refer)
{
	uint32_t kind = kind_of_moved(h, from);
	int r = emit_path(h, from, effects_of_path(h->logged->info, 0, 0, kind) | refer, kind);

	if (r == 0 && kind == KIND_DIRECTORY && succeeded(h))
		r = know_directory(h->im, to);
	if (r == 0)
		r = emit_path(h, to, effects_of_path(h->logged->info, 1, 0, kind) | refer,
			      KIND_MISSING);
	return r;
}

static int emit_one(const struct handing *h, unsigned i, const char *path, uint32_t more)
{
	const struct logged_path *logged = &h->logged->paths[i];
	int64_t result = h->logged->has_result ? h->logged->result : 0;
	uint64_t flags = flags_of(h, i);
	uint32_t kind = logged->kind ? logged->kind
				     : effects_kind(h->logged->info, i, flags, result, path);

	more |= effects_of_path(h->logged->info, i, flags, kind);
	return is_unsure(h, more) ? 0 : emit_path(h, path, more, kind);
}

static int note_paths(const struct handing *h)
{
	const struct syscall_info *info = h->logged->info;
	auto_free char *first = NULL, *second = NULL;
	uint32_t refer = 0;
	int r = 0;

	if (path_use_effects(info->paths[0].use, 0, KIND_FILE) == PATH_STAT)
		return 0;
	first = info->paths[0].use == USE_NONE ? NULL : absolute(h, 0);
	second = info->paths[1].use == USE_NONE ? NULL : absolute(h, 1);
	if (first && second && !same_directory(first, second))
		refer = PATH_REFER;
	if (first && second && info->paths[0].use == USE_RENAME_FROM)
		return note_move(h, first, second, refer);
	if (first && info->paths[0].use == USE_MKDIR && succeeded(h))
		r = know_directory(h->im, first);
	if (first && r == 0)
		r = emit_one(h, 0, first, refer);
	return r == 0 && second ? emit_one(h, 1, second, refer) : r;
}

/* ---- descriptors ---- */

static int note_highest(const struct handing *h)
{
	struct event event = { .kind = EVENT_PEAK, .peak = { .resource = RLIMIT_NOFILE } };
	int highest = h->process->highest_fd;

	for (int i = 0; i < 6; i++) {
		int fd = (int)arg(h, i);

		if (h->logged->info->fd_args >> i & 1 && is_read(h, i) && fd > highest)
			highest = fd;
	}
	/* Audit rules select calls: the highest of those is no bound. */
	if (highest == h->process->highest_fd || !h->im->strace.n_lines)
		return 0;
	h->process->highest_fd = highest;
	event.peak.value = (uint64_t)highest + 1;
	return emit(h, &event);
}

static bool opens(const struct handing *h)
{
	enum path_use use = h->logged->info->paths[0].use;

	return use == USE_OPEN || use == USE_OPENAT2 || use == USE_CREAT;
}

static bool duplicates(const struct handing *h)
{
	bool fcntl = is_call(h, "fcntl") || is_call(h, "fcntl64");

	if (fcntl)
		return arg(h, 1) == F_DUPFD || arg(h, 1) == F_DUPFD_CLOEXEC;
	return is_call(h, "dup") || is_call(h, "dup2") || is_call(h, "dup3");
}

static int note_opened(const struct handing *h, int fd, const char *path)
{
	struct descriptor *d;
	int r = facts_settle(h->im, h->process, fd, KIND_FILE);

	if (r == 0)
		r = process_opened(h->process, fd, path, 0);
	if (r < 0 || !path)
		return r;
	d = process_descriptor(h->process, fd);
	d->effects = effects_of_path(h->logged->info, 0, flags_of(h, 0), KIND_FILE);
	d->unsure = is_unsure(h, d->effects);
	d->program = h->origin.program;
	return 0;
}

/* Calls that tell nothing of what a descriptor is. */
static bool tells_nothing(const struct handing *h)
{
	return is_call(h, "fcntl") || is_call(h, "fcntl64") || is_call(h, "fstatfs") ||
	       is_call(h, "ioctl") || is_call(h, "newfstatat") || is_call(h, "fstat") ||
	       is_call(h, "statx");
}

/* What a call with a descriptor says of it. */
static int settle_used(const struct handing *h)
{
	bool lists = is_call(h, "getdents64") || is_call(h, "getdents") || is_call(h, "fchdir");
	int r = 0;

	if (h->logged->is)
		return facts_settle(h->im, h->process, (int)arg(h, 0), h->logged->is);
	if (tells_nothing(h))
		return 0;
	for (int i = 0; i < 6 && r == 0; i++)
		if (h->logged->info->fd_args >> i & 1 && is_read(h, i))
			r = facts_settle(h->im, h->process, (int)arg(h, i),
					 lists ? KIND_DIRECTORY : KIND_FILE);
	if (r == 0 && h->logged->info->class == CLASS_MAP && is_read(h, 4))
		r = facts_settle(h->im, h->process, (int)arg(h, 4), KIND_FILE);
	return r;
}

static int note_descriptors(const struct handing *h)
{
	const struct descriptor *d;
	int fd = (int)h->logged->result, r = settle_used(h);

	if (r < 0)
		return r;
	if (is_call(h, "close"))
		process_closed(h->process, (int)arg(h, 0));
	if (!succeeded(h))
		return 0;
	if (h->logged->info->class == CLASS_SOCKET && is_call(h, "socket"))
		return process_opened(h->process, fd, NULL, (int)arg(h, 1) & 0xf);
	if (opens(h)) {
		auto_free char *path = absolute(h, 0);

		return note_opened(h, fd, path);
	}
	d = duplicates(h) ? process_descriptor(h->process, (int)arg(h, 0)) : NULL;
	if (d) {
		auto_free char *path = d->path ? strdup(d->path) : NULL;

		return process_opened(h->process, fd, path, d->socket_type);
	}
	return 0;
}

static int note_directory(const struct handing *h)
{
	auto_free char *path = NULL;
	const struct descriptor *d;

	if (!succeeded(h))
		return 0;
	if (is_call(h, "chdir")) {
		path = absolute(h, 0);
		return path ? process_set_cwd(h->process, path) : 0;
	}
	if (!is_call(h, "fchdir"))
		return 0;
	d = process_descriptor(h->process, (int)arg(h, 0));
	if (h->logged->descriptor)
		return process_set_cwd(h->process, h->logged->descriptor);
	return d && d->path ? process_set_cwd(h->process, d->path) : 0;
}

/* What the log or an earlier call said of the descriptor in argument INDEX; NULL: nothing. */
static const char *descriptor_path(const struct handing *h, int index)
{
	const struct descriptor *d =
		is_read(h, index) ? process_descriptor(h->process, (int)arg(h, index)) : NULL;

	if (index == 0 && h->logged->descriptor)
		return h->logged->descriptor;
	return d ? d->path : NULL;
}

/* ---- one class each ---- */

static int note_socket(const struct handing *h)
{
	struct event event = {
		.kind = EVENT_SOCKET,
		.socket = { .family = (int)arg(h, 0) },
	};

	if (is_read(h, 1)) /* 0: not known */
		event.socket.type = (int)arg(h, 1) & ~(SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (is_read(h, 2))
		event.socket.protocol = (int)arg(h, 2);
	return is_read(h, 0) ? emit(h, &event) : 0;
}

static int note_address(const struct handing *h)
{
	const struct logged_address *a = &h->logged->address;
	const struct descriptor *d = process_descriptor(h->process, (int)arg(h, 0));
	bool bind = is_call(h, "bind");
	struct event event = {
		.kind = EVENT_ADDRESS,
		.address = { .use = bind ? ADDRESS_BIND : ADDRESS_CONNECT,
			     .family = a->family,
			     .type = d ? d->socket_type : 0,
			     .address = a->address,
			     .port = a->port },
	};

	if (a->path) {
		auto_free char *path = facts_absolute(h->process->cwd, a->path);

		if (!path || path[0] != '/')
			return path ? 0 : -ENOMEM;
		return emit_path(h, path, bind ? PATH_CREATE_SOCKET : PATH_CONNECT,
				 bind ? KIND_MISSING : KIND_SOCKET);
	}
	return a->address ? emit(h, &event) : 0;
}

static int note_map(const struct handing *h)
{
	const char *path = h->logged->mapped ? h->logged->mapped : descriptor_path(h, 4);
	struct event event = { .kind = EVENT_LIBRARY, .library = { path, "" } };

	if (!path || !is_read(h, 2) || !(arg(h, 2) & PROT_EXEC))
		return 0;
	return emit(h, &event);
}

static int note_ioctl(const struct handing *h)
{
	const char *path = descriptor_path(h, 0);

	/* A log does not say what is a device; nothing else is below /dev that ioctl is for. */
	return path && strncmp(path, "/dev/", 5) == 0 ? emit_path(h, path, PATH_IOCTL, KIND_CHAR)
						      : 0;
}

static int note_signal(const struct handing *h)
{
	bool to_thread = strncmp(h->logged->info->name, "tg", 2) == 0 ||
			 strncmp(h->logged->info->name, "rt_tg", 5) == 0;
	int signal = to_thread ? 2 : 1;
	pid_t pid = (pid_t)arg(h, 0);
	struct event event = {
		.kind = EVENT_SIGNAL,
		.signal = { .signal = (int)arg(h, signal), .target = pid },
	};

	if (!is_read(h, 0) || !is_read(h, signal) || pid == 0 || pid == -1 ||
	    processes_knows(&h->im->processes, pid < 0 ? -pid : pid))
		return 0;
	return emit(h, &event);
}

static int note_class(const struct handing *h)
{
	static const struct {
		enum syscall_class class;
		int (*note)(const struct handing *h);
	} notes[] = {
		{ CLASS_SOCKET, note_socket }, { CLASS_ADDRESS, note_address },
		{ CLASS_MAP, note_map },       { CLASS_IOCTL, note_ioctl },
		{ CLASS_SIGNAL, note_signal },
	};

	for (size_t i = 0; i < ARRAY_SIZE(notes); i++)
		if (notes[i].class == h->logged->info->class)
			return notes[i].note(h);
	return 0;
}

/* ---- the call ---- */

static int note_all(const struct handing *h)
{
	int (*const steps[])(const struct handing *h) = {
		note_highest, note_paths, note_class, note_descriptors, note_directory,
	};
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(steps) && r == 0; i++)
		r = steps[i](h);
	return r;
}

static int emit_result(const struct handing *h)
{
	struct event event = { .kind = EVENT_RESULT, .result = h->logged->result };

	return emit(h, &event);
}

int facts_hand_on(struct importer *im, const struct logged_task *task,
		  const struct logged_call *call)
{
	const struct handing h = { im, task->process, call, facts_origin(task) };
	int lessons = im->sink.call(im->sink.state, &h.origin, &call->call), r = 0;

	if (lessons < 0)
		return lessons;
	im->summary.calls++;
	if (call->info)
		r = note_all(&h);
	if (r == 0 && lessons & LESSON_RESULT && call->has_result)
		r = emit_result(&h);
	return r < 0 ? r : (lessons & LESSON_STACK) != 0;
}

int facts_stack(struct importer *im, const struct event_origin *origin,
		const struct event_call *call, const char *const *frames, size_t n)
{
	struct event event = {
		.kind = EVENT_STACK,
		.origin = *origin,
		.call = call,
		.stack = { frames, n },
	};

	return im->sink.event(im->sink.state, &event);
}
