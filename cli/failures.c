/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the failure of a call tells about landlock and resource limits, which say nothing. */
#include "cli/failures.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "cli/limit_failures.h"
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

static void choose_calls(struct failures *f)
{
	const char *name;

	watch(f, "seccomp"); /* supervisor.c has to see these */
	watch(f, "ptrace");
	if (f->handled_fs)
		watch_all(f, fs_calls);
	if (f->handled_fs & LL_IOCTL_DEV)
		watch_all(f, device_calls);
	if (f->handled_net || f->scopes & LL_SCOPE_ABSTRACT_UNIX)
		watch_all(f, net_calls);
	if (f->scopes & LL_SCOPE_SIGNAL)
		watch_all(f, signal_calls);
	for (size_t i = 0; f->limits && (name = limit_failures_call(f->policy, i)); i++)
		if (*name)
			watch(f, name);
}

struct failures *failures_new(const struct policy *policy, unsigned layers)
{
	const size_t most = ARRAY_SIZE(fs_calls) + ARRAY_SIZE(device_calls) +
			    ARRAY_SIZE(net_calls) + ARRAY_SIZE(signal_calls) +
			    LIMIT_FAILURES_MOST + 3;
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
		    rlimit_by_number(limit->resource)->grows == GROWS_WITH_TIME)
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

bool failures_by_limit(const struct failures *f, pid_t pid, const struct event_call *call,
		       int error, struct denial *ret)
{
	return f->limits && limit_failures_explain(f->policy, pid, call, error, ret);
}
