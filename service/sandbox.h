/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The settings that confine a service (systemd.exec(5) and its like): one row each. */
#ifndef LEARN_SERVICE_SANDBOX_H
#define LEARN_SERVICE_SANDBOX_H

#include <stdbool.h>
#include <stdio.h>

#include "service/unit_file.h"

/* How two values of one setting are compared. */
enum sandbox_kind {
	SANDBOX_LEVEL, /* one of `levels`, or a boolean: more is stricter */
	SANDBOX_CALLS, /* a list of system calls */
	SANDBOX_WORDS, /* a list of what is allowed */
	SANDBOX_PATHS, /* a list of paths of which more allow more */
	SANDBOX_LIMIT, /* a number: less is stricter */
	SANDBOX_OTHER, /* not compared */
};

enum sandbox_flags {
	SANDBOX_SECCOMP = 1 << 0, /* enforced by a filter: may end the process by SIGSYS */
	SANDBOX_BLINDS = 1 << 1,  /* may keep a program from coming to be recorded */
	SANDBOX_ADDS_UP = 1 << 2, /* several lines make one list, and an empty one clears it */
	SANDBOX_ROOTS = 1 << 3,   /* gives capabilities up: a user's manager has none to give up */
	SANDBOX_MOUNTS = 1 << 4,  /* gives the unit a mount namespace, as PrivateMounts= does */
	SANDBOX_TIGHTENS = 1 << 5, /* a longer list restricts more: what is in it may stay there */
	SANDBOX_BINDS = 1 << 6,    /* grants, and stands in the way where nothing else restricts */
};

struct sandbox_row {
	const char *name;
	const char *neutral; /* the value that takes it back; NULL: only grants, nothing to take */
	enum sandbox_kind kind;
	unsigned flags;
	const char *const *levels; /* ends with NULL; NULL: no, yes */
};

/* All rows; ends with one whose name is NULL. */
extern const struct sandbox_row sandbox_rows[];

const struct sandbox_row *sandbox_row(const char *name);

/* systemd.syntax(7): whether the word is a boolean that is true. */
bool setting_is_yes(const char *value);

/* How strict a value of a SANDBOX_LEVEL is: 0 for not at all; NULL counts as not given. */
int sandbox_level(const struct sandbox_row *row, const char *value);

/* Whether one of them gives the unit a mount namespace of its own. */
bool sandbox_mounts(const struct settings *settings);

/*
 * Writes "NAME=NEUTRAL" for each row that SETTINGS give a value which restricts, and of which a
 * flag is in FLAGS (0: all). Returns how many.
 */
int sandbox_write_neutral(const struct settings *settings, unsigned flags, FILE *out);

#endif
