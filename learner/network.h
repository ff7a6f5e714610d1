/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sockets, ports and signals seen become what is allowed of them. */
#ifndef LEARN_LEARNER_NETWORK_H
#define LEARN_LEARNER_NETWORK_H

#include "learner/tally.h"
#include "policy/policy.h"

/*
 * Adds address families and TCP ports to POLICY and sets handled_net and scopes: what was not used
 * towards the outside is confined. 0 or -ENOMEM.
 */
int network_add(const struct tally *tally, struct policy *policy);

#endif
