/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one updating status line of a recording. */
#include "cli/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define QUIET_SECONDS 2 /* short commands need no line */

static void write_line(const char *line)
{
	ssize_t ignored = write(STDERR_FILENO, line, strlen(line));

	(void)ignored;
}

void progress_begin(struct progress *p, bool quiet)
{
	const char *term = getenv("TERM");

	*p = (struct progress){ .wanted = !quiet && isatty(STDERR_FILENO) && term &&
					  strcmp(term, "dumb") != 0 };
}

static bool terminal_is_free(void)
{
	struct termios mode;

	return tcgetpgrp(STDERR_FILENO) == getpgrp() && tcgetattr(STDERR_FILENO, &mode) == 0 &&
	       (mode.c_lflag & ICANON) && (mode.c_lflag & ECHO);
}

void progress_tick(struct progress *p, size_t processes, uint64_t calls, uint64_t distinct,
		   uint64_t finds)
{
	char line[128];

	if (!p->wanted || ++p->seconds < QUIET_SECONDS || !terminal_is_free())
		return;
	/* Back to the first column: the command's next output writes over it. */
	snprintf(line, sizeof(line),
		 "\r\033[Klearn: %u:%02u  %zu %s  %" PRIu64 " calls  %" PRIu64
		 " distinct  %" PRIu64 " new\r",
		 p->seconds / 60, p->seconds % 60, processes,
		 processes == 1 ? "process" : "processes", calls, distinct, finds - p->last_finds);
	p->last_finds = finds;
	p->shown = true;
	write_line(line);
}

void progress_end(struct progress *p)
{
	if (p->shown)
		write_line("\r\033[K");
	p->shown = false;
}
