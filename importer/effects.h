/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a call of a log did to its paths. */
#ifndef LEARN_IMPORTER_EFFECTS_H
#define LEARN_IMPORTER_EFFECTS_H

#include <stdbool.h>
#include <stdint.h>

#include "sysdb/syscalls.h"

/* PATH_* for path I of the call; FLAGS is the argument that says how, KIND what was there. */
uint32_t effects_of_path(const struct syscall_info *info, unsigned i, uint64_t flags,
			 uint32_t kind);
/* What stood at PATH before, as far as that and the call's outcome tell: KIND_*. */
uint32_t effects_kind(const struct syscall_info *info, unsigned i, uint64_t flags, int64_t result,
		      const char *path);

#endif
