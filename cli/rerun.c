/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line that was given, as it has to be for denials not to come again. */
#include "cli/rerun.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "emitter/quote.h"

void rerun_clear(struct rerun *rerun)
{
	words_clear(&rerun->options);
	words_clear(&rerun->allow);
	words_clear(&rerun->undeny);
}

/* ---- many files of a directory ---- */

/* Of more than this many the directory is allowed. */
#define MOST_SIBLINGS 8

/*
 * "path:/a/b/c:r" becomes "path:/a/b/:r" for the caller to free, and *length that of "path:/a/b/".
 * NULL for what is no file, or in one of the topmost directories: these are more than one thing.
 */
static char *word_for_directory(const char *word, size_t *length)
{
	const char prefix[] = "path:", *colon = strrchr(word, ':'), *end = colon;
	char *wider;

	if (strncmp(word, prefix, strlen(prefix)) != 0 || end[-1] == '/')
		return NULL;
	while (end[-1] != '/')
		end--;
	*length = (size_t)(end - word);
	if (*length < strlen(prefix) + 2 ||
	    !memchr(word + strlen(prefix) + 1, '/', *length - strlen(prefix) - 2))
		return NULL;
	return asprintf(&wider, "%.*s%s", (int)*length, word, colon) < 0 ? NULL : wider;
}

/* Whether the word is for a file in the same directory, and the same is done there. */
static bool is_sibling(const char *word, const char *wider, size_t length)
{
	const char *colon = strrchr(word, ':');

	return strncmp(word, wider, length) == 0 && colon && word + length < colon &&
	       !memchr(word + length, '/', (size_t)(colon - word) - length) &&
	       strcmp(colon, wider + length) == 0;
}

static int take_word(struct words *allow, const char *word)
{
	size_t length = 0, n = 0, kept = 0;
	auto_free char *wider = word_for_directory(word, &length);

	if (!wider)
		return words_add_once(allow, word);
	for (size_t i = 0; i < allow->n; i++) {
		if (strcmp(allow->list[i], wider) == 0)
			return 0;
		n += is_sibling(allow->list[i], wider, length);
	}
	if (n < MOST_SIBLINGS)
		return words_add_once(allow, word);
	for (size_t i = 0; i < allow->n; i++)
		if (is_sibling(allow->list[i], wider, length))
			free(allow->list[i]);
		else
			allow->list[kept++] = allow->list[i];
	allow->n = kept;
	return words_add(allow, wider);
}

/* ---- the command line ---- */

int rerun_mend(struct rerun *rerun, const struct policy *policy, const struct denial *denial,
	       const char **undenied)
{
	const struct policy_names *deny = &rerun->policy_options->deny;
	struct words cleanup(words_clear) words = { 0 };
	int r = 0;

	*undenied = NULL;
	for (size_t i = 0; i < deny->n && r == 0; i++) {
		if (!denial_is_asked_for(denial, deny->names[i]))
			continue;
		*undenied = deny->names[i];
		r = words_add_once(&rerun->undeny, deny->names[i]);
	}
	if (r < 0 || *undenied)
		return r < 0 ? r : 1;
	r = denial_words(policy, denial, &words);
	for (size_t i = 0; i < words.n && r == 0; i++)
		r = take_word(&rerun->allow, words.list[i]);
	return r < 0 ? r : words.n > 0;
}

static bool has(const struct words *words, const char *word)
{
	for (size_t i = 0; i < words->n; i++)
		if (strcmp(words->list[i], word) == 0)
			return true;
	return false;
}

static void print_option(FILE *out, const char *name, const char *word)
{
	fprintf(out, " --%s=", name);
	quote_shell(out, word);
}

static void print(const struct rerun *rerun, bool observe, FILE *out)
{
	const struct policy_options *given = rerun->policy_options;

	quote_shell(out, rerun->learn);
	fprintf(out, " run%s", observe ? " --observe" : "");
	for (size_t i = 0; i < rerun->options.n; i++) {
		fputc(' ', out);
		quote_shell(out, rerun->options.list[i]);
	}
	for (size_t i = 0; i < given->allow.n; i++)
		print_option(out, "allow", given->allow.names[i]);
	for (size_t i = 0; i < rerun->allow.n && !observe; i++)
		print_option(out, "allow", rerun->allow.list[i]);
	for (size_t i = 0; i < given->deny.n; i++)
		if (!has(&rerun->undeny, given->deny.names[i]))
			print_option(out, "deny", given->deny.names[i]);
	fputc(' ', out);
	quote_shell(out, rerun->profile);
	fputs(" --", out);
	for (size_t i = 0; rerun->command[i]; i++) {
		fputc(' ', out);
		quote_shell(out, rerun->command[i]);
	}
}

void rerun_print(const struct rerun *rerun, FILE *out)
{
	print(rerun, false, out);
}

void rerun_print_observe(const struct rerun *rerun, FILE *out)
{
	print(rerun, true, out);
}
