/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one updating status line of a recording. */
#ifndef LEARN_CLI_PROGRESS_H
#define LEARN_CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "event/event.h"

struct progress {
	bool wanted;	/* not -q, and stderr is a terminal */
	dev_t terminal; /* which one */
	bool in_line;	/* the command has written a part of a line there */
	bool read_from; /* the command reads what is typed there */
	bool shown;
	unsigned seconds;
	uint64_t last_finds;
};

/* Begins; QUIET: never shows anything. */
void progress_begin(struct progress *progress, bool quiet);

/* Before each call of the command: the line makes room for what is written to the terminal. */
void progress_call(struct progress *progress, const struct event_origin *origin,
		   const struct event_call *call);

/*
 * Shows the line, once a second. It stays away while the command is in the middle of a line of its
 * own, once it reads from the terminal, and while it has that to itself: in another process group,
 * or without line editing and echo (editors, shells, pagers).
 */
void progress_tick(struct progress *progress, size_t processes, uint64_t calls, uint64_t distinct,
		   uint64_t finds);

/* Takes the line away. */
void progress_end(struct progress *progress);

#endif
