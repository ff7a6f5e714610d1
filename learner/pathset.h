/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Paths seen become the paths allowed. */
#ifndef LEARN_LEARNER_PATHSET_H
#define LEARN_LEARNER_PATHSET_H

#include "learner/tally.h"
#include "policy/policy.h"

/*
 * Adds the paths with their landlock rights to POLICY, with a note for each rule that is wider
 * than what was seen, and sets handled_fs by the calls that POLICY has. 0 or -ENOMEM.
 *
 * A rule belongs to an inode, and exists only where the path does when the rule is made. So what a
 * program makes, removes or moves gets its rights from the nearest directory that stays; other
 * paths have a rule of their own. Paths that were always missing have none. A path whose effects
 * landlock does not confine is there with no rights, for the other formats.
 */
int pathset_add(const struct tally *tally, struct policy *policy);

#endif
