/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Audit records: of auditd(8), of ausearch(8), and in the kernel's log. */
#ifndef LEARN_IMPORTER_AUDIT_H
#define LEARN_IMPORTER_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "importer/audit_fields.h"

struct importer;

#define MOST_AUDIT_PATHS 4

struct audit_path {
	char *name;
	uint32_t kind; /* KIND_* */
	uint64_t item; /* in the order of the arguments */
};

/* The event whose records are being read. */
struct audit_reader {
	char *id;    /* "1509000000.123:42", or NULL: none */
	bool called; /* there was a SYSCALL or SECCOMP record */
	uint32_t arch;
	int nr;
	uint64_t args[4];
	uint8_t unread_args;
	bool has_result;
	int64_t result;
	pid_t pid;
	char *exe, *cwd;
	struct audit_address address;
	struct audit_path paths[MOST_AUDIT_PATHS]; /* without the directories that they are in */
	size_t n_paths;
};

/* Takes the next line, without its end; it may be changed. 0 or -errno. */
int audit_line(struct importer *im, char *line);
/* There are no more lines: the last event is taken. 0 or -errno. */
int audit_end(struct importer *im);
void audit_clear(struct audit_reader *reader);

/* Whether a line is an audit record. */
bool audit_recognises(const char *line);

#endif
