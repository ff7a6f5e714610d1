/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `learn import`: evidence from an strace log or an audit log. */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "cli/verbs.h"
#include "config.h"
#include "importer/importer.h"
#include "learner/recorder.h"
#include "profile/profile.h"
#include "sysdb/names.h"
#include "sysdb/syscalls.h"

enum { OPTION_FORMAT = 256, OPTION_CWD, OPTION_PROGRAM, OPTION_ARCH };

const struct option_row import_options[] = {
	{ 'o', 'o', "output", "FILE", "the profile to write; an existing profile is replaced" },
	{ OPTION_FORMAT, 0, "format", "strace|audit",
	  "what the logs are (default: what their contents look like)" },
	{ OPTION_CWD, 0, "cwd", "DIR",
	  "where the command began, for relative paths (default: the working directory)" },
	{ OPTION_PROGRAM, 0, "program", "PATH",
	  "whose calls they are where the log does not say it (default: /unknown)" },
	{ OPTION_ARCH, 0, "arch", "NAME",
	  "of the machine that the log of strace is from (default: this one's)" },
	OPTIONS_END,
};

struct request {
	struct import_options import;
	const char *output;
};

/* ---- the run that the logs are of ---- */

static char **unknown_command(const char *file)
{
	char **command = calloc(3, sizeof(*command));

	if (command) {
		command[0] = strdup("(import)");
		command[1] = strdup(file);
	}
	return command;
}

static char **copy_words(char *const *words)
{
	size_t n = 0;
	char **copy;

	while (words[n])
		n++;
	copy = calloc(n + 1, sizeof(*copy));
	for (size_t i = 0; copy && i < n; i++)
		copy[i] = strdup(words[i]);
	return copy;
}

/* When the log was written, where its lines do not say it. */
static int64_t file_time(const char *file)
{
	struct stat st;

	return stat(file, &st) == 0 ? (int64_t)st.st_mtime * 1000 : 0;
}

static int add_run(struct profile *profile, const struct request *request,
		   const struct import_summary *summary, const char *file)
{
	struct profile_run *run = profile_run_new();
	bool known = summary->command && summary->command[0];

	if (!run)
		return -ENOMEM;
	run->command = known ? copy_words(summary->command) : unknown_command(file);
	run->cwd = strdup(request->import.cwd);
	run->start_ms = summary->first_ms ? summary->first_ms : file_time(file);
	run->duration_ms = summary->last_ms - summary->first_ms;
	run->exit_status = summary->exit_status;
	run->signal = summary->signal;
	run->kernel = strdup("unknown");
	run->arch = arch_format(request->import.arch);
	run->tool = strdup("learn " PACKAGE_VERSION);
	run->complete = summary->complete;
	return profile_add_run(profile, run);
}

/* ---- what could not be read ---- */

static void say(uint64_t count, const char *one, const char *many, const char *example)
{
	if (count == 1)
		diag_warn("1 %s: %s", one, example);
	else if (count)
		diag_warn("%" PRIu64 " %s, the first: %s", count, many, example);
}

static void tell_losses(const struct import_summary *s)
{
	say(s->unknown_lines, "line was not understood", "lines were not understood",
	    s->unknown_line);
	say(s->unknown_calls, "call has a name that this architecture does not know",
	    "calls have a name that this architecture does not know", s->unknown_call);
	say(s->unread_arguments, "argument value could not be read and counts as any",
	    "argument values could not be read and count as any", s->unread_argument);
	say(s->unread_paths, "path could not be read and is not in the profile",
	    "paths could not be read and are not in the profile", s->unread_path);
	if (!s->complete)
		diag_warn("the log does not have the end of all processes");
}

/* ---- the import ---- */

static int read_logs(struct importer *im, struct profile *profile, const struct request *request,
		     char *const *files, size_t n)
{
	const struct import_summary *summary;
	int r = importer_read(im, files, n);

	if (r < 0)
		return r;
	r = importer_end(im, &summary);
	if (r < 0)
		return diag_errno(r, "%s", files[0]);
	tell_losses(summary);
	if (profile_is_empty(profile))
		return diag(-ENODATA, "%s: no system call in %" PRIu64 " lines: nothing to learn",
			    files[0], summary->lines);
	r = add_run(profile, request, summary, files[0]);
	return r < 0 ? diag_errno(r, "%s", files[0]) : profile_write(profile, request->output);
}

static int import(const struct request *request, char *const *files, size_t n)
{
	struct profile *profile = profile_new();
	struct recorder *recorder = profile ? recorder_new(profile) : NULL;
	struct importer *im = NULL;
	struct event_sink sink;
	int r = -ENOMEM;

	if (recorder) {
		sink = recorder_sink(recorder);
		im = importer_new(&sink, &request->import);
	}
	if (im)
		r = profile_check_replaceable(request->output);
	else
		diag_errno(r, "import");
	if (r == 0)
		r = read_logs(im, profile, request, files, n);
	importer_free(im);
	recorder_free(recorder);
	profile_free(profile);
	return r;
}

/* ---- the command line ---- */

static int take(struct request *r, int option, const char *value)
{
	int format;

	switch (option) {
	case 'o':
		r->output = value;
		return 0;
	case OPTION_FORMAT:
		format = log_format_from_name(value);
		if (format < 0)
			return diag(-EINVAL, "--format: '%s' is neither strace nor audit", value);
		r->import.format = (enum log_format)format;
		return 0;
	case OPTION_ARCH:
		return arch_parse(value, &r->import.arch) == 0
			       ? 0
			       : diag(-EINVAL, "--arch: unknown architecture '%s'", value);
	case OPTION_CWD:
		r->import.cwd = value;
		break;
	case OPTION_PROGRAM:
		r->import.program = value;
		break;
	}
	return *value == '/' ? 0 : diag(-EINVAL, "'%s' is no absolute path", value);
}

int cmd_import(const struct command *self, int argc, char **argv)
{
	struct option_parser parser = { self->options, argc, argv, .index = 1, .mixed = true };
	struct request request = { .import = { .program = "/unknown", .arch = arch_native() } };
	auto_free char *cwd = getcwd(NULL, 0);
	int option;

	request.import.cwd = cwd ? cwd : "/";
	while ((option = options_next(&parser)) != OPTIONS_DONE) {
		if (option == OPTION_HELP)
			return command_help(self);
		if (option == OPTIONS_BAD || take(&request, option, parser.value) < 0)
			return command_usage(self, EXIT_TROUBLE);
	}
	if (!request.output || !parser.n_operands) {
		diag(0, request.output ? "import: expected at least one LOG"
				       : "import: needs --output=FILE");
		return command_usage(self, EXIT_TROUBLE);
	}
	return import(&request, argv + parser.index, (size_t)parser.n_operands) < 0
		       ? EXIT_TROUBLE
		       : EXIT_SUCCESS;
}
