/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The inspected arguments: scalars in which the meaning of a call lies.
 *
 * Never a pointer: a filter cannot follow one, and what it points to can change after the check.
 * What a few calls have behind a pointer is recorded for people all the same, as fields.
 */
#ifndef LEARN_SYSDB_ARGSPECS_H
#define LEARN_SYSDB_ARGSPECS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Arguments of a call, and fields behind its pointers that are counted on from there. */
#define ARGSPEC_ARGUMENTS 6
#define ARGSPEC_FIELDS 2

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
	unsigned index;      /* of the argument, from 0; from ARGSPEC_ARGUMENTS: of a field */
	const char *arg;     /* its name in the man page */
	unsigned width;      /* bits of the register that the kernel reads: 32 or 64 */
	enum arg_kind kind;
	const struct arg_name *names; /* ends with a NULL name; NULL: no names */
	unsigned most;       /* distinct values kept before it counts as "any" */
	const char *why;     /* what the check keeps an attacker from; shown_only: what it tells */
	/* Recorded for people and never checked. Fields are always that. */
	bool shown_only;
	/* The bits that hold one number, by name, beside flags: 0 where all is of one kind. */
	uint64_t number;
	/* ARG_FLAGS: a mask lets these bits through together only if one value held them all. */
	uint64_t apart;
	/* ARG_FLAGS: a mask never lets these bits through: values that hold one are a list. */
	uint64_t unmasked;
	/* ARG_FLAGS: a mask always lets these bits through: harmless, and not the same each run. */
	uint64_t harmless;
	/* Values without a name as text and back, as argspec_format() and _parse(); NULL: numbers. */
	char *(*format_other)(uint64_t value);
	int (*parse_other)(const char *word, uint64_t *ret);
	/* The argument counts only where argument `given` has all of these bits, else as 0. */
	unsigned given;
	uint64_t given_bits;
	/* Of a field: the argument that points to the structure, and its place there, in bytes. */
	unsigned pointer, offset;
	/*
	 * No field in memory, but two arguments whose meaning is known only together: numbers
	 * POINTER and OFFSET, as ARG_PAIR(). Recorded unless the second is 0, which tells nothing.
	 */
	bool pair;
};
#define ARG_PAIR(first, second) ((uint64_t)(uint32_t)(first) << 32 | (uint32_t)(second))

/* All rows, grouped by call, in byte order of its name; ends with a row whose call is NULL. */
extern const struct argspec argspec_table[];

/*
 * The rows of one call: sets *n to how many and returns the first, or NULL (and 0). They stand
 * together in the table, in order of the argument; fields come last.
 */
const struct argspec *argspecs_of(const char *call, size_t *n);
/* The row for one argument or field of a call, or NULL. */
const struct argspec *argspec_of(const char *call, unsigned index);

static inline bool argspec_is_field(const struct argspec *spec)
{
	return spec->index >= ARGSPEC_ARGUMENTS;
}

/*
 * Whether the row holds on an architecture: i386's mmap takes a pointer to its arguments, and
 * s390's clone has its flags elsewhere. Where it does not, the argument is neither recorded nor
 * checked.
 */
bool argspec_applies(const struct argspec *spec, uint32_t arch);

/* The bits of VALUE that the kernel reads. */
uint64_t argspec_significant(const struct argspec *spec, uint64_t value);
/* Whether the kernel looks at the argument at all, as the other arguments are. */
bool argspec_counts(const struct argspec *spec, const uint64_t args[ARGSPEC_ARGUMENTS]);

/* ---- values as text: argspec_text.c ---- */

/*
 * The symbolic form for people and source comments, for the caller to free: a name, an OR of
 * names with the rest in hexadecimal, or the number. Never with a blank. NULL without memory.
 */
char *argspec_format(const struct argspec *spec, uint64_t value);

/*
 * The value for what argspec_format() writes: names and numbers, joined by '|' ("F_GETFL",
 * "0x5401", "O_RDWR|O_CLOEXEC"); 0 or -EINVAL.
 */
int argspec_parse(const struct argspec *spec, const char *word, uint64_t *ret);

#endif
