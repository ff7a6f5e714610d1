/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a denial asks for, in the words of --allow and --deny. */
#include "cli/denial_words.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "learner/checks.h"
#include "learner/path_rights.h"
#include "sysdb/argspecs.h"
#include "sysdb/effects.h"
#include "sysdb/landlock.h"
#include "sysdb/rlimits.h"

/* ---- lists ---- */

int words_add(struct words *words, const char *word)
{
	auto_free char *copy = strdup(word);
	char **list = copy ? reallocarray(words->list, words->n + 1, sizeof(*list)) : NULL;

	if (!list)
		return -ENOMEM;
	words->list = list;
	list[words->n++] = take_ptr(copy);
	return 0;
}

int words_add_once(struct words *words, const char *word)
{
	for (size_t i = 0; i < words->n; i++)
		if (strcmp(words->list[i], word) == 0)
			return 0;
	return words_add(words, word);
}

void words_clear(struct words *words)
{
	for (size_t i = 0; i < words->n; i++)
		free(words->list[i]);
	free(words->list);
	*words = (struct words){ 0 };
}

static int add(struct words *words, const char *format, ...) __attribute__((format(printf, 2, 3)));

static int add(struct words *words, const char *format, ...)
{
	auto_free char *word = NULL;
	va_list ap;
	int n;

	va_start(ap, format);
	n = vasprintf(&word, format, ap);
	va_end(ap);
	if (n < 0) {
		word = NULL;
		return -ENOMEM;
	}
	return words_add(words, word);
}

/* ---- calls ---- */

/* "mmap:prot=PROT_READ|PROT_EXEC"; a comma would end the word: then the number. */
static int add_value(struct words *words, const char *call, const struct argspec *spec,
		     uint64_t value)
{
	auto_free char *text = argspec_format(spec, value);

	if (!text)
		return -ENOMEM;
	for (char *bar = text; (bar = strchr(bar, '|')); bar++)
		*bar = '+';
	if (strpbrk(text, ",()"))
		return add(words, "%s:%s=0x%" PRIx64, call, spec->arg,
			   argspec_significant(spec, value));
	return add(words, "%s:%s=%s", call, spec->arg, text);
}

/* All arguments that fail, or the call whole where a value alone cannot be added. */
static int call_words(const struct policy *policy, const struct denial *d, struct words *words)
{
	const struct policy_call *rule = policy_find_call(policy, d->call.arch, d->call.nr);
	int r = 0;

	for (size_t i = 0; rule && i < rule->n_checks; i++) {
		const unsigned index = rule->checks[i].index;

		if (!argspec_of(d->name, index) ||
		    !check_can_allow(rule, index, d->call.args[index]))
			rule = NULL;
	}
	if (!rule)
		return words_add(words, d->name);
	for (size_t i = 0; i < rule->n_checks && r == 0; i++) {
		const struct policy_check *check = &rule->checks[i];

		if (!policy_check_holds(check, d->call.args[check->index]))
			r = add_value(words, d->name, argspec_of(d->name, check->index),
				      d->call.args[check->index]);
	}
	return r;
}

static bool has_rules(const struct policy *policy, uint32_t arch)
{
	uint32_t arches[4];
	size_t n = policy_arches(policy, arches);

	for (size_t i = 0; i < n; i++)
		if (arches[i] == arch)
			return true;
	return false;
}

/* Numbers without a name, x32's among them, are no words; nor is what has no rules. */
static bool has_word(const struct policy *policy, const struct denial *d)
{
	return has_rules(policy, d->call.arch) && strncmp(d->name, "x32_", 4) != 0 &&
	       d->call.nr >= 0;
}

/* ---- paths ---- */

static const struct {
	char letter;
	uint32_t effects;
	uint32_t rights; /* one of them lacks */
} letters[] = {
	{ 'r', PATH_READ, LL_READ_FILE },
	{ 'l', PATH_LIST, LL_READ_DIR },
	{ 'w', PATH_WRITE | PATH_TRUNCATE, LL_WRITE_FILE | LL_TRUNCATE },
	{ 'x', PATH_EXECUTE, LL_EXECUTE | LL_READ_FILE },
	{ 'c',
	  PATH_CREATE_FILE | PATH_CREATE_DIR | PATH_CREATE_SYMLINK | PATH_CREATE_SOCKET |
		  PATH_CREATE_FIFO,
	  LL_MAKE_REG | LL_MAKE_DIR | LL_MAKE_SYM | LL_MAKE_SOCK | LL_MAKE_FIFO },
	{ 'd', PATH_REMOVE_FILE | PATH_REMOVE_DIR, LL_REMOVE_FILE | LL_REMOVE_DIR },
	{ 'm', PATH_REFER, LL_REFER },
	{ 'i', PATH_IOCTL, LL_IOCTL_DEV },
	{ 'n', PATH_CREATE_CHAR | PATH_CREATE_BLOCK, LL_MAKE_CHAR | LL_MAKE_BLOCK },
};

static void choose_letters(uint32_t effects, uint32_t rights, char to[sizeof(letters)])
{
	for (size_t i = 0; i < ARRAY_SIZE(letters); i++)
		if (letters[i].effects & effects && letters[i].rights & rights)
			*to++ = letters[i].letter;
	*to = '\0';
}

/* The files of a process are others each time: the rule is for all. */
static bool is_of_process(const char *path)
{
	return strncmp(path, "/proc/", 6) == 0 && isdigit((unsigned char)path[6]);
}

static bool exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

/* Whether a rule says so already, and did not help: what it hung on was not there, or has gone. */
static bool has_rule(const struct policy *policy, const struct denial *d)
{
	for (size_t i = 0; i < policy->n_paths; i++)
		if (strcmp(policy->paths[i].path, d->path) == 0 &&
		    (policy->paths[i].rights & d->rights) == d->rights)
			return true;
	return false;
}

static int path_words(const struct policy *policy, const struct denial *d, struct words *words)
{
	const uint32_t parents = path_rights_parent(d->effects) & d->rights;
	const bool below = parents || has_rule(policy, d) || !exists(d->path);
	const char *slash = strrchr(d->path, '/');
	char chosen[sizeof(letters)];

	choose_letters(d->effects, d->rights, chosen);
	if (!*chosen)
		return 0;
	if (is_of_process(d->path))
		return add(words, "path:/proc/:%s", chosen);
	if (below && slash)
		return add(words, "path:%.*s/:%s", (int)(slash - d->path), d->path, chosen);
	return add(words, "path:%s%s:%s", d->path,
		   d->is_directory && strcmp(d->path, "/") != 0 ? "/" : "", chosen);
}

/* ---- the rest ---- */

/* Twice what it is, or what was asked for, where that is known. */
static int limit_words(const struct policy *policy, const struct denial *d, struct words *words)
{
	const struct rlimit_info *info = rlimit_by_number(d->resource);
	const uint64_t need = d->need > d->limit ? d->need : d->limit;

	for (size_t i = 0; info && i < policy->n_limits; i++)
		if (policy->limits[i].resource == d->resource &&
		    policy->limits[i].value <= d->limit)
			return need > UINT64_MAX / 2
				       ? add(words, "limit:%s=unlimited", info->name)
				       : add(words, "limit:%s=%" PRIu64, info->name,
					     need ? 2 * need : info->round);
	return 0; /* somebody else's limit */
}

int denial_words(const struct policy *policy, const struct denial *d, struct words *words)
{
	switch (d->kind) {
	case DENIAL_CALL:
	case DENIAL_ARGUMENT:
		return has_word(policy, d) ? call_words(policy, d, words) : 0;
	case DENIAL_PATH:
		return path_words(policy, d, words);
	case DENIAL_PORT:
		return add(words, "tcp:%s:%u", d->bind ? "bind" : "connect", d->port);
	case DENIAL_SCOPE:
		return words_add(words, d->path ? "scope:abstract" : "scope:signal");
	case DENIAL_LIMIT:
		return limit_words(policy, d, words);
	}
	return 0;
}

/* ---- --deny ---- */

static bool begins(const char *word, const char *with)
{
	return strncmp(word, with, strlen(with)) == 0;
}

static bool is_about_call(const char *word, const char *name)
{
	size_t n = strlen(name);

	if (begins(name, "socket") && begins(word, "family:"))
		return true;
	return strncmp(word, name, n) == 0 && (!word[n] || word[n] == ':');
}

/* "path:/a:r" is about /a/b. */
static bool is_about_path(const char *word, const char *path)
{
	const char *name = word + strlen("path:"), *colon = strrchr(word, ':');
	size_t n = (size_t)(colon - name);

	while (n > 0 && name[n - 1] == '/')
		n--;
	return strncmp(path, name, n) == 0 && (!path[n] || path[n] == '/');
}

static bool is_about_limit(const char *word, int resource)
{
	const struct rlimit_info *info = rlimit_by_number(resource);
	const char *name = word + strlen("limit:");
	size_t n = info ? strlen(info->name) : 0;

	return n && strncmp(name, info->name, n) == 0 && name[n] == '=';
}

bool denial_is_asked_for(const struct denial *d, const char *word)
{
	char port[32];

	switch (d->kind) {
	case DENIAL_CALL:
	case DENIAL_ARGUMENT:
		return is_about_call(word, d->name);
	case DENIAL_PATH:
		return begins(word, "path:") && is_about_path(word, d->path);
	case DENIAL_PORT:
		snprintf(port, sizeof(port), "tcp:%s:%u", d->bind ? "bind" : "connect", d->port);
		return strcmp(word, port) == 0;
	case DENIAL_SCOPE:
		return strcmp(word, d->path ? "scope:abstract" : "scope:signal") == 0;
	case DENIAL_LIMIT:
		return begins(word, "limit:") && is_about_limit(word, d->resource);
	}
	return false;
}
