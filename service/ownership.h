/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who owns a file, as a note, and given to somebody else. */
#ifndef LEARN_SERVICE_OWNERSHIP_H
#define LEARN_SERVICE_OWNERSHIP_H

#include <sys/types.h>

/* "UID:GID:MODE:PATH" for a file, a socket or a directory, to be freed. 0 or -errno. */
int ownership_note(const char *path, char **ret);

/* The owner that root gives it; its mode stays. No link is followed. 0 or -errno. */
int ownership_give(const char *path, uid_t uid, gid_t gid);

/* As the note says; what is gone or something else by now is left alone. 0 or -errno. */
int ownership_restore(const char *note);

#endif
