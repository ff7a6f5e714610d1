/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each verb's file offers to the table of commands. */
#ifndef LEARN_CLI_VERBS_H
#define LEARN_CLI_VERBS_H

#include "cli/commands.h"

extern const struct option_row record_options[], show_options[], emit_options[], run_options[],
	merge_options[], diff_options[], import_options[], refine_options[],
	service_options[];

int cmd_record(const struct command *self, int argc, char **argv);
int cmd_show(const struct command *self, int argc, char **argv);
int cmd_emit(const struct command *self, int argc, char **argv);
int cmd_run(const struct command *self, int argc, char **argv);
int cmd_refine(const struct command *self, int argc, char **argv);
int cmd_merge(const struct command *self, int argc, char **argv);
int cmd_diff(const struct command *self, int argc, char **argv);
int cmd_explain(const struct command *self, int argc, char **argv);
int cmd_import(const struct command *self, int argc, char **argv);
int cmd_service(const struct command *self, int argc, char **argv);

#endif
