/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls that no test can judge: the harm of their failure is not seen in an exit status. */
#include "refiner/guards.h"

#include <linux/capability.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>

#include "base/cleanup.h"

static const char privileges[] = "a program that cannot give up privileges may go on with them";
static const char confinement[] = "a program that cannot confine itself may go on unconfined";
static const char randomness[] =
	"a program that gets no randomness from the kernel may use what can be guessed";
static const char modes[] = "files that a program makes may come to be open to others";
static const char memory[] = "memory may stay writable or executable that was not to be";
static const char secrets[] = "what is secret may come to be where others can read it";
static const char durability[] = "what was to be written durably may be lost";
static const char locks[] = "two processes may change the same thing at a time";
static const char endings[] = "a program that cannot end may go on where it should not";
static const char identity[] =
	"nobody checks whether it fails: -1 is then a user, or in kill(2) all processes";
static const char ciphers[] = "what keeps weak cryptography out may not be in force";
static const char rejections[] = "who is to be kept out may be let in";
static const char sessions[] = "what is to be apart may stay within a terminal's reach";

const struct guard guard_table[] = {
	{ "capget", privileges },
	{ "capset", privileges },
	{ "chmod", modes },
	{ "chown", modes },
	{ "chown32", modes },
	{ "chroot", confinement },
	{ "exit", endings },
	{ "exit_group", endings },
	{ "fchmod", modes },
	{ "fchmodat", modes },
	{ "fchmodat2", modes },
	{ "fchown", modes },
	{ "fchown32", modes },
	{ "fchownat", modes },
	{ "fdatasync", durability },
	{ "flock", locks },
	{ "fsetxattr", modes },
	{ "fsync", durability },
	{ "getegid", identity },
	{ "getegid32", identity },
	{ "geteuid", identity },
	{ "geteuid32", identity },
	{ "getgid", identity },
	{ "getgid32", identity },
	{ "getgroups", identity },
	{ "getgroups32", identity },
	{ "getpgrp", identity },
	{ "getpid", identity },
	{ "getppid", identity },
	{ "getrandom", randomness },
	{ "getresgid", identity },
	{ "getresgid32", identity },
	{ "getresuid", identity },
	{ "getresuid32", identity },
	{ "gettid", identity },
	{ "getuid", identity },
	{ "getuid32", identity },
	{ "landlock_add_rule", confinement },
	{ "landlock_create_ruleset", confinement },
	{ "landlock_restrict_self", confinement },
	{ "lchown", modes },
	{ "lchown32", modes },
	{ "lsetxattr", modes },
	{ "memfd_secret", secrets },
	{ "mlock", secrets },
	{ "mlock2", secrets },
	{ "mlockall", secrets },
	{ "mount", confinement },
	{ "mount_setattr", confinement },
	{ "mprotect", memory },
	{ "mseal", memory },
	{ "msync", durability },
	{ "personality", secrets },
	{ "pivot_root", confinement },
	{ "pkey_mprotect", memory },
	{ "prctl", privileges },
	{ "seccomp", confinement },
	{ "set_tid_address", identity },
	{ "setfsgid", privileges },
	{ "setfsgid32", privileges },
	{ "setfsuid", privileges },
	{ "setfsuid32", privileges },
	{ "setgid", privileges },
	{ "setgid32", privileges },
	{ "setgroups", privileges },
	{ "setgroups32", privileges },
	{ "setns", confinement },
	{ "setregid", privileges },
	{ "setregid32", privileges },
	{ "setresgid", privileges },
	{ "setresgid32", privileges },
	{ "setresuid", privileges },
	{ "setresuid32", privileges },
	{ "setreuid", privileges },
	{ "setreuid32", privileges },
	{ "setrlimit", confinement },
	{ "setsid", sessions },
	{ "setuid", privileges },
	{ "setuid32", privileges },
	{ "setxattr", modes },
	{ "sync", durability },
	{ "sync_file_range", durability },
	{ "syncfs", durability },
	{ "umask", modes },
	{ "umount", confinement },
	{ "umount2", confinement },
	{ "unshare", confinement },
	{ "vhangup", sessions },
	{ NULL, NULL },
};

/* What prctl(2) does besides is harmless: names of threads and the like. */
static const uint64_t guarded_options[] = {
	PR_SET_DUMPABLE, PR_SET_KEEPCAPS,   PR_SET_SECCOMP,
	PR_CAPBSET_DROP, PR_SET_SECUREBITS, PR_SET_NO_NEW_PRIVS,
	PR_CAP_AMBIENT,	 PR_SET_PTRACER,    PR_SET_SPECULATION_CTRL,
};

static bool is_harmless_prctl(const struct policy_call *call)
{
	if (strcmp(call->name, "prctl") != 0 || !call->n_checks || call->checks[0].index != 0)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(guarded_options); i++)
		if (policy_check_holds(&call->checks[0], guarded_options[i]))
			return false;
	return true;
}

const char *guard_of(const struct policy_call *call)
{
	if (is_harmless_prctl(call))
		return NULL;
	for (const struct guard *g = guard_table; g->call; g++)
		if (strcmp(g->call, call->name) == 0)
			return g->why;
	return NULL;
}

/* Without them calls of guard_table fail that need them; source: capabilities(7). */
static const struct {
	int capability;
	const char *why;
} guarded_capabilities[] = {
	{ CAP_CHOWN, modes },
	{ CAP_FOWNER, modes },
	{ CAP_SETGID, privileges },
	{ CAP_SETUID, privileges },
	{ CAP_SETPCAP, privileges },
	{ CAP_IPC_LOCK, secrets },
	{ CAP_SYS_CHROOT, confinement },
	{ CAP_SYS_ADMIN, confinement },
};

const char *guard_of_capability(int capability)
{
	for (size_t i = 0; i < ARRAY_SIZE(guarded_capabilities); i++)
		if (guarded_capabilities[i].capability == capability)
			return guarded_capabilities[i].why;
	return NULL;
}

/* A file that cannot be opened is often taken for one that is not there. */
static const struct {
	const char *path;
	const char *why;
} guarded_paths[] = {
	{ "/dev/hwrng", randomness },
	{ "/dev/random", randomness },
	{ "/dev/urandom", randomness },
	{ "/etc/at.deny", rejections },
	{ "/etc/cron.deny", rejections },
	{ "/etc/ftpusers", rejections },
	{ "/etc/gnutls/config", ciphers },
	{ "/etc/hosts.allow", rejections },
	{ "/etc/hosts.deny", rejections },
	{ "/etc/nologin", rejections },
	{ "/etc/pki/tls/openssl.cnf", ciphers },
	{ "/etc/ssl/openssl.cnf", ciphers },
};

const char *guard_of_path(const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(guarded_paths); i++)
		if (strcmp(guarded_paths[i].path, path) == 0)
			return guarded_paths[i].why;
	return NULL;
}
