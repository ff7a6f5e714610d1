/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of files as text. */
#ifndef LEARN_BASE_PATH_H
#define LEARN_BASE_PATH_H

/* Removes empty, "." and ".." components from an absolute name, in place and by text alone. */
void path_tidy(char *path);

#endif
