/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What follows from the way in which a call uses a path: a row for each enum path_use. */
#ifndef LEARN_SYSDB_PATH_USES_H
#define LEARN_SYSDB_PATH_USES_H

#include <stdbool.h>
#include <stdint.h>

#include "sysdb/syscalls.h"

/* What becomes of a symbolic link in the last component (path_resolution(7)). */
enum last_link {
	LAST_FOLLOWED,
	LAST_KEPT,  /* looked at itself, but followed where a slash comes after it */
	LAST_ENTRY, /* the directory entry counts, slash or not: mkdir(2), unlink(2), rename(2) */
};

struct path_rule_of_use {
	enum last_link last;  /* a link in the last component, unless the next two say otherwise */
	uint64_t kept_by;     /* flags that keep it from being followed */
	uint64_t followed_by; /* flags that make it be followed */
	uint64_t empty_by;    /* flags with which an empty path is the descriptor; ~0: always */
	uint64_t null_by;     /* the same for no path at all */
	const char *below;    /* what is put before the path, or NULL */
	uint64_t flags;	      /* set whatever the call says */
	uint32_t effects;     /* PATH_* */
	uint32_t (*more)(uint64_t flags, uint32_t kind); /* those that depend; or NULL */
};

const struct path_rule_of_use *path_use(enum path_use use);

/* What is done to a link in the last component under FLAGS. */
enum last_link path_use_last(enum path_use use, uint64_t flags);

/* What a call with FLAGS does to something of KIND. Of pairs (rename, link) nothing. */
uint32_t path_use_effects(enum path_use use, uint64_t flags, uint32_t kind);

/* open(2)'s O_TMPFILE: a nameless file in the directory. */
bool path_use_is_tmpfile(enum path_use use, uint64_t flags);

/* A second name for something of KIND, or a new place. */
uint32_t path_effect_of_creating(uint32_t kind);

#endif
