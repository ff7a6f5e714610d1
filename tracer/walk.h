/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A path gone step by step, each symbolic link read as the tracee would read it. */
#ifndef LEARN_TRACER_WALK_H
#define LEARN_TRACER_WALK_H

#include "tracer/lookup.h"

/*
 * Goes REQUEST's path. ROOT is where an absolute path and absolute links begin and what `..` does
 * not leave: a descriptor of ours, or -1 for the tracee's root. 0, or -errno as lookup_path().
 */
int walk_path(const struct lookup *l, struct task *task, int root,
	      const struct lookup_request *request, struct place *ret);

#endif
