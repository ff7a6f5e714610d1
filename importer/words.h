/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of values that no inspected argument has a table for. */
#ifndef LEARN_IMPORTER_WORDS_H
#define LEARN_IMPORTER_WORDS_H

#include <stdint.h>

/* The value of a flag, a socket option, a protocol, a signal or an address family. 0 or -EINVAL. */
int word_value(const char *word, uint64_t *ret);

#endif
