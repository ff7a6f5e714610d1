/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of capabilities, as people write them. */
#ifndef LEARN_SYSDB_CAPABILITIES_H
#define LEARN_SYSDB_CAPABILITIES_H

/* "CAP_CHOWN", or the number of one that libcap cannot name; to be freed. NULL: no memory. */
char *capability_format(int capability);

#endif
