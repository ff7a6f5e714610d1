/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Capabilities: their names, as people write them, and what they are for. */
#ifndef LEARN_SYSDB_CAPABILITIES_H
#define LEARN_SYSDB_CAPABILITIES_H

#include <stdbool.h>

/* "CAP_CHOWN", or the number of one that libcap cannot name; to be freed. NULL: no memory. */
char *capability_format(int capability);

/* Whether it is there to become a user, and to have as root what is the user's. */
bool capability_is_for_users(int capability);

#endif
