/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What we have made in the file system, so that all of it can be taken back. */
#include "service/undo.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/path.h"
#include "service/ownership.h"
#include "service/removal.h"

#define MOST_NOTES (1u << 20)

/* Under this name a file is written before it takes its place; systemd reads no such drop-in. */
#define NEW ".learn-new"

static char *notes_file(const struct undo *u, const char *suffix)
{
	char *path;

	return asprintf(&path, "%s/made%s", u->state, suffix) < 0 ? NULL : path;
}

/* ---- files, by names that are known ---- */

static int write_text(const char *path, const char *text, mode_t mode)
{
	auto_close int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
	size_t left = strlen(text);

	if (fd < 0 || fchmod(fd, mode) < 0)
		return -errno;
	while (left) {
		ssize_t n = write(fd, text, left);

		if (n < 0 && errno != EINTR)
			return -errno;
		text += n > 0 ? n : 0;
		left -= n > 0 ? (size_t)n : 0;
	}
	return fsync(fd) < 0 ? -errno : 0;
}

static int replace(const char *temporary, const char *path, const char *text, mode_t mode)
{
	int r = write_text(temporary, text, mode);

	if (r == 0 && rename(temporary, path) < 0)
		r = -errno;
	if (r < 0)
		unlink(temporary);
	return r;
}

/* ---- notes ---- */

static size_t find(const struct undo *u, char kind, const char *path)
{
	for (size_t i = 0; i < u->n; i++)
		if (u->made[i][0] == kind && strcmp(u->made[i] + 1, path) == 0)
			return i;
	return u->n;
}

static int add(struct undo *u, char kind, const char *path)
{
	char **more = realloc(u->made, (u->n + 1) * sizeof(*more));

	if (more)
		u->made = more;
	if (!more || asprintf(&u->made[u->n], "%c%s", kind, path) < 0)
		return -ENOMEM;
	u->n++;
	return 0;
}

static void drop(struct undo *u, size_t i)
{
	if (i >= u->n)
		return;
	free(u->made[i]);
	memmove(&u->made[i], &u->made[i + 1], (u->n - i - 1) * sizeof(*u->made));
	u->n--;
}

static int save(const struct undo *u)
{
	auto_free char *path = notes_file(u, ""), *temporary = notes_file(u, NEW), *text = NULL;
	size_t size;
	FILE *out = path && temporary ? open_memstream(&text, &size) : NULL;

	if (!out)
		return -ENOMEM;
	for (size_t i = 0; i < u->n; i++)
		fprintf(out, "%s\n", u->made[i]);
	if (fclose(out) != 0)
		return -ENOMEM;
	return replace(temporary, path, text, 0600);
}

static int note(struct undo *u, char kind, const char *path)
{
	int r;

	if (find(u, kind, path) < u->n)
		return 0;
	r = add(u, kind, path);
	return r < 0 ? r : save(u);
}

static int take_notes(struct undo *u, char *text)
{
	char *rest = text, *line;
	int r = 0;

	while (r == 0 && (line = strsep(&rest, "\n")))
		if (((line[0] == 'd' || line[0] == 'f') && line[1] == '/') || line[0] == 'o')
			r = add(u, line[0], line + 1);
	return r;
}

int undo_open(struct undo *undo, const char *state)
{
	struct undo u = { .state = strdup(state) };
	auto_free char *path = u.state ? notes_file(&u, "") : NULL, *text = NULL;
	size_t len;
	int r = path ? read_file(path, MOST_NOTES, &text, &len) : -ENOMEM;

	if (r == 0)
		r = take_notes(&u, text);
	if (r == 0 || r == -ENOENT) {
		*undo = u;
		return 0;
	}
	diag_errno(r, "%s", path ? path : state);
	undo_close(&u);
	return r;
}

void undo_close(struct undo *u)
{
	for (size_t i = 0; i < u->n; i++)
		free(u->made[i]);
	free(u->made);
	free(u->state);
	*u = (struct undo){ 0 };
}

bool undo_has(const struct undo *undo, const char *path)
{
	return find(undo, 'f', path) < undo->n;
}

/* ---- making ---- */

static int make_plain(const char *path, mode_t mode)
{
	return mkdir(path, mode) < 0 && errno != EEXIST ? -errno : 0;
}

/* Each missing directory on the way to PATH, and PATH, is noted by NOTE and made. */
static int make_each(struct undo *u, const char *path, mode_t mode,
		     int (*noting)(struct undo *, char, const char *))
{
	auto_free char *copy = strdup(path);
	int r = copy ? 0 : -ENOMEM;

	for (char *c = copy; r == 0 && c;) {
		struct stat st;

		c = strchr(c + 1, '/');
		if (c)
			*c = '\0';
		if (stat(copy, &st) < 0) {
			r = noting(u, 'd', copy);
			if (r == 0)
				r = make_plain(copy, mode);
		}
		if (c)
			*c = '/';
	}
	return r;
}

/* Where the notes themselves are: what was made for them is noted as soon as it can be. */
static int make_state(struct undo *u)
{
	int r;

	if (access(u->state, F_OK) == 0)
		return 0;
	r = make_each(u, u->state, 0700, add);
	return r < 0 ? r : save(u);
}

int undo_make_directory(struct undo *undo, const char *path)
{
	int r = make_state(undo);

	if (r == 0)
		r = make_each(undo, path, 0755, note);
	return r < 0 ? diag_errno(r, "cannot make the directory %s", path) : 0;
}

static int make_directory_of(struct undo *undo, const char *path)
{
	auto_free char *copy = strdup(path);
	char *slash = copy ? strrchr(copy, '/') : NULL;

	if (!slash)
		return -ENOMEM;
	*slash = '\0';
	return strcmp(copy, undo->state) == 0 ? make_state(undo)
					      : make_each(undo, copy, 0755, note);
}

static int write_noted(struct undo *u, const char *path, const char *text, mode_t mode)
{
	auto_free char *temporary = NULL;
	int r = make_state(u);

	if (asprintf(&temporary, "%s" NEW, path) < 0) {
		temporary = NULL;
		return -ENOMEM;
	}
	if (r == 0)
		r = make_directory_of(u, path);
	if (r == 0)
		r = note(u, 'f', path);
	return r < 0 ? r : replace(temporary, path, text, mode);
}

int undo_write(struct undo *undo, const char *path, const char *text, mode_t mode)
{
	int r;

	if (!undo_has(undo, path) && faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return diag(-EEXIST, "%s is there already, and learn did not make it", path);
	r = write_noted(undo, path, text, mode);
	return r < 0 ? diag_errno(r, "cannot write %s", path) : 0;
}

int undo_expect(struct undo *undo, const char *path)
{
	int r = make_state(undo);

	if (r == 0)
		r = make_directory_of(undo, path);
	if (r == 0)
		r = note(undo, 'f', path);
	return r < 0 ? diag_errno(r, "cannot note %s", path) : 0;
}

int undo_give(struct undo *undo, const char *path, uid_t uid, gid_t gid)
{
	auto_free char *before = NULL;
	int r = ownership_note(path, &before);

	if (r == -ENOENT)
		return 0;
	if (r == 0)
		r = make_state(undo);
	if (r == 0)
		r = note(undo, 'o', before);
	if (r == 0)
		r = ownership_give(path, uid, gid);
	return r < 0 ? diag_errno(r, "cannot change the owner of %s", path) : 0;
}

/* ---- taking back ---- */

static int unmake(const char *made)
{
	const char *path = made + 1;
	auto_free char *temporary = NULL;
	int r;

	if (made[0] == 'o') {
		r = ownership_restore(path);
		return r < 0 ? diag_errno(r, "cannot give back what was %s", path) : 0;
	}
	if (made[0] == 'd') {
		r = removal_of_directory(path);
		return r < 0 ? diag_errno(r, "cannot remove the directory %s", path) : 0;
	}
	if (asprintf(&temporary, "%s" NEW, path) < 0)
		return -ENOMEM;
	r = removal_of_file(temporary);
	if (r == 0)
		r = removal_of_file(path);
	if (r < 0)
		return diag_errno(r, "cannot remove %s", path);
	removal_of_unfinished(path);
	return 0;
}

/* Directories of ours above PATH that are empty now. */
static void remove_empty(struct undo *u, const char *path)
{
	for (size_t i = u->n; i-- > 0;) {
		const char *made = u->made[i];

		if (made[0] == 'd' && path_is_within(path, made + 1) && rmdir(made + 1) == 0)
			drop(u, i);
	}
}

int undo_remove(struct undo *undo, const char *path)
{
	size_t i = find(undo, 'f', path);
	int r;

	if (i >= undo->n)
		return 0;
	r = unmake(undo->made[i]);
	if (r < 0)
		return r;
	drop(undo, i);
	remove_empty(undo, path);
	r = save(undo);
	return r < 0 ? diag_errno(r, "cannot write in %s", undo->state) : 0;
}

int undo_gifts(struct undo *undo)
{
	int r = 0;

	for (size_t i = undo->n; i-- > 0 && r == 0;) {
		if (undo->made[i][0] != 'o')
			continue;
		r = unmake(undo->made[i]);
		if (r == 0)
			drop(undo, i);
	}
	if (r == 0 && undo->n)
		r = save(undo);
	return r;
}

/* The state directory and the two above it are ours by name; those above them if we made them. */
static void remove_state(const struct undo *u)
{
	auto_free char *notes = notes_file(u, ""), *temporary = notes_file(u, NEW);
	auto_free char *directory = strdup(u->state);

	if (!notes || !temporary || !directory)
		return;
	unlink(notes);
	unlink(temporary);
	for (int i = 0; i < 3 && (rmdir(directory) == 0 || errno == ENOENT); i++)
		*strrchr(directory, '/') = '\0';
	for (size_t i = u->n; i-- > 0;)
		if (u->made[i][0] == 'd' && path_is_within(u->state, u->made[i] + 1))
			rmdir(u->made[i] + 1);
}

int undo_all(struct undo *undo, const char *keep)
{
	int result = 0;

	for (size_t i = undo->n; i-- > 0;) {
		int r = keep && strcmp(undo->made[i] + 1, keep) == 0 ? 0 : unmake(undo->made[i]);

		result = r < 0 ? r : result;
	}
	if (result == 0)
		remove_state(undo);
	return result;
}
