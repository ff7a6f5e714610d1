/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `learn merge`: one profile from many. */
#include <errno.h>
#include <stdlib.h>

#include "base/diag.h"
#include "cli/verbs.h"
#include "profile/profile.h"

const struct option_row merge_options[] = {
	{ 'o', 'o', "output", "FILE", "the profile to write; an existing profile is replaced" },
	OPTIONS_END,
};

/* Adds the profile in FILE to *SUM. */
static int add_file(struct profile **sum, const char *file)
{
	struct profile *p = NULL;
	int err = profile_read(file, &p);

	if (err < 0)
		return err;
	err = profile_merge(sum, p);
	profile_free(p);
	return err < 0 ? diag_errno(err, "%s", file) : 0;
}

static int merge(const char *output, char *const *files)
{
	struct profile *sum = NULL;
	int err = profile_check_replaceable(output);

	if (err < 0)
		return err;
	sum = profile_new();
	if (!sum)
		return diag_errno(-ENOMEM, "%s", output);
	for (; *files && !err; files++)
		err = add_file(&sum, *files);
	if (!err)
		err = profile_write(sum, output);
	profile_free(sum);
	return err;
}

int cmd_merge(const struct command *self, int argc, char **argv)
{
	struct option_parser parser = { self->options, argc, argv, .index = 1, .mixed = true };
	const char *output = NULL;
	int option;

	while ((option = options_next(&parser)) != OPTIONS_DONE) {
		if (option == OPTION_HELP)
			return command_help(self);
		if (option == OPTIONS_BAD)
			return command_usage(self, EXIT_TROUBLE);
		output = parser.value;
	}
	if (!output || !parser.n_operands) {
		diag(0, output ? "merge: expected at least one PROFILE"
			       : "merge: needs --output=FILE");
		return command_usage(self, EXIT_TROUBLE);
	}
	return merge(output, argv + parser.index) < 0 ? EXIT_TROUBLE : EXIT_SUCCESS;
}
