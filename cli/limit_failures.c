/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which failures of calls a resource limit explains. */
#include "cli/limit_failures.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sysdb/syscalls.h"
#include "tracer/memory.h"

#define ANY_RESOURCE (-1)

enum limit_check {
	CHECK_NONE,   /* the error has no other likely reason */
	CHECK_MAP,    /* the size is argument 1: of the address space, or of data */
	CHECK_GROWTH, /* argument 2 less argument 1 */
	CHECK_TARGET, /* argument 1 is a descriptor at or above the limit */
	CHECK_RAISE,  /* argument 0 is the resource, 1 points to more than its hard limit */
	CHECK_RAISE_OF, /* the same from argument 1 on; 0 is the process */
};

/* Sources: the man pages' ERRORS, setrlimit(2). */
static const struct limit_row {
	const char *call;
	int error;
	int resource; /* or ANY_RESOURCE: the call's argument says which */
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
	{ "setrlimit", EPERM, ANY_RESOURCE, CHECK_RAISE },
	{ "prlimit64", EPERM, ANY_RESOURCE, CHECK_RAISE_OF },
};
_Static_assert(ARRAY_SIZE(limit_rows) <= LIMIT_FAILURES_MOST, "LIMIT_FAILURES_MOST");

static bool is_limited(const struct policy *policy, int resource)
{
	for (size_t i = 0; i < policy->n_limits; i++)
		if (policy->limits[i].resource == resource)
			return true;
	return false;
}

const char *limit_failures_call(const struct policy *policy, size_t i)
{
	const struct limit_row *row = &limit_rows[i];

	if (i == ARRAY_SIZE(limit_rows))
		return NULL;
	if (row->resource == ANY_RESOURCE)
		return policy->n_limits ? row->call : "";
	return is_limited(policy, row->resource) ? row->call : "";
}

static struct rlimit limit_of(pid_t pid, int resource)
{
	struct rlimit limit;

	if (prlimit(pid, (enum __rlimit_resource)resource, NULL, &limit) < 0)
		return (struct rlimit){ RLIM_INFINITY, RLIM_INFINITY };
	return limit;
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

/* A hard limit that is to be raised: only with CAP_SYS_RESOURCE (setrlimit(2)). */
static bool raises(pid_t reader, pid_t pid, uint32_t arch, const uint64_t args[2],
		   struct denial *ret)
{
	const rlim_t hard = limit_of(pid, (int)args[0]).rlim_max;
	struct rlimit wanted;

	if (arch != arch_native() || memory_read(reader, args[1], &wanted, sizeof(wanted)) < 0 ||
	    wanted.rlim_max <= hard)
		return false;
	ret->resource = (int)args[0];
	ret->limit = hard;
	ret->need = wanted.rlim_max;
	return true;
}

static bool grows(pid_t pid, uint64_t by, struct denial *ret)
{
	ret->need = memory_of(pid, ret->resource) + by;
	return ret->limit != UINT64_MAX && ret->need > ret->limit;
}

/* Fills in resource, limit and need. */
static bool explains(const struct limit_row *row, pid_t pid, const struct event_call *call,
		     struct denial *ret)
{
	const uint64_t *args = call->args;

	ret->resource = row->resource;
	ret->need = 0;
	if (row->resource != ANY_RESOURCE)
		ret->limit = limit_of(pid, row->resource).rlim_cur;
	switch (row->check) {
	case CHECK_NONE:
		return true;
	case CHECK_TARGET:
		ret->need = args[1] + 1;
		return args[1] >= ret->limit;
	case CHECK_MAP:
		return grows(pid, args[1], ret);
	case CHECK_GROWTH:
		return grows(pid, args[2] - args[1], ret);
	case CHECK_RAISE:
		return raises(pid, pid, call->arch, args, ret);
	case CHECK_RAISE_OF:
		return raises(pid, args[0] ? (pid_t)args[0] : pid, call->arch, args + 1, ret);
	}
	return false;
}

static bool is_about(const struct limit_row *row, const struct event_call *call, int error)
{
	int nr;

	return row->error == error && syscall_number(call->arch, row->call, &nr) == 0 &&
	       nr == call->nr;
}

void limit_failures_signal(pid_t pid, int resource, struct denial *ret)
{
	ret->kind = DENIAL_LIMIT;
	ret->resource = resource;
	ret->limit = limit_of(pid, resource).rlim_cur;
}

bool limit_failures_explain(const struct policy *policy, pid_t pid, const struct event_call *call,
			    int error, struct denial *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(limit_rows); i++) {
		struct denial like = *ret;

		if (!is_about(&limit_rows[i], call, error) ||
		    !explains(&limit_rows[i], pid, call, &like) ||
		    !is_limited(policy, like.resource))
			continue;
		*ret = like;
		ret->kind = DENIAL_LIMIT;
		return true;
	}
	return false;
}
