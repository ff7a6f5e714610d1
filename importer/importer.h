/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Logs of other tools become events: what strace(1) wrote, and audit records (auditd(8), the
 * kernel's log).
 *
 * A log holds text: paths are resolved by text alone, argument values are read by their names, and
 * what cannot be read is counted and said, never guessed.
 */
#ifndef LEARN_IMPORTER_IMPORTER_H
#define LEARN_IMPORTER_IMPORTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/event.h"

enum log_format { LOG_DETECT, LOG_STRACE, LOG_AUDIT };

/* The format of that name ("strace", "audit"), or -EINVAL. */
int log_format_from_name(const char *name);

struct import_options {
	enum log_format format;
	const char *cwd;     /* where the command began, for relative paths: absolute */
	const char *program; /* whose calls they are where no execve or exe= says it */
	uint32_t arch;       /* AUDIT_ARCH_* of strace logs */
};

#define IMPORT_EXAMPLE_SIZE 80

/* What became of the logs. Strings are cut, and empty where there is nothing to tell. */
struct import_summary {
	uint64_t lines, calls;
	uint64_t unknown_lines, unknown_calls, unread_arguments, unread_paths;
	char unknown_line[IMPORT_EXAMPLE_SIZE]; /* the first of each */
	char unknown_call[IMPORT_EXAMPLE_SIZE];
	char unread_argument[IMPORT_EXAMPLE_SIZE];
	char unread_path[IMPORT_EXAMPLE_SIZE];
	int64_t first_ms, last_ms; /* since 1970; 0 where the log has no such times */
	char **command;            /* of the first program executed, ends with NULL; or NULL */
	int exit_status, signal;   /* of the first process; -1 and 0 where its end is not there */
	bool complete;             /* all processes ended */
};

struct importer;

/* NULL without memory. SINK and the strings of OPTIONS must outlive it. */
struct importer *importer_new(const struct event_sink *sink, const struct import_options *options);
void importer_free(struct importer *importer);

/*
 * One log: a file ("-": standard input), all files of one `strace -ff`, or a directory with them.
 * 0, or -errno after a message: the sink's, the file's, -EINVAL where no line tells the format.
 */
int importer_read(struct importer *importer, char *const *files, size_t n);

/* LEN bytes at DATA as one file of the calls of process PID (0: the lines say it). */
int importer_parse(struct importer *importer, const char *data, size_t len, int pid);

/* After the last log; the summary is the importer's. 0 or -errno. */
int importer_end(struct importer *importer, const struct import_summary **ret);

#endif
