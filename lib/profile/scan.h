/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The typed pieces of a JSON document, and where in it they stand; private to this room.
 *
 * Every function returns 0, -ENOMEM, or -EINVAL after a message that says the place.
 */
#ifndef LEARN_PROFILE_SCAN_H
#define LEARN_PROFILE_SCAN_H

#include <jansson.h>
#include <stddef.h>

#include "sysdb/names.h"

/* Where in the document: a chain from the value in hand up to the root, which is NULL. */
struct place {
	const struct place *up;
	const char *key; /* of an object's member, or NULL */
	size_t index;    /* of a list's element */
};

struct reader {
	const char *name; /* of the file, for messages */
	void *result;     /* what the document is read into */
};

/* Reads one value into what INTO points to. */
typedef int scan_function(struct reader *r, const struct place *at, json_t *value, void *into);

/* Writes the message "NAME: PLACE: FORMAT" and returns -EINVAL. */
int scan_bad(const struct reader *r, const struct place *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* ---- containers ---- */

/* A member that an object must or may have, read into its part of a structure. */
struct field {
	const char *key;
	enum { REQUIRED, OPTIONAL } need;
	scan_function *scan;
	size_t offset;
};

/* An object with these members and no others; they are read in the order of FIELDS. */
int scan_fields(struct reader *r, const struct place *at, json_t *value, const struct field *fields,
		size_t n, void *into);
/* A list: EACH reads every element into the same INTO. */
int scan_list(struct reader *r, const struct place *at, json_t *value, scan_function *each,
	      void *into);
/* An object whose keys are data: EACH finds its key in the place. */
int scan_members(struct reader *r, const struct place *at, json_t *value, scan_function *each,
		 void *into);

/* ---- scalars: what INTO points to stands behind each ---- */

scan_function scan_later;  /* json_t *: borrowed, for when the rest of its object is known */
scan_function scan_remark; /* nothing: a string that the file repeats for people */
scan_function scan_bool;   /* bool */
scan_function scan_true;   /* bool: false has no place in the file */
scan_function scan_count;  /* uint64_t */
scan_function scan_int;    /* int */
scan_function scan_port;   /* uint16_t */
scan_function scan_uid;    /* uint32_t */
scan_function scan_index;  /* unsigned: a call has six arguments */
scan_function scan_word;   /* uint64_t: "0x5401" */
scan_function scan_bytes;  /* char *: fresh */
scan_function scan_time;   /* int64_t: milliseconds since 1970 */
scan_function scan_signal; /* int */
scan_function scan_family; /* int */
scan_function scan_socket_type; /* int */
scan_function scan_effects; /* uint32_t: names are added to the mask */
scan_function scan_kinds;   /* uint32_t */
scan_function scan_milestones; /* uint32_t */

#endif
