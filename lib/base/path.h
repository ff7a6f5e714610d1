/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of files as text. */
#ifndef LEARN_BASE_PATH_H
#define LEARN_BASE_PATH_H

#include <stdbool.h>

/* Removes empty, "." and ".." components from an absolute name, in place and by text alone. */
void path_tidy(char *path);

/* Whether PATH is DIR or below it, by text alone. */
bool path_is_within(const char *path, const char *dir);

#endif
