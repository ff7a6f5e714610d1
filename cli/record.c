/* SPDX-License-Identifier: GPL-3.0-or-later */
/* learn record: run a command and write its profile. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "base/parse.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/runs.h"
#include "cli/verbs.h"
#include "learner/recorder.h"
#include "profile/profile.h"
#include "tracer/identity.h"
#include "tracer/tracer.h"

enum { ID_STAT_PATHS = 256, ID_PHASE_AT, ID_LEADER_EXIT, ID_TIMEOUT };

const struct option_row record_options[] = {
	{ 'o', 'o', "output", "FILE", "where the profile goes (default: learn.profile)" },
	{ 'a', 'a', "append", NULL, "add to the profile in FILE instead of replacing it" },
	{ 'p', 'p', "pid", "PID",
	  "instead of a command: attach to a running process with all its threads and children; "
	  "until it ends, Ctrl-C or --timeout, then it is let go unharmed; further numbers, or "
	  "--pid again, are further processes" },
	{ 'u', 'u', "user", "USER", "run the command as this user (needs root)" },
	{ ID_TIMEOUT, 0, "timeout", "SECONDS",
	  "end the recording after this time: let go of what was attached to, end a command with "
	  "its children (SIGTERM, later SIGKILL)" },
	{ ID_LEADER_EXIT, 0, "leader-exit", NULL,
	  "when the command itself has ended, end what it left behind (SIGTERM, later SIGKILL), "
	  "which cannot run on without learn, instead of recording it" },
	{ 'q', 'q', "quiet", NULL, "no status line on the terminal, no word at the end of -p" },
	{ ID_STAT_PATHS, 0, "stat-paths", NULL, "record paths that are only looked at, too" },
	{ ID_PHASE_AT, 0, "phase-at", "EVENT",
	  "where start-up ends and phase 'serving' begins, in each process: a system call "
	  "(listen, epoll_wait:3 for the third), signal:NAME, or path:GLOB" },
	OPTIONS_END,
};

/* A year: more is a mistake. */
#define MOST_SECONDS (366 * 86400)

/* Processes that one recording may attach to. */
#define MOST_TARGETS 64

struct recording {
	struct output output;
	bool quiet, stat_paths;
	struct phase_event phase_at;
	const char *phase_word; /* --phase-at; NULL: not given */
	bool plain;		/* there are no options */
	struct profile *profile;		/* of this run alone */
	struct profile_run *runs[MOST_TARGETS]; /* in profile: of the command, or of each target */
	size_t n_runs;
	struct trace_target targets[MOST_TARGETS];
	size_t n_targets;
	const char *user; /* --user; then identity is filled in */
	struct identity identity;
	bool leader_exit;
	unsigned timeout_s;
	struct recorder *recorder;
	struct event_sink learn; /* the recorder's end */
	struct progress progress;
	bool begun;		/* the command runs: what was there before may go */
};

/* ---- the file ---- */

/* Writes what is known now: this run, and what --append adds it to. 0 or -errno after a message. */
static int save(struct recording *rec)
{
	for (size_t i = 0; i < rec->n_runs; i++)
		rec->runs[i]->duration_ms = runs_now_ms() - rec->runs[i]->start_ms;
	return output_save(&rec->output, rec->profile);
}

/* At the end nothing may be lost. */
static int save_at_end(struct recording *rec)
{
	int r = save(rec);

	if (r < 0 && !rec->output.once)
		output_rescue(&rec->output, rec->profile);
	return r;
}

/* ---- events on their way to the recorder ---- */

/* The command runs: from here on the old file may be replaced. */
static int on_call(void *state, const struct event_origin *origin, const struct event_call *call)
{
	struct recording *rec = state;

	rec->begun = true;
	progress_call(&rec->progress, origin, call);
	return rec->learn.call(rec->learn.state, origin, call);
}

static int on_event(void *state, const struct event *event)
{
	struct recording *rec = state;

	rec->begun = true;
	return rec->learn.event(rec->learn.state, event);
}

/* A save that fails half-way (a full disk) must not end the command: the last one says so. */
static int on_tick(void *state, size_t processes)
{
	struct recording *rec = state;
	struct recorder_stats stats = recorder_stats(rec->recorder);

	progress_tick(&rec->progress, processes, stats.calls, stats.distinct, stats.finds);
	if (rec->begun && output_save_due(&rec->output))
		output_saved(&rec->output, save(rec));
	return 0;
}

/* ---- the run ---- */

static int add_run(struct recording *rec, struct profile_run *run)
{
	if (!run)
		return -ENOMEM;
	rec->runs[rec->n_runs++] = run;
	return profile_add_run(rec->profile, run);
}

static int describe_runs(struct recording *rec, char **argv)
{
	int r = 0;

	if (!rec->n_targets)
		return add_run(rec,
			       runs_of_command(argv, rec->user ? rec->identity.uid : geteuid()));
	for (size_t i = 0; i < rec->n_targets && r == 0; i++)
		r = add_run(rec, runs_of_process(rec->targets[i].pid));
	return r;
}

static int trace_command(struct recording *rec, char **argv, struct trace_result *result)
{
	const struct trace_options options = {
		.command = argv,
		.targets = rec->targets,
		.n_targets = rec->n_targets,
		.user = rec->user ? &rec->identity : NULL,
		.leader_exit = rec->leader_exit,
		.timeout_ms = (uint64_t)rec->timeout_s * 1000,
		.mode = TRACE_CALLS,
		.phase_at = &rec->phase_at,
		.stat_paths = rec->stat_paths,
	};
	const struct event_sink sink = { rec, on_call, on_event, on_tick };

	return trace_run(&options, &sink, result);
}

static void note_endings(struct recording *rec, const struct trace_result *result)
{
	for (size_t i = 0; i < rec->n_runs; i++) {
		const struct trace_target *target = i < rec->n_targets ? &rec->targets[i] : NULL;

		rec->runs[i]->exit_status = target ? target->exit_status : result->exit_status;
		rec->runs[i]->signal = target ? target->signal : result->signal;
		rec->runs[i]->complete = result->complete;
	}
}

static void tell_timeout(const struct recording *rec, const struct trace_result *result)
{
	if (result->signal)
		diag(0, "ended after %u s (--timeout), by SIG%s; '%s' holds what was seen",
		     rec->timeout_s, sigabbrev_np(result->signal), rec->output.path);
	else
		diag(0, "ended after %u s (--timeout); '%s' holds what was seen", rec->timeout_s,
		     rec->output.path);
}

/* Of an end that came from outside: what it means for the program and the profile. */
static void tell_ending(const struct recording *rec, const struct trace_result *result)
{
	static const int from_outside[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };

	if (rec->quiet)
		return;
	if (!rec->n_targets && result->timed_out) {
		tell_timeout(rec, result);
		return;
	}
	if (!rec->n_targets) {
		for (size_t i = 0; i < ARRAY_SIZE(from_outside); i++)
			if (result->signal == from_outside[i])
				diag(0, "the command was ended by SIG%s; '%s' holds what was seen",
				     sigabbrev_np(result->signal), rec->output.path);
		return;
	}
	if (result->let_go)
		diag(0, "let go of %zu task%s; '%s' holds what was seen", result->let_go,
		     result->let_go == 1 ? "" : "s", rec->output.path);
	else
		diag(0, "all processes have ended; '%s' holds what was seen", rec->output.path);
}

static bool came_to_serve(const struct profile *profile)
{
	for (size_t p = 0; p < profile->programs.n; p++) {
		const struct profile_program *program = profile->programs.entries[p].value;

		for (size_t c = 0; c < program->calls.n; c++) {
			const struct profile_call *call = program->calls.entries[c].value;

			if (call->phase == PHASE_SERVING)
				return true;
		}
	}
	return false;
}

/* A long recording for a phase that did not begin should not be noticed much later. */
static void tell_phase(const struct recording *rec)
{
	if (rec->phase_word && !came_to_serve(rec->profile))
		diag(0, "--phase-at=%s: nothing was done after that, or it did not happen: the "
			"profile has no phase 'serving'",
		     rec->phase_word);
}

/* A command that is the first word, as a verb would be, may be meant for one. */
static void tell_of_verbs(const struct recording *rec, const char *word)
{
	if (rec->plain && !strchr(word, '/'))
		diag(0, "no program in PATH is called so, and no verb: see 'learn --help'");
}

static int record(struct recording *rec, char **argv)
{
	struct trace_result result;
	int r;

	rec->profile = profile_new();
	rec->recorder = rec->profile ? recorder_new(rec->profile) : NULL;
	if (!rec->recorder || describe_runs(rec, argv) < 0)
		return diag(EXIT_LEARN, "out of memory");
	rec->learn = recorder_sink(rec->recorder);
	if (output_prepare(&rec->output) < 0)
		return EXIT_LEARN;
	progress_begin(&rec->progress, rec->quiet);
	output_finish_first();
	r = trace_command(rec, argv, &result);
	progress_end(&rec->progress);
	if (r < 0)
		return rec->begun && save_at_end(rec) == 0
			       ? diag(EXIT_LEARN, "recording ended early; '%s' holds what was seen",
				      rec->output.path)
			       : EXIT_LEARN;
	if (!result.started) {
		if (result.status == EXIT_NOT_FOUND)
			tell_of_verbs(rec, argv[0]);
		return result.status;
	}
	note_endings(rec, &result);
	if (save_at_end(rec) < 0)
		return EXIT_LEARN;
	tell_phase(rec);
	tell_ending(rec, &result);
	return result.status;
}

/* ---- the command line ---- */

static int take_target(struct recording *rec, const char *word)
{
	uint64_t pid;

	if (parse_u64(word, INT_MAX, &pid) < 0 || pid == 0)
		return diag(-EINVAL, "--pid: '%s' is no process number", word);
	if (rec->n_targets == MOST_TARGETS)
		return diag(-E2BIG, "--pid: more than %d processes", MOST_TARGETS);
	rec->targets[rec->n_targets++].pid = (pid_t)pid;
	return 0;
}

static int take_timeout(struct recording *rec, const char *word)
{
	uint64_t seconds;

	if (parse_u64(word, MOST_SECONDS, &seconds) < 0 || seconds == 0)
		return diag(-EINVAL, "--timeout: '%s' is no number of seconds", word);
	rec->timeout_s = (unsigned)seconds;
	return 0;
}

/* 0 or -errno after a message. */
static int take_option(struct recording *rec, int id, const char *value)
{
	switch (id) {
	case 'o':
		rec->output.path = value;
		return 0;
	case 'a':
		rec->output.append = true;
		return 0;
	case 'p':
		return take_target(rec, value);
	case 'q':
		rec->quiet = true;
		return 0;
	case 'u':
		rec->user = value;
		return 0;
	case ID_STAT_PATHS:
		rec->stat_paths = true;
		return 0;
	case ID_LEADER_EXIT:
		rec->leader_exit = true;
		return 0;
	case ID_TIMEOUT:
		return take_timeout(rec, value);
	case ID_PHASE_AT:
		rec->phase_word = value;
		return phase_event_parse(value, &rec->phase_at);
	default:
		return -EINVAL; /* the message is written */
	}
}

static bool are_numbers(char *const *words)
{
	uint64_t number;

	while (*words && parse_u64(*words, INT_MAX, &number) == 0)
		words++;
	return !*words;
}

/* What stands behind the options: a command; or, with --pid, further numbers of processes. */
static int take_words(struct recording *rec, char **words, char ***command)
{
	int r = 0;

	if (!rec->n_targets || !are_numbers(words)) {
		*command = *words ? words : NULL;
		return 0;
	}
	for (; *words && r == 0; words++)
		r = take_target(rec, *words);
	return r;
}

static int check_combination(const struct recording *rec, bool has_command)
{
	if (!has_command && !rec->n_targets)
		return diag(-EINVAL, "no command to record");
	if (has_command && rec->n_targets)
		return diag(-EINVAL, "a command and --pid: only one of them can be recorded");
	if (rec->n_targets && rec->user)
		return diag(-EINVAL, "--user is for a command, not for --pid");
	if (rec->n_targets && rec->leader_exit)
		return diag(-EINVAL, "--leader-exit is for a command, not for --pid");
	return 0;
}

/* -1 to go on with *command, or an exit status. */
static int parse(struct recording *rec, const struct command *self, int argc, char **argv,
		 char ***command)
{
	struct option_parser p = { self->options, argc, argv, .index = 1 };
	int id;

	while ((id = options_next(&p)) != OPTIONS_DONE) {
		if (id == OPTION_HELP)
			return command_help(self);
		if (take_option(rec, id, p.value) < 0)
			return command_usage(self, EXIT_LEARN);
	}
	rec->plain = p.index == 1;
	if (take_words(rec, argv + p.index, command) < 0 || check_combination(rec, *command) < 0)
		return command_usage(self, EXIT_LEARN);
	return rec->user && identity_find(rec->user, &rec->identity) < 0 ? EXIT_LEARN : -1;
}

int cmd_record(const struct command *self, int argc, char **argv)
{
	struct recording rec = { .output.path = "learn.profile" };
	char **command = NULL;
	int status = parse(&rec, self, argc, argv, &command);

	if (status < 0)
		status = record(&rec, command);
	recorder_free(rec.recorder);
	profile_free(rec.profile);
	output_clear(&rec.output);
	identity_clear(&rec.identity);
	return status;
}
