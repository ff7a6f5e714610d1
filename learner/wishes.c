/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A person's own words about a policy: read, and carried out for calls. */
#include "learner/wishes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "base/parse.h"
#include "learner/checks.h"
#include "learner/decision.h"
#include "sysdb/argspecs.h"
#include "sysdb/effects.h"
#include "sysdb/landlock.h"
#include "sysdb/names.h"
#include "sysdb/rlimits.h"

static const char by_hand[] = "allowed by hand (--allow)";

/* ---- reading ---- */

static const char *option_of(const struct wish *wish)
{
	return wish->deny ? "deny" : "allow";
}

static const struct {
	char letter;
	uint32_t effects;
} right_letters[] = {
	{ 'r', PATH_READ | PATH_LIST },
	{ 'w', PATH_WRITE | PATH_TRUNCATE },
	{ 'x', PATH_EXECUTE },
	{ 'c', PATH_CREATE_FILE | PATH_CREATE_DIR | PATH_CREATE_SYMLINK | PATH_CREATE_SOCKET |
		       PATH_CREATE_FIFO },
	{ 'd', PATH_REMOVE_FILE | PATH_REMOVE_DIR },
	{ 'l', PATH_LIST },
	{ 'm', PATH_REFER },
	{ 'i', PATH_IOCTL },
	{ 'n', PATH_CREATE_CHAR | PATH_CREATE_BLOCK },
};

static uint32_t effects_of(char letter)
{
	for (size_t i = 0; i < ARRAY_SIZE(right_letters); i++)
		if (right_letters[i].letter == letter)
			return right_letters[i].effects;
	return 0;
}

/* "/srv/data/:rw": what is behind the last colon are the rights. */
static int parse_path(const char *word, struct wish *wish)
{
	const char *colon = strrchr(word, ':');
	size_t length = colon ? (size_t)(colon - word) : 0;

	if (word[0] != '/' || !colon || !colon[1])
		return -EINVAL;
	for (const char *c = colon + 1; *c; c++) {
		if (!effects_of(*c))
			return -EINVAL;
		wish->effects |= effects_of(*c);
	}
	wish->directory = word[length - 1] == '/';
	if (wish->directory && length > 1)
		length--;
	wish->name = strndup(word, length);
	return wish->name ? 0 : -ENOMEM;
}

/* "bind:80" */
static int parse_port(const char *word, struct wish *wish)
{
	const char *colon = strchr(word, ':');
	size_t length = colon ? (size_t)(colon - word) : 0;
	uint64_t port;

	wish->bind = length == 4 && strncmp(word, "bind", length) == 0;
	if (!wish->bind && !(length == 7 && strncmp(word, "connect", length) == 0))
		return -EINVAL;
	if (parse_u64(colon + 1, UINT16_MAX, &port) < 0)
		return -EINVAL;
	wish->port = (uint16_t)port;
	return 0;
}

static int parse_family(const char *word, struct wish *wish)
{
	return name_parse(NAME_FAMILY, word, &wish->family);
}

static int parse_scope(const char *word, struct wish *wish)
{
	wish->scope = landlock_scope_parse(word);
	return wish->scope ? 0 : -EINVAL;
}

static int parse_capability(const char *word, struct wish *wish)
{
	cap_value_t capability;

	if (cap_from_name(word, &capability) < 0)
		return -EINVAL;
	wish->capability = (int)capability;
	return 0;
}

/* "NOFILE=1024", "AS=unlimited", in the limit's own unit */
static int parse_limit(const char *word, struct wish *wish)
{
	const char *equals = strchr(word, '=');
	auto_free char *name = equals ? strndup(word, (size_t)(equals - word)) : NULL;
	const struct rlimit_info *info = name ? rlimit_by_name(name) : NULL;

	if (!info)
		return -EINVAL;
	wish->resource = info->resource;
	wish->limit = UINT64_MAX;
	if (!wish->deny && strcmp(equals + 1, "unlimited") == 0)
		return 0;
	return parse_u64(equals + 1, UINT64_MAX - 1, &wish->limit) < 0 ? -EINVAL : 0;
}

static const struct argspec *spec_by_name(const char *call, const char *arg, size_t length)
{
	size_t n;
	const struct argspec *specs = argspecs_of(call, &n);

	for (size_t i = 0; i < n; i++)
		if (strlen(specs[i].arg) == length && strncmp(specs[i].arg, arg, length) == 0 &&
		    !specs[i].shown_only)
			return &specs[i];
	return NULL;
}

/* One name or number, or several joined by '+' to an OR. */
static int parse_value(const struct argspec *spec, const char *word, uint64_t *ret)
{
	auto_free char *copy = strdup(word);
	char *rest = copy, *part;
	uint64_t value = 0;

	if (!copy)
		return -ENOMEM;
	while ((part = strsep(&rest, "+"))) {
		uint64_t bits;

		if (argspec_parse(spec, part, &bits) < 0)
			return -EINVAL;
		value |= bits;
	}
	*ret = value;
	return 0;
}

/* "fcntl:cmd=F_GETLEASE" */
static int parse_argument(const char *word, struct wish *wish)
{
	size_t call = strcspn(word, ":"), arg = strcspn(word + call, "=");
	const struct argspec *spec;

	wish->name = strndup(word, call);
	if (!wish->name)
		return -ENOMEM;
	if (arg < 2 || !word[call + arg])
		return -EINVAL;
	spec = spec_by_name(wish->name, word + call + 1, arg - 1);
	if (!spec)
		return diag(-EBADMSG, "--%s=%s: no such argument is inspected", option_of(wish),
			    word);
	wish->index = spec->index;
	return parse_value(spec, word + call + arg + 1, &wish->value);
}

static const struct {
	const char *prefix;
	enum wish_kind kind;
	int (*parse)(const char *word, struct wish *wish);
	const char *form;
} forms[] = {
	{ "path:", WISH_PATH, parse_path, "path:/PATH:RIGHTS, with letters of rwxcdlmin" },
	{ "tcp:", WISH_PORT, parse_port, "tcp:bind:PORT or tcp:connect:PORT" },
	{ "family:", WISH_FAMILY, parse_family, "family:AF_NAME" },
	{ "scope:", WISH_SCOPE, parse_scope, "scope:signal or scope:abstract" },
	{ "capability:", WISH_CAPABILITY, parse_capability, "capability:CAP_NAME" },
	{ "limit:", WISH_LIMIT, parse_limit, "limit:NAME=NUMBER" },
};

static int parse_word(const char *word, struct wish *wish)
{
	const char *form = "CALL:ARGUMENT=VALUE";
	int r = -EINVAL;

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		size_t length = strlen(forms[i].prefix);

		if (strncmp(word, forms[i].prefix, length) != 0)
			continue;
		wish->kind = forms[i].kind;
		r = forms[i].parse(word + length, wish);
		if (r == -EINVAL)
			return diag(r, "--%s=%s is not of the form %s", option_of(wish), word,
				    forms[i].form);
		return r;
	}
	if (!strchr(word, ':')) {
		wish->name = strdup(word);
		return wish->name ? 0 : -ENOMEM;
	}
	wish->kind = WISH_ARGUMENT;
	r = parse_argument(word, wish);
	if (r == -EINVAL)
		return diag(r, "--%s=%s is not of the form %s", option_of(wish), word, form);
	return r == -EBADMSG ? -EINVAL : r;
}

static int parse_words(const char *const *words, size_t n, bool deny, struct wishes *wishes)
{
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++) {
		struct wish *wish = &wishes->list[wishes->n++];

		wish->deny = deny;
		r = parse_word(words[i], wish);
	}
	return r;
}

int wishes_parse(const struct decide_options *options, struct wishes *ret)
{
	struct wishes wishes = {
		.list = calloc(options->n_allow + options->n_deny + 1, sizeof(struct wish)),
	};
	int r = wishes.list ? 0 : -ENOMEM;

	if (r == 0)
		r = parse_words(options->allow, options->n_allow, false, &wishes);
	if (r == 0)
		r = parse_words(options->deny, options->n_deny, true, &wishes);
	if (r < 0) {
		wishes_clear(&wishes);
		return r;
	}
	*ret = wishes;
	return 0;
}

void wishes_clear(struct wishes *wishes)
{
	for (size_t i = 0; i < wishes->n; i++)
		free(wishes->list[i].name);
	free(wishes->list);
	*wishes = (struct wishes){ 0 };
}

bool wishes_have_call(const struct wishes *wishes, bool deny, const char *name)
{
	for (size_t i = 0; i < wishes->n; i++)
		if (wishes->list[i].kind == WISH_CALL && wishes->list[i].deny == deny &&
		    strcmp(wishes->list[i].name, name) == 0)
			return true;
	return false;
}

/* ---- carrying out: calls ---- */

/* The calls whose first argument is an address family. */
static const char *const family_calls[] = { "socket", "socketpair" };

static int allow_family_values(struct decision *d, int family)
{
	/* Where no socket is made, none will be. */
	for (size_t i = 0; i < ARRAY_SIZE(family_calls); i++) {
		int r = 0;

		for (size_t c = 0; c < d->policy->n_calls && r == 0; c++)
			if (strcmp(d->policy->calls[c].name, family_calls[i]) == 0)
				r = check_allow_value(&d->policy->calls[c], 0, (unsigned)family);
		if (r < 0)
			return r;
	}
	return 0;
}

static int allow_calls(struct decision *d, const struct wish *wish)
{
	int r;

	switch (wish->kind) {
	case WISH_CALL:
		return imply(d, wish->name, by_hand);
	case WISH_FAMILY:
		return allow_family_values(d, wish->family);
	case WISH_ARGUMENT:
		r = imply_value(d, wish->name, wish->index, wish->value, by_hand);
		if (r == -EINVAL)
			diag(r,
			     "--allow=%s: the mask of its flags would let through what no mask "
			     "may: allow the call",
			     wish->name);
		return r;
	case WISH_PATH:
	case WISH_PORT:
	case WISH_SCOPE:
	case WISH_CAPABILITY:
	case WISH_LIMIT:
		return 0;
	}
	return 0;
}

int wishes_allow_calls(struct decision *d)
{
	int r = 0;

	for (size_t i = 0; i < d->wishes.n && r == 0; i++)
		if (!d->wishes.list[i].deny)
			r = allow_calls(d, &d->wishes.list[i]);
	return r;
}

static int deny_value(struct decision *d, const char *name, unsigned index, uint64_t value)
{
	for (size_t i = d->policy->n_calls; i-- > 0;) {
		struct policy_call *call = &d->policy->calls[i];
		int r;

		if (strcmp(call->name, name) != 0)
			continue;
		r = check_deny_value(call, index, value);
		if (r == -ENODATA)
			return diag(-EINVAL,
				    "--deny=%s: any value of the argument is allowed, so "
				    "one alone cannot be denied",
				    name);
		if (r < 0)
			return r;
		if (r > 0) /* none is left */
			policy_drop_call(d->policy, i);
	}
	return 0;
}

int wishes_deny_values(struct decision *d)
{
	int r = 0;

	for (size_t i = 0; i < d->wishes.n && r == 0; i++) {
		const struct wish *wish = &d->wishes.list[i];

		if (!wish->deny)
			continue;
		if (wish->kind == WISH_ARGUMENT)
			r = deny_value(d, wish->name, wish->index, wish->value);
		for (size_t c = 0; wish->kind == WISH_FAMILY && c < ARRAY_SIZE(family_calls); c++)
			r = r < 0 || !d->options->arguments
				    ? r
				    : deny_value(d, family_calls[c], 0, (unsigned)wish->family);
	}
	return r;
}
