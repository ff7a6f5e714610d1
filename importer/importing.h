/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An import in progress; private to this room. */
#ifndef LEARN_IMPORTER_IMPORTING_H
#define LEARN_IMPORTER_IMPORTING_H

#include <sys/types.h>

#include "base/map.h"
#include "importer/audit.h"
#include "importer/importer.h"
#include "importer/processes.h"
#include "importer/strace.h"

struct importer {
	struct event_sink sink;
	struct import_options options;
	struct import_summary summary;
	struct map programs; /* path -> number + 1, as a pointer */
	struct map directories; /* paths that are known to be one */
	struct processes processes;
	struct strace_reader strace;
	struct audit_reader audit;
};

/* The number of the program with that path, given out at its first sight; or -errno. */
int importing_program(struct importer *im, const char *path);

/* One more of what COUNT counts; the first is kept in EXAMPLE. */
void importing_note(uint64_t *count, char example[IMPORT_EXAMPLE_SIZE], const char *what);

/* A time of the log, in milliseconds since 1970. */
void importing_time(struct importer *im, int64_t ms);

#endif
