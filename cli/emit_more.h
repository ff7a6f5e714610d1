/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What learn emit does with a policy beside writing it. */
#ifndef LEARN_CLI_EMIT_MORE_H
#define LEARN_CLI_EMIT_MORE_H

#include "cli/policy_options.h"
#include "emitter/emitters.h"
#include "policy/policy.h"

/*
 * The policy for a profile, as policy_options_decide_file() makes it; but of its notes only those
 * that the format has a use for go to stderr (none where EMITTER is NULL).
 */
int emit_decide(const struct policy_options *options, const char *path,
		const struct emitter *emitter, const struct emit_options *emit_options,
		struct policy **ret);
/* The notes that the format has a use for, as warnings. */
void emit_warn(const struct emitter *emitter, const struct policy *policy,
	       const struct emit_options *options);

/*
 * Where most of what the one program of the policy does comes when it needs far fewer calls, that a
 * filter could be put on there; nothing otherwise.
 */
void emit_hint(const struct profile *profile, const struct policy *policy);

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
