/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A command run under a policy without ptrace. */
#ifndef LEARN_CLI_UNTRACED_H
#define LEARN_CLI_UNTRACED_H

#include "cli/supervise.h"

/*
 * As supervise(), for what cannot be traced. Where s->layers is 0 and there is a s->trace, the
 * calls are listened to; otherwise nothing is known but how the command ended: of denials nothing.
 * What it leaves behind is killed in any case.
 */
int supervise_untraced(const struct supervision *s, struct supervised *ret);

#endif
