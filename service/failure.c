/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why a service has failed, as far as the manager, the journal and the audit records tell. */
#include "service/failure.h"

#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/parse.h"
#include "base/spawn.h"
#include "service/sandbox.h"
#include "sysdb/syscalls.h"

/* ---- what the manager itself ended with: systemd.exec(5), PROCESS EXIT CODES ---- */

static const struct exit_row {
	unsigned status;
	const char *name;
	const char *settings; /* which can do it, separated by blanks */
	const char *what;     /* could not be done */
} exit_rows[] = {
	{ 200, "CHDIR", "WorkingDirectory", "the working directory cannot be entered" },
	{ 201, "NICE", "Nice", "the nice level cannot be set" },
	{ 202, "FDS", "Sockets", "descriptors cannot be passed on" },
	{ 203, "EXEC",
	  "ExecStart NoExecPaths InaccessiblePaths TemporaryFileSystem ProtectHome "
	  "RootDirectory SystemCallArchitectures",
	  "the program cannot be executed" },
	{ 204, "MEMORY", "MemoryMax LimitAS LimitDATA", "there was no memory" },
	{ 205, "LIMITS", "LimitNOFILE LimitNPROC LimitAS", "a limit cannot be set" },
	{ 206, "OOM_ADJUST", "OOMScoreAdjust", "the OOM score cannot be set" },
	{ 207, "SIGNAL_MASK", "IgnoreSIGPIPE", "the signal mask cannot be set" },
	{ 208, "STDIN", "StandardInput TTYPath", "standard input cannot be opened" },
	{ 209, "STDOUT", "StandardOutput", "standard output cannot be opened" },
	{ 210, "CHROOT", "RootDirectory", "the root directory cannot be changed" },
	{ 211, "IOPRIO", "IOSchedulingClass", "the IO priority cannot be set" },
	{ 212, "TIMERSLACK", "TimerSlackNSec", "the timer slack cannot be set" },
	{ 213, "SECUREBITS", "SecureBits", "the secure bits cannot be set" },
	{ 214, "SETSCHEDULER", "CPUSchedulingPolicy", "the scheduling policy cannot be set" },
	{ 215, "CPUAFFINITY", "CPUAffinity", "the CPU affinity cannot be set" },
	{ 216, "GROUP", "Group SupplementaryGroups", "the group is not known or cannot be set" },
	{ 217, "USER", "User DynamicUser PrivateUsers", "the user is not known or cannot be set" },
	{ 218, "CAPABILITIES", "CapabilityBoundingSet AmbientCapabilities ProtectClock "
	  "ProtectKernelModules ProtectKernelLogs PrivateDevices",
	  "the capabilities cannot be set" },
	{ 219, "CGROUP", "Slice Delegate", "the control group cannot be set up" },
	{ 220, "SETSID", "", "a session cannot be made" },
	{ 221, "CONFIRM", "", "the start was not confirmed" },
	{ 222, "STDERR", "StandardError", "standard error cannot be opened" },
	{ 224, "PAM", "PAMName", "the PAM session cannot be opened" },
	{ 225, "NETWORK", "PrivateNetwork", "the network namespace cannot be set up" },
	{ 226, "NAMESPACE",
	  "ReadWritePaths ReadOnlyPaths InaccessiblePaths BindPaths BindReadOnlyPaths "
	  "TemporaryFileSystem ExecPaths NoExecPaths ProtectSystem ProtectHome PrivateTmp "
	  "PrivateDevices PrivateUsers",
	  "the mount namespace cannot be set up, as when a path that is named is not there (a "
	  "\"-\" before it lets that pass)" },
	{ 227, "NO_NEW_PRIVILEGES", "NoNewPrivileges", "no_new_privs cannot be set" },
	{ 228, "SECCOMP", "SystemCallFilter SystemCallArchitectures",
	  "the filter cannot be installed" },
	{ 229, "SELINUX_CONTEXT", "SELinuxContext", "the context cannot be set" },
	{ 230, "PERSONALITY", "Personality", "the personality cannot be set" },
	{ 231, "APPARMOR", "AppArmorProfile", "the AppArmor profile cannot be used" },
	{ 232, "ADDRESS_FAMILIES", "RestrictAddressFamilies", "the filter cannot be installed" },
	{ 233, "RUNTIME_DIRECTORY", "RuntimeDirectory", "the directory cannot be made" },
	{ 235, "CHOWN", "", "a socket's owner cannot be set" },
	{ 236, "SMACK_PROCESS_LABEL", "SmackProcessLabel", "the label cannot be set" },
	{ 237, "KEYRING", "KeyringMode", "the keyring cannot be set up" },
	{ 238, "STATE_DIRECTORY", "StateDirectory", "the directory cannot be made" },
	{ 239, "CACHE_DIRECTORY", "CacheDirectory", "the directory cannot be made" },
	{ 240, "LOGS_DIRECTORY", "LogsDirectory", "the directory cannot be made" },
	{ 241, "CONFIGURATION_DIRECTORY", "ConfigurationDirectory",
	  "the directory cannot be made" },
	{ 242, "NUMA_POLICY", "NUMAPolicy", "the policy cannot be set" },
	{ 243, "CREDENTIALS", "LoadCredential SetCredential", "the credentials cannot be set up" },
	{ 245, "BPF", "RestrictFileSystems", "the BPF program cannot be attached" },
};

static const struct exit_row *exit_row(uint64_t status)
{
	for (size_t i = 0; i < ARRAY_SIZE(exit_rows); i++)
		if (exit_rows[i].status == status)
			return &exit_rows[i];
	return NULL;
}

/* Of NAMES those that the unit's files give: "NAME=VALUE" each on a line. Returns how many. */
static int list_settings(const struct unit *unit, const char *names, FILE *out)
{
	auto_free char *copy = strdup(names);
	char *rest = copy, *name;
	int n = 0;

	while (copy && (name = strsep(&rest, " "))) {
		const char *value = settings_last(&unit->learned, name);

		value = value ? value : settings_last(&unit->own, name);
		if (!*name || !value)
			continue;
		fprintf(out, "    %s=%s\n", name, value);
		n++;
	}
	return n;
}

/* ---- the journal ---- */

/* What the service said in its last run, and the manager about it; "" where there is no journal. */
static char *journal_of_run(const struct unit *unit)
{
	const char *id = property(&unit->facts, "InvocationID");
	auto_free char *said = NULL, *about = NULL, *about_user = NULL, *text = NULL;

	if (!*id || asprintf(&said, "_SYSTEMD_INVOCATION_ID=%s", id) < 0 ||
	    asprintf(&about, "INVOCATION_ID=%s", id) < 0 ||
	    asprintf(&about_user, "USER_INVOCATION_ID=%s", id) < 0)
		return strdup("");
	spawn((const char *const[]){ "journalctl", "-q", "--no-pager", "-o", "cat", "-n", "200",
				     said, "+", about, "+", about_user, NULL },
	      true, &text);
	return text ? take_ptr(text) : strdup("");
}

static uint64_t field(const char *record, const char *name, int base_16)
{
	const char *at = strstr(record, name);
	char word[24] = "0x";
	size_t n, start = base_16 ? 2 : 0;
	uint64_t value = 0;

	if (!at)
		return 0;
	at += strlen(name);
	n = strcspn(at, " \n");
	if (n + start >= sizeof(word))
		return 0;
	memcpy(word + start, at, n);
	word[start + n] = '\0';
	return parse_u64(word, UINT64_MAX, &value) < 0 ? 0 : value;
}

/* The file that the service's main command executes, or "". */
static void main_program(const struct unit *unit, char path[PATH_MAX])
{
	struct properties cleanup(properties_clear) facts = { 0 };
	auto_free char *found = NULL;
	const char *at;
	size_t n;

	path[0] = '\0';
	if (systemctl_show(unit->user, unit->name, "ExecStart", &facts) < 0)
		return;
	at = strstr(property(&facts, "ExecStart"), "path=");
	n = at ? strcspn(at + strlen("path="), " ;") : 0;
	if (!n || n >= PATH_MAX)
		return;
	memcpy(path, at + strlen("path="), n);
	path[n] = '\0';
	found = realpath(path, NULL);
	if (found)
		strcpy(path, found);
}

/* PROC_PID_INIT_INO: <linux/proc_ns.h> of the kernel. */
#define FIRST_PID_NAMESPACE 0xEFFFFFFCu

/* The kernel numbers processes as the first namespace does. */
static bool numbers_are_ours(void)
{
	struct stat st;

	return stat("/proc/self/ns/pid", &st) == 0 && st.st_ino == FIRST_PID_NAMESPACE;
}

/* An audit record of the main process: by its number, or where that is another by its program. */
static bool is_about(const struct unit *unit, const char *record, const char *program)
{
	auto_free char *exe = NULL;
	uint64_t pid = 0;

	if (!strstr(record, " sig=31 "))
		return false;
	if (numbers_are_ours())
		return parse_u64(property(&unit->facts, "ExecMainPID"), INT32_MAX, &pid) == 0 &&
		       pid && field(record, " pid=", 0) == pid;
	if (!*program || asprintf(&exe, " exe=\"%s\" ", program) < 0)
		return false;
	return strstr(record, exe);
}

/* When the main process began, as journalctl takes it, to be freed; or NULL. */
static char *since_start(const struct unit *unit)
{
	const char *start = property(&unit->facts, "ExecMainStartTimestamp");
	char *option;

	return asprintf(&option, "--since=%s", *start ? start : "-5min") < 0 ? NULL : option;
}

static bool tell_call(const struct unit *unit, FILE *out)
{
	auto_free char *text = NULL, *name = NULL, *since = since_start(unit);
	char program[PATH_MAX], *rest, *line, *last = NULL;

	if (!since || spawn((const char *const[]){ "journalctl", "-q", "--no-pager", "-o", "cat",
					 since, "-n", "500", "_TRANSPORT=kernel", "+",
					 "_TRANSPORT=audit", NULL },
		  true, &text) != 0)
		return false;
	main_program(unit, program);
	for (rest = text; (line = strsep(&rest, "\n"));)
		if (strstr(line, "syscall=") && is_about(unit, line, program))
			last = line;
	if (!last)
		return false;
	name = syscall_name((uint32_t)field(last, " arch=", 1), (int)field(last, " syscall=", 0));
	if (!name)
		return false;
	fprintf(out,
		"  cause: SystemCallFilter= and its like: the call %s, by the audit record\n"
		"    mend: SystemCallFilter=%s\n",
		name, name);
	return true;
}

/* Errors that confinement gives, as programs word them (strerror(3)). */
static const struct symptom {
	const char *words, *settings;
} symptoms[] = {
	{ "Read-only file system", "ProtectSystem ReadOnlyPaths ProtectHome ProtectKernelTunables "
				   "ProtectControlGroups ReadWritePaths" },
	{ "Address family not supported", "RestrictAddressFamilies" },
	{ "Permission denied", "InaccessiblePaths ProtectHome NoExecPaths DevicePolicy "
			       "CapabilityBoundingSet IPAddressDeny SocketBindDeny" },
	{ "Operation not permitted", "CapabilityBoundingSet SystemCallFilter PrivateDevices "
				     "MemoryDenyWriteExecute RestrictNamespaces RestrictRealtime "
				     "RestrictSUIDSGID LockPersonality ProtectClock "
				     "ProtectHostname ProtectKernelModules DevicePolicy" },
	{ "Too many open files", "LimitNOFILE" },
	{ "Cannot allocate memory", "MemoryMax LimitAS LimitDATA LimitMEMLOCK" },
	{ "Resource temporarily unavailable", "TasksMax LimitNPROC" },
	{ "File too large", "LimitFSIZE" },
};

/* What the service wrote, so that it only shows. */
static void tell_words(const char *what, const char *words, FILE *out)
{
	auto_free char *line = bytes_to_line(words, strlen(words));

	fprintf(out, "  %s: %s\n", what, line ? line : "?");
}

/* A line of the service's that names such an error, and the settings that can give it. */
static void tell_symptoms(const struct unit *unit, char *journal, FILE *out)
{
	for (char *rest = journal, *line; (line = strsep(&rest, "\n"));) {
		for (size_t i = 0; i < ARRAY_SIZE(symptoms); i++) {
			auto_free char *settings = NULL;
			size_t size;
			FILE *list;

			if (!strstr(line, symptoms[i].words))
				continue;
			list = open_memstream(&settings, &size);
			if (!list)
				return;
			if (list_settings(unit, symptoms[i].settings, list) && fflush(list) == 0) {
				tell_words("it said", line, out);
				fprintf(out, "  which can come of\n%s", settings);
			}
			fclose(list);
		}
	}
}

/* ---- all together ---- */

static bool is_word(const struct unit *unit, const char *name, const char *word)
{
	return strcmp(property(&unit->facts, name), word) == 0;
}

/* An exit status that the manager itself gave. */
static const struct exit_row *managers_own(const struct unit *unit, uint64_t status)
{
	return is_word(unit, "ExecMainCode", "1") ? exit_row(status) : NULL; /* CLD_EXITED */
}

static enum failure tell_status(const struct unit *unit, const struct exit_row *row, FILE *out)
{
	fprintf(out, "%s: the manager could not start it, status %u/%s: %s\n", unit->name,
		row->status, row->name, row->what);
	if (!list_settings(unit, row->settings, out))
		return FAILURE_OPEN;
	fprintf(out, "  one of these settings does it\n");
	return FAILURE_FOUND;
}

enum failure failure_tell(const struct unit *unit, FILE *out)
{
	auto_free char *journal = NULL;
	uint64_t status = 0;

	if (is_word(unit, "Result", "success")) {
		fprintf(out, "%s: no failure: it is %s (%s)\n", unit->name,
			property(&unit->facts, "ActiveState"), property(&unit->facts, "SubState"));
		return FAILURE_NONE;
	}
	parse_u64(property(&unit->facts, "ExecMainStatus"), UINT32_MAX, &status);
	if (managers_own(unit, status))
		return tell_status(unit, managers_own(unit, status), out);
	if (status == SIGSYS &&
	    (is_word(unit, "Result", "signal") || is_word(unit, "Result", "core-dump"))) {
		fprintf(out, "%s: killed by SIGSYS: it made a system call that is not allowed\n",
			unit->name);
		return tell_call(unit, out) ? FAILURE_FOUND : FAILURE_CALL;
	}
	fprintf(out, "%s: failed, result '%s', status %s\n", unit->name,
		property(&unit->facts, "Result"), property(&unit->facts, "ExecMainStatus"));
	if (*property(&unit->facts, "StatusText"))
		tell_words("its status line", property(&unit->facts, "StatusText"), out);
	journal = journal_of_run(unit);
	if (journal)
		tell_symptoms(unit, journal, out);
	return FAILURE_OPEN;
}
