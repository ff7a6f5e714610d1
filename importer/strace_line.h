/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line of strace's output, taken apart. */
#ifndef LEARN_IMPORTER_STRACE_LINE_H
#define LEARN_IMPORTER_STRACE_LINE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum strace_line_kind {
	LINE_CALL,       /* name, arguments, result */
	LINE_UNFINISHED, /* name, arguments so far; pid_changed when exec gave it another number */
	LINE_RESUMED,    /* name, the other arguments, result */
	LINE_EXITED,     /* status */
	LINE_KILLED,     /* status: the signal */
	LINE_FRAME,      /* -k: text */
	LINE_MODE,       /* text: the "32" of "runs in 32 bit mode" */
	LINE_NOTHING,    /* signals, "Process 12 attached", "Detached" */
	LINE_UNKNOWN,
};

/* Points into the line that was parsed. */
struct strace_line {
	enum strace_line_kind kind;
	pid_t pid;         /* 0: the line does not say */
	int64_t ms;        /* since 1970, 0 without -ttt */
	char *name;
	char *arguments;
	char *result;      /* what follows "= ", or NULL */
	int status;
	pid_t pid_changed; /* or 0 */
	const char *text;
};

/* Takes LINE apart, in place. */
void strace_line_parse(char *line, struct strace_line *ret);

#endif
