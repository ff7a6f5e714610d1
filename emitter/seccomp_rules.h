/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calls of a policy as tables of rules for libseccomp, in C. */
#ifndef LEARN_EMITTER_SECCOMP_RULES_H
#define LEARN_EMITTER_SECCOMP_RULES_H

#include <stdint.h>
#include <stdio.h>

#include "policy/policy.h"

/* SCMP_ARCH_..., SCMP_ARCH_NATIVE for one that has no name. */
const char *scmp_arch_name(uint32_t arch);
/* SCMP_ACT_... */
void print_seccomp_action(FILE *out, struct action action);
/* `static const struct rule ARCH_rules[]`, from the macros ALLOW, ALLOW_IF, ANSWER and END. */
void print_seccomp_rules(FILE *out, const struct policy *p, uint32_t arch);

#endif
