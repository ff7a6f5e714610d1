/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of capabilities, as people write them. */
#include "sysdb/capabilities.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include <sys/capability.h>

char *capability_format(int capability)
{
	char *known = cap_to_name(capability), *name = known ? strdup(known) : NULL;

	cap_free(known);
	for (char *c = name; c && *c; c++)
		*c = (char)toupper((unsigned char)*c);
	return name;
}
