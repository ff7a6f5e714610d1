/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of files that will be other ones in the next run. */
#ifndef LEARN_LEARNER_PATH_NAMES_H
#define LEARN_LEARNER_PATH_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/map.h"

/*
 * Whether the LENGTH bytes of NAME, a part of a path without slashes, look as mkstemp(3) and its
 * like make them: six letters and digits at random behind a separator, or "tmp" and eight.
 */
bool name_is_temporary(const char *name, size_t length);

/* Names that are alike but for a number, and how many of them a directory has. */
struct name_molds {
	struct map seen;  /* every directory and file, once */
	struct map molds; /* size_t, by the path with `*` for numbers of four digits and more */
};

/* Counts PATH and the directories on the way to it. 0 or -ENOMEM. */
int name_molds_add(struct name_molds *molds, const char *path);
void name_molds_clear(struct name_molds *molds);

/*
 * How many names in its directory are like that of the first LENGTH bytes of PATH; 0 for one that
 * has no number in it.
 */
size_t name_molds_count(const struct name_molds *molds, const char *path, size_t length);

#endif
