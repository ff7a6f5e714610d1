/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What learn emit does with a policy beside writing it. */
#ifndef LEARN_CLI_EMIT_MORE_H
#define LEARN_CLI_EMIT_MORE_H

#include "emitter/emitters.h"
#include "policy/policy.h"

/* Writes the policy into a new file at PATH, or leaves PATH as it was: -errno after a message. */
int emit_write_file(const char *path, const struct emitter *emitter, const struct policy *policy,
		    const struct emit_options *options);

/*
 * The same to standard output where PATH is NULL; and says, once it is written, what the format
 * leaves out.
 */
int emit_output(const char *path, const struct emitter *emitter, const struct policy *policy,
		const struct emit_options *options);

/* Prints the formats, and what each can carry. EXIT_SUCCESS. */
int emit_print_list(void);

/*
 * Prints what the policy's filter costs, and what it would cost laid out otherwise. 0, or -errno
 * after a message.
 */
int emit_print_cost(const struct policy *policy);

/*
 * Gives what the format writes to the tool that reads it, whose words go to standard error.
 * EXIT_SUCCESS when it accepts, EXIT_FAILURE when not, EXIT_TROUBLE after a message.
 */
int emit_check(const struct emitter *emitter, const struct policy *policy,
	       const struct emit_options *options);

#endif
