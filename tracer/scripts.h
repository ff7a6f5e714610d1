/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scripts that are interpreted by scripts: programs between the file executed and the one run. */
#ifndef LEARN_TRACER_SCRIPTS_H
#define LEARN_TRACER_SCRIPTS_H

#include "tracer/lookup.h"

/*
 * The interpreter of the script at PLACE, when it is a script itself: 1, and PLACE is that. 0 when
 * what PLACE names is no such script.
 */
int scripts_between(const struct lookup *l, struct task *task, struct place *place);

#endif
