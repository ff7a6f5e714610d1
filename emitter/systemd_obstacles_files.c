/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What files, and the modes that they are made with, stand against, of systemd's directives. */
#include "emitter/systemd_obstacles.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "emitter/quote.h"
#include "emitter/ruled_out.h"

/* ---- modes ---- */

/* The argument that is a mode, of the calls that systemd looks at. */
static const struct {
	const char *call;
	unsigned index;
	bool may_create; /* only with O_CREAT, which an older recording does not tell */
} modes[] = {
	{ "chmod", 1, false },	 { "fchmod", 1, false }, { "fchmodat", 2, false },
	{ "fchmodat2", 2, false }, { "mkdir", 1, false },  { "mkdirat", 2, false },
	{ "mknod", 1, false },	 { "mknodat", 2, false }, { "creat", 1, false },
	{ "open", 2, true },	 { "openat", 3, true },
};

char *sets_id_bits(const struct policy *p, const struct emit_options *options)
{
	bool known = false;

	(void)options;
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		bool held = policy_knows(p, modes[i].call, modes[i].index);

		known = known || (modes[i].may_create && held);
		if (modes[i].may_create && !held)
			continue;
		if (policy_allows_any_bit(p, modes[i].call, modes[i].index, S_ISUID | S_ISGID))
			return systemd_words(modes[i].call, "may set the set-ID bits of a mode");
	}
	if (!known && !p->n_paths)
		return strdup("there is no evidence about paths");
	if (!known && policy_uses(p, "/", PATH_CREATE_FILE, NULL))
		return strdup("files are made, and their modes were not recorded");
	return NULL;
}

/* ---- files ---- */

char *makes_devices(const struct policy *p, const struct emit_options *options)
{
	const char *path = policy_uses(p, "/", PATH_CREATE_CHAR | PATH_CREATE_BLOCK,
						     NULL);

	(void)options;
	return path ? systemd_words(path, "is made as a device") : NULL;
}

/* DeviceAllow= wants a node: of a directory that stands for many it cannot be said which. */
char *uses_unnamed_devices(const struct policy *p, const struct emit_options *options)
{
	const uint32_t looks = PATH_LIST | PATH_CHDIR | PATH_WATCH | PATH_STAT | PATH_HANDLE;
	char *text = makes_devices(p, options);

	for (size_t i = 0; !text && i < p->n_paths; i++) {
		const struct policy_path *path = &p->paths[i];

		if (path->directory && (path->effects & ~looks) &&
		    (strcmp(path->path, "/dev") == 0 || strcmp(path->path, "/") == 0))
			text = systemd_words(path->path, "stands for devices whose names change");
	}
	return text;
}

char *shares_temporary_files(const struct policy *p, const struct emit_options *options)
{
	static const char *const directories[] = { "/tmp", "/var/tmp" };

	(void)options;
	if (p->n_uses)
		return systemd_used(p, USE_SHARED_TMP,
				    "is used, and not made and removed by the service");
	for (size_t i = 0; i < ARRAY_SIZE(directories); i++) {
		const char *path = policy_uses(p, directories[i], UINT32_MAX, NULL);

		if (path)
			return systemd_words(path, "is used");
	}
	return NULL;
}

char *asks_about_processes(const struct policy *p, const struct emit_options *options)
{
	(void)options;
	return systemd_used(p, USE_PROCESSES, "is used, which tells of other processes");
}

/* Unlike the settings, these may not even be read. */
char *reads_kernel_memory(const struct policy *p, const struct emit_options *options)
{
	static const char *const files[] = { "/proc/kallsyms", "/proc/kcore" };

	(void)options;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		const char *path = policy_uses(p, files[i], UINT32_MAX, NULL);

		if (path)
			return systemd_words(path, "is used");
	}
	return NULL;
}

char *reads_proc_files(const struct policy *p, const struct emit_options *options)
{
	char *text = systemd_used(p, USE_PROC_FILES, "is used, which belongs to no process");

	(void)options;
	for (size_t i = 0; !text && i < p->n_paths; i++)
		if (path_is_within(p->paths[i].path, "/proc") &&
		    strcmp(p->paths[i].path, "/proc") != 0)
			text = systemd_words(p->paths[i].path, "is used");
	return text;
}

/* What was looked for there and is missing would be forbidden instead, which is another answer. */
char *looks_into_homes(const struct policy *p, const struct emit_options *options)
{
	static const char *const homes[] = { "/home", "/root", "/run/user" };

	(void)options;
	for (size_t i = 0; i < p->n_seen_paths; i++)
		for (size_t k = 0; k < ARRAY_SIZE(homes); k++)
			if (path_is_within(p->seen_paths[i].path, homes[k]))
				return systemd_words(p->seen_paths[i].path, "is looked for");
	return NULL;
}

/* Whether the service makes files that were meant for others too, as far as modes tell. */
char *shares_made_files(const struct policy *p, const struct emit_options *options)
{
	const char *socket = policy_uses(p, "/", PATH_CREATE_SOCKET, NULL);

	(void)options;
	if (socket)
		return systemd_words(socket, "is made as a socket, which others may need");
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++)
		if (!strstr(modes[i].call, "chmod") &&
		    policy_allows_any_bit(p, modes[i].call, modes[i].index, S_IRWXG | S_IRWXO))
			return systemd_words(modes[i].call,
					     "makes files that others may use, as their modes say");
	return NULL;
}

char *keeps_ipc_objects(const struct policy *p, const struct emit_options *options)
{
	const char *path = policy_uses(p, "/dev/shm", PATH_CREATE_FILE, NULL);

	(void)options;
	return path ? systemd_words(path, "is made") : NULL;
}

char *runs_unknown_code(const struct policy *p, const struct emit_options *options)
{
	(void)options;
	if (!systemd_use(p, USE_CODE))
		return strdup("there is no evidence about programs and libraries");
	for (size_t i = 0; i < p->n_uses; i++)
		if (p->uses[i].kind == USE_CODE && !systemd_can_quote(p->uses[i].path))
			return systemd_words(p->uses[i].path,
					     "is executed and no unit file can name it");
	return NULL;
}

/* Paths that a unit file cannot name, and the root, which would make all of it writable. */
char *writes_unspeakable_paths(const struct policy *p, const struct emit_options *options)
{
	(void)options;
	for (size_t i = 0; i < p->n_paths; i++) {
		const struct policy_path *path = &p->paths[i];
		const char *slash = strrchr(path->path, '/');
		bool in_root = slash == path->path;

		if (!(path->effects & PATH_WRITES))
			continue;
		if (!systemd_can_quote(path->path))
			return systemd_words(path->path, "is written and no unit file can name it");
		if (strcmp(path->path, "/") == 0 ||
		    (in_root && !path->directory && (path->effects & PATH_RENAMES)))
			return systemd_words(path->path, "is written in the root directory");
	}
	return NULL;
}
