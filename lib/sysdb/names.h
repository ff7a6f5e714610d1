/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Symbolic names of small integers; every integer without one has its decimal form. */
#ifndef LEARN_SYSDB_NAMES_H
#define LEARN_SYSDB_NAMES_H

#include <stdint.h>

enum name_kind {
	NAME_ERROR,       /* "ENOENT" */
	NAME_SIGNAL,      /* "SIGTERM" */
	NAME_FAMILY,      /* "AF_INET" */
	NAME_SOCKET_TYPE, /* "SOCK_STREAM" */
};

/* The name, or the number in decimal ("-1", "34"), for the caller to free. NULL without memory. */
char *name_format(enum name_kind kind, int value);
/* The value for a name or a decimal number; 0 or -EINVAL. */
int name_parse(enum name_kind kind, const char *word, int *ret);

/* arch_name(), or the token in hexadecimal, for the caller to free. NULL without memory. */
char *arch_format(uint32_t arch);
/* The token for either; 0 or -EINVAL. */
int arch_parse(const char *word, uint32_t *ret);

#endif
