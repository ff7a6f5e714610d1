/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names that are other ones in each run. */
#ifndef LEARN_LEARNER_ALIKE_H
#define LEARN_LEARNER_ALIKE_H

#include <stdbool.h>

/*
 * Whether two paths differ only in what changes from run to run: numbers of three digits and more
 * (of processes, of minutes), and words of random letters and digits as mkstemp(3) makes them.
 */
bool paths_alike(const char *a, const char *b);

/* The same for paths that are alike, and for most that are not another; to be freed. */
char *path_shape(const char *path);

#endif
