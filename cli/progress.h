/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one updating status line of a recording. */
#ifndef LEARN_CLI_PROGRESS_H
#define LEARN_CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
	bool wanted; /* not -q, and stderr is a terminal */
	bool shown;
	unsigned seconds;
	uint64_t last_finds;
};

/* Begins; QUIET: never shows anything. */
void progress_begin(struct progress *progress, bool quiet);

/*
 * Shows the line, once a second. It stays away while the command has the terminal to itself: in
 * another process group, or without line editing and echo (editors, shells, pagers).
 */
void progress_tick(struct progress *progress, size_t processes, uint64_t calls, uint64_t distinct,
		   uint64_t finds);

/* Takes the line away. */
void progress_end(struct progress *progress);

#endif
