/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Different calls for the same: which of them a program makes depends on its C library. */
#ifndef LEARN_LEARNER_SIBLINGS_H
#define LEARN_LEARNER_SIBLINGS_H

#include <stdint.h>

#define MOST_SIBLINGS 15

/* Who needs one of them may need any. */
struct sibling_group {
	const char *why;
	const char *names[MOST_SIBLINGS + 1]; /* ends with NULL */
};

/* Ends with a row whose why is NULL. */
extern const struct sibling_group sibling_table[];

/* What a C library calls before main(), or around what the program asked it for. */
enum startup_how {
	STARTUP_WHOLE,	   /* with any arguments */
	STARTUP_VALUE,	   /* with VALUE in argument INDEX */
	STARTUP_VALUE_TOO, /* likewise, but only where the call is allowed with other values */
};

struct startup_call {
	const char *name;
	const char *why;
	enum startup_how how;
	unsigned index;
	uint64_t value;
};

/* Ends with a row whose name is NULL. */
extern const struct startup_call startup_table[];

#endif
