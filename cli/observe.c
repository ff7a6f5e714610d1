/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run that is watched instead of confined, on its way into a profile. */
#include "cli/observe.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "base/file.h"
#include "cli/runs.h"
#include "learner/recorder.h"

struct observation {
	const char *output;
	struct profile *before, *profile;
	struct profile_run *run; /* in profile */
	struct recorder *recorder;
	struct event_sink sink;
};

/* What would go wrong at the end goes wrong now. */
static int check_output(const char *output)
{
	struct new_file file;
	int r = profile_check_replaceable(output);

	if (r < 0)
		return r;
	r = new_file_open(&file, output);
	if (r < 0)
		return diag_errno(r, "cannot write '%s'", output);
	new_file_abandon(&file);
	return 0;
}

static int set_up(struct observation *o, char *const *command)
{
	struct stat st;

	o->profile = profile_new();
	o->recorder = o->profile ? recorder_new(o->profile) : NULL;
	o->run = o->recorder ? runs_of_command(command, geteuid()) : NULL;
	if (!o->run || profile_add_run(o->profile, o->run) < 0)
		return diag(-ENOMEM, "out of memory");
	o->sink = recorder_sink(o->recorder);
	if (stat(o->output, &st) < 0 || !S_ISREG(st.st_mode) || !st.st_size)
		return 0;
	return profile_read(o->output, &o->before);
}

struct observation *observation_new(const char *output, char *const *command)
{
	struct observation *o = check_output(output) == 0 ? calloc(1, sizeof(*o)) : NULL;

	if (!o)
		return NULL;
	o->output = output;
	if (set_up(o, command) < 0) {
		observation_free(o);
		return NULL;
	}
	return o;
}

void observation_free(struct observation *o)
{
	if (!o)
		return;
	recorder_free(o->recorder);
	profile_free(o->profile);
	profile_free(o->before);
	free(o);
}

const struct event_sink *observation_sink(const struct observation *o)
{
	return &o->sink;
}

const char *observation_output(const struct observation *o)
{
	return o->output;
}

int observation_save(struct observation *o, const struct trace_result *result)
{
	int r = 0;

	o->run->duration_ms = runs_now_ms() - o->run->start_ms;
	o->run->exit_status = result->exit_status;
	o->run->signal = result->signal;
	o->run->complete = result->complete;
	if (o->before)
		r = profile_merge(&o->before, o->profile);
	if (r < 0)
		return diag(r, "out of memory");
	return profile_write(o->before ? o->before : o->profile, o->output);
}
