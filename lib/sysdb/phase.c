/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names of the phases. */
#include "sysdb/phase.h"

#include <errno.h>
#include <string.h>

static const char *const names[N_PHASES] = {
	[PHASE_LOAD] = "load",
	[PHASE_MAIN] = "main",
	[PHASE_SERVING] = "serving",
};

const char *phase_name(enum phase phase)
{
	return names[phase];
}

int phase_from_name(const char *name)
{
	for (int i = 0; i < N_PHASES; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return -EINVAL;
}
