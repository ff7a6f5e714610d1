/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The settings that confine a service: one row each. */
#include "service/sandbox.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

/* clang-format off */
#define LEVELS(...) (const char *const[]){ __VA_ARGS__, NULL }
#define SWITCH(name, flags) { name, "no", SANDBOX_LEVEL, flags, NULL }
#define LIMIT(name, neutral) { "Limit" name, neutral, SANDBOX_LIMIT, 0, NULL }
#define TIGHTENING_LIST SANDBOX_ADDS_UP | SANDBOX_TIGHTENS | SANDBOX_MOUNTS
#define GRANT(name) { name, NULL, SANDBOX_PATHS, SANDBOX_ADDS_UP, NULL }
/* clang-format on */

/*
 * An empty CapabilityBoundingSet= is the empty set; "~" takes nothing from the full one. Limits
 * without end change what programs do: they size tables by NOFILE, and the kernel lays memory out
 * by STACK.
 */
const struct sandbox_row sandbox_rows[] = {
	{ "SystemCallFilter", "", SANDBOX_CALLS, SANDBOX_SECCOMP | SANDBOX_BLINDS | SANDBOX_ADDS_UP,
	  NULL },
	{ "SystemCallErrorNumber", "", SANDBOX_OTHER, 0, NULL },
	{ "SystemCallLog", "", SANDBOX_OTHER, SANDBOX_ADDS_UP, NULL },
	{ "SystemCallArchitectures", "", SANDBOX_WORDS, SANDBOX_SECCOMP | SANDBOX_ADDS_UP, NULL },
	{ "RestrictAddressFamilies", "", SANDBOX_WORDS,
	  SANDBOX_SECCOMP | SANDBOX_BLINDS | SANDBOX_ADDS_UP, NULL },
	{ "RestrictNamespaces", "no", SANDBOX_WORDS, SANDBOX_SECCOMP, NULL },
	SWITCH("RestrictRealtime", SANDBOX_SECCOMP),
	SWITCH("RestrictSUIDSGID", SANDBOX_SECCOMP),
	SWITCH("MemoryDenyWriteExecute", SANDBOX_SECCOMP),
	SWITCH("LockPersonality", SANDBOX_SECCOMP),
	SWITCH("NoNewPrivileges", 0),
	{ "CapabilityBoundingSet", "~", SANDBOX_WORDS, SANDBOX_ADDS_UP | SANDBOX_ROOTS, NULL },
	{ "ProtectSystem", "no", SANDBOX_LEVEL, SANDBOX_MOUNTS,
	  LEVELS("no", "yes", "full", "strict") },
	{ "ProtectHome", "no", SANDBOX_LEVEL, SANDBOX_MOUNTS,
	  LEVELS("no", "read-only", "tmpfs", "yes") },
	SWITCH("PrivateTmp", SANDBOX_MOUNTS),
	SWITCH("PrivateDevices", SANDBOX_SECCOMP | SANDBOX_ROOTS | SANDBOX_MOUNTS),
	SWITCH("PrivateNetwork", 0),
	SWITCH("PrivateUsers", 0),
	SWITCH("PrivateIPC", 0),
	SWITCH("PrivateMounts", 0),
	SWITCH("RemoveIPC", 0),
	SWITCH("ProtectHostname", SANDBOX_SECCOMP),
	SWITCH("ProtectClock", SANDBOX_SECCOMP | SANDBOX_ROOTS),
	SWITCH("ProtectKernelTunables", SANDBOX_MOUNTS),
	SWITCH("ProtectKernelModules", SANDBOX_SECCOMP | SANDBOX_ROOTS | SANDBOX_MOUNTS),
	SWITCH("ProtectKernelLogs", SANDBOX_SECCOMP | SANDBOX_ROOTS | SANDBOX_MOUNTS),
	SWITCH("ProtectControlGroups", SANDBOX_MOUNTS),
	{ "ProtectProc", "default", SANDBOX_LEVEL, SANDBOX_MOUNTS,
	  LEVELS("default", "ptraceable", "noaccess", "invisible") },
	{ "ProcSubset", "all", SANDBOX_LEVEL, SANDBOX_MOUNTS, LEVELS("all", "pid") },
	{ "DevicePolicy", "auto", SANDBOX_LEVEL, 0, LEVELS("auto", "closed", "strict") },
	{ "KeyringMode", "inherit", SANDBOX_LEVEL, 0, LEVELS("inherit", "shared", "private") },
	{ "UMask", "0022", SANDBOX_OTHER, 0, NULL },
	{ "ReadOnlyPaths", "", SANDBOX_OTHER, TIGHTENING_LIST, NULL },
	{ "InaccessiblePaths", "", SANDBOX_OTHER,
	  SANDBOX_BLINDS | TIGHTENING_LIST, NULL },
	{ "TemporaryFileSystem", "", SANDBOX_OTHER,
	  SANDBOX_BLINDS | TIGHTENING_LIST, NULL },
	{ "NoExecPaths", "", SANDBOX_OTHER,
	  SANDBOX_BLINDS | TIGHTENING_LIST, NULL },
	{ "IPAddressDeny", "", SANDBOX_OTHER, SANDBOX_ADDS_UP, NULL },
	{ "SocketBindDeny", "", SANDBOX_OTHER, SANDBOX_ADDS_UP, NULL },
	{ "RestrictNetworkInterfaces", "", SANDBOX_OTHER, SANDBOX_ADDS_UP, NULL },
	{ "RestrictFileSystems", "", SANDBOX_OTHER, SANDBOX_ADDS_UP, NULL },
	{ "MemoryMax", "infinity", SANDBOX_LIMIT, 0, NULL },
	{ "TasksMax", "infinity", SANDBOX_LIMIT, 0, NULL },
	LIMIT("AS", "infinity"), LIMIT("CORE", "infinity"), LIMIT("CPU", "infinity"),
	LIMIT("DATA", "infinity"), LIMIT("FSIZE", "infinity"), LIMIT("LOCKS", "infinity"),
	LIMIT("MEMLOCK", "infinity"), LIMIT("MSGQUEUE", "infinity"), LIMIT("NICE", "40"),
	LIMIT("NOFILE", "524288"), LIMIT("NPROC", "infinity"), LIMIT("RSS", "infinity"),
	LIMIT("RTPRIO", "99"), LIMIT("RTTIME", "infinity"), LIMIT("SIGPENDING", "infinity"),
	LIMIT("STACK", "8M:infinity"),
	GRANT("ReadWritePaths"),
	GRANT("ExecPaths"),
	{ "BindPaths", NULL, SANDBOX_PATHS, SANDBOX_ADDS_UP | SANDBOX_BINDS, NULL },
	{ "BindReadOnlyPaths", NULL, SANDBOX_PATHS, SANDBOX_ADDS_UP | SANDBOX_BINDS, NULL },
	GRANT("StateDirectory"),
	GRANT("RuntimeDirectory"),
	GRANT("CacheDirectory"),
	GRANT("LogsDirectory"),
	GRANT("DeviceAllow"),
	GRANT("AmbientCapabilities"),
	GRANT("IPAddressAllow"),
	GRANT("SocketBindAllow"),
	{ NULL, NULL, SANDBOX_OTHER, 0, NULL },
};

const struct sandbox_row *sandbox_row(const char *name)
{
	for (const struct sandbox_row *row = sandbox_rows; row->name; row++)
		if (strcmp(row->name, name) == 0)
			return row;
	return NULL;
}

bool setting_is_yes(const char *value)
{
	static const char *const words[] = { "1", "yes", "y", "true", "t", "on", NULL };

	for (const char *const *w = words; *w; w++)
		if (strcasecmp(value, *w) == 0)
			return true;
	return false;
}

int sandbox_level(const struct sandbox_row *row, const char *value)
{
	if (!value)
		return 0;
	for (int i = 0; row->levels && row->levels[i]; i++)
		if (strcmp(row->levels[i], value) == 0)
			return i;
	if (!setting_is_yes(value))
		return 0;
	for (int i = 0; row->levels && row->levels[i]; i++)
		if (strcmp(row->levels[i], "yes") == 0)
			return i;
	return 1;
}

static bool restricts(const struct sandbox_row *row, const struct settings *settings)
{
	const char *value = settings_last(settings, row->name);

	if (!value || !row->neutral)
		return false;
	if (row->kind == SANDBOX_LEVEL)
		return sandbox_level(row, value) > 0;
	return strcmp(value, row->neutral) != 0;
}

bool sandbox_mounts(const struct settings *settings)
{
	for (const struct sandbox_row *row = sandbox_rows; row->name; row++)
		if ((row->flags & SANDBOX_MOUNTS) && restricts(row, settings))
			return true;
	return false;
}

int sandbox_write_neutral(const struct settings *settings, unsigned flags, FILE *out)
{
	int n = 0;

	for (const struct sandbox_row *row = sandbox_rows; row->name; row++) {
		if ((flags && !(row->flags & flags)) || !restricts(row, settings))
			continue;
		fprintf(out, "%s=%s\n", row->name, row->neutral);
		n++;
	}
	return n;
}
