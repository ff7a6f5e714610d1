/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where most paths lead, in as few system calls as it takes: the kernel goes many names at once. */
#ifndef LEARN_TRACER_QUICK_H
#define LEARN_TRACER_QUICK_H

#include "tracer/lookup.h"

/* Opens PATH from BASE on, O_PATH, with RESOLVE_*. A descriptor for the caller, or -errno. */
int quick_open(int base, const char *path, bool follow, uint64_t resolve);

/*
 * A request for one name in the directory of a descriptor, which is no link or means itself:
 * nothing has to be opened to tell what the directory is called and what is there. 0, or -EAGAIN
 * where it takes more.
 */
int quick_entry(const struct lookup *l, const struct task *task,
		const struct lookup_request *request, struct place *ret);

/*
 * Any request. BASE: a descriptor of ours for where it begins; OURS: in our own root and namespace.
 * 0, or -EAGAIN where only a walk can tell.
 */
int quick_path(const struct lookup *l, struct task *task, int base, bool ours,
	       const struct lookup_request *request, struct place *ret);

#endif
