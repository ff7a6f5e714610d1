/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run that is watched instead of confined, on its way into a profile. */
#ifndef LEARN_CLI_OBSERVE_H
#define LEARN_CLI_OBSERVE_H

#include <stdbool.h>

#include "event/event.h"
#include "profile/profile.h"
#include "tracer/tracer.h"

struct observation;

/*
 * Prepares to add what COMMAND does to the profile in the file OUTPUT, or to make that, when there
 * is none. NULL after a message, before anything was run: OUTPUT holds something else, or cannot
 * be written. While the command runs the file is saved every few seconds, and SIGINT and its like
 * wait for it to be written at the end.
 */
struct observation *observation_new(const char *output, char *const *command);
void observation_free(struct observation *o);

/* Where the events go; lives as long as the observation. */
const struct event_sink *observation_sink(const struct observation *o);

/* The file's name. */
const char *observation_output(const struct observation *o);

/* Whether the command was executed, so that there is something to save. */
bool observation_has_begun(const struct observation *o);

/*
 * After the run: writes the file, or where that fails another one. RESULT is NULL when the run
 * ended early. 0 or -errno after a message.
 */
int observation_save(struct observation *o, const struct trace_result *result);

#endif
