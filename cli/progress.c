/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one updating status line of a recording. */
#include "cli/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <unistd.h>

#include "sysdb/syscalls.h"
#include "tracer/memory.h"
#include "tracer/procfs.h"

#define QUIET_SECONDS 2 /* short commands need no line */

static void write_line(const char *line)
{
	ssize_t ignored = write(STDERR_FILENO, line, strlen(line));

	(void)ignored;
}

void progress_begin(struct progress *p, bool quiet)
{
	const char *term = getenv("TERM");
	struct stat st = { .st_rdev = 0 };

	*p = (struct progress){ .wanted = !quiet && isatty(STDERR_FILENO) && term &&
					  strcmp(term, "dumb") != 0 &&
					  fstat(STDERR_FILENO, &st) == 0 };
	p->terminal = st.st_rdev;
}

static void take_away(struct progress *p)
{
	if (p->shown)
		write_line("\r\033[K");
	p->shown = false;
}

/* ---- what the command does there ---- */

static bool is_terminal(const struct progress *p, pid_t tid, int fd)
{
	struct stat st;

	return procfs_descriptor(tid, fd, &st) == 0 && S_ISCHR(st.st_mode) &&
	       (st.st_rdev == p->terminal || st.st_rdev == makedev(5, 0)); /* /dev/tty */
}

/* What is written last, or 0 when that cannot be told. */
static char last_byte(pid_t tid, const struct event_call *call)
{
	struct iovec part = { (void *)(uintptr_t)call->args[1], call->args[2] };
	char byte = 0;

	if (call->nr == SYS_writev &&
	    (!call->args[2] ||
	     memory_read(tid, call->args[1] + (call->args[2] - 1) * sizeof(part), &part,
			 sizeof(part)) < 0))
		return 0;
	if (part.iov_len)
		memory_read(tid, (uintptr_t)part.iov_base + part.iov_len - 1, &byte, 1);
	return byte;
}

void progress_call(struct progress *p, const struct event_origin *origin,
		   const struct event_call *call)
{
	bool reads = call->nr == SYS_read || call->nr == SYS_readv;

	if (!p->wanted || p->read_from || call->arch != arch_native() ||
	    !(reads || call->nr == SYS_write || call->nr == SYS_writev) ||
	    !is_terminal(p, origin->tid, (int)call->args[0]))
		return;
	take_away(p);
	p->read_from = reads;
	if (!reads)
		p->in_line = last_byte(origin->tid, call) != '\n';
}

/* ---- the line ---- */

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

	if (!p->wanted || ++p->seconds < QUIET_SECONDS || p->in_line || p->read_from ||
	    !terminal_is_free())
		return;
	/* Back to the first column, for output that progress_call() does not know of. */
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
	take_away(p);
}
