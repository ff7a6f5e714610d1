/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which landlock rights an effect needs. */
#ifndef LEARN_LEARNER_PATH_RIGHTS_H
#define LEARN_LEARNER_PATH_RIGHTS_H

#include <stdint.h>

/* The rights (LL_*) that EFFECTS (PATH_*) need on the path itself. */
uint32_t path_rights_own(uint32_t effects);
/* Those that they need on its directory. */
uint32_t path_rights_parent(uint32_t effects);

#endif
