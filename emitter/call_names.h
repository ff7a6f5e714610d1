/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calls of a policy for formats that know calls by name alone. */
#ifndef LEARN_EMITTER_CALL_NAMES_H
#define LEARN_EMITTER_CALL_NAMES_H

#include <stdbool.h>
#include <stdio.h>

#include "policy/policy.h"

/* Whether libseccomp knows the name: others are made up ("syscall_470"). */
bool is_call_name(const char *name);
/* Whether libseccomp knows a call of that name on one of the policy's architectures. */
bool call_exists(const struct policy *p, const char *name);
/* Whether the rule at INDEX can be stated and has a name. */
bool call_has_name(const struct policy *p, size_t index);
/*
 * Whether a rule before the one at INDEX has its name: names are the same on all architectures,
 * and a later rule of the same name adds nothing but its checks.
 */
bool call_is_repeated(const struct policy *p, size_t index);
/*
 * Whether the denial at INDEX can be stated, has a name, and is neither a repetition nor of a
 * call that is allowed on another architecture.
 */
bool denial_has_name(const struct policy *p, size_t index);

/* A comment, its lines behind PREFIX, with the calls that have no name; nothing if all have. */
void print_nameless(FILE *out, const char *prefix, const struct policy *p);

#endif
