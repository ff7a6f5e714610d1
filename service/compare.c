/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What restricts a unit, against what it was seen to need without. */
#include "service/compare.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/capability.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/diag.h"
#include "base/parse.h"
#include "service/comparison.h"
#include "service/sandbox.h"
#include "sysdb/rlimits.h"
#include "sysdb/syscalls.h"

#define LISTS                                                                                      \
	"SystemCallFilter,SystemCallArchitectures,RestrictAddressFamilies,RestrictNamespaces,"     \
	"CapabilityBoundingSet,MemoryMax,TasksMax,LimitAS,LimitCORE,LimitCPU,LimitDATA,"           \
	"LimitFSIZE,LimitLOCKS,LimitMEMLOCK,LimitMSGQUEUE,LimitNICE,LimitNOFILE,LimitNPROC,"       \
	"LimitRSS,LimitRTPRIO,LimitRTTIME,LimitSIGPENDING,LimitSTACK"

static int add_all(struct settings *to, const struct settings *from)
{
	auto_free char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return -ENOMEM;
	fputs("[Service]\n", out);
	for (size_t i = 0; i < from->n; i++)
		fprintf(out, "%s=%s\n", from->v[i].name, from->v[i].value);
	return fclose(out) == 0 ? settings_parse(to, text) : -ENOMEM;
}

int restrictions_of(const struct unit *unit, struct restrictions *ret)
{
	struct restrictions cleanup(restrictions_clear) found = { .facts = { 0 } };
	int r = systemctl_show(unit->user, unit->name, LISTS, &found.facts);

	if (r == 0)
		r = add_all(&found.settings, &unit->own);
	if (r == 0)
		r = add_all(&found.settings, &unit->learned);
	if (r < 0)
		return r;
	*ret = found;
	found = (struct restrictions){ .facts = { 0 } };
	return 0;
}

void restrictions_clear(struct restrictions *r)
{
	properties_clear(&r->facts);
	settings_clear(&r->settings);
}

/* ---- one comparison ---- */

void comparison_tell(struct comparison *c, const char *setting, const char *why, const char *mend)
{
	auto_free char *shown_why = bytes_to_line(why, strlen(why));
	auto_free char *shown_mend = bytes_to_line(mend, strlen(mend));

	fprintf(c->out, "  cause: %s: %s\n    mend: %s=%s\n", setting, shown_why ? shown_why : "?",
		setting, shown_mend ? shown_mend : "?");
	c->found++;
}

/* Why the emitter did not write a stricter value: "# NAME=VALUE is left out: REASON". */
static char *reason_of(const struct comparison *c, const char *name)
{
	const char *at = c->text;
	auto_free char *start = NULL;

	if (asprintf(&start, "# %s=", name) < 0) {
		start = NULL;
		return NULL;
	}
	while ((at = strstr(at, start))) {
		const char *end = strchr(at, '\n'), *why = strstr(at, " is left out: ");

		if (why && (!end || why < end)) {
			why += strlen(" is left out: ");
			return strndup(why, strcspn(why, "\n"));
		}
		at += strlen(start);
	}
	return strdup("what it was seen to do needs less");
}

static bool has_word(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *c = list; *c; c += strcspn(c, " ")) {
		c += strspn(c, " ");
		if (strncasecmp(c, word, n) == 0 && (!c[n] || c[n] == ' ' || c[n] == ':'))
			return true;
	}
	return false;
}

/* ---- SANDBOX_LEVEL ---- */

static void compare_level(struct comparison *c, const struct sandbox_row *row)
{
	const char *is = settings_last(&c->in_force->settings, row->name);
	const char *needed = settings_last(&c->needs, row->name);
	auto_free char *why = NULL;

	if (sandbox_level(row, is) <= sandbox_level(row, needed))
		return;
	why = reason_of(c, row->name);
	comparison_tell(c, row->name, why ? why : "needed", needed ? needed : row->neutral);
}

/* ---- SANDBOX_CALLS ---- */

/* Whether a call passes the list that the manager has: "read write", or "~mount". */
static bool call_passes(const char *list, const char *name)
{
	return *list == '~' ? !has_word(list + 1, name) : has_word(list, name);
}

/* A call of another architecture is not for this list to judge. */
static void compare_calls(struct comparison *c, const struct sandbox_row *row)
{
	const char *list = property(&c->in_force->facts, row->name);

	if (!settings_has(&c->in_force->settings, row->name))
		return;
	for (size_t i = 0; i < c->seen->programs.n; i++) {
		const struct profile_program *program = c->seen->programs.entries[i].value;

		for (size_t k = 0; k < program->calls.n; k++) {
			const struct profile_call *call = program->calls.entries[k].value;
			auto_free char *why = NULL;

			if (call->arch != arch_native() || call_passes(list, call->name))
				continue;
			if (asprintf(&why,
				     "the call %s is not allowed; %s made it %" PRIu64 " time%s",
				     call->name, program->path, call->count,
				     call->count == 1 ? "" : "s") < 0)
				why = NULL;
			comparison_tell(c, row->name, why ? why : call->name, call->name);
		}
	}
}

/* ---- SANDBOX_WORDS ---- */

static bool word_passes(const char *list, const char *word)
{
	if (strcmp(list, "no") == 0)
		return true;
	return *list == '~' ? !has_word(list + 1, word) : has_word(list, word);
}

/* All words of all lines of a setting, one by one. */
static void compare_each_word(struct comparison *c, const struct sandbox_row *row, const char *list,
			      const char *value)
{
	auto_free char *copy = strdup(value);
	char *rest = copy, *word;

	while (copy && (word = strsep(&rest, " "))) {
		auto_free char *why = NULL;

		if (!*word || *word == '~' || strcmp(word, "none") == 0 ||
		    strcmp(word, "yes") == 0 || strcmp(word, "native") == 0 ||
		    word_passes(list, word))
			continue;
		if (asprintf(&why, "%s is needed and not allowed", word) < 0)
			why = NULL;
		comparison_tell(c, row->name, why ? why : word, word);
	}
}

/* Those that a drop-in may leave to the unit's own list. */
static void compare_capabilities(struct comparison *c, const struct sandbox_row *row)
{
	const char *list = property(&c->in_force->facts, row->name);

	if (!settings_has(&c->in_force->settings, row->name))
		return;
	for (size_t i = 0; i < c->policy->n_capabilities; i++) {
		const struct policy_capability *need = &c->policy->capabilities[i];
		char *name = cap_to_name(need->capability);
		auto_free char *why = NULL;

		if (name && !word_passes(list, name)) {
			if (asprintf(&why, "%s is not in it, and needed: %s", name, need->why) < 0)
				why = NULL;
			comparison_tell(c, row->name, why ? why : name, name);
		}
		cap_free(name);
	}
}

static void compare_words(struct comparison *c, const struct sandbox_row *row)
{
	const char *list = property(&c->in_force->facts, row->name);
	const char *needed = settings_last(&c->needs, row->name);
	auto_free char *why = NULL;

	if (!settings_has(&c->in_force->settings, row->name) || strcmp(list, "no") == 0 ||
	    strcmp(list, "~") == 0)
		return;
	if (strcmp(row->name, "CapabilityBoundingSet") == 0) {
		compare_capabilities(c, row);
		return;
	}
	if (needed) {
		for (size_t i = settings_first(&c->needs, row->name); i < c->needs.n; i++)
			if (strcmp(c->needs.v[i].name, row->name) == 0)
				compare_each_word(c, row, list, c->needs.v[i].value);
		return;
	}
	why = reason_of(c, row->name);
	if (why && strstr(c->text, row->name)) /* the emitter knows it and left it out */
		comparison_tell(c, row->name, why, row->neutral);
}

/* ---- SANDBOX_LIMIT ---- */

static void compare_limit(struct comparison *c, const struct sandbox_row *row)
{
	const char *value = property(&c->in_force->facts, row->name);
	const struct rlimit_info *info =
		strncmp(row->name, "Limit", 5) == 0 ? rlimit_by_name(row->name + 5) : NULL;
	uint64_t limit;

	if (!info || parse_u64(value, UINT64_MAX, &limit) < 0)
		return;
	for (size_t i = 0; i < c->seen->programs.n; i++) {
		const struct profile_program *program = c->seen->programs.entries[i].value;
		const struct profile_peak *peak = profile_find_peak(program, info->resource);
		auto_free char *why = NULL, *mend = NULL;

		if (!peak || peak->value <= limit)
			continue;
		if (asprintf(&why, "%s used %" PRIu64 ", allowed are %" PRIu64, program->path,
			     peak->value, limit) < 0)
			why = NULL;
		if (asprintf(&mend, "%" PRIu64, peak->value) < 0)
			mend = NULL;
		comparison_tell(c, row->name, why ? why : "too low", mend ? mend : "infinity");
	}
}

static void compare_tree(struct comparison *c, const struct sandbox_row *row)
{
	const struct profile_tree *tree = &c->seen->tree;
	uint64_t most = strcmp(row->name, "TasksMax") == 0 ? tree->tasks : tree->memory, limit;
	auto_free char *why = NULL, *mend = NULL;

	if (parse_u64(property(&c->in_force->facts, row->name), UINT64_MAX, &limit) < 0 ||
	    most <= limit)
		return;
	if (asprintf(&why, "all processes together used %" PRIu64 ", allowed are %" PRIu64, most,
		     limit) < 0)
		why = NULL;
	if (asprintf(&mend, "%" PRIu64, most) < 0)
		mend = NULL;
	comparison_tell(c, row->name, why ? why : "too low", mend ? mend : "infinity");
}

/* ---- all rows ---- */

static void compare_row(struct comparison *c, const struct sandbox_row *row)
{
	switch (row->kind) {
	case SANDBOX_LEVEL:
		compare_level(c, row);
		return;
	case SANDBOX_CALLS:
		compare_calls(c, row);
		return;
	case SANDBOX_WORDS:
		compare_words(c, row);
		return;
	case SANDBOX_LIMIT:
		if (strncmp(row->name, "Limit", 5) == 0)
			compare_limit(c, row);
		else
			compare_tree(c, row);
		return;
	case SANDBOX_PATHS: /* all at once: what one grants another need not */
	case SANDBOX_OTHER:
		return;
	}
}

int compare_with_needs(const struct restrictions *restrictions, const struct needs *needs,
		       FILE *out)
{
	struct comparison c = {
		.in_force = restrictions,
		.seen = needs->seen,
		.policy = needs->policy,
		.text = needs->drop_in,
		.out = out,
	};

	if (settings_parse(&c.needs, needs->drop_in) < 0)
		return diag(-ENOMEM, "out of memory");
	for (const struct sandbox_row *row = sandbox_rows; row->name; row++)
		if (row->flags & SANDBOX_SECCOMP)
			compare_row(&c, row);
	for (const struct sandbox_row *row = sandbox_rows; row->name; row++)
		if (!(row->flags & SANDBOX_SECCOMP))
			compare_row(&c, row);
	compare_paths(&c);
	compare_grants(&c);
	settings_clear(&c.needs);
	return c.found;
}
