/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which commands exist: one row each. */
#ifndef LEARN_CLI_COMMANDS_H
#define LEARN_CLI_COMMANDS_H

#include "cli/options.h"

struct command {
	const char *name;
	const char *synopsis; /* after "learn NAME" */
	const char *summary;  /* one line for `learn --help` */
	const char *text;     /* paragraphs for `learn NAME --help`, wrapped at 80 columns */
	const struct option_row *const *options; /* tables; ends with NULL */
	/* argv[0] is the verb. Returns the exit status. */
	int (*run)(const struct command *self, int argc, char **argv);
};

/* In the order of `learn --help`; ends with a row whose name is NULL. */
extern const struct command commands[];

const struct command *command_by_name(const char *name);

/* What `learn NAME --help` prints; returns EXIT_SUCCESS. */
int command_help(const struct command *command);
/* After a usage error (its message written): where to read on; returns STATUS. */
int command_usage(const struct command *command, int status);

#endif
