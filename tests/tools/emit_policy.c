/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Emits a policy that the learner would not come to by itself: for tests.
 *
 *	emit_policy FORMAT [raw] [main] [annotate] [lifetime-limits] [TUNE] [FORM] < POLICY
 *
 * POLICY is one rule a line, of words; strings are in hexadecimal so that they can be any bytes:
 *
 *	action ACTION                     as --action=
 *	newest NUMBER
 *	handled FS NET SCOPES             as numbers
 *	call ARCH NUMBER NAME COUNT
 *	values INDEX WIDTH VALUE=COUNT... a check of the last call
 *	mask INDEX WIDTH MASK             the same
 *	denial ARCH NUMBER NAME ACTION    NAME is "-" for the call's own
 *	path STRING RIGHTS EFFECTS DIRECTORY
 *	port PORT bind|connect
 *	family NUMBER
 *	limit NAME VALUE
 *	program STRING
 *	note STRING
 *	ask ARCH NUMBER ARGUMENT*6        for FORMAT "decide": prints what policy_decide() says
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "emitter/emitters.h"
#include "policy/policy.h"
#include "sysdb/rlimits.h"
#include "sysdb/syscalls.h"

struct reader {
	struct policy *policy;
	struct policy_call *call;
	char *rest; /* of the line */
};

static void fail(const char *what)
{
	fprintf(stderr, "emit_policy: %s\n", what);
	exit(1);
}

static void need(const void *result)
{
	if (!result)
		fail("no memory");
}

static char *word(struct reader *r)
{
	char *w = strtok_r(NULL, " \n", &r->rest);

	if (!w)
		fail("a word is missing");
	return w;
}

static uint64_t number(struct reader *r)
{
	return strtoull(word(r), NULL, 0);
}

static uint32_t arch(struct reader *r)
{
	return arch_from_name(word(r));
}

static struct action action(struct reader *r)
{
	struct action a;

	if (action_parse(word(r), &a) < 0)
		fail("bad action");
	return a;
}

static const char *string(struct reader *r)
{
	char *hex = word(r), *to = hex;
	unsigned byte;

	for (const char *from = hex; sscanf(from, "%2x", &byte) == 1; from += 2)
		*to++ = (char)byte;
	*to = '\0';
	return hex;
}

/* The next word, or the real name of the call; to be freed. */
static char *name_of(struct reader *r, uint32_t a, int nr)
{
	const char *w = word(r);
	char *name = strcmp(w, "-") == 0 ? syscall_name(a, nr) : strdup(w);

	need(name);
	return name;
}

/* ---- the rules ---- */

static void read_action(struct reader *r)
{
	r->policy->action = action(r);
}

static void read_newest(struct reader *r)
{
	r->policy->newest = (int)number(r);
}

static void read_handled(struct reader *r)
{
	r->policy->handled_fs = (uint32_t)number(r);
	r->policy->handled_net = (uint32_t)number(r);
	r->policy->scopes = (uint32_t)number(r);
}

static void read_call(struct reader *r)
{
	uint32_t a = arch(r);
	int nr = (int)number(r);
	auto_free char *name = name_of(r, a, nr);

	r->call = policy_add_call(r->policy, a, nr, name, "seen");
	need(r->call);
	r->call->count = number(r);
}

static void read_values(struct reader *r)
{
	unsigned index = (unsigned)number(r), width = (unsigned)number(r);
	struct policy_check *check = policy_add_check(r->call, index, width, CHECK_VALUES);
	char *w;

	need(check);
	while ((w = strtok_r(NULL, " \n", &r->rest))) {
		char *end;
		uint64_t value = strtoull(w, &end, 0);

		if (policy_check_add_value(check, value, strtoull(end + 1, NULL, 0)) < 0)
			fail("no memory");
	}
}

static void read_mask(struct reader *r)
{
	unsigned index = (unsigned)number(r), width = (unsigned)number(r);
	struct policy_check *check = policy_add_check(r->call, index, width, CHECK_MASK);

	need(check);
	check->mask = number(r);
}

static void read_denial(struct reader *r)
{
	uint32_t a = arch(r);
	int nr = (int)number(r);
	auto_free char *name = name_of(r, a, nr);

	need(policy_add_denial(r->policy, a, nr, name, action(r), "not seen"));
}

static void read_path(struct reader *r)
{
	struct policy_path *path = policy_add_path(r->policy, string(r), "seen");

	need(path);
	path->rights = (uint32_t)number(r);
	path->effects = (uint32_t)number(r);
	path->directory = number(r);
}

static void read_port(struct reader *r)
{
	uint16_t port = (uint16_t)number(r);

	need(policy_add_port(r->policy, port, strcmp(word(r), "bind") == 0, "seen"));
}

static void read_family(struct reader *r)
{
	need(policy_add_family(r->policy, (int)number(r), "seen"));
}

static void read_capability(struct reader *r)
{
	if (policy_add_capability(r->policy, (int)number(r), false, "seen") < 0)
		need(NULL);
}

static void read_limit(struct reader *r)
{
	const struct rlimit_info *info = rlimit_by_name(word(r));
	struct policy_limit *limit;

	need(info);
	limit = policy_add_limit(r->policy, info->resource, "peak");
	need(limit);
	limit->value = number(r);
}

/* A path at which code was mapped. */
static void read_code(struct reader *r)
{
	if (policy_add_use(r->policy, USE_CODE, string(r)) < 0)
		fail("no memory");
}

static void read_program(struct reader *r)
{
	policy_add_program(r->policy, string(r));
}

static void read_note(struct reader *r)
{
	policy_add_note(r->policy, NOTE_EVIDENCE, "%s", string(r));
}

static void read_ask(struct reader *r)
{
	uint32_t a = arch(r);
	int nr = (int)(uint32_t)number(r);
	uint64_t args[6];

	for (size_t i = 0; i < ARRAY_SIZE(args); i++)
		args[i] = number(r);
	printf("0x%" PRIx32 "\n", action_to_seccomp(policy_decide(r->policy, a, nr, args)));
}

static const struct {
	const char *name;
	void (*read)(struct reader *r);
} rules[] = {
	{ "action", read_action }, { "newest", read_newest },   { "handled", read_handled },
	{ "call", read_call },	   { "values", read_values },   { "mask", read_mask },
	{ "denial", read_denial }, { "path", read_path },	{ "port", read_port },
	{ "family", read_family }, { "limit", read_limit },	{ "program", read_program },
	{ "note", read_note },	   { "ask", read_ask },
	{ "capability", read_capability }, { "code", read_code },
};

static void read_line(struct reader *r, char *line)
{
	const char *name = strtok_r(line, " \n", &r->rest);

	for (size_t i = 0; name && i < ARRAY_SIZE(rules); i++) {
		if (strcmp(rules[i].name, name) == 0) {
			rules[i].read(r);
			return;
		}
	}
	if (name)
		fail(name);
}

static int emit(const struct policy *policy, int argc, char **argv)
{
	struct emit_options options = { .name = "test", .comments = true };
	const struct emitter *emitter = emitter_by_name(argv[1]);

	if (!emitter)
		return strcmp(argv[1], "decide") == 0 ? 0 : 1;
	for (int i = 2; i < argc; i++) {
		if (strcmp(argv[i], "raw") == 0)
			options.raw = true;
		else if (strcmp(argv[i], "main") == 0)
			options.with_main = true;
		else if (strcmp(argv[i], "annotate") == 0)
			options.annotate = true;
		else if (strcmp(argv[i], "lifetime-limits") == 0)
			options.lifetime_limits = true;
		else if (tune_parse(argv[i], &options.tune) == 0)
			continue;
		else
			options.as = argv[i];
	}
	return emitter->emit(policy, &options, stdout) < 0;
}

int main(int argc, char **argv)
{
	struct reader r = { .policy = policy_new() };
	auto_free char *line = NULL;
	size_t room = 0;
	int status;

	need(r.policy);
	if (argc < 2)
		fail("which format?");
	r.policy->arch = arch_native();
	while (getline(&line, &room, stdin) > 0)
		read_line(&r, line);
	policy_sort(r.policy);
	status = emit(r.policy, argc, argv);
	policy_free(r.policy);
	return status;
}
