/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a recording goes: saved while it runs, added to a file, rescued from a full disk. */
#ifndef LEARN_CLI_OUTPUT_H
#define LEARN_CLI_OUTPUT_H

#include <stdbool.h>

#include "base/file.h"
#include "profile/profile.h"

struct output {
	const char *path;
	bool append;
	struct profile *before; /* with append: what the file held; else NULL */
	bool once;              /* a pipe, a terminal or a device: takes the profile at the end */
	struct new_file direct; /* that, open from the start; else empty */
	unsigned wait_s;        /* for the next save while the recording runs */
	unsigned pause_s;       /* between two of them */
};

/*
 * All that can be known to go wrong at the end is found out before the command starts; from here on
 * a write that fails (SIGPIPE, SIGXFSZ) does not end us. 0 or -errno after a message;
 * output_clear() either way.
 */
int output_prepare(struct output *output);

/* Writes PROFILE and what it is added to. 0, or -errno after a message and the file as it was. */
int output_save(struct output *output, const struct profile *profile);

/*
 * Once a second, while the recording runs: whether output_save() is due, and what came of it. What
 * fails (a full disk) is tried again, after longer and longer pauses.
 */
bool output_save_due(struct output *output);
void output_saved(struct output *output, int result);

/*
 * After an output_save() at the end that failed: PROFILE goes to a directory for temporary files,
 * and a message says where. Not for pipes and devices. 0 or -errno.
 */
int output_rescue(struct output *output, const struct profile *profile);

/*
 * A service manager sends SIGTERM again when the recorded process has ended, and that is when the
 * profile is written: from now on a SIGHUP, SIGINT, SIGQUIT or SIGTERM waits for it. The next one
 * does not.
 */
void output_finish_first(void);

void output_clear(struct output *output);

#endif
