/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What has to be in sight of programs for them to find what they used. */
#ifndef LEARN_LEARNER_VIEW_H
#define LEARN_LEARNER_VIEW_H

#include "learner/decide.h"
#include "policy/policy.h"

/*
 * Adds to POLICY, whose paths and uses are there already, each path that has to be in sight
 * (USE_SIGHT, USE_WRITTEN_SIGHT), and the root directory's directories (USE_TOP_DIRECTORY). The
 * kernel's own file systems are left out: they stay. PATHS_EXACT: what was used; PATHS_AUTO: the
 * directories of files that were, where they are not too wide, but not those of programs;
 * PATHS_DIR: of these too. Names that come and go are to be written, and are not repeated here.
 * Symbolic links are looked for on this machine, as they are now. 0 or -ENOMEM.
 */
int view_add(enum path_mode mode, struct policy *policy);

#endif
