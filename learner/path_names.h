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

/*
 * Names that are alike but for a number, or for four or five letters and digits at their end that
 * in some are random, and how many of them a directory has.
 */
struct name_molds {
	struct map seen;  /* every directory and file, once */
	struct map molds; /* counts by what is the same in such names */
};

/* Counts PATH and the directories on the way to it. 0 or -ENOMEM. */
int name_molds_add(struct name_molds *molds, const char *path);
void name_molds_clear(struct name_molds *molds);

/*
 * How many names in its directory are like that of the first LENGTH bytes of PATH; 0 for one in
 * which nothing is known to change.
 */
size_t name_molds_count(const struct name_molds *molds, const char *path, size_t length);

#endif
