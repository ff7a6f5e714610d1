/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rounds of a refinement in a file: each is there for good before its outcome is made use of,
 * so that what is broken off, in whatever way, goes on where it was.
 */
#ifndef LEARN_CLI_ROUNDS_H
#define LEARN_CLI_ROUNDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum outcome {
	OUTCOME_GOOD,
	OUTCOME_DRIFTED, /* passed, but did something else */
	OUTCOME_FAILED,
};

struct round {
	unsigned number; /* from 1 */
	uint64_t key;	 /* of what was tried */
	enum outcome outcome;
	size_t suspect; /* as in struct trial */
	uint64_t duration_ms;
	char *text; /* what happened, for people */
};

/* What the undisturbed runs had in common: the first line of the file. */
struct reference {
	bool steady_output, steady_errors; /* each time the same bytes */
	uint64_t output, errors;	   /* their hashes */
	uint64_t duration_ms;		   /* the longest run */
	unsigned runs;
	unsigned jobs; /* of so many it is known what they do side by side */
	char *own;     /* a letter a unit: '1' where it is of some of these jobs alone; or NULL */
};

struct rounds {
	char *path;
	int fd;
	struct reference reference;
	struct round *list;
	size_t n;
};

/*
 * Opens what was broken off. 1 when there was something, 0 when there is nothing to go on with
 * (rounds_create() then), -EEXIST after a message when the file belongs to something else than
 * KEY; -errno after a message. rounds_close() in any case.
 */
int rounds_open(const char *path, uint64_t key, struct rounds *ret);
/* Begins anew; 0 or -errno after a message. What REFERENCE points to is taken over. */
int rounds_create(struct rounds *rounds, const char *path, uint64_t key,
		  const struct reference *reference);
void rounds_close(struct rounds *rounds);

/* The round in which KEY was tried, or NULL. */
const struct round *rounds_find(const struct rounds *rounds, uint64_t key);
const struct round *rounds_by_number(const struct rounds *rounds, unsigned number);
/* Appends a round, which gets the next number; TEXT is copied. 0 or -errno after a message. */
int rounds_add(struct rounds *rounds, const struct round *round);

/* FNV-1a, to be begun with HASH_BASIS. */
#define HASH_BASIS UINT64_C(0xcbf29ce484222325)
uint64_t hash_bytes(uint64_t hash, const void *data, size_t size);

#endif
