/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which capabilities what was seen needs, by tables of calls and what the others show. */
#include "learner/capabilities.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/prctl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "sysdb/effects.h"

/* net.ipv4.ip_unprivileged_port_start where nobody set it. */
#define FIRST_FREE_PORT 1024
/* RLIMIT_MEMLOCK where nobody set it (Linux 5.16). */
#define FREE_LOCKED (UINT64_C(8) << 20)

struct inference {
	struct policy *policy;
	const struct tally *tally;
	uint32_t uid;	/* of the first run */
	bool root;	/* some run was root's: guesses make sense */
	bool namespace; /* a user namespace was made: capabilities may be those of the inside */
};

static int add(const struct inference *in, int capability, bool guess, const char *what,
	       const char *unless)
{
	auto_free char *why = NULL;
	int r;

	guess = guess || in->namespace;
	if (guess && !in->root)
		return 0;
	if (guess)
		r = asprintf(&why, "a guess: %s%s%s", what, unless ? "; not needed " : "",
			     unless ? unless : "");
	else
		r = asprintf(&why, "%s", what);
	if (r < 0)
		return -ENOMEM;
	return policy_add_capability(in->policy, capability, guess, why);
}

/* ---- calls ---- */

struct call_row {
	const char *call;
	int capability;
	const char *unless; /* when it works without; NULL: never */
};

/* Source: capabilities(7) and the calls' man pages. */
static const struct call_row call_table[] = {
	{ "setgroups", CAP_SETGID, NULL },
	{ "setgroups32", CAP_SETGID, NULL },
	{ "chroot", CAP_SYS_CHROOT, NULL },
	{ "pivot_root", CAP_SYS_ADMIN, NULL },
	{ "mount", CAP_SYS_ADMIN, NULL },
	{ "umount2", CAP_SYS_ADMIN, NULL },
	{ "move_mount", CAP_SYS_ADMIN, NULL },
	{ "fsopen", CAP_SYS_ADMIN, NULL },
	{ "mount_setattr", CAP_SYS_ADMIN, NULL },
	{ "setns", CAP_SYS_ADMIN, NULL },
	{ "sethostname", CAP_SYS_ADMIN, NULL },
	{ "setdomainname", CAP_SYS_ADMIN, NULL },
	{ "swapon", CAP_SYS_ADMIN, NULL },
	{ "swapoff", CAP_SYS_ADMIN, NULL },
	{ "open_by_handle_at", CAP_DAC_READ_SEARCH, NULL },
	{ "reboot", CAP_SYS_BOOT, NULL },
	{ "kexec_load", CAP_SYS_BOOT, NULL },
	{ "kexec_file_load", CAP_SYS_BOOT, NULL },
	{ "init_module", CAP_SYS_MODULE, NULL },
	{ "finit_module", CAP_SYS_MODULE, NULL },
	{ "delete_module", CAP_SYS_MODULE, NULL },
	{ "clock_settime", CAP_SYS_TIME, NULL },
	{ "settimeofday", CAP_SYS_TIME, NULL },
	{ "iopl", CAP_SYS_RAWIO, NULL },
	{ "ioperm", CAP_SYS_RAWIO, NULL },
	{ "acct", CAP_SYS_PACCT, NULL },
	{ "vhangup", CAP_SYS_TTY_CONFIG, NULL },
	{ "lookup_dcookie", CAP_SYS_ADMIN, NULL },
	{ "chown", CAP_CHOWN, "for a group of its own" },
	{ "lchown", CAP_CHOWN, "for a group of its own" },
	{ "fchown", CAP_CHOWN, "for a group of its own" },
	{ "fchownat", CAP_CHOWN, "for a group of its own" },
	{ "chown32", CAP_CHOWN, "for a group of its own" },
	{ "fchown32", CAP_CHOWN, "for a group of its own" },
	{ "setuid", CAP_SETUID, "for an ID that it has" },
	{ "setreuid", CAP_SETUID, "for an ID that it has" },
	{ "setresuid", CAP_SETUID, "for an ID that it has" },
	{ "setfsuid", CAP_SETUID, "for an ID that it has" },
	{ "setgid", CAP_SETGID, "for an ID that it has" },
	{ "setregid", CAP_SETGID, "for an ID that it has" },
	{ "setresgid", CAP_SETGID, "for an ID that it has" },
	{ "setfsgid", CAP_SETGID, "for an ID that it has" },
	{ "setpriority", CAP_SYS_NICE, "for a lower priority" },
	{ "sched_setscheduler", CAP_SYS_NICE, "without real time" },
	{ "sched_setattr", CAP_SYS_NICE, "without real time" },
	{ "ioprio_set", CAP_SYS_NICE, "for a lower class" },
	{ "process_vm_readv", CAP_SYS_PTRACE, "for processes of its user" },
	{ "process_vm_writev", CAP_SYS_PTRACE, "for processes of its user" },
	{ "bpf", CAP_BPF, "where unprivileged programs are allowed" },
	{ "perf_event_open", CAP_PERFMON, "for its own processes" },
	{ "adjtimex", CAP_SYS_TIME, "for reading" },
	{ "clock_adjtime", CAP_SYS_TIME, "for reading" },
	{ "syslog", CAP_SYSLOG, "where the kernel log is public" },
	{ "quotactl", CAP_SYS_ADMIN, "for its own quota" },
};

static int infer_calls(const struct inference *in)
{
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(call_table) && r == 0; i++)
		if (tally_may_have_worked(in->tally, call_table[i].call))
			r = add(in, call_table[i].capability, call_table[i].unless != NULL,
				call_table[i].call, call_table[i].unless);
	return r;
}

/* ---- values of arguments ---- */

static const struct value_row {
	const char *call;
	unsigned index;
	uint64_t value;
	bool bits; /* one of VALUE's bits is enough */
	int capability;
	const char *what, *unless;
} value_table[] = {
	{ "prctl", 0, PR_CAPBSET_DROP, false, CAP_SETPCAP, "prctl(PR_CAPBSET_DROP)", NULL },
	{ "prctl", 0, PR_SET_SECUREBITS, false, CAP_SETPCAP, "prctl(PR_SET_SECUREBITS)", NULL },
	{ "prctl", 0, PR_SET_MM, false, CAP_SYS_RESOURCE, "prctl(PR_SET_MM)", NULL },
	{ "ptrace", 0, PTRACE_ATTACH, false, CAP_SYS_PTRACE, "ptrace(PTRACE_ATTACH)",
	  "for processes of its user" },
	{ "ptrace", 0, PTRACE_SEIZE, false, CAP_SYS_PTRACE, "ptrace(PTRACE_SEIZE)",
	  "for processes of its user" },
	{ "unshare", 0, CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS,
	  true, CAP_SYS_ADMIN, "unshare of namespaces", NULL },
	{ "clone", 0, CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS, true,
	  CAP_SYS_ADMIN, "clone with namespaces", NULL },
};

static bool held(const struct call_tally *call, unsigned index, uint64_t value, bool bits)
{
	for (size_t s = 0; s < call->n_sources; s++) {
		const struct profile_arg *arg = profile_call_arg(call->sources[s].call, index);

		for (size_t i = 0; arg && i < arg->n_values; i++)
			if (bits ? (arg->values[i].value & value) != 0
				 : arg->values[i].value == value)
				return true;
	}
	return false;
}

/* Whether a call of that name had the value on any architecture. */
static bool value_was_seen(const struct tally *tally, const char *name, unsigned index,
			   uint64_t value, bool bits)
{
	for (size_t i = 0; i < tally->calls.n; i++) {
		const struct call_tally *call = tally->calls.entries[i].value;

		if (strcmp(call->name, name) == 0 && held(call, index, value, bits))
			return true;
	}
	return false;
}

static int infer_values(const struct inference *in)
{
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(value_table) && r == 0; i++) {
		const struct value_row *row = &value_table[i];

		if (tally_may_have_worked(in->tally, row->call) &&
		    value_was_seen(in->tally, row->call, row->index, row->value, row->bits))
			r = add(in, row->capability, row->unless != NULL, row->what, row->unless);
	}
	return r;
}

/* ---- sockets, signals, memory ---- */

static int infer_port(const struct inference *in, const struct profile_address *address)
{
	auto_free char *what = NULL;

	if (!address->bind || !address->port || address->port >= FIRST_FREE_PORT ||
	    (address->family != AF_INET && address->family != AF_INET6) ||
	    !tally_may_have_worked(in->tally, "bind"))
		return 0;
	if (asprintf(&what, "bind to port %u", address->port) < 0)
		return -ENOMEM;
	return add(in, CAP_NET_BIND_SERVICE, false, what, NULL);
}

static int infer_socket(const struct inference *in, const struct profile_socket *socket)
{
	bool raw = socket->family == AF_PACKET ||
		   ((socket->family == AF_INET || socket->family == AF_INET6) &&
		    socket->type == SOCK_RAW);

	if (!raw || !tally_may_have_worked(in->tally, "socket"))
		return 0;
	return add(in, CAP_NET_RAW, false, "raw sockets", NULL);
}

static int infer_program(const struct inference *in, size_t number)
{
	const struct profile_program *program = in->tally->programs[number];
	int r = 0;

	for (size_t i = 0; i < program->addresses.n && r == 0; i++) {
		const struct profile_address *address = program->addresses.entries[i].value;

		if (tally_wants(in->tally, number, address->phase))
			r = infer_port(in, address);
	}
	for (size_t i = 0; i < program->sockets.n && r == 0; i++) {
		const struct profile_socket *socket = program->sockets.entries[i].value;

		if (tally_wants(in->tally, number, socket->phase))
			r = infer_socket(in, socket);
	}
	for (size_t i = 0; i < program->peaks.n && r == 0; i++) {
		const struct profile_peak *peak = program->peaks.entries[i].value;

		if (peak->resource == RLIMIT_MEMLOCK && peak->value > FREE_LOCKED)
			r = add(in, CAP_IPC_LOCK, true, "more memory locked than is free to all",
				"under a higher limit");
	}
	if (r == 0 && program->signals.n)
		r = add(in, CAP_KILL, true, "signals to other processes",
			"for processes of its user");
	return r;
}

/* ---- files ---- */

/* Whether the mode bits let UID do what WANT (S_IROTH, S_IWOTH) says; groups are not looked at. */
static bool mode_allows(const struct stat *st, uint32_t uid, mode_t want)
{
	mode_t group = st->st_gid == 0 && uid == 0 ? want << 3 : 0;

	if (st->st_uid == uid)
		return (st->st_mode & (want << 6)) == want << 6;
	if (group)
		return (st->st_mode & group) == group;
	return (st->st_mode & want) == want;
}

static int infer_file(const struct inference *in, const struct profile_path *path)
{
	auto_free char *what = NULL;
	struct stat st;
	mode_t want = (path->effects & PATH_READ ? S_IROTH : 0) |
		      (path->effects & (PATH_WRITE | PATH_TRUNCATE) ? S_IWOTH : 0);
	bool devices = (path->effects & (PATH_CREATE_CHAR | PATH_CREATE_BLOCK)) != 0;

	if (devices)
		return add(in, CAP_MKNOD, false, "devices made", NULL);
	if (path->path[0] != '/' || stat(path->path, &st) < 0)
		return 0;
	if ((path->effects & PATH_METADATA) && st.st_uid != in->uid) {
		if (asprintf(&what, "%s is changed and has another owner", path->path) < 0)
			return -ENOMEM;
		return add(in, CAP_FOWNER, true, what, "for times and owners");
	}
	if (!want || mode_allows(&st, in->uid, want))
		return 0;
	if (asprintf(&what, "the mode bits of %s deny it", path->path) < 0)
		return -ENOMEM;
	return add(in, want & S_IWOTH ? CAP_DAC_OVERRIDE : CAP_DAC_READ_SEARCH, true, what,
		   "if they were others then");
}

static int infer_files(const struct inference *in, size_t number)
{
	auto_free struct profile_path **paths = profile_sorted(&in->tally->programs[number]->paths);
	int r = paths ? 0 : -ENOMEM;

	for (size_t i = 0; i < in->tally->programs[number]->paths.n && r == 0; i++)
		if (tally_wants(in->tally, number, paths[i]->phase))
			r = infer_file(in, paths[i]);
	return r;
}

int capabilities_add(const struct profile *profile, const struct tally *tally,
		     struct policy *policy)
{
	struct inference in = {
		.policy = policy,
		.tally = tally,
		.uid = profile->n_runs ? profile->runs[0]->uid : 0,
		.namespace = value_was_seen(tally, "unshare", 0, CLONE_NEWUSER, true) ||
			     value_was_seen(tally, "clone", 0, CLONE_NEWUSER, true),
	};
	int r;

	for (size_t i = 0; i < profile->n_runs; i++)
		in.root = in.root || profile->runs[i]->uid == 0;
	r = infer_calls(&in);
	if (r == 0)
		r = infer_values(&in);
	for (size_t i = 0; i < tally->n_programs && r == 0; i++)
		r = infer_program(&in, i);
	for (size_t i = 0; i < tally->n_programs && r == 0; i++)
		r = infer_files(&in, i);
	return r;
}
