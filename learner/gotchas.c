/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What administrators have learnt to expect, recognised from files, libraries and programs. */
#include "learner/gotchas.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "elf/elf_file.h"
#include "sysdb/effects.h"

enum sign {
	SIGN_READS,    /* a file that was there and was opened */
	SIGN_EXECUTES, /* another program, by a program that is none of its kind itself */
};

struct gotcha {
	enum sign sign;
	const char *patterns[8]; /* for the whole path (fnmatch(3)); ends with NULL */
	const char *except;	 /* a pattern for those that mean nothing, or NULL */
	const char *verb, *what; /* of one program: "look", with an s */
};

static const struct gotcha gotchas[] = {
	{ SIGN_READS,
	  { "/etc/nsswitch.conf" },
	  NULL,
	  "look",
	  "up names by the modules of nsswitch.conf: where that names others, they need "
	  "other sockets (AF_UNIX, AF_INET, AF_NETLINK) and files" },
	{ SIGN_READS,
	  { "/etc/pam.d/*", "/etc/pam.conf" },
	  NULL,
	  "use",
	  "PAM: modules that are configured elsewhere or later may need AF_UNIX and "
	  "AF_NETLINK, other programs and changes of user" },
	{ SIGN_EXECUTES,
	  { "*/sendmail", "*/sendmail.*", "*/exim4", "*/msmtp", "*/mail", "*/mailx",
	    "*/bsd-mailx" },
	  NULL,
	  "send",
	  "mail by another program: that needs its spool, sockets and, with most mail "
	  "servers, set-group-ID, which no policy lets it gain" },
	{ SIGN_EXECUTES,
	  { "*/sh", "*/dash", "*/bash", "*/ash", "*/ksh", "*/zsh", "*/busybox" },
	  NULL,
	  "run",
	  "commands through a shell: another command, such as a hook, needs more than was "
	  "seen" },
	{ SIGN_READS,
	  { "*/LC_*", "/usr/share/locale/*/*" },
	  "*/C.utf8/*",
	  "read",
	  "files of a language: who runs it in another one needs other files" },
};

static bool matches(const struct gotcha *gotcha, const char *path)
{
	if (gotcha->except && fnmatch(gotcha->except, path, 0) == 0)
		return false;
	for (const char *const *pattern = gotcha->patterns; *pattern; pattern++)
		if (fnmatch(*pattern, path, 0) == 0)
			return true;
	return false;
}

static bool has_path(const struct tally *tally, size_t number, const struct gotcha *gotcha,
		     uint32_t effect)
{
	const struct map *paths = &tally->programs[number]->paths;

	for (size_t i = 0; i < paths->n; i++) {
		const struct profile_path *path = paths->entries[i].value;

		if ((path->effects & effect) && (path->kinds & ~KIND_MISSING) &&
		    tally_wants(tally, number, path->phase) && matches(gotcha, path->path))
			return true;
	}
	return false;
}

static bool shows(const struct tally *tally, size_t number, const struct gotcha *gotcha)
{
	switch (gotcha->sign) {
	case SIGN_READS:
		return has_path(tally, number, gotcha, PATH_READ);
	case SIGN_EXECUTES:
		return !matches(gotcha, tally->programs[number]->path) &&
		       has_path(tally, number, gotcha, PATH_EXECUTE);
	}
	return false;
}

static int note_gotcha(const struct tally *tally, const struct gotcha *gotcha,
		       struct policy *policy)
{
	auto_free const struct profile_program **who = calloc(tally->n_programs + 1, sizeof(*who));
	auto_free char *names = NULL;
	size_t n = 0;

	if (!who)
		return -ENOMEM;
	for (size_t i = 0; i < tally->n_programs; i++)
		if (shows(tally, i, gotcha))
			who[n++] = tally->programs[i];
	if (!n)
		return 0;
	names = program_names(who, n);
	return names ? policy_add_note(policy, NOTE_EVIDENCE, "%s %s%s %s", names, gotcha->verb,
						n == 1 ? "s" : "", gotcha->what) : -ENOMEM;
}

/* ---- plug-ins: libraries that nobody was linked with ---- */

/* The names of all libraries that the file was linked with; -ESTALE when it was changed since. */
static int add_needed(struct map *needed, const char *path, const char *build_id)
{
	struct elf_file *file;
	int r = elf_file_open(path, &file);

	if (r < 0)
		return r;
	if (strcmp(file->build_id, build_id) != 0)
		r = -ESTALE;
	for (size_t i = 0; i < file->n_needed && r == 0; i++)
		if (!map_get(needed, file->needed[i], strlen(file->needed[i])))
			r = map_put(needed, file->needed[i], strlen(file->needed[i]), needed);
	elf_file_close(file);
	return r;
}

/* 1 when nothing that NEEDED names is the library; 0; -errno when it is gone. */
static int is_plugin(const struct map *needed, const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	struct elf_file *file;
	int r;

	/* Those of nsswitch.conf have a warning of their own. */
	if (map_get(needed, name, strlen(name)) || strncmp(name, "libnss_", 7) == 0)
		return 0;
	r = elf_file_open(path, &file);
	if (r < 0)
		return r;
	r = !file->interpreter &&
	    !(file->soname && map_get(needed, file->soname, strlen(file->soname)));
	elf_file_close(file);
	return r;
}

static void clear_map(struct map *map)
{
	map_clear(map, NULL);
}

/* Adds a note for PROGRAM when it loaded plug-ins; nothing can be said when a file is gone. */
static int note_plugins(const struct profile_program *program, struct policy *policy)
{
	cleanup(clear_map) struct map needed = { 0 };
	auto_free struct profile_library **libraries = profile_sorted(&program->libraries);
	auto_free char *name = program_names(&program, 1);
	const char *first = NULL;
	size_t n = 0;
	int r = libraries && name ? add_needed(&needed, program->path, program->build_id) : -ENOMEM;

	for (size_t i = 0; i < program->libraries.n && r == 0; i++)
		r = add_needed(&needed, libraries[i]->path, libraries[i]->build_id);
	for (size_t i = 0; i < program->libraries.n && r >= 0; i++) {
		if (strcmp(libraries[i]->path, program->path) == 0)
			continue; /* it mapped itself once more */
		r = is_plugin(&needed, libraries[i]->path);
		if (r <= 0)
			continue;
		first = first ? first : libraries[i]->path;
		n++;
	}
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	if (!n)
		return 0;
	return policy_add_note(
		policy, NOTE_EVIDENCE,
		"%s loads plug-ins such as %s (%zu in all): others may need more than "
		"was seen",
		name, first, n);
}

int gotchas_note(const struct tally *tally, struct policy *policy)
{
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(gotchas) && r == 0; i++)
		r = note_gotcha(tally, &gotchas[i], policy);
	for (size_t i = 0; i < tally->n_programs && r == 0; i++)
		r = note_plugins(tally->programs[i], policy);
	return r;
}
