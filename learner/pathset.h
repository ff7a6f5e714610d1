/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Paths seen become the paths allowed. */
#ifndef LEARN_LEARNER_PATHSET_H
#define LEARN_LEARNER_PATHSET_H

#include "learner/decide.h"
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
 *
 * PATHS_AUTO: the numbers of processes, temporary names, and names of which each recorded run had
 * one of its own become their directory; so do more than MOST_FILES files in it. A directory
 * that is wide never stands for what is in it: such paths keep a rule of their own, with a note.
 */
int pathset_add(const struct tally *tally, enum path_mode mode, struct policy *policy);

#endif
