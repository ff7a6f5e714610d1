/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole files: read at once, replaced at once. */
#ifndef LEARN_BASE_FILE_H
#define LEARN_BASE_FILE_H

#include <stddef.h>
#include <stdio.h>

/*
 * Reads the whole of PATH ("-" is standard input) into a fresh buffer with a NUL appended; the
 * caller frees it. A file larger than MAX bytes is -EFBIG; a directory -EISDIR. Outputs are
 * untouched on failure.
 */
int read_file(const char *path, size_t max, char **ret, size_t *ret_len);

/*
 * A file being written next to PATH, which replaces PATH when committed: readers see the old
 * file or the new one, whole. A symbolic link at PATH is followed, so that it stays a link;
 * /dev/stdout, pipes and other things that are no regular file are written directly.
 */
struct new_file {
	FILE *out;
	char *path;      /* where it goes, links resolved */
	char *temporary; /* NULL when written directly */
};

/*
 * Opens; 0 or -errno: -ENXIO for a FIFO that nobody reads. Whoever opens must commit or abandon.
 */
int new_file_open(struct new_file *file, const char *path);
/* Checks every write, flushes, syncs, renames. 0 or -errno; on failure PATH is as it was. */
int new_file_commit(struct new_file *file);
/* Removes the temporary file. Harmless after a commit or a failed open. */
void new_file_abandon(struct new_file *file);

/* Writes out what is left for standard output. 0, or -errno after a message, given once. */
int flush_stdout(void);

#endif
