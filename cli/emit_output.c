/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a policy goes that learn emit writes. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "base/file.h"
#include "cli/emit_more.h"

void emit_warn(const struct emitter *emitter, const struct policy *policy,
	       const struct emit_options *options)
{
	for (size_t i = 0; i < policy->n_notes; i++)
		if (emitter_heeds(emitter, policy, options, &policy->notes[i]))
			diag_warn("%s", policy->notes[i].text);
}

static void cleanup_profile(struct profile **profile)
{
	profile_free(*profile);
}

/* Whether a program can put the filter on itself, and no launcher does. */
static bool is_put_on_by_itself(const struct emitter *emitter, const struct emit_options *options)
{
	return (emitter->accepts & ACCEPTS_PHASES) && !options->with_main && !options->raw;
}

int emit_decide(const struct policy_options *options, const char *path,
		const struct emitter *emitter, const struct emit_options *emit_options,
		struct policy **ret)
{
	cleanup(cleanup_profile) struct profile *profile = NULL;
	struct policy_options quietly = *options;
	int r = profile_read(path, &profile);

	if (r < 0)
		return r;
	quietly.quiet = true;
	r = policy_options_decide(&quietly, profile, ret);
	if (r < 0 || !emitter || options->quiet)
		return r;
	emit_warn(emitter, *ret, emit_options);
	if (is_put_on_by_itself(emitter, emit_options) && options->decide.from == PHASE_LOAD)
		emit_hint(profile, *ret);
	return 0;
}

/* What the format leaves out, on one line. */
static void warn_of_losses(const struct emitter *emitter, const struct policy *policy)
{
	auto_free char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	if (!out)
		return;
	emitter_print_losses(emitter, policy, ", ", out);
	if (fclose(out) != 0 || !length)
		return;
	for (char *c = text; *c; c++) /* one line a kind becomes one line */
		if (*c == '\n')
			memmove(c, c + 1, strlen(c));
	diag(0, "%s cannot express %s", emitter->name, text + strlen(", "));
}

/* Checked at the end: a full disk is no policy. */
static int write_stdout(const struct emitter *emitter, const struct policy *policy,
			const struct emit_options *options)
{
	int err;

	if (options->raw && isatty(STDOUT_FILENO))
		return diag(-EINVAL, "emit: not writing binary data to a terminal: use -o FILE");
	err = emitter->emit(policy, options, stdout);
	if (!err)
		err = flush_stdout();
	return err;
}

int emit_write_file(const char *path, const struct emitter *emitter, const struct policy *policy,
		    const struct emit_options *options)
{
	struct new_file file;
	int err = new_file_open(&file, path);

	if (err < 0)
		return diag_errno(err, "%s", path);
	err = emitter->emit(policy, options, file.out);
	if (err < 0) {
		new_file_abandon(&file);
		return err;
	}
	err = new_file_commit(&file);
	return err < 0 ? diag_errno(err, "%s", path) : 0;
}

int emit_output(const char *path, const struct emitter *emitter, const struct policy *policy,
		const struct emit_options *options)
{
	int err = path ? emit_write_file(path, emitter, policy, options)
		       : write_stdout(emitter, policy, options);

	if (!err)
		warn_of_losses(emitter, policy);
	return err;
}
