/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Modes of files as people write them, in octal; private to this room. */
#ifndef LEARN_SYSDB_MODES_H
#define LEARN_SYSDB_MODES_H

#include <stdint.h>

/* "0644", for the caller to free; NULL without memory. */
char *mode_format(uint64_t mode);

/* The mode for such a text; 0 or -EINVAL. */
int mode_parse(const char *word, uint64_t *ret);

#endif
