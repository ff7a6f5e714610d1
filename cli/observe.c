/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run that is watched instead of confined, on its way into a profile. */
#include "cli/observe.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/diag.h"
#include "cli/output.h"
#include "cli/runs.h"
#include "learner/recorder.h"

struct observation {
	struct output output;
	struct profile *profile; /* of this run alone */
	struct profile_run *run; /* in profile */
	struct recorder *recorder;
	struct event_sink learn; /* the recorder's end */
	struct event_sink sink;	 /* ours, before that */
	bool begun;		 /* the command runs: there is something to save */
};

static int save(struct observation *o)
{
	o->run->duration_ms = runs_now_ms() - o->run->start_ms;
	return output_save(&o->output, o->profile);
}

static int on_call(void *state, const struct event_origin *origin, const struct event_call *call)
{
	struct observation *o = state;

	o->begun = true;
	return o->learn.call(o->learn.state, origin, call);
}

static int on_event(void *state, const struct event *event)
{
	struct observation *o = state;

	o->begun = true;
	return o->learn.event(o->learn.state, event);
}

/* A save that fails half-way must not end the command: the last one says so. */
static int on_tick(void *state, size_t processes)
{
	struct observation *o = state;

	(void)processes;
	if (o->begun && output_save_due(&o->output))
		output_saved(&o->output, save(o));
	return 0;
}

static int set_up(struct observation *o, char *const *command)
{
	int r = output_prepare(&o->output);

	if (r < 0)
		return r;
	o->profile = profile_new();
	o->recorder = o->profile ? recorder_new(o->profile) : NULL;
	o->run = o->recorder ? runs_of_command(command, geteuid()) : NULL;
	if (!o->run || profile_add_run(o->profile, o->run) < 0)
		return diag(-ENOMEM, "out of memory");
	o->learn = recorder_sink(o->recorder);
	o->sink = (struct event_sink){ o, on_call, on_event, on_tick };
	return 0;
}

struct observation *observation_new(const char *output, char *const *command)
{
	struct observation *o = calloc(1, sizeof(*o));

	if (!o) {
		diag(0, "out of memory");
		return NULL;
	}
	o->output.path = output;
	o->output.append = true;
	if (set_up(o, command) < 0) {
		observation_free(o);
		return NULL;
	}
	output_finish_first();
	return o;
}

void observation_free(struct observation *o)
{
	if (!o)
		return;
	recorder_free(o->recorder);
	profile_free(o->profile);
	output_clear(&o->output);
	free(o);
}

const struct event_sink *observation_sink(const struct observation *o)
{
	return &o->sink;
}

const char *observation_output(const struct observation *o)
{
	return o->output.path;
}

bool observation_has_begun(const struct observation *o)
{
	return o->begun;
}

int observation_save(struct observation *o, const struct trace_result *result)
{
	int r;

	if (result) {
		o->run->exit_status = result->exit_status;
		o->run->signal = result->signal;
		o->run->complete = result->complete;
	}
	r = save(o);
	if (r < 0 && !o->output.once)
		output_rescue(&o->output, o->profile);
	return r;
}
