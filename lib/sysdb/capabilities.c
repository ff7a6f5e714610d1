/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Capabilities: their names, as people write them, and what they are for. */
#include "sysdb/capabilities.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include <sys/capability.h>

#include "base/cleanup.h"

char *capability_format(int capability)
{
	char *known = cap_to_name(capability), *name = known ? strdup(known) : NULL;

	cap_free(known);
	for (char *c = name; c && *c; c++)
		*c = (char)toupper((unsigned char)*c);
	return name;
}

bool capability_is_for_users(int capability)
{
	static const int rights[] = {
		CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER, CAP_FSETID,
		CAP_KILL,  CAP_SETGID,	     CAP_SETUID,	  CAP_SETPCAP,
	};

	for (size_t i = 0; i < ARRAY_SIZE(rights); i++)
		if (rights[i] == capability)
			return true;
	return false;
}
