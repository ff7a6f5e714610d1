/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The output of strace(1), line by line. */
#ifndef LEARN_IMPORTER_STRACE_H
#define LEARN_IMPORTER_STRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/map.h"
#include "event/event.h"

struct importer;

#define MOST_LOGGED_FRAMES 64

struct strace_reader {
	pid_t file_pid; /* strace -ff: whose the file is; 0 where lines say it */
	pid_t first_pid;
	struct map announced; /* "strace: Process 12 attached": processes that others made */
	char *held;     /* a line that "strace: Process 12 attached" broke into */
	uint64_t n_lines;
	/* -k: the call whose stack may follow, and its frames so far. */
	bool wants_stack;
	struct event_origin origin;
	struct event_call call;
	char *frames[MOST_LOGGED_FRAMES];
	size_t n_frames;
};

/* Takes the next line, without its end; it is changed. 0 or -errno. */
int strace_line(struct importer *im, char *line);
/* The file is at its end: what is held back comes out. 0 or -errno. */
int strace_end_file(struct importer *im);
/* All files are: calls that never returned are counted. 0 or -errno. */
int strace_end(struct importer *im);
void strace_clear(struct strace_reader *reader);

/* Whether a line can come from strace; LINE is changed. */
bool strace_recognises(char *line);

#endif
