/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the failure of a call tells about landlock and resource limits, which say nothing. */
#include "cli/failures.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "enforcer/enforcer.h"
#include "learner/path_rights.h"
#include "sysdb/effects.h"
#include "sysdb/landlock.h"
#include "sysdb/rlimits.h"
#include "sysdb/syscalls.h"

/* ---- the calls ---- */

/* Calls that landlock may refuse (security/landlock/{fs,net,task}.c). */
static const char *const fs_calls[] = {
	"open",	    "openat",  "openat2",  "creat",	 "execve",    "execveat",
	"mkdir",    "mkdirat", "mknod",	   "mknodat",	 "symlink",   "symlinkat",
	"link",	    "linkat",  "rename",   "renameat",	 "renameat2", "unlink",
	"unlinkat", "rmdir",   "truncate", "truncate64", "bind",      NULL,
};
static const char *const device_calls[] = { "ioctl", NULL };
static const char *const net_calls[] = { "bind", "connect", "socketcall", NULL };
static const char *const signal_calls[] = {
	"kill", "tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_send_signal",
	NULL,
};

enum limit_check {
	CHECK_NONE,   /* the error has no other likely reason */
	CHECK_MAP,    /* the size is argument 1: of the address space, or of data */
	CHECK_GROWTH, /* argument 2 less argument 1 */
	CHECK_TARGET, /* argument 1 is a descriptor at or above the limit */
};

/* Sources: the man pages' ERRORS, setrlimit(2). */
static const struct limit_row {
	const char *call;
	int error;
	int resource;
	enum limit_check check;
} limit_rows[] = {
	{ "open", EMFILE, RLIMIT_NOFILE, CHECK_NONE },
	{ "openat", EMFILE, RLIMIT_NOFILE, CHECK_NONE },
	{ "openat2", EMFILE, RLIMIT_NOFILE, CHECK_NONE },
	{ "creat", EMFILE, RLIMIT_NOFILE, CHECK_NONE },
	{ "socket", EMFILE, RLIMIT_NOFILE, CHECK_NONE },
	{ "socketpair", EMFILE, RLIMIT_NOFILE, CHECK_NONE },
	{ "accept", EMFILE, RLIMIT_NOFILE, CHECK_NONE },
	{ "accept4", EMFILE, RLIMIT_NOFILE, CHECK_NONE },
	{ "pipe", EMFILE, RLIMIT_NOFILE, CHECK_NONE },
	{ "pipe2", EMFILE, RLIMIT_NOFILE, CHECK_NONE },
	{ "dup", EMFILE, RLIMIT_NOFILE, CHECK_NONE },
	{ "dup2", EBADF, RLIMIT_NOFILE, CHECK_TARGET },
	{ "dup3", EBADF, RLIMIT_NOFILE, CHECK_TARGET },
	{ "eventfd2", EMFILE, RLIMIT_NOFILE, CHECK_NONE },
	{ "epoll_create", EMFILE, RLIMIT_NOFILE, CHECK_NONE },
	{ "epoll_create1", EMFILE, RLIMIT_NOFILE, CHECK_NONE },
	{ "timerfd_create", EMFILE, RLIMIT_NOFILE, CHECK_NONE },
	{ "signalfd4", EMFILE, RLIMIT_NOFILE, CHECK_NONE },
	{ "inotify_init", EMFILE, RLIMIT_NOFILE, CHECK_NONE },
	{ "inotify_init1", EMFILE, RLIMIT_NOFILE, CHECK_NONE },
	{ "memfd_create", EMFILE, RLIMIT_NOFILE, CHECK_NONE },
	{ "pidfd_open", EMFILE, RLIMIT_NOFILE, CHECK_NONE },
	{ "mmap", ENOMEM, RLIMIT_AS, CHECK_MAP },
	{ "mmap", ENOMEM, RLIMIT_DATA, CHECK_MAP },
	{ "mmap2", ENOMEM, RLIMIT_AS, CHECK_MAP },
	{ "mmap2", ENOMEM, RLIMIT_DATA, CHECK_MAP },
	{ "mremap", ENOMEM, RLIMIT_AS, CHECK_GROWTH },
	{ "mremap", ENOMEM, RLIMIT_DATA, CHECK_GROWTH },
	{ "mprotect", ENOMEM, RLIMIT_DATA, CHECK_MAP },
	{ "mmap", EAGAIN, RLIMIT_MEMLOCK, CHECK_NONE },
	{ "mlock", ENOMEM, RLIMIT_MEMLOCK, CHECK_NONE },
	{ "mlock", EPERM, RLIMIT_MEMLOCK, CHECK_NONE },
	{ "mlock2", ENOMEM, RLIMIT_MEMLOCK, CHECK_NONE },
	{ "mlock2", EPERM, RLIMIT_MEMLOCK, CHECK_NONE },
	{ "mlockall", ENOMEM, RLIMIT_MEMLOCK, CHECK_NONE },
	{ "mlockall", EPERM, RLIMIT_MEMLOCK, CHECK_NONE },
	{ "clone", EAGAIN, RLIMIT_NPROC, CHECK_NONE },
	{ "clone3", EAGAIN, RLIMIT_NPROC, CHECK_NONE },
	{ "fork", EAGAIN, RLIMIT_NPROC, CHECK_NONE },
	{ "vfork", EAGAIN, RLIMIT_NPROC, CHECK_NONE },
	{ "mq_open", EMFILE, RLIMIT_MSGQUEUE, CHECK_NONE },
	{ "timer_create", EAGAIN, RLIMIT_SIGPENDING, CHECK_NONE },
	{ "rt_sigqueueinfo", EAGAIN, RLIMIT_SIGPENDING, CHECK_NONE },
	{ "setpriority", EACCES, RLIMIT_NICE, CHECK_NONE },
	{ "sched_setscheduler", EPERM, RLIMIT_RTPRIO, CHECK_NONE },
};

/* ---- life ---- */

/* Which file a rule hangs on: none when there was no such path. */
struct hook {
	bool exists;
	dev_t device;
	ino_t inode;
};

struct failures {
	const struct policy *policy;
	uint32_t handled_fs, handled_net, scopes; /* by this kernel */
	bool limits;
	struct hook *hooks; /* one a path rule */
	const char **watched;
	size_t n_watched;
};

static struct hook hook_of(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return (struct hook){ 0 };
	return (struct hook){ true, st.st_dev, st.st_ino };
}

static void watch(struct failures *f, const char *name)
{
	for (size_t i = 0; i < f->n_watched; i++)
		if (strcmp(f->watched[i], name) == 0)
			return;
	f->watched[f->n_watched++] = name;
}

static void watch_all(struct failures *f, const char *const *names)
{
	for (; *names; names++)
		watch(f, *names);
}

static bool is_limited(const struct failures *f, int resource)
{
	for (size_t i = 0; f->limits && i < f->policy->n_limits; i++)
		if (f->policy->limits[i].resource == resource)
			return true;
	return false;
}

static void choose_calls(struct failures *f)
{
	watch(f, "seccomp"); /* supervise.c has to see it */
	if (f->handled_fs)
		watch_all(f, fs_calls);
	if (f->handled_fs & LL_IOCTL_DEV)
		watch_all(f, device_calls);
	if (f->handled_net || f->scopes & LL_SCOPE_ABSTRACT_UNIX)
		watch_all(f, net_calls);
	if (f->scopes & LL_SCOPE_SIGNAL)
		watch_all(f, signal_calls);
	for (size_t i = 0; i < ARRAY_SIZE(limit_rows); i++)
		if (is_limited(f, limit_rows[i].resource))
			watch(f, limit_rows[i].call);
}

struct failures *failures_new(const struct policy *policy, unsigned layers)
{
	const size_t most = ARRAY_SIZE(fs_calls) + ARRAY_SIZE(device_calls) +
			    ARRAY_SIZE(net_calls) + ARRAY_SIZE(signal_calls) +
			    ARRAY_SIZE(limit_rows) + 2;
	const unsigned abi = layers & LAYER_FILES ? landlock_abi() : 0;
	struct failures *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	f->policy = policy;
	f->handled_fs = policy->handled_fs & landlock_known(LL_FIELD_FS, abi);
	f->handled_net = policy->handled_net & landlock_known(LL_FIELD_NET, abi);
	f->scopes = policy->scopes & landlock_known(LL_FIELD_SCOPE, abi);
	f->limits = layers & LAYER_LIMITS;
	f->hooks = calloc(policy->n_paths + 1, sizeof(*f->hooks));
	f->watched = calloc(most, sizeof(*f->watched));
	if (!f->hooks || !f->watched) {
		failures_free(f);
		return NULL;
	}
	for (size_t i = 0; i < policy->n_paths; i++)
		f->hooks[i] = hook_of(policy->paths[i].path);
	choose_calls(f);
	return f;
}

void failures_free(struct failures *f)
{
	if (!f)
		return;
	free(f->hooks);
	free(f->watched);
	free(f);
}

const char *const *failures_watched(const struct failures *f)
{
	return f->watched;
}

/* ---- places ---- */

bool failures_is_of_place(const struct failures *f, int error)
{
	switch (error) {
	case EACCES:
		return f->handled_fs || f->handled_net;
	case EXDEV: /* what renames and links get without LL_REFER */
		return f->handled_fs;
	case EPERM:
		return f->scopes;
	default:
		return false;
	}
}

/* Whether PATH is the rule's or below it. */
static bool reaches(const struct policy_path *rule, const char *path)
{
	size_t n = strlen(rule->path);

	return strncmp(rule->path, path, n) == 0 &&
	       (!path[n] || path[n] == '/' || rule->path[n - 1] == '/');
}

/* The rights that rules give at PATH: each holds for its file, and for all below a directory. */
static uint32_t rights_at(const struct failures *f, const char *path)
{
	uint32_t rights = 0;

	for (size_t i = 0; i < f->policy->n_paths; i++) {
		const struct policy_path *rule = &f->policy->paths[i];
		struct hook now;

		if (!f->hooks[i].exists || !reaches(rule, path))
			continue;
		now = hook_of(rule->path);
		if (now.exists && now.device == f->hooks[i].device &&
		    now.inode == f->hooks[i].inode)
			rights |= rule->rights;
	}
	return rights;
}

static uint32_t rights_in_parent(const struct failures *f, const char *path)
{
	auto_free char *parent = strdup(path);
	char *slash = parent ? strrchr(parent, '/') : NULL;

	if (!slash)
		return 0;
	slash[slash == parent] = '\0';
	return rights_at(f, parent);
}

static bool at_path(const struct failures *f, const struct event *e, struct denial *ret)
{
	uint32_t own = path_rights_own(e->path.effects) & f->handled_fs;
	uint32_t parent = path_rights_parent(e->path.effects) & f->handled_fs;

	if (e->path.kind == KIND_MISSING && !parent)
		return false; /* ENOENT, whatever landlock says */
	own &= ~rights_at(f, e->path.path);
	parent &= ~rights_in_parent(f, e->path.path);
	if (!own && !parent)
		return false;
	ret->kind = DENIAL_PATH;
	ret->path = (char *)(uintptr_t)e->path.path;
	ret->rights = own | parent;
	ret->effects = e->path.effects;
	ret->is_directory = e->path.kind == KIND_DIRECTORY;
	return true;
}

static bool at_port(const struct failures *f, const struct event *e, struct denial *ret)
{
	const bool bind = e->address.use == ADDRESS_BIND;

	if (!(f->handled_net & (bind ? LL_BIND_TCP : LL_CONNECT_TCP)) ||
	    (e->address.type != SOCK_STREAM && e->address.type != 0))
		return false;
	for (size_t i = 0; i < f->policy->n_ports; i++)
		if (f->policy->ports[i].bind == bind && f->policy->ports[i].port == e->address.port)
			return false;
	ret->kind = DENIAL_PORT;
	ret->port = e->address.port;
	ret->bind = bind;
	return true;
}

static bool at_address(const struct failures *f, const struct event *e, int error,
		       struct denial *ret)
{
	if (e->address.family == AF_INET || e->address.family == AF_INET6)
		return error == EACCES && at_port(f, e, ret);
	if (e->address.family != AF_UNIX || error != EPERM || e->address.use != ADDRESS_CONNECT ||
	    !(f->scopes & LL_SCOPE_ABSTRACT_UNIX))
		return false;
	ret->kind = DENIAL_SCOPE;
	ret->path = (char *)(uintptr_t)e->address.address;
	return true;
}

static bool at_peak(const struct failures *f, const struct event *e, struct denial *ret)
{
	for (size_t i = 0; f->limits && i < f->policy->n_limits; i++) {
		const struct policy_limit *limit = &f->policy->limits[i];

		if (limit->resource != e->peak.resource || e->peak.value <= limit->value ||
		    rlimit_by_number(limit->resource)->grows)
			continue;
		ret->kind = DENIAL_LIMIT;
		ret->resource = limit->resource;
		ret->limit = limit->value;
		ret->need = e->peak.value;
		return true;
	}
	return false;
}

bool failures_at_place(const struct failures *f, const struct event *e, int error,
		       struct denial *ret)
{
	if (e->kind == EVENT_PATH)
		return error != EPERM && at_path(f, e, ret);
	if (e->kind == EVENT_ADDRESS)
		return at_address(f, e, error, ret);
	if (e->kind != EVENT_SIGNAL || error != EPERM || !(f->scopes & LL_SCOPE_SIGNAL))
		return false;
	ret->kind = DENIAL_SCOPE;
	return true;
}

bool failures_at_use(const struct failures *f, const struct event *e, struct denial *ret)
{
	if (e->kind == EVENT_PEAK)
		return at_peak(f, e, ret);
	/* Of an abstract socket it cannot be told here whose it is. */
	if (e->kind == EVENT_ADDRESS && e->address.family == AF_UNIX)
		return false;
	ret->answer.kind = ACTION_ERRNO;
	ret->answer.error = e->kind == EVENT_SIGNAL ? EPERM : EACCES;
	return failures_at_place(f, e, ret->answer.error, ret);
}

/* ---- limits ---- */

static uint64_t limit_of(pid_t pid, int resource)
{
	struct rlimit limit;

	if (prlimit(pid, (enum __rlimit_resource)resource, NULL, &limit) < 0 ||
	    limit.rlim_cur == RLIM_INFINITY)
		return UINT64_MAX;
	return limit.rlim_cur;
}

/* What a process has of what the limit is on: proc_pid_statm(5). */
static uint64_t memory_of(pid_t pid, int resource)
{
	auto_fclose FILE *statm = NULL;
	uint64_t size, data;
	char name[64];

	snprintf(name, sizeof(name), "/proc/%d/statm", (int)pid);
	statm = fopen(name, "re");
	if (!statm || fscanf(statm, "%" SCNu64 " %*u %*u %*u %*u %" SCNu64, &size, &data) != 2)
		return 0;
	return (resource == RLIMIT_AS ? size : data) * (uint64_t)sysconf(_SC_PAGESIZE);
}

static bool explains(const struct limit_row *row, pid_t pid, const uint64_t args[6], uint64_t *need)
{
	uint64_t limit = limit_of(pid, row->resource), growth;

	switch (row->check) {
	case CHECK_NONE:
		return true;
	case CHECK_TARGET:
		*need = args[1] + 1;
		return args[1] >= limit;
	case CHECK_MAP:
	case CHECK_GROWTH:
		growth = row->check == CHECK_MAP ? args[1] : args[2] - args[1];
		*need = memory_of(pid, row->resource) + growth;
		return limit != UINT64_MAX && *need > limit;
	}
	return false;
}

void failures_by_signal(pid_t pid, int resource, struct denial *ret)
{
	ret->kind = DENIAL_LIMIT;
	ret->resource = resource;
	ret->limit = limit_of(pid, resource);
}

bool failures_by_limit(const struct failures *f, pid_t pid, const struct event_call *call,
		       int error, struct denial *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(limit_rows); i++) {
		const struct limit_row *row = &limit_rows[i];
		uint64_t need = 0;
		int nr;

		if (row->error != error || !is_limited(f, row->resource) ||
		    syscall_number(call->arch, row->call, &nr) < 0 || nr != call->nr ||
		    !explains(row, pid, call->args, &need))
			continue;
		failures_by_signal(pid, row->resource, ret);
		ret->need = need;
		return true;
	}
	return false;
}
