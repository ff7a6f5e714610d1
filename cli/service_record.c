/* SPDX-License-Identifier: GPL-3.0-or-later */
/* learn service record: the unit of ours that records the programs of another. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "base/file.h"
#include "cli/runs.h"
#include "cli/service.h"
#include "learner/recorder.h"
#include "profile/profile.h"
#include "service/notify.h"
#include "tracer/door.h"
#include "tracer/tracer.h"

/* What a kill of ours can lose. */
#define SAVE_EVERY_SECONDS 3

struct alive {
	pid_t pid;
	struct profile_run *run; /* in the profile */
};

struct recording {
	const struct unit *unit;
	const char *output;
	struct profile *before, *profile; /* what the file held; what is new. before may be NULL */
	struct recorder *recorder;
	struct event_sink learn; /* the recorder's end */
	struct alive *alive;
	size_t n_alive;
	uint64_t saved_calls;
	unsigned ticks;
	bool changed;
};

/* ---- the file ---- */

static int save(struct recording *rec)
{
	struct profile *both = profile_new();
	int r = both ? 0 : -ENOMEM;

	for (size_t i = 0; i < rec->n_alive; i++)
		rec->alive[i].run->duration_ms = runs_now_ms() - rec->alive[i].run->start_ms;
	if (r == 0 && rec->before)
		r = profile_merge(&both, rec->before);
	if (r == 0)
		r = profile_merge(&both, rec->profile);
	r = r == 0 ? profile_write(both, rec->output) : diag(r, "out of memory");
	profile_free(both);
	rec->changed = false;
	rec->saved_calls = recorder_stats(rec->recorder).calls;
	return r;
}

static int on_tick(void *state, size_t processes)
{
	struct recording *rec = state;

	(void)processes;
	if (++rec->ticks % SAVE_EVERY_SECONDS == 0 &&
	    (rec->changed || recorder_stats(rec->recorder).calls != rec->saved_calls))
		save(rec); /* a full disk must not end the recording: the last one says so */
	return 0;
}

/* ---- who comes and goes ---- */

static bool names_unit(const char *path, size_t len, const char *unit)
{
	size_t n = strlen(unit);

	/* cg_escape(): a name that could be one of the kernel's own gets a "_" before it. */
	if (len == n + 1 && *path == '_')
		path++, len--;
	return len == n && strncmp(path, unit, n) == 0;
}

/* Whether the control group of one line of /proc/PID/cgroup is the unit's, or below it. */
static bool is_in_unit(const char *line, const char *unit)
{
	const char *path = strchr(line, ':');

	path = path ? strchr(path + 1, ':') : NULL;
	while (path) {
		size_t n = strcspn(++path, "/\n");

		if (names_unit(path, n, unit))
			return true;
		path = path[n] == '/' ? path + n : NULL;
	}
	return false;
}

/* Anybody can connect: only the unit's own processes are recorded. */
static bool knows(void *state, pid_t pid)
{
	const struct recording *rec = state;
	auto_free char *text = NULL;
	char name[64];
	size_t len;

	snprintf(name, sizeof(name), "/proc/%d/cgroup", (int)pid);
	if (read_file(name, 1u << 20, &text, &len) < 0)
		return false;
	for (char *rest = text, *line; (line = strsep(&rest, "\n"));)
		if (is_in_unit(line, rec->unit->name))
			return true;
	diag(0, "process %d is none of %s: not recorded", (int)pid, rec->unit->name);
	return false;
}

/* The words of the service's own command: ours end with "--". */
static void drop_our_words(char **command)
{
	size_t i = 0, n = 0;

	while (command && command[i] && strcmp(command[i], "--") != 0)
		i++;
	if (!command || !command[i])
		return;
	for (size_t k = 0; k <= i; k++)
		free(command[k]);
	do
		command[n] = command[i + 1 + n];
	while (command[n++]);
}

static int enter(void *state, pid_t pid)
{
	struct recording *rec = state;
	struct profile_run *run = runs_of_process(pid);
	struct alive *more = realloc(rec->alive, (rec->n_alive + 1) * sizeof(*more));

	if (more)
		rec->alive = more;
	if (!run || !more) {
		profile_run_free(run);
		return -ENOMEM;
	}
	drop_our_words(run->command);
	rec->alive[rec->n_alive++] = (struct alive){ pid, run };
	rec->changed = true;
	return profile_add_run(rec->profile, run);
}

static void leave(void *state, pid_t pid, int exit_status, int signal)
{
	struct recording *rec = state;

	for (size_t i = 0; i < rec->n_alive; i++) {
		struct profile_run *run = rec->alive[i].run;

		if (rec->alive[i].pid != pid)
			continue;
		run->duration_ms = runs_now_ms() - run->start_ms;
		run->exit_status = exit_status;
		run->signal = signal;
		run->complete = true;
		rec->alive[i] = rec->alive[--rec->n_alive];
		rec->changed = true;
		return;
	}
}

/* ---- events on their way to the recorder ---- */

static int on_call(void *state, const struct event_origin *origin, const struct event_call *call)
{
	struct recording *rec = state;

	return rec->learn.call(rec->learn.state, origin, call);
}

static int on_event(void *state, const struct event *event)
{
	struct recording *rec = state;

	return rec->learn.event(rec->learn.state, event);
}

/* ---- the run ---- */

static int prepare(struct recording *rec)
{
	rec->profile = profile_new();
	rec->recorder = rec->profile ? recorder_new(rec->profile) : NULL;
	if (!rec->recorder)
		return diag(-ENOMEM, "out of memory");
	rec->learn = recorder_sink(rec->recorder);
	return access(rec->output, F_OK) == 0 ? profile_read(rec->output, &rec->before) : 0;
}

static int trace(struct recording *rec, int door)
{
	const struct phase_event no_event = { 0 };
	const struct trace_door at = { door, rec, knows, enter, leave };
	const struct trace_options options = {
		.door = &at,
		.mode = TRACE_CALLS,
		.stat_paths = true, /* a service that is shown only what it used looks there too */
		.phase_at = &no_event,
	};
	const struct event_sink sink = { rec, on_call, on_event, on_tick };
	struct trace_result result;

	notify_manager("READY=1");
	return trace_run(&options, &sink, &result);
}

static int record(struct recording *rec)
{
	auto_close int door = -1;
	int r = prepare(rec);

	if (r < 0)
		return r;
	unlink(rec->unit->places.socket); /* of a recorder before us, which was killed */
	door = door_listen(rec->unit->places.socket);
	if (door < 0)
		return diag_errno(door, "cannot listen at %s", rec->unit->places.socket);
	r = trace(rec, door);
	if (rec->changed || recorder_stats(rec->recorder).calls != rec->saved_calls) {
		int saved = save(rec);

		r = r < 0 ? r : saved;
	}
	return r;
}

int service_record(struct service_request *request)
{
	struct unit cleanup(unit_clear) unit = { .turn = -1 };
	struct recording rec = { .unit = &unit };
	int r;

	/* The manager is not asked: it is busy starting us. */
	unit.name = strdup(request->unit_name);
	r = unit.name ? places_find(unit.name, request->user, &unit.places) : -ENOMEM;
	if (r == 0) {
		rec.output = request->rerun	     ? unit.places.rerun
			     : request->unprivileged ? unit.places.as_user
						     : unit.places.profile;
		r = record(&rec);
	}
	recorder_free(rec.recorder);
	profile_free(rec.profile);
	profile_free(rec.before);
	free(rec.alive);
	return r < 0 ? EXIT_LEARN : 0;
}
