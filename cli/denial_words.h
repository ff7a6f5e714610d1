/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a denial asks for, in the words of --allow and --deny. */
#ifndef LEARN_CLI_DENIAL_WORDS_H
#define LEARN_CLI_DENIAL_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/denial.h"
#include "policy/policy.h"

struct words {
	char **list;
	size_t n;
};

/* Adds a copy. 0 or -ENOMEM. */
int words_add(struct words *words, const char *word);
/* The same, unless it is there. */
int words_add_once(struct words *words, const char *word);
void words_clear(struct words *words);

/*
 * Adds the words for --allow that make POLICY let it happen; none where no word can: calls of
 * architectures that have no rules. 0 or -ENOMEM.
 */
int denial_words(const struct policy *policy, const struct denial *denial, struct words *words);

/* Whether WORD, which was given for --deny, is about what was denied. */
bool denial_is_asked_for(const struct denial *denial, const char *word);

#endif
