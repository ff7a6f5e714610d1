/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What calls, rights and sockets stand against, of systemd's directives. */
#include "emitter/systemd_obstacles.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "emitter/quote.h"
#include "emitter/ruled_out.h"
#include "sysdb/argspecs.h"
#include "sysdb/names.h"

char *systemd_words(const char *subject, const char *rest)
{
	char *text;

	return asprintf(&text, "%s %s", subject, rest) < 0 ? strdup(rest) : text;
}

const struct policy_use *systemd_use(const struct policy *p, enum policy_use_kind kind)
{
	for (size_t i = 0; i < p->n_uses; i++)
		if (p->uses[i].kind == kind)
			return &p->uses[i];
	return NULL;
}

char *systemd_used(const struct policy *p, enum policy_use_kind kind, const char *rest)
{
	const struct policy_use *use = systemd_use(p, kind);

	return use ? systemd_words(use->path, rest) : NULL;
}

/* ---- rights ---- */

/* Whether processes of the service become another user's. */
static bool changes_user(const struct policy *p)
{
	static const char *const calls[] = { "setuid", "setreuid", "setresuid", NULL };

	return policy_allows_any(p, calls) != NULL;
}

/* Programs that do nothing useful unless exec gives them somebody else's rights. */
static char *runs_setuid_program(const struct policy *p)
{
	static const char *const programs[] = {
		"at", "chage", "chfn", "chsh", "crontab", "dbus-daemon-launch-helper", "exim4",
		"expiry", "fusermount", "fusermount3", "gpasswd", "mount", "newgidmap", "newgrp",
		"newuidmap", "passwd", "pkexec", "postdrop", "postqueue", "sendmail", "ssh-keysign",
		"su", "sudo", "umount", "unix_chkpwd",
	};

	for (size_t i = 0; i < p->n_paths; i++) {
		const char *slash = strrchr(p->paths[i].path, '/');

		for (size_t k = 0; slash && k < ARRAY_SIZE(programs); k++)
			if ((p->paths[i].effects & PATH_EXECUTE) &&
			    strcmp(slash + 1, programs[k]) == 0)
				return systemd_words(p->paths[i].path,
						     "is executed, which may be setuid");
	}
	return NULL;
}

char *gains_rights(const struct policy *p, const struct emit_options *options)
{
	char *text = systemd_used(p, USE_RIGHTS,
				  "is executed, which gives rights to who does that");

	(void)options;
	if (!text && (!p->as_root || changes_user(p)))
		text = runs_setuid_program(p);
	return text;
}

/* Of a recording without files it is not known whose they were, and root's rights hide there. */
char *needs_unknown_rights(const struct policy *p, const struct emit_options *options)
{
	(void)options;
	return p->as_root && !p->n_paths ? strdup("there is no evidence about paths") : NULL;
}

/* What a program needs that gains rights by itself its caller need not have. */
char *has_rights_by_program(const struct policy *p, const struct emit_options *options)
{
	char *text = needs_unknown_rights(p, options);

	if (!text && !p->as_root && p->n_capabilities)
		text = systemd_used(p, USE_RIGHTS, "is executed, which may be what needs them");
	return text;
}

/* A capability that counts nothing in a user namespace of its own; all but that for chroot(2). */
static const struct policy_capability *right_over_others(const struct policy *p)
{
	for (size_t i = 0; i < p->n_capabilities; i++)
		if (p->capabilities[i].capability != CAP_SYS_CHROOT)
			return &p->capabilities[i];
	return NULL;
}

/*
 * In a user namespace of its own the service has no rights over what is outside, and knows root
 * and its own user only: all others are nobody.
 */
char *acts_for_other_users(const struct policy *p, const struct emit_options *options)
{
	static const char *const calls[] = {
		"chown", "lchown", "fchown", "fchownat", "mount", "umount2", "setns", NULL,
	};
	/* Without root's rights they can only become what they are. */
	static const char *const becoming[] = {
		"setuid",   "setreuid",	 "setresuid", "setfsuid",  "setgid",
		"setregid", "setresgid", "setfsgid",  "setgroups", NULL,
	};
	static const struct {
		uint64_t option;
		const char *name;
	} peers[] = {
		{ SO_PEERCRED, "getsockopt may ask for a peer's user (SO_PEERCRED)" },
		{ SO_PASSCRED, "setsockopt may ask for senders' users (SO_PASSCRED)" },
	};
	const char *call = policy_allows_any(p, calls);
	const struct policy_capability *right = right_over_others(p);

	(void)options;
	if (!call && p->as_root)
		call = policy_allows_any(p, becoming);
	if (systemd_use(p, USE_RIGHTS))
		return systemd_used(p, USE_RIGHTS, "is executed, which gives rights that it "
						   "would have over nothing");
	if (right)
		return systemd_words("capabilities are needed:", right->why);
	if (call)
		return systemd_words(call, "is allowed");
	if (policy_allows_value(p, "getsockopt", 2, peers[0].option))
		return strdup(peers[0].name);
	if (policy_allows_value(p, "setsockopt", 2, peers[1].option))
		return strdup(peers[1].name);
	return p->as_root && !p->n_paths ? strdup("there is no evidence about paths") : NULL;
}

/* ---- calls ---- */

/* systemd 252 denies any other value than the present one, and so the query 0xffffffff too. */
char *changes_personality(const struct policy *p, const struct emit_options *options)
{
	(void)options;
	for (size_t i = 0; i < p->n_calls; i++) {
		const struct policy_call *call = &p->calls[i];

		if (strcmp(call->name, "personality") != 0)
			continue;
		if (call->n_checks != 1 || call->checks[0].kind != CHECK_VALUES ||
		    call->checks[0].n_values != 1 || call->checks[0].values[0] != 0)
			return strdup("personality is allowed");
	}
	return NULL;
}

/* systemd lets three policies be set, and not with SCHED_RESET_ON_FORK. */
char *sets_real_time(const struct policy *p, const struct emit_options *options)
{
	(void)options;
	for (size_t i = 0; i < p->n_calls; i++) {
		static const uint64_t harmless[] = { SCHED_OTHER, SCHED_BATCH, SCHED_IDLE };

		if (strcmp(p->calls[i].name, "sched_setscheduler") == 0 &&
		    !call_holds_only(&p->calls[i], 1, harmless, ARRAY_SIZE(harmless)))
			return strdup("sched_setscheduler may set a real-time policy");
	}
	return NULL;
}

/* CLONE_NEWTIME shares its bit with the signal of clone(2): unshare(2) and clone3(2) have it. */
#define NAMESPACES                                                                                 \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |             \
	 CLONE_NEWPID | CLONE_NEWNET)
#define NEW_TIME 0x80

/* clone3 gets ENOSYS from systemd, whereupon C libraries call clone. */
char *makes_namespaces(const struct policy *p, const struct emit_options *options)
{
	(void)options;
	if (policy_allows_any_bit(p, "clone", 0, NAMESPACES))
		return strdup("clone may make namespaces");
	if (policy_allows_any_bit(p, "unshare", 0, NAMESPACES | NEW_TIME))
		return strdup("unshare may make namespaces");
	if (policy_allows_any_bit(p, "clone3", ARGSPEC_ARGUMENTS, NAMESPACES | NEW_TIME))
		return strdup("clone3 may make namespaces");
	return NULL;
}

char *makes_code(const struct policy *p, const struct emit_options *options)
{
	static const char *const mmaps[] = { "mmap", "mmap2" };
	static const char *const mprotects[] = { "mprotect", "pkey_mprotect" };

	(void)options;
	for (size_t i = 0; i < ARRAY_SIZE(mmaps); i++)
		if (policy_allows_all_bits(p, mmaps[i], 2, PROT_WRITE | PROT_EXEC))
			return systemd_words(mmaps[i], "may map writable code");
	for (size_t i = 0; i < ARRAY_SIZE(mprotects); i++)
		if (policy_allows_all_bits(p, mprotects[i], 2, PROT_EXEC))
			return systemd_words(mprotects[i], "may make memory executable");
	if (policy_allows_all_bits(p, "shmat", 2, SHM_EXEC))
		return strdup("shmat may map shared memory as code");
	return NULL;
}

char *wakes_the_machine(const struct policy *p, const struct emit_options *options)
{
	static const uint64_t clocks[] = { CLOCK_REALTIME_ALARM, CLOCK_BOOTTIME_ALARM };
	static const char *const calls[] = { "timer_create", "timerfd_create" };

	(void)options;
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
		for (size_t k = 0; k < ARRAY_SIZE(clocks); k++)
			if (policy_allows_value(p, calls[i], 0, clocks[k]))
				return systemd_words(calls[i], "may wake the machine");
	return NULL;
}

/* ---- sockets ---- */

char *makes_unknown_sockets(const struct policy *p, const struct emit_options *options)
{
	(void)options;
	if (!p->n_families && (policy_allows(p, "socket") || policy_allows(p, "socketcall")))
		return strdup("sockets are made, of which families is not known");
	for (size_t i = 0; i < p->n_families; i++) {
		auto_free char *name = name_format(NAME_FAMILY, p->families[i].family);

		if (!name || strncmp(name, "AF_", 3) != 0)
			return strdup("a family of sockets is made that has no name");
	}
	return NULL;
}

/* Abstract names are the network namespace's, those of files are not. */
char *uses_network(const struct policy *p, const struct emit_options *options)
{
	char *text = makes_unknown_sockets(p, options);

	for (size_t i = 0; !text && i < p->n_families; i++) {
		auto_free char *name = name_format(NAME_FAMILY, p->families[i].family);

		if (p->families[i].family != AF_UNIX)
			text = systemd_words(name ? name : "another family", "is used");
	}
	for (size_t i = 0; !text && i < p->n_addresses; i++)
		if (p->addresses[i].family == AF_UNIX)
			text = systemd_words(p->addresses[i].address,
					     "is used, an abstract name of a socket");
	return text ? text : systemd_used(p, USE_NETWORK_FILES, "is used");
}

static bool is_local(const struct policy_address *address)
{
	return strncmp(address->address, "127.", 4) == 0 || strcmp(address->address, "::1") == 0 ||
	       strncmp(address->address, "::ffff:127.", 11) == 0;
}

/* Who binds all addresses hears from clients that no recording can name. */
char *talks_to_anybody(const struct policy *p, const struct emit_options *options)
{
	(void)options;
	for (size_t i = 0; i < p->n_addresses; i++)
		if (p->addresses[i].family != AF_UNIX && p->addresses[i].bind &&
		    !is_local(&p->addresses[i]))
			return systemd_words(p->addresses[i].address,
					     "is bound: name the clients in IPAddressAllow=");
	return NULL;
}
