/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Parts of a profile's document, as JSON values.
 *
 * Jansson's functions take NULL for "out of memory earlier" and return an error, so a failure is
 * passed on by building NULL: each function here returns the new value, or NULL without memory.
 * Objects keep their members in the order of insertion.
 */
#ifndef LEARN_PROFILE_DOCUMENT_H
#define LEARN_PROFILE_DOCUMENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "profile/profile.h"
#include "sysdb/names.h"

static inline void cleanup_json(json_t **json)
{
	json_decref(*json);
}

#define auto_json cleanup(cleanup_json)

/* Bytes in the text form of the document; NULL is empty. */
json_t *doc_text(const char *bytes);
json_t *doc_number(uint64_t number);
/* In hexadecimal. */
json_t *doc_word(uint64_t word);
json_t *doc_name(enum name_kind kind, int value);
/* The names of the bits that are set in MASK. */
json_t *doc_bits(uint32_t mask, unsigned n, const char *(*name)(unsigned bit));

/* Sets an optional section: an empty one is left out. False without memory. */
bool doc_set_section(json_t *object, const char *key, json_t *section);

/* The list that is the member KEY of OBJECT, made when it is not there. Borrowed. */
json_t *doc_list_at(json_t *object, const char *key);

/* What a program did, by phase. */
json_t *doc_phases(const struct profile_program *program);

#endif
