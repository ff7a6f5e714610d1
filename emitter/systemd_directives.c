/* SPDX-License-Identifier: GPL-3.0-or-later */
/* systemd's directives: one row each. Sources: systemd.exec(5), systemd.resource-control(5). */
#include "emitter/systemd_directives.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "emitter/ruled_out.h"
#include "emitter/systemd_devices.h"
#include "emitter/systemd_obstacles.h"
#include "emitter/systemd_paths.h"
#include "emitter/systemd_writers.h"

#define LIST(...) (const char *const[]){ __VA_ARGS__, NULL }
#define ANY_EFFECT UINT32_MAX

bool systemd_is_device(const char *path)
{
	static const char *const pseudo[] = { PSEUDO_DEVICES };

	if (!path_is_within(path, "/dev") || strcmp(path, "/dev") == 0)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(pseudo); i++)
		if (path_is_within(path, pseudo[i]))
			return false;
	return true;
}

/* ---- when a directive is a question at all ---- */

static bool only_logs(const struct policy *p, const struct emit_options *options)
{
	(void)options;
	return p->action.kind == ACTION_LOG;
}

static bool denies(const struct policy *p, const struct emit_options *options)
{
	return !only_logs(p, options);
}

static bool is_read_only(const struct policy *p, const struct emit_options *options)
{
	return systemd_holds("ProtectSystem", p, options);
}

static bool is_not_read_only(const struct policy *p, const struct emit_options *options)
{
	return !is_read_only(p, options);
}

static bool shows_only_used(const struct policy *p, const struct emit_options *options)
{
	(void)p;
	return options->view == VIEW_ONLY;
}

/* Of two ways to hide what is not used the closer one, where it can be had. */
static bool hides_unused(const struct policy *p, const struct emit_options *options)
{
	return options->view != VIEW_ALL && !systemd_holds("TemporaryFileSystem", p, options);
}

/* Two mounts at one path hide each other. */
static bool shows_all(const struct policy *p, const struct emit_options *options)
{
	return !systemd_holds("TemporaryFileSystem", p, options);
}

static bool makes_directories(const struct policy *p, const struct emit_options *options)
{
	if (!is_read_only(p, options))
		return false;
	for (size_t i = 0; i < p->n_uses; i++)
		for (const struct systemd_directory *d = systemd_directories; d->name; d++)
			if (systemd_makes(p, options, d, &p->uses[i]))
				return true;
	return false;
}

/* Only IPC objects of other users than root are removed. */
static bool has_user(const struct policy *p, const struct emit_options *options)
{
	if (options->unit)
		return options->unit->user || options->unit->dynamic_user;
	return !p->as_root;
}

static bool has_limits(const struct policy *p, const struct emit_options *options)
{
	(void)options;
	return p->n_limits != 0;
}

static bool has_tasks_peak(const struct policy *p, const struct emit_options *options)
{
	(void)options;
	return p->tasks_peak != 0;
}

static bool has_memory_peak(const struct policy *p, const struct emit_options *options)
{
	(void)options;
	return p->memory_peak != 0;
}

static bool is_internet_service(const struct policy *p, const struct emit_options *options)
{
	(void)options;
	for (size_t i = 0; i < p->n_addresses; i++)
		if (p->addresses[i].family != 1) /* AF_UNIX */
			return true;
	return false;
}

/* A unit that runs as root and needs nothing of root's but to have started so. */
static bool may_have_dynamic_user(const struct policy *p, const struct emit_options *options)
{
	struct systemd_paths cleanup(systemd_paths_clear) paths = { 0 };
	auto_free char *obstacle = acts_for_other_users(p, options);

	return options->unit && !has_user(p, options) && !obstacle && p->n_paths &&
	       systemd_writable_paths(p, options, &paths) == 0 && !paths.n;
}

/* A unit that only starts as root. */
static bool becomes_another_user(const struct policy *p, const struct emit_options *options)
{
	static const char *const calls[] = { "setuid", "setreuid", "setresuid", NULL };

	return p->as_root && !has_user(p, options) && policy_allows_any(p, calls);
}

/* ---- the rows ---- */

#define CLOCK_CALLS                                                                                \
	"adjtimex", "clock_adjtime", "clock_adjtime64", "clock_settime", "clock_settime64",        \
	"settimeofday", "stime"
#define RAW_IO_CALLS                                                                               \
	"ioperm", "iopl", "pciconfig_iobase", "pciconfig_read", "pciconfig_write",                 \
	"s390_pci_mmio_read", "s390_pci_mmio_write"
#define IPC_CALLS                                                                                  \
	"ipc", "mq_open", "mq_unlink", "msgctl", "msgget", "msgrcv", "msgsnd", "semctl",           \
	"semget", "semop", "semtimedop", "shmat", "shmctl", "shmget"
#define TUNABLES                                                                                   \
	"/proc/sys", "/proc/sysrq-trigger", "/proc/latency_stats", "/proc/acpi", "/proc/apm",      \
	"/proc/asound", "/proc/bus", "/proc/fs", "/proc/irq", "/proc/mtrr", "/proc/scsi",          \
	"/proc/timer_stats", "/proc/tty", "/sys"
#define HOMES "/home", "/root", "/run/user"

const struct systemd_directive systemd_directives[] = {
	/* ---- system calls ---- */
	{ .name = "SystemCallFilter", .since = 187, .flags = DIRECTIVE_FILTERS,
	  .why = "seen or implied, most frequent first", .applies = denies,
	  .write = write_allowed_calls },
	{ .name = "SystemCallLog", .since = 247, .flags = DIRECTIVE_FILTERS,
	  .why = "calls that were not seen are logged and made", .applies = only_logs,
	  .write = write_logged_calls },
	{ .name = "SystemCallErrorNumber", .since = 209, .applies = denies,
	  .flags = DIRECTIVE_FILTERS, .write = write_error_number },
	{ .name = "SystemCallArchitectures", .since = 209, .flags = DIRECTIVE_FILTERS,
	  .why = "the same calls by other numbers would pass a list of names",
	  .write = write_architectures },
	{ .name = "RestrictAddressFamilies", .since = 211, .flags = DIRECTIVE_FILTERS,
	  .obstacle = makes_unknown_sockets, .write = write_families },
	/* ---- rights ---- */
	{ .name = "CapabilityBoundingSet", .since = 21,
	  .why = "the capabilities that something seen needs", .obstacle = needs_unknown_rights,
	  .write = write_bounding_set },
	{ .name = "AmbientCapabilities", .since = 229, .obstacle = has_rights_by_program,
	  .write = write_ambient_set },
	{ .name = "NoNewPrivileges", .value = "yes", .since = 187,
	  .why = "no program is executed that is known to be setuid or setgid",
	  .obstacle = gains_rights },
	{ .name = "PrivateUsers", .value = "yes", .since = 232,
	  .why = "no capability is needed, and no user but its own is of interest",
	  .obstacle = acts_for_other_users },
	{ .name = "KeyringMode", .value = "private", .since = 235,
	  .why = "no key is kept in the kernel",
	  .calls = LIST("add_key", "keyctl", "request_key") },
	{ .name = "LockPersonality", .value = "yes", .since = 235, .flags = DIRECTIVE_FILTERS,
	  .why = "the execution domain is never changed", .obstacle = changes_personality },
	{ .name = "RestrictRealtime", .value = "yes", .since = 231, .flags = DIRECTIVE_FILTERS,
	  .why = "no real-time scheduling policy is set", .calls = LIST("sched_setattr"),
	  .obstacle = sets_real_time },
	{ .name = "RestrictNamespaces", .value = "yes", .since = 233, .flags = DIRECTIVE_FILTERS,
	  .why = "no namespace is made or entered", .calls = LIST("setns"),
	  .obstacle = makes_namespaces },
	{ .name = "MemoryDenyWriteExecute", .value = "yes", .since = 231,
	  .flags = DIRECTIVE_FILTERS,
	  .why = "no memory is writable and executable, or made executable later",
	  .obstacle = makes_code },
	{ .name = "RestrictSUIDSGID", .value = "yes", .since = 242, .flags = DIRECTIVE_FILTERS,
	  .why = "no file is made setuid or setgid", .calls = LIST("openat2"),
	  .obstacle = sets_id_bits },
	/* ---- the kernel ---- */
	{ .name = "ProtectClock", .value = "yes", .since = 245, .flags = DIRECTIVE_FILTERS,
	  .why = "no clock is set, no wake-up timer made and no device used",
	  .calls = LIST(CLOCK_CALLS), .dirs = LIST("/dev"), .except = LIST(PSEUDO_DEVICES),
	  .effects = ANY_EFFECT, .obstacle = wakes_the_machine },
	{ .name = "ProtectHostname", .value = "yes", .since = 242,
	  .flags = DIRECTIVE_FILTERS | DIRECTIVE_MOUNTS,
	  .why = "the host's name is not set", .calls = LIST("sethostname", "setdomainname"),
	  .dirs = LIST("/proc/sys/kernel/hostname", "/proc/sys/kernel/domainname"),
	  .effects = PATH_WRITES },
	{ .name = "ProtectKernelModules", .value = "yes", .since = 232,
	  .flags = DIRECTIVE_FILTERS | DIRECTIVE_MOUNTS,
	  .why = "no kernel module is loaded or looked for",
	  .calls = LIST("init_module", "finit_module", "delete_module"),
	  .dirs = LIST("/usr/lib/modules", "/lib/modules"), .effects = ANY_EFFECT },
	{ .name = "ProtectKernelLogs", .value = "yes", .since = 244,
	  .flags = DIRECTIVE_FILTERS | DIRECTIVE_MOUNTS,
	  .why = "the kernel's log is not used", .calls = LIST("syslog"),
	  .dirs = LIST("/dev/kmsg", "/proc/kmsg"), .effects = ANY_EFFECT },
	{ .name = "ProtectKernelTunables", .value = "yes", .since = 232,
	  .flags = DIRECTIVE_FILTERS | DIRECTIVE_MOUNTS,
	  .why = "no setting of the kernel is changed", .dirs = LIST(TUNABLES),
	  .effects = PATH_WRITES, .obstacle = reads_kernel_memory },
	{ .name = "ProtectControlGroups", .value = "yes", .since = 232, .flags = DIRECTIVE_MOUNTS,
	  .why = "no control group is changed", .dirs = LIST("/sys/fs/cgroup"),
	  .effects = PATH_WRITES },
	/* ---- what is shared ---- */
	{ .name = "PrivateDevices", .value = "yes", .since = 209,
	  .flags = DIRECTIVE_FILTERS | DIRECTIVE_MOUNTS,
	  .why = "no device is used but those that every program has",
	  .calls = LIST(RAW_IO_CALLS), .dirs = LIST("/dev"), .except = LIST(PSEUDO_DEVICES),
	  .effects = ANY_EFFECT, .obstacle = makes_devices },
	{ .name = "DevicePolicy", .since = 208, .why = "the devices that were used",
	  .dirs = LIST("/dev"), .obstacle = uses_unnamed_devices, .write = write_devices },
	{ .name = "PrivateNetwork", .value = "yes", .since = 33,
	  .why = "no socket leads out of the machine", .flags = DIRECTIVE_MOUNTS,
	  .obstacle = uses_network },
	{ .name = "PrivateIPC", .value = "yes", .since = 248, .flags = DIRECTIVE_MOUNTS,
	  .why = "no System V IPC and no message queue is used", .calls = LIST(IPC_CALLS),
	  .dirs = LIST("/dev/mqueue"), .effects = ANY_EFFECT },
	{ .name = "RemoveIPC", .value = "yes", .since = 232, .applies = has_user,
	  .why = "nothing is kept in IPC objects when it stops", .calls = LIST(IPC_CALLS),
	  .obstacle = keeps_ipc_objects },
	{ .name = "PrivateMounts", .value = "yes", .since = 239, .flags = DIRECTIVE_MOUNTS,
	  .why = "nothing is mounted" },
	{ .name = "ProtectProc", .value = "invisible", .since = 247, .flags = DIRECTIVE_MOUNTS,
	  .why = "no process of others is looked at in /proc", .obstacle = asks_about_processes },
	{ .name = "ProcSubset", .value = "pid", .since = 247, .flags = DIRECTIVE_MOUNTS,
	  .why = "nothing in /proc is read but what belongs to processes",
	  .obstacle = reads_proc_files },
	/* ---- files ---- */
	{ .name = "PrivateTmp", .value = "yes", .since = 183, .flags = DIRECTIVE_MOUNTS,
	  .why = "nothing is shared through the temporary directories",
	  .obstacle = shares_temporary_files },
	{ .name = "ProtectHome", .value = "yes", .since = 214, .flags = DIRECTIVE_MOUNTS,
	  .why = "nothing in home directories is used", .dirs = LIST(HOMES),
	  .effects = ANY_EFFECT, .obstacle = looks_into_homes },
	{ .name = "ProtectHome", .value = "read-only", .since = 214, .flags = DIRECTIVE_MOUNTS,
	  .why = "nothing in home directories is written", .dirs = LIST(HOMES),
	  .effects = PATH_WRITES, .applies = shows_all },
	{ .name = "ProtectSystem", .value = "strict", .since = 232, .flags = DIRECTIVE_MOUNTS,
	  .why = "every path that is written is known: see ReadWritePaths=",
	  .obstacle = writes_unspeakable_paths },
	{ .name = "ProtectSystem", .value = "full", .since = 214, .flags = DIRECTIVE_MOUNTS,
	  .why = "the system's files and settings are not written",
	  .dirs = LIST("/usr", "/boot", "/efi", "/etc"), .effects = PATH_WRITES },
	{ .name = "ProtectSystem", .value = "yes", .since = 214, .flags = DIRECTIVE_MOUNTS,
	  .why = "the system's files are not written", .dirs = LIST("/usr", "/boot", "/efi"),
	  .effects = PATH_WRITES },
	{ .name = "ReadWritePaths", .since = 231, .flags = DIRECTIVE_MOUNTS,
	  .why = "written, or a name in it comes and goes", .applies = is_read_only,
	  .write = write_writable_paths },
	{ .name = "RuntimeDirectory", .since = 211,
	  .why = "directories that it made for itself: made by systemd, so that the one above can "
		 "be read-only",
	  .applies = makes_directories, .write = write_directories },
	{ .name = "ReadOnlyPaths", .since = 231, .flags = DIRECTIVE_MOUNTS,
	  .why = "nothing in them is written", .applies = is_not_read_only,
	  .write = write_read_only_paths },
	{ .name = "TemporaryFileSystem", .since = 238, .flags = DIRECTIVE_MOUNTS,
	  .why = "empty but for what was used, which is bound there (--view=only): a file that is "
		 "replaced is seen anew after a restart",
	  .applies = shows_only_used, .obstacle = sees_what_cannot_be_bound,
	  .write = write_view },
	{ .name = "InaccessiblePaths", .since = 231, .flags = DIRECTIVE_MOUNTS,
	  .why = "nothing in them was used (--view=used)", .applies = hides_unused,
	  .write = write_unused_paths },
	{ .name = "NoExecPaths", .since = 248, .flags = DIRECTIVE_MOUNTS,
	  .why = "programs that were executed, and directories of libraries",
	  .obstacle = runs_unknown_code, .write = write_exec_paths },
	{ .name = "UMask", .value = "0077", .since = 21,
	  .why = "no file is made whose mode is for others", .obstacle = shares_made_files,
	  .dirs = LIST("/"), .effects = 0 },
	/* ---- the network (--addresses) ---- */
	{ .name = "IPAddressDeny", .since = 235, .flags = DIRECTIVE_ADDRESSES,
	  .why = "the addresses that were bound and connected to", .applies = is_internet_service,
	  .obstacle = talks_to_anybody, .write = write_addresses },
	{ .name = "SocketBindDeny", .since = 249, .flags = DIRECTIVE_ADDRESSES,
	  .why = "the ports that were bound", .applies = is_internet_service,
	  .write = write_socket_binds },
	/* ---- limits ---- */
	{ .name = "Limits", .since = 21, .applies = has_limits, .write = write_limits },
	{ .name = "TasksMax", .since = 227, .why = "twice as many as were alive at once, and 16",
	  .applies = has_tasks_peak, .write = write_tasks_max },
	{ .name = "MemoryMax", .since = 231, .flags = DIRECTIVE_HINT,
	  .why = "twice the peak and 64 MiB; memory grows with what a service is asked for, so "
		 "this is for you to decide",
	  .applies = has_memory_peak, .write = write_memory_max },
	{ .name = "DynamicUser", .value = "yes", .since = 235, .flags = DIRECTIVE_HINT,
	  .why = "nothing needs root, nor files that last: a user of its own would do",
	  .applies = may_have_dynamic_user },
	{ .name = "User", .since = 21, .flags = DIRECTIVE_HINT,
	  .why = "it starts as root and changes its user itself: if always to the same one, and it "
		 "can start as that, name it here; root and the rights above are then not needed "
		 "('learn service finish --unprivileged' tries that)",
	  .applies = becomes_another_user, .write = write_user },
	{ .name = NULL },
};

/* ---- asking ---- */

bool systemd_applies(const struct systemd_directive *d, const struct policy *p,
		     const struct emit_options *options)
{
	if ((d->flags & DIRECTIVE_ADDRESSES) && !options->addresses)
		return false;
	return !d->applies || d->applies(p, options);
}

static char *used_within(const struct systemd_directive *d, const struct policy *p)
{
	for (const char *const *dir = d->dirs; dir && *dir; dir++) {
		const char *path = policy_uses(p, *dir, d->effects, d->except);

		if (path)
			return systemd_words(path, "is used");
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

	return call ? systemd_words(call, "is allowed, and mounts would not be seen outside")
		    : NULL;
}

static char *gives_no_new_privileges(const struct policy *p, const struct emit_options *options)
{
	auto_free char *program = gains_rights(p, options);

	return program ? systemd_words("it implies NoNewPrivileges, and", program) : NULL;
}

char *systemd_obstacle(const struct systemd_directive *d, const struct policy *p,
		       const struct emit_options *options)
{
	const char *call = d->calls ? policy_allows_any(p, d->calls) : NULL;
	char *text = NULL;

	if (call)
		return systemd_words(call, "is allowed");
	if (d->flags & DIRECTIVE_FILTERS)
		text = gives_no_new_privileges(p, options);
	if (!text && (d->flags & DIRECTIVE_MOUNTS))
		text = mounts(p);
	if (!text && ((d->flags & DIRECTIVE_MOUNTS) || d->dirs) && !p->n_paths)
		text = strdup("there is no evidence about paths");
	if (!text)
		text = used_within(d, p);
	if (!text && d->obstacle)
		text = d->obstacle(p, options);
	return text;
}

bool systemd_holds(const char *name, const struct policy *p, const struct emit_options *options)
{
	const struct systemd_directive *d = systemd_directives;
	auto_free char *obstacle = NULL;

	while (d->name && strcmp(d->name, name) != 0)
		d++;
	if (!d->name || (options->systemd && options->systemd < d->since) ||
	    !systemd_applies(d, p, options))
		return false;
	obstacle = systemd_obstacle(d, p, options);
	return !obstacle;
}
