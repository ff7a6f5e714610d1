/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Removing what is to be gone, and may be so already. */
#ifndef LEARN_SERVICE_REMOVAL_H
#define LEARN_SERVICE_REMOVAL_H

/* 0 when the file is not there afterwards, or -errno. */
int removal_of_file(const char *path);
/* The same for a directory; one in which something else is stays, which is no error. */
int removal_of_directory(const char *path);
/* What a process that was killed while it replaced PATH left beside it (base/file.h). */
void removal_of_unfinished(const char *path);

#endif
