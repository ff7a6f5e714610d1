/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words for actions, and what seccomp calls them. */
#include "policy/policy.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"

uint32_t action_to_seccomp(struct action action)
{
	switch (action.kind) {
	case ACTION_ALLOW:
		return SECCOMP_RET_ALLOW;
	case ACTION_KILL:
		return SECCOMP_RET_KILL_PROCESS;
	case ACTION_ERRNO:
		return SECCOMP_RET_ERRNO | ((uint32_t)action.error & SECCOMP_RET_DATA);
	case ACTION_TRAP:
		return SECCOMP_RET_TRAP;
	case ACTION_LOG:
		return SECCOMP_RET_LOG;
	}
	return SECCOMP_RET_KILL_PROCESS;
}

static const struct {
	const char *word;
	enum action_kind kind;
} action_words[] = {
	{ "kill", ACTION_KILL },
	{ "trap", ACTION_TRAP },
	{ "log", ACTION_LOG },
	{ "allow", ACTION_ALLOW },
};

static const char errno_prefix[] = "errno:";

/* The kernel caps what a filter returns (MAX_ERRNO in include/linux/err.h). */
#define LARGEST_ERRNO 4095

static int errno_parse(const char *word, int *ret)
{
	uint64_t number;

	for (int error = 1; error <= LARGEST_ERRNO; error++) {
		const char *name = strerrorname_np(error);

		if (name && strcmp(name, word) == 0) {
			*ret = error;
			return 0;
		}
	}
	/* An errno of 0 would make a call that was not made look like a success. */
	if (parse_u64(word, LARGEST_ERRNO, &number) < 0 || number == 0)
		return -EINVAL;
	*ret = (int)number;
	return 0;
}

int action_parse(const char *word, struct action *ret)
{
	int error;

	/* "allow" is only printed: a policy that allows what it does not list is none. */
	for (size_t i = 0; i < ARRAY_SIZE(action_words); i++) {
		if (action_words[i].kind == ACTION_ALLOW || strcmp(action_words[i].word, word) != 0)
			continue;
		*ret = (struct action){ .kind = action_words[i].kind };
		return 0;
	}
	if (strncmp(word, errno_prefix, strlen(errno_prefix)) != 0 ||
	    errno_parse(word + strlen(errno_prefix), &error) < 0)
		return -EINVAL;
	*ret = (struct action){ .kind = ACTION_ERRNO, .error = error };
	return 0;
}

char *action_format(struct action action)
{
	const char *name = strerrorname_np(action.error);
	char *text;

	for (size_t i = 0; i < ARRAY_SIZE(action_words); i++)
		if (action_words[i].kind == action.kind)
			return strdup(action_words[i].word);
	if (name)
		return asprintf(&text, "%s%s", errno_prefix, name) < 0 ? NULL : text;
	return asprintf(&text, "%s%d", errno_prefix, action.error) < 0 ? NULL : text;
}
