/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What we have made in the file system, so that all of it can be taken back: after a crash too, as
 * each thing is noted before it is made. The notes are the file `made` in the unit's state
 * directory.
 */
#ifndef LEARN_SERVICE_UNDO_H
#define LEARN_SERVICE_UNDO_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct undo {
	char *state; /* the directory */
	char **made; /* "d/path", "f/path" or "o" and an owner, in the order of making */
	size_t n;
};

/* What is noted for the state directory, which need not exist. 0 or -errno after a message. */
int undo_open(struct undo *undo, const char *state);
void undo_close(struct undo *undo);

/* Whether the file is noted as ours. */
bool undo_has(const struct undo *undo, const char *path);

/* Makes the directory and those above it that are missing. 0 or -errno after a message. */
int undo_make_directory(struct undo *undo, const char *path);

/*
 * Writes TEXT into the file PATH, new or ours, at once, and its directory where it is missing. A
 * file that we have not made is refused. 0 or -errno after a message.
 */
int undo_write(struct undo *undo, const char *path, const char *text, mode_t mode);

/* Notes a file that others will write for us, before they do. 0 or -errno after a message. */
int undo_expect(struct undo *undo, const char *path);

/* Gives a file or directory to somebody else: owner and mode before are noted. 0 or -errno. */
int undo_give(struct undo *undo, const char *path, uid_t uid, gid_t gid);
/* Gives all that back; files of ours stay. 0 or -errno after a message. */
int undo_gifts(struct undo *undo);

/* Removes a file of ours, if it is there, and directories of ours that are empty then. */
int undo_remove(struct undo *undo, const char *path);

/* Removes all that is noted but the file KEEP (or NULL), and the notes. 0 or -errno likewise. */
int undo_all(struct undo *undo, const char *keep);

#endif
