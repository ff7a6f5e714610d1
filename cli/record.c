/* SPDX-License-Identifier: GPL-3.0-or-later */
/* learn record: run a command and write its profile. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "base/file.h"
#include "cli/progress.h"
#include "cli/verbs.h"
#include "config.h"
#include "learner/recorder.h"
#include "profile/profile.h"
#include "sysdb/syscalls.h"
#include "tracer/tracer.h"

enum { ID_STAT_PATHS = 256, ID_PHASE_AT };

const struct option_row record_options[] = {
	{ 'o', 'o', "output", "FILE", "where the profile goes (default: learn.profile)" },
	{ 'a', 'a', "append", NULL, "add to the profile in FILE instead of replacing it" },
	{ 'q', 'q', "quiet", NULL, "no status line on the terminal" },
	{ ID_STAT_PATHS, 0, "stat-paths", NULL, "record paths that are only looked at, too" },
	{ ID_PHASE_AT, 0, "phase-at", "EVENT",
	  "where start-up ends and phase 'serving' begins, in each process: a system call "
	  "(listen, epoll_wait:3 for the third), signal:NAME, or path:GLOB" },
	OPTIONS_END,
};

/* A long recording is saved this often: what a kill of `learn` itself can lose. */
#define SAVE_EVERY_SECONDS 3

struct recording {
	const char *output;
	bool append, quiet, stat_paths;
	struct phase_event phase_at;
	struct profile *before;	 /* with --append: what the file held; else NULL */
	struct profile *profile; /* of this run alone */
	struct profile_run *run; /* in profile */
	struct recorder *recorder;
	struct event_sink learn; /* the recorder's end */
	struct progress progress;
	unsigned ticks;
	bool begun; /* the file was written once */
};

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* ---- the file ---- */

/* Writes what is known now: this run, and what --append adds it to. 0 or -errno after a message. */
static int save(struct recording *rec)
{
	struct profile *both = NULL;
	int r;

	rec->run->duration_ms = now_ms() - rec->run->start_ms;
	if (!rec->before)
		return profile_write(rec->profile, rec->output);
	both = profile_new();
	r = both ? profile_merge(&both, rec->before) : -ENOMEM;
	if (r == 0)
		r = profile_merge(&both, rec->profile);
	r = r == 0 ? profile_write(both, rec->output) : diag(r, "out of memory");
	profile_free(both);
	return r;
}

/* All that can be known to go wrong at the end is found out before the command starts. */
static int prepare_output(struct recording *rec)
{
	struct new_file file;
	int r = profile_check_replaceable(rec->output);

	if (r < 0)
		return r;
	r = new_file_open(&file, rec->output);
	if (r < 0)
		return diag_errno(r, "cannot write '%s'", rec->output);
	new_file_abandon(&file);
	if (!rec->append || access(rec->output, F_OK) < 0)
		return 0;
	return profile_read(rec->output, &rec->before);
}

/* ---- events on their way to the recorder ---- */

/* The command runs: from here on the old file is replaced. */
static int begin(struct recording *rec)
{
	rec->begun = true;
	return save(rec);
}

static int on_call(void *state, const struct event_origin *origin, const struct event_call *call)
{
	struct recording *rec = state;
	int r = rec->begun ? 0 : begin(rec);

	return r < 0 ? r : rec->learn.call(rec->learn.state, origin, call);
}

static int on_event(void *state, const struct event *event)
{
	struct recording *rec = state;

	return rec->learn.event(rec->learn.state, event);
}

/* A save that fails half-way (a full disk) must not end the command: the last one says so. */
static int on_tick(void *state)
{
	struct recording *rec = state;
	struct recorder_stats stats = recorder_stats(rec->recorder);

	progress_tick(&rec->progress, stats.calls, stats.distinct, stats.finds);
	if (rec->begun && ++rec->ticks % SAVE_EVERY_SECONDS == 0)
		save(rec);
	return 0;
}

/* ---- the run ---- */

static char **copy_command(char **argv)
{
	size_t n = 0;
	char **copy;

	while (argv[n])
		n++;
	copy = calloc(n + 1, sizeof(*copy));
	for (size_t i = 0; copy && i < n; i++)
		copy[i] = strdup(argv[i]);
	return copy;
}

static int describe_run(struct recording *rec, char **argv)
{
	struct profile_run *run = profile_run_new();
	struct utsname host;

	if (!run)
		return -ENOMEM;
	uname(&host);
	run->command = copy_command(argv);
	run->cwd = getcwd(NULL, 0);
	if (!run->cwd)
		run->cwd = strdup("(unreachable)");
	run->start_ms = now_ms();
	run->exit_status = -1;
	run->kernel = strdup(host.release);
	run->arch = strdup(arch_name(arch_native()));
	run->tool = strdup("learn " PACKAGE_VERSION);
	run->uid = (uint32_t)geteuid();
	rec->run = run;
	return profile_add_run(rec->profile, run);
}

static int trace_command(struct recording *rec, char **argv, struct trace_result *result)
{
	const struct trace_options options = {
		.command = argv,
		.mode = TRACE_CALLS,
		.phase_at = &rec->phase_at,
		.stat_paths = rec->stat_paths,
	};
	const struct event_sink sink = { rec, on_call, on_event, on_tick };

	return trace_run(&options, &sink, result);
}

static int record(struct recording *rec, char **argv)
{
	struct trace_result result;
	int r;

	rec->profile = profile_new();
	rec->recorder = rec->profile ? recorder_new(rec->profile) : NULL;
	if (!rec->recorder || describe_run(rec, argv) < 0)
		return diag(EXIT_LEARN, "out of memory");
	rec->learn = recorder_sink(rec->recorder);
	if (prepare_output(rec) < 0)
		return EXIT_LEARN;
	progress_begin(&rec->progress, rec->quiet);
	r = trace_command(rec, argv, &result);
	progress_end(&rec->progress);
	if (r < 0)
		return rec->begun && save(rec) == 0
			       ? diag(EXIT_LEARN, "recording ended early; '%s' holds what was seen",
				      rec->output)
			       : EXIT_LEARN;
	if (!result.started)
		return result.status;
	rec->run->exit_status = result.exit_status;
	rec->run->signal = result.signal;
	rec->run->complete = result.complete;
	return save(rec) < 0 ? EXIT_LEARN : result.status;
}

static int parse(struct recording *rec, const struct command *self, int argc, char **argv,
		 char ***command)
{
	struct option_parser p = { self->options, argc, argv, 1, NULL };
	int id;

	while ((id = options_next(&p)) != OPTIONS_DONE) {
		switch (id) {
		case 'o':
			rec->output = p.value;
			break;
		case 'a':
			rec->append = true;
			break;
		case 'q':
			rec->quiet = true;
			break;
		case ID_STAT_PATHS:
			rec->stat_paths = true;
			break;
		case ID_PHASE_AT:
			if (phase_event_parse(p.value, &rec->phase_at) < 0)
				return command_usage(self, EXIT_LEARN);
			break;
		case OPTION_HELP:
			return command_help(self);
		default:
			return command_usage(self, EXIT_LEARN);
		}
	}
	if (!argv[p.index]) {
		diag(0, "no command to record");
		return command_usage(self, EXIT_LEARN);
	}
	*command = argv + p.index;
	return -1;
}

int cmd_record(const struct command *self, int argc, char **argv)
{
	struct recording rec = { .output = "learn.profile" };
	char **command = NULL;
	int status = parse(&rec, self, argc, argv, &command);

	if (status >= 0)
		return status;
	status = record(&rec, command);
	recorder_free(rec.recorder);
	profile_free(rec.profile);
	profile_free(rec.before);
	return status;
}
