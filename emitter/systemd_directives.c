/* SPDX-License-Identifier: GPL-3.0-or-later */
/* systemd's sandboxing directives that take a word: one row each (systemd.exec(5)). */
#include "emitter/systemd_directives.h"

#include <linux/sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "emitter/quote.h"
#include "emitter/ruled_out.h"

#define LIST(...) (const char *const[]){ __VA_ARGS__, NULL }
#define ANY_EFFECT UINT32_MAX

static char *words(const char *subject, const char *rest)
{
	char *text;

	return asprintf(&text, "%s %s", subject, rest) < 0 ? strdup(rest) : text;
}

/* ---- obstacles that take more than a list ---- */

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
				return words(p->paths[i].path, "is executed, which may be setuid");
	}
	return NULL;
}

/* personality(0xffffffff) only asks. */
static char *changes_personality(const struct policy *p)
{
	const uint64_t query = UINT32_MAX;

	for (size_t i = 0; i < p->n_calls; i++) {
		const struct policy_call *call = &p->calls[i];

		if (strcmp(call->name, "personality") != 0)
			continue;
		if (call->n_checks != 1 || call->checks[0].kind != CHECK_VALUES ||
		    call->checks[0].n_values != 1 || call->checks[0].values[0] != query)
			return strdup("personality is allowed");
	}
	return NULL;
}

/* CLONE_NEWTIME shares its bit with the signal of clone(2), so only unshare(2) can mean it. */
#define NAMESPACES                                                                                 \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |             \
	 CLONE_NEWPID | CLONE_NEWNET)
#define NEW_TIME 0x80

static char *makes_namespaces(const struct policy *p)
{
	if (policy_allows_any_bit(p, "clone", 0, NAMESPACES))
		return strdup("clone may make namespaces");
	if (policy_allows_any_bit(p, "unshare", 0, NAMESPACES | NEW_TIME))
		return strdup("unshare may make namespaces");
	return NULL;
}

static char *makes_code(const struct policy *p)
{
	static const char *const mmaps[] = { "mmap", "mmap2" };
	static const char *const mprotects[] = { "mprotect", "pkey_mprotect" };

	for (size_t i = 0; i < ARRAY_SIZE(mmaps); i++)
		if (policy_allows_all_bits(p, mmaps[i], 2, PROT_WRITE | PROT_EXEC))
			return words(mmaps[i], "may map writable code");
	for (size_t i = 0; i < ARRAY_SIZE(mprotects); i++)
		if (policy_allows_all_bits(p, mprotects[i], 2, PROT_EXEC))
			return words(mprotects[i], "may make memory executable");
	return NULL;
}

static char *makes_devices(const struct policy *p)
{
	const struct policy_path *path = policy_uses(p, "/", PATH_CREATE_CHAR | PATH_CREATE_BLOCK,
						     NULL);

	return path ? words(path->path, "is made as a device") : NULL;
}

/* Paths that a unit file cannot name, and the root, which would make all of it writable. */
static char *writes_unspeakable_paths(const struct policy *p)
{
	for (size_t i = 0; i < p->n_paths; i++) {
		const struct policy_path *path = &p->paths[i];
		const char *slash = strrchr(path->path, '/');
		bool in_root = slash == path->path;

		if (!(path->effects & PATH_WRITES))
			continue;
		if (!systemd_can_quote(path->path))
			return words(path->path, "is written and no unit file can name it");
		if (strcmp(path->path, "/") == 0 ||
		    (in_root && !path->directory && (path->effects & PATH_RENAMES)))
			return words(path->path, "is written in the root directory");
	}
	return NULL;
}

/* ---- the rows ---- */

#define MODE_CALLS                                                                                 \
	"chmod", "fchmod", "fchmodat", "fchmodat2", "mkdir", "mkdirat", "mknod", "mknodat",        \
	"creat", "openat2"
#define CLOCK_CALLS                                                                                \
	"adjtimex", "clock_adjtime", "clock_adjtime64", "clock_settime", "clock_settime64",        \
	"settimeofday", "stime"
#define RAW_IO_CALLS                                                                               \
	"ioperm", "iopl", "pciconfig_iobase", "pciconfig_read", "pciconfig_write",                 \
	"s390_pci_mmio_read", "s390_pci_mmio_write"
#define TUNABLES                                                                                   \
	"/proc/sys", "/proc/sysrq-trigger", "/proc/latency_stats", "/proc/acpi",                   \
	"/proc/timer_stats", "/proc/fs", "/proc/irq", "/sys"
/* What /dev holds with PrivateDevices=yes, and what a closed device policy lets through. */
#define PSEUDO_DEVICES                                                                             \
	"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty",          \
	"/dev/pts", "/dev/ptmx", "/dev/shm", "/dev/mqueue", "/dev/hugepages", "/dev/log",          \
	"/dev/stdin", "/dev/stdout", "/dev/stderr", "/dev/fd"

const struct systemd_directive systemd_directives[] = {
	{ .name = "NoNewPrivileges", .value = "yes", .since = 187,
	  .why = "no program is executed that is known to be setuid or setgid",
	  .obstacle = runs_setuid_program },
	{ .name = "LockPersonality", .value = "yes", .since = 235,
	  .why = "the execution domain is never changed", .obstacle = changes_personality },
	{ .name = "RestrictRealtime", .value = "yes", .since = 231,
	  .why = "no scheduling policy is set",
	  .calls = LIST("sched_setscheduler", "sched_setattr") },
	{ .name = "RestrictNamespaces", .value = "yes", .since = 233,
	  .why = "no namespace is made or entered", .calls = LIST("setns", "clone3"),
	  .obstacle = makes_namespaces },
	{ .name = "MemoryDenyWriteExecute", .value = "yes", .since = 231,
	  .why = "no memory is writable and executable, or made executable later",
	  .calls = LIST("shmat"), .obstacle = makes_code },
	{ .name = "RestrictSUIDSGID", .value = "yes", .since = 242,
	  .why = "no file is made and no mode is set, so none is setuid or setgid",
	  .calls = LIST(MODE_CALLS), .dirs = LIST("/"), .effects = PATH_CREATE_FILE },
	{ .name = "ProtectClock", .value = "yes", .since = 245,
	  .why = "no clock is set, no wake-up timer made and no device used",
	  .calls = LIST(CLOCK_CALLS, "timer_create", "timerfd_create"), .dirs = LIST("/dev"),
	  .except = LIST(PSEUDO_DEVICES), .effects = ANY_EFFECT },
	{ .name = "ProtectHostname", .value = "yes", .since = 242,
	  .why = "the host's name is not set", .calls = LIST("sethostname", "setdomainname") },
	{ .name = "ProtectKernelModules", .value = "yes", .since = 232,
	  .why = "no kernel module is loaded or looked for",
	  .calls = LIST("init_module", "finit_module", "delete_module"),
	  .dirs = LIST("/usr/lib/modules", "/lib/modules"), .effects = ANY_EFFECT,
	  .mount_namespace = true },
	{ .name = "ProtectKernelLogs", .value = "yes", .since = 244,
	  .why = "the kernel's log is not used", .calls = LIST("syslog"),
	  .dirs = LIST("/dev/kmsg", "/proc/kmsg"), .effects = ANY_EFFECT,
	  .mount_namespace = true },
	{ .name = "ProtectKernelTunables", .value = "yes", .since = 232,
	  .why = "no setting of the kernel is changed", .dirs = LIST(TUNABLES),
	  .effects = PATH_WRITES, .mount_namespace = true },
	{ .name = "ProtectControlGroups", .value = "yes", .since = 232,
	  .why = "no control group is changed", .dirs = LIST("/sys/fs/cgroup"),
	  .effects = PATH_WRITES, .mount_namespace = true },
	{ .name = "PrivateDevices", .value = "yes", .since = 209,
	  .why = "no device is used but those that every program has",
	  .calls = LIST(RAW_IO_CALLS), .dirs = LIST("/dev"), .except = LIST(PSEUDO_DEVICES),
	  .effects = ANY_EFFECT, .mount_namespace = true, .obstacle = makes_devices },
	{ .name = "PrivateTmp", .value = "yes", .since = 183,
	  .why = "nothing is shared through the temporary directories",
	  .dirs = LIST("/tmp", "/var/tmp"), .effects = ANY_EFFECT, .mount_namespace = true },
	{ .name = "ProtectHome", .value = "yes", .since = 214,
	  .why = "nothing in home directories is used",
	  .dirs = LIST("/home", "/root", "/run/user"), .effects = ANY_EFFECT,
	  .mount_namespace = true },
	{ .name = "ProtectHome", .value = "read-only", .since = 214,
	  .why = "nothing in home directories is written",
	  .dirs = LIST("/home", "/root", "/run/user"), .effects = PATH_WRITES,
	  .mount_namespace = true },
	{ .name = "ProtectSystem", .value = "strict", .since = 232,
	  .why = "every path that is written is known: see ReadWritePaths=",
	  .mount_namespace = true, .obstacle = writes_unspeakable_paths },
	{ .name = "ProtectSystem", .value = "full", .since = 214,
	  .why = "the system's files and settings are not written",
	  .dirs = LIST("/usr", "/boot", "/efi", "/etc"), .effects = PATH_WRITES,
	  .mount_namespace = true },
	{ .name = "ProtectSystem", .value = "yes", .since = 214,
	  .why = "the system's files are not written", .dirs = LIST("/usr", "/boot", "/efi"),
	  .effects = PATH_WRITES, .mount_namespace = true },
	{ .name = NULL },
};

/* ---- asking ---- */

static char *used_within(const struct systemd_directive *d, const struct policy *p)
{
	for (const char *const *dir = d->dirs; dir && *dir; dir++) {
		const struct policy_path *path = policy_uses(p, *dir, d->effects, d->except);

		if (path)
			return words(path->path, "is used");
	}
	return NULL;
}

/* In a mount namespace of its own nobody sees what a program mounts. */
static char *mounts(const struct policy *p)
{
	static const char *const mount_calls[] = {
		"mount", "umount", "umount2", "move_mount", "fsmount", "open_tree", "pivot_root",
		NULL,
	};
	const char *call = policy_allows_any(p, mount_calls);

	return call ? words(call, "is allowed, and mounts would not be seen outside") : NULL;
}

char *systemd_obstacle(const struct systemd_directive *d, const struct policy *p)
{
	const char *call = d->calls ? policy_allows_any(p, d->calls) : NULL;
	char *text = NULL;

	if (call)
		return words(call, "is allowed");
	if (d->mount_namespace)
		text = mounts(p);
	if (!text && (d->mount_namespace || d->dirs) && !p->n_paths)
		text = strdup("there is no evidence about paths");
	if (!text)
		text = used_within(d, p);
	if (!text && d->obstacle)
		text = d->obstacle(p);
	return text;
}
