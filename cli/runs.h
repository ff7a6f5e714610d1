/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording's own entry in the profile: what was run, where, when, as whom. */
#ifndef LEARN_CLI_RUNS_H
#define LEARN_CLI_RUNS_H

#include <stdint.h>
#include <sys/types.h>

#include "profile/profile.h"

/* Milliseconds since 1970. */
int64_t runs_now_ms(void);

/* The run of a command that is about to begin, as user UID. NULL without memory. */
struct profile_run *runs_of_command(char *const *argv, uid_t uid);

/* The run of a process that is about to be attached to: what /proc/PID tells. NULL as above. */
struct profile_run *runs_of_process(pid_t pid);

#endif
