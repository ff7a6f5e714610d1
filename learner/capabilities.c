/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which capabilities what was seen needs, by tables of calls and what the others show. */
#include "learner/capabilities.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/netlink.h>
#include <linux/prctl.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>

#include "base/cleanup.h"
#include "learner/inference.h"

/* net.ipv4.ip_unprivileged_port_start where nobody set it. */
#define FIRST_FREE_PORT 1024
/* RLIMIT_MEMLOCK where nobody set it (Linux 5.16). */
#define FREE_LOCKED (UINT64_C(8) << 20)

int infer(const struct inference *in, int capability, bool guess, const char *what,
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
	{ "fanotify_init", CAP_SYS_ADMIN, "with the flags that are free to all" },
	{ "setrlimit", CAP_SYS_RESOURCE, "up to the hard limit" },
};

static int infer_calls(const struct inference *in)
{
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(call_table) && r == 0; i++)
		if (tally_may_have_worked(in->tally, call_table[i].call))
			r = infer(in, call_table[i].capability, call_table[i].unless != NULL,
				call_table[i].call, call_table[i].unless);
	return r;
}

/* ---- values of arguments ---- */

enum comparison { VALUE_IS, VALUE_HAS_ANY_OF, VALUE_IS_ABOVE };

/* The hard limit of descriptors where nobody set it (systemd-system.conf(5)); others are higher. */
#define HIGHEST_LIMIT 524288

static const struct value_row {
	const char *call;
	unsigned index;
	uint64_t value;
	enum comparison how;
	int capability;
	const char *what, *unless;
} value_table[] = {
	{ "prctl", 0, PR_CAPBSET_DROP, VALUE_IS, CAP_SETPCAP, "prctl(PR_CAPBSET_DROP)", NULL },
	{ "prctl", 0, PR_SET_SECUREBITS, VALUE_IS, CAP_SETPCAP, "prctl(PR_SET_SECUREBITS)", NULL },
	{ "prctl", 0, PR_SET_MM, VALUE_IS, CAP_SYS_RESOURCE, "prctl(PR_SET_MM)", NULL },
	{ "ptrace", 0, PTRACE_ATTACH, VALUE_IS, CAP_SYS_PTRACE, "ptrace(PTRACE_ATTACH)",
	  "for processes of its user" },
	{ "ptrace", 0, PTRACE_SEIZE, VALUE_IS, CAP_SYS_PTRACE, "ptrace(PTRACE_SEIZE)",
	  "for processes of its user" },
	{ "unshare", 0, CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS,
	  VALUE_HAS_ANY_OF, CAP_SYS_ADMIN, "unshare of namespaces", NULL },
	{ "clone", 0, CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS,
	  VALUE_HAS_ANY_OF, CAP_SYS_ADMIN, "clone with namespaces", NULL },
	{ "prlimit64", ARGSPEC_ARGUMENTS, HIGHEST_LIMIT, VALUE_IS_ABOVE, CAP_SYS_RESOURCE,
	  "a resource limit that is set", "up to the hard limit" },
	{ "setsockopt", 2, SO_MARK, VALUE_IS, CAP_NET_ADMIN, "setsockopt(SO_MARK)",
	  "for an option of that number on another level" },
	{ "setsockopt", 2, SO_BINDTODEVICE, VALUE_IS, CAP_NET_RAW, "setsockopt(SO_BINDTODEVICE)",
	  "since Linux 5.7" },
	{ "setsockopt", 2, IP_TRANSPARENT, VALUE_IS, CAP_NET_ADMIN, "setsockopt(IP_TRANSPARENT)",
	  "for an option of that number on another level" },
	{ "fcntl", 1, F_SETLEASE, VALUE_IS, CAP_LEASE, "fcntl(F_SETLEASE)", "for its own files" },
	{ "timer_create", 0, CLOCK_REALTIME_ALARM, VALUE_IS, CAP_WAKE_ALARM, "a wake-up timer",
	  NULL },
	{ "timer_create", 0, CLOCK_BOOTTIME_ALARM, VALUE_IS, CAP_WAKE_ALARM, "a wake-up timer",
	  NULL },
	{ "timerfd_create", 0, CLOCK_REALTIME_ALARM, VALUE_IS, CAP_WAKE_ALARM, "a wake-up timer",
	  NULL },
	{ "timerfd_create", 0, CLOCK_BOOTTIME_ALARM, VALUE_IS, CAP_WAKE_ALARM, "a wake-up timer",
	  NULL },
	{ "chmod", 1, S_ISGID, VALUE_HAS_ANY_OF, CAP_FSETID, "chmod to set-group-ID",
	  "for a group of its own" },
	{ "fchmod", 1, S_ISGID, VALUE_HAS_ANY_OF, CAP_FSETID, "fchmod to set-group-ID",
	  "for a group of its own" },
	{ "fchmodat", 2, S_ISGID, VALUE_HAS_ANY_OF, CAP_FSETID, "fchmodat to set-group-ID",
	  "for a group of its own" },
};

static bool compares(uint64_t seen, uint64_t value, enum comparison how)
{
	switch (how) {
	case VALUE_IS:
		return seen == value;
	case VALUE_HAS_ANY_OF:
		return (seen & value) != 0;
	case VALUE_IS_ABOVE:
		return seen > value;
	}
	return false;
}

static bool held(const struct call_tally *call, unsigned index, uint64_t value, enum comparison how)
{
	for (size_t s = 0; s < call->n_sources; s++) {
		const struct profile_arg *arg = profile_call_arg(call->sources[s].call, index);

		for (size_t i = 0; arg && i < arg->n_values; i++)
			if (compares(arg->values[i].value, value, how))
				return true;
	}
	return false;
}

/* Whether a call of that name had the value on any architecture. */
static bool value_was_seen(const struct tally *tally, const char *name, unsigned index,
			   uint64_t value, enum comparison how)
{
	for (size_t i = 0; i < tally->calls.n; i++) {
		const struct call_tally *call = tally->calls.entries[i].value;

		if (strcmp(call->name, name) == 0 && held(call, index, value, how))
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
		    value_was_seen(in->tally, row->call, row->index, row->value, row->how))
			r = infer(in, row->capability, row->unless != NULL, row->what, row->unless);
	}
	return r;
}

/* ---- capset ---- */

/* Who asks for more than this gives back what it had, rather than needing it. */
#define MOST_ASKED_FOR 16
/* And so does who asks for all of the upper half, which has fewer: every one since Linux 5.9. */
#define UPPER_HALF ((UINT32_C(1) << (CAP_CHECKPOINT_RESTORE - 31)) - 1)

/* The permitted capabilities that capset(2) asked for, of the lower (0) or upper (1) 32. */
static uint32_t asked_for(const struct tally *tally, unsigned half)
{
	uint32_t set = 0;

	for (size_t i = 0; i < tally->calls.n; i++) {
		const struct call_tally *call = tally->calls.entries[i].value;

		for (size_t s = 0; strcmp(call->name, "capset") == 0 && s < call->n_sources; s++) {
			const struct profile_arg *arg = profile_call_arg(call->sources[s].call,
									 ARGSPEC_ARGUMENTS + half);

			for (size_t v = 0; arg && v < arg->n_values; v++) {
				uint32_t permitted = (uint32_t)(arg->values[v].value >> 32);

				if (__builtin_popcount(permitted) <= MOST_ASKED_FOR &&
				    (half == 0 || (permitted & UPPER_HALF) != UPPER_HALF))
					set |= permitted;
			}
		}
	}
	return set;
}

static int infer_capset(const struct inference *in)
{
	int r = 0;

	if (!tally_may_have_worked(in->tally, "capset"))
		return 0;
	for (unsigned half = 0; half < 2; half++) {
		uint32_t set = asked_for(in->tally, half);

		for (unsigned bit = 0; bit < 32 && r == 0; bit++)
			if ((set >> bit & 1) && 32 * half + bit <= CAP_LAST_CAP)
				r = infer(in, (int)(32 * half + bit), false,
					"capset keeps it when others are given up", NULL);
	}
	return r;
}

/* ---- sockets, signals, memory ---- */

/* A process that changed its user is no more of the one who started it. */
static int infer_kill(const struct inference *in)
{
	static const char *const changes[] = { "setuid", "setreuid", "setresuid" };
	static const char *const kills[] = { "kill", "tgkill", "tkill", "pidfd_send_signal" };
	bool changed = false, killed = false;

	for (size_t i = 0; i < ARRAY_SIZE(changes); i++)
		changed = changed || tally_may_have_worked(in->tally, changes[i]);
	for (size_t i = 0; i < ARRAY_SIZE(kills); i++)
		killed = killed || tally_may_have_worked(in->tally, kills[i]);
	if (!changed || !killed)
		return 0;
	return infer(in, CAP_KILL, true, "signals among processes that changed their user",
		   "for processes of its user");
}

static int infer_port(const struct inference *in, const struct profile_address *address)
{
	auto_free char *what = NULL;

	if (!address->bind || !address->port || address->port >= FIRST_FREE_PORT ||
	    (address->family != AF_INET && address->family != AF_INET6) ||
	    !tally_may_have_worked(in->tally, "bind"))
		return 0;
	if (asprintf(&what, "bind to port %u", address->port) < 0)
		return -ENOMEM;
	return infer(in, CAP_NET_BIND_SERVICE, false, what, NULL);
}

static int infer_socket(const struct inference *in, const struct profile_socket *socket)
{
	bool raw = socket->family == AF_PACKET ||
		   ((socket->family == AF_INET || socket->family == AF_INET6) &&
		    socket->type == SOCK_RAW);

	if (!tally_may_have_worked(in->tally, "socket"))
		return 0;
	if (socket->family == AF_NETLINK && socket->protocol == NETLINK_AUDIT)
		return infer(in, CAP_AUDIT_WRITE, true, "messages to the audit system",
			   "where nobody minds their loss");
	if (socket->family == AF_NETLINK && socket->protocol == NETLINK_NETFILTER)
		return infer(in, CAP_NET_ADMIN, true, "netfilter's socket", "for asking");
	return raw ? infer(in, CAP_NET_RAW, false, "raw sockets", NULL) : 0;
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
			r = infer(in, CAP_IPC_LOCK, true, "more memory locked than is free to all",
				"under a higher limit");
	}
	if (r == 0 && program->signals.n)
		r = infer(in, CAP_KILL, true, "signals to other processes",
			"for processes of its user");
	return r;
}

/* ---- all of them ---- */

/* A program that gains root's rights uses them as root does. */
static bool gains_rights(const struct policy *policy)
{
	for (size_t i = 0; i < policy->n_uses; i++)
		if (policy->uses[i].kind == USE_RIGHTS)
			return true;
	return false;
}

int capabilities_add(const struct profile *profile, const struct tally *tally,
		     struct policy *policy)
{
	struct inference in = {
		.policy = policy,
		.tally = tally,
		.uid = profile->n_runs ? profile->runs[0]->uid : 0,
		.namespace = value_was_seen(tally, "unshare", 0, CLONE_NEWUSER, VALUE_HAS_ANY_OF) ||
			     value_was_seen(tally, "clone", 0, CLONE_NEWUSER, VALUE_HAS_ANY_OF),
	};
	int r;

	for (size_t i = 0; i < profile->n_runs; i++)
		in.root = in.root || profile->runs[i]->uid == 0;
	in.root = in.root || gains_rights(policy);
	r = infer_calls(&in);
	if (r == 0)
		r = infer_values(&in);
	if (r == 0)
		r = infer_capset(&in);
	if (r == 0)
		r = infer_kill(&in);
	for (size_t i = 0; i < tally->n_programs && r == 0; i++)
		r = infer_program(&in, i);
	for (size_t i = 0; i < tally->n_programs && r == 0; i++)
		r = infer_files(&in, i);
	return r < 0 ? r : infer_programs_rights(&in);
}
