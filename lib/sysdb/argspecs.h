/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The inspected arguments: scalars in which the meaning of a call lies.
 *
 * Never a pointer: a filter cannot follow one, and what it points to can change after the check.
 */
#ifndef LEARN_SYSDB_ARGSPECS_H
#define LEARN_SYSDB_ARGSPECS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum arg_kind {
	ARG_CHOICE, /* one of several commands */
	ARG_FLAGS,  /* an OR of bits */
};

struct arg_name {
	uint64_t value;
	const char *name;
};

struct argspec {
	const char *call;
	unsigned index;      /* of the argument, from 0 */
	const char *arg;     /* its name in the man page */
	unsigned width;      /* bits of the register that the kernel reads: 32 or 64 */
	enum arg_kind kind;
	const struct arg_name *names; /* ends with a NULL name; NULL: no names */
	unsigned most;       /* distinct values kept before it counts as "any" */
	const char *why;     /* what the check keeps an attacker from; shown_only: what it tells */
	/* Recorded for people and never checked: too frequent for what a check would buy. */
	bool shown_only;
	/* ARG_FLAGS: a mask lets these bits through together only if one value held them all. */
	uint64_t apart;
	/* ARG_FLAGS: a mask never lets these bits through: values that hold one are a list. */
	uint64_t unmasked;
};

/* All rows, grouped by call; ends with a row whose call is NULL. */
extern const struct argspec argspec_table[];

/*
 * The rows of one call: sets *n to how many and returns the first, or NULL (and 0). They stand
 * together in the table, in order of the argument.
 */
const struct argspec *argspecs_of(const char *call, size_t *n);
/* The row for one argument of a call, or NULL. */
const struct argspec *argspec_of(const char *call, unsigned index);

/*
 * Whether the row holds on an architecture: i386's mmap takes a pointer to its arguments, and
 * s390's clone has its flags elsewhere. Where it does not, the argument is neither recorded nor
 * checked.
 */
bool argspec_applies(const struct argspec *spec, uint32_t arch);

/* The bits of VALUE that the kernel reads. */
uint64_t argspec_significant(const struct argspec *spec, uint64_t value);

/*
 * The symbolic form for people and source comments, for the caller to free: a name, an OR of
 * names with the rest in hexadecimal, or the number. NULL without memory.
 */
char *argspec_format(const struct argspec *spec, uint64_t value);

/* The value for one name or number ("F_GETFL", "0x5401"); 0 or -EINVAL. */
int argspec_parse(const struct argspec *spec, const char *word, uint64_t *ret);

#endif
