/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files and directories that a service uses ask of the user as which it is started. */
#include "service/other_user_paths.h"

#include <ctype.h>
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "sysdb/effects.h"

#define RUN	     "/run"
#define READABLE   S_IROTH
#define WRITABLE   S_IWOTH
#define SEARCHABLE S_IXOTH

static int doubt(struct other_user *id, const char *path, const char *rest)
{
	auto_free char *text = NULL;

	if (asprintf(&text, "%s %s", path, rest) < 0) {
		text = NULL;
		return -ENOMEM;
	}
	return names_add(&id->doubts, text);
}

/* ---- rights ---- */

static bool is_member(const struct other_user *id, gid_t gid)
{
	for (int i = 0; i < id->n_groups; i++)
		if (id->groups[i] == gid)
			return true;
	return gid == id->gid;
}

/* What the mode bits say; WANT in the place of those for others. */
static bool may(const struct other_user *id, const struct stat *st, mode_t want)
{
	if (st->st_uid == id->uid)
		return (st->st_mode >> 6 & want) == want;
	if (is_member(id, st->st_gid))
		return (st->st_mode >> 3 & want) == want;
	return (st->st_mode & want) == want;
}

/* Groups that are as good as root, which nobody is to get for a file that root happened to read. */
static bool is_powerful(const char *group)
{
	static const char *const groups[] = { "root", "disk", "docker", "kmem",
					      "lxd",  "shadow", "sudo", "wheel" };

	for (size_t i = 0; i < ARRAY_SIZE(groups); i++)
		if (strcmp(groups[i], group) == 0)
			return true;
	return false;
}

static int join_group(struct other_user *id, gid_t gid, const char *name)
{
	gid_t *more = reallocarray(id->groups, (size_t)id->n_groups + 1, sizeof(*more));

	if (!more)
		return -ENOMEM;
	id->groups = more;
	id->groups[id->n_groups++] = gid;
	return names_add(&id->more_groups, name);
}

/* 1 when the user may, in a further group if need be; 0; -ENOMEM. */
static int may_in_some_group(struct other_user *id, const struct stat *st, mode_t want)
{
	const struct group *group;
	int r;

	if (may(id, st, want))
		return 1;
	if (st->st_uid == id->uid || is_member(id, st->st_gid) ||
	    (st->st_mode >> 3 & want) != want)
		return 0;
	group = getgrgid(st->st_gid);
	if (!group || is_powerful(group->gr_name))
		return 0;
	r = join_group(id, st->st_gid, group->gr_name);
	return r < 0 ? r : 1;
}

/* ---- what there is to do about a path ---- */

#define PLAIN_FILE                                                                                 \
	(PATH_READ | PATH_WRITE | PATH_TRUNCATE | PATH_CREATE_FILE | PATH_REMOVE_FILE |            \
	 PATH_METADATA | PATH_STAT | PATH_HANDLE)
#define NAMES                                                                                      \
	(PATH_CREATE_FILE | PATH_CREATE_DIR | PATH_CREATE_SYMLINK | PATH_CREATE_SOCKET |           \
	 PATH_CREATE_FIFO | PATH_REMOVE_FILE | PATH_REMOVE_DIR | PATH_REFER)

static bool is_within_any(const char *path, const char *const *directories)
{
	for (; *directories; directories++)
		if (path_is_within(path, *directories))
			return true;
	return false;
}

/* Where a service keeps what lasts. Its own entry there, not the directory itself. */
static bool may_change_hands(const char *path, const struct stat *st)
{
	static const char *const bases[] = { "/var/lib", "/var/log", "/var/cache", "/var/spool",
					     NULL };
	bool below = false;

	for (const char *const *base = bases; *base; base++)
		below = below || (path_is_within(path, *base) && strcmp(path, *base) != 0);
	return below && st->st_uid == 0 &&
	       (S_ISDIR(st->st_mode) || (S_ISREG(st->st_mode) && st->st_nlink == 1));
}

/* The directory below /run that PATH is, or is in: its length; 0 when it is in /run itself. */
static size_t run_directory(const char *path)
{
	const size_t base = strlen(RUN "/");
	size_t n;

	if (strncmp(path, RUN "/", base) != 0)
		return 0;
	n = base + strcspn(path + base, "/");
	return path[n] ? n : 0;
}

static int add_run_directory(struct other_user *id, const char *path, size_t n)
{
	auto_free char *directory = strndup(path, n);
	struct stat st;

	if (!directory)
		return -ENOMEM;
	if (stat(directory, &st) == 0)
		id->directory_mode = (st.st_mode & 0777) &
				     (id->directory_mode ? id->directory_mode : 0777);
	return names_add(&id->directories, directory + strlen(RUN "/"));
}

static bool is_made_anew(const struct other_user *id, const char *path)
{
	size_t n = run_directory(path);
	auto_free char *directory = strdup(path);

	if (!directory)
		return false;
	if (n)
		directory[n] = '\0';
	if (names_have(&id->files, path))
		return true;
	return path_is_within(path, RUN) && strcmp(path, RUN) != 0 &&
	       names_have(&id->directories, directory + strlen(RUN "/"));
}

/* A name comes or goes in DIRECTORY, which does not let the user do that. */
static int make_room(struct other_user *id, const struct policy_seen_path *seen,
		     const char *directory, const struct stat *st)
{
	size_t n = run_directory(seen->path);

	if (strcmp(directory, RUN) == 0 && (seen->effects & PATH_CREATE_DIR))
		return add_run_directory(id, seen->path, strlen(seen->path));
	if (n)
		return add_run_directory(id, seen->path, n);
	if (strcmp(directory, RUN) == 0 && (seen->effects & PATH_CREATE_FILE) &&
	    !(seen->effects & ~(uint32_t)PLAIN_FILE))
		return names_add(&id->files, seen->path);
	if (may_change_hands(directory, st))
		return names_add(&id->owned, directory);
	return doubt(id, seen->path, "is made in a directory that only root may change");
}

/* The directories on the way must let the user through. 1, 0 when one does not, -ENOMEM. */
static int can_be_reached(struct other_user *id, const char *path)
{
	auto_free char *directory = strdup(path);
	int r = directory ? 1 : -ENOMEM;

	for (char *slash; r > 0 && (slash = strrchr(directory, '/')) != directory;) {
		struct stat st;

		*slash = '\0';
		if (stat(directory, &st) < 0)
			continue;
		r = may_in_some_group(id, &st, SEARCHABLE);
		if (r == 0 && may_change_hands(directory, &st))
			r = names_add(&id->owned, directory) < 0 ? -ENOMEM : 1;
	}
	return r;
}

static mode_t wanted(uint32_t effects)
{
	return (effects & (PATH_READ | PATH_LIST) ? READABLE : 0) |
	       (effects & (PATH_WRITE | PATH_TRUNCATE | PATH_CONNECT) ? WRITABLE : 0) |
	       (effects & (PATH_EXECUTE | PATH_CHDIR) ? SEARCHABLE : 0);
}

static int examine_file(struct other_user *id, const struct policy_seen_path *seen,
			const struct stat *st)
{
	mode_t want = wanted(seen->effects);
	int r;

	if (may(id, st, want))
		return 0;
	if ((seen->effects & (PATH_WRITE | PATH_TRUNCATE)) && may_change_hands(seen->path, st))
		return names_add(&id->owned, seen->path);
	r = may_in_some_group(id, st, want);
	return r != 0 ? (r < 0 ? r : 0)
		      : doubt(id, seen->path,
			      want & WRITABLE ? "is written, which only root may"
					      : "is read, which only root may");
}

/* What is left of a socket that root made can be neither linked nor replaced by others. */
static bool is_left_socket(const struct policy_seen_path *seen, const struct stat *st)
{
	return (seen->effects & PATH_CREATE_SOCKET) && S_ISSOCK(st->st_mode) && st->st_uid == 0;
}

static int examine_names(struct other_user *id, const struct policy_seen_path *seen, bool exists)
{
	auto_free char *directory = strdup(seen->path);
	uint32_t names = seen->effects & NAMES;
	struct stat st;

	if (!directory)
		return -ENOMEM;
	*strrchr(directory, '/') = '\0';
	if (!names || (exists && names == PATH_CREATE_FILE) || !*directory ||
	    stat(directory, &st) < 0)
		return 0;
	if (may(id, &st, WRITABLE | SEARCHABLE))
		return 0;
	return make_room(id, seen, directory, &st);
}

/* What a unit file and our notes can name as it is. */
static bool is_plain(const char *path)
{
	for (const char *c = path; *c; c++)
		if (!isgraph((unsigned char)*c) || strchr("%$\"'\\;", *c))
			return false;
	return true;
}

static int examine(struct other_user *id, const struct policy_seen_path *seen, bool names)
{
	static const char *const not_files[] = { "/proc", "/sys", "/dev", "/tmp", "/var/tmp",
						 NULL };
	struct stat st;
	bool exists;
	int r;

	if (seen->path[0] != '/' || !seen->path[1] || is_within_any(seen->path, not_files) ||
	    !is_plain(seen->path))
		return 0;
	exists = lstat(seen->path, &st) == 0;
	if (names)
		return examine_names(id, seen, exists);
	if (!exists || S_ISLNK(st.st_mode) || is_made_anew(id, seen->path))
		return 0;
	if (is_left_socket(seen, &st))
		return names_add(&id->owned, seen->path);
	r = can_be_reached(id, seen->path);
	if (r == 0)
		return doubt(id, seen->path, "is in a directory that only root may enter");
	return r < 0 ? r : examine_file(id, seen, &st);
}

int other_user_examine(struct other_user *id, const struct policy *p)
{
	int r = 0;

	for (int names = 1; names >= 0; names--)
		for (size_t i = 0; i < p->n_seen_paths && r == 0; i++)
			r = examine(id, &p->seen_paths[i], names);
	return r;
}
