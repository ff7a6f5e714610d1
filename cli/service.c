/* SPDX-License-Identifier: GPL-3.0-or-later */
/* learn service: the words start, finish, reset and why, and those of its own drop-ins. */
#include "cli/service.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "cli/verbs.h"
#include "service/timespan.h"

/* Past those of the policy options. */
enum {
	OPTION_USER = 0x300,
	OPTION_NO_RESTART,
	OPTION_APPLY,
	OPTION_EDIT,
	OPTION_DRY_RUN,
	OPTION_VERIFY,
	OPTION_SETTLE,
	OPTION_KEEP,
	OPTION_RERUN,
	OPTION_SOCKET,
	OPTION_ARGV0,
	OPTION_ADDRESSES,
	OPTION_VIEW,
	OPTION_UNPRIVILEGED,
};

#define DEFAULT_SETTLE_MS 3000
#define MOST_SETTLE_MS	  3600000

const struct option_row service_options[] = {
	{ OPTION_USER, 0, "user", NULL, "a unit of the calling user's manager" },
	{ OPTION_NO_RESTART, 0, "no-restart", NULL,
	  "start: leave the unit as it runs; its next start is recorded. finish: do not restart it "
	  "to see it end" },
	{ OPTION_APPLY, 0, "apply", NULL,
	  "finish: write the drop-in, restart the unit, and take the drop-in back if the unit does "
	  "not come up or --verify fails" },
	{ OPTION_EDIT, 0, "edit", NULL, "finish: edit the drop-in first ($VISUAL, $EDITOR)" },
	{ OPTION_DRY_RUN, 0, "dry-run", NULL,
	  "finish: only print the drop-in of what was recorded so far; recording goes on" },
	{ OPTION_VERIFY, 0, "verify", "COMMAND",
	  "finish --apply: a shell command that has to succeed when the unit is up" },
	{ OPTION_ADDRESSES, 0, "addresses", NULL,
	  "finish: confine IP addresses and ports, too, to those that were used" },
	{ OPTION_VIEW, 0, "view", "all|used|only",
	  "finish: leave all directories in sight (the default), hide those without use, or show "
	  "only what was used, as closely as --paths says" },
	{ OPTION_UNPRIVILEGED, 0, "unprivileged", NULL,
	  "finish: start it as the user that it always becomes, if it works so: it is restarted "
	  "and recorded again to find out" },
	{ OPTION_SETTLE, 0, "settle", "SECONDS",
	  "how long the unit has to stay up to count as up (default: 3)" },
	{ OPTION_KEEP, 0, "keep", NULL, "reset: keep the profile" },
	{ OPTION_RERUN, 0, "rerun", NULL,
	  "why: run the unit once without its restrictions, and compare what it needs with them" },
	{ OPTION_SOCKET, 0, "socket", "PATH", "exec, in drop-ins: where to be recorded" },
	{ OPTION_ARGV0, 0, "own-name", "NAME", "exec, in drop-ins: the command's own name" },
	OPTIONS_END,
};

/* ---- which option is for which word ---- */

#define BIT(option) (1u << ((option)-OPTION_USER))

static const struct word {
	const char *name;
	unsigned options;
	bool takes_policy;
	bool changes; /* the system: for root, but for a user's own units */
	int (*run)(struct service_request *request);
} words[] = {
	{ "start", BIT(OPTION_USER) | BIT(OPTION_NO_RESTART) | BIT(OPTION_SETTLE), false, true,
	  service_start },
	{ "finish",
	  BIT(OPTION_USER) | BIT(OPTION_NO_RESTART) | BIT(OPTION_APPLY) | BIT(OPTION_EDIT) |
		  BIT(OPTION_DRY_RUN) | BIT(OPTION_VERIFY) | BIT(OPTION_SETTLE) |
		  BIT(OPTION_ADDRESSES) | BIT(OPTION_VIEW) |
		  BIT(OPTION_UNPRIVILEGED),
	  true, true, service_finish },
	{ "reset", BIT(OPTION_USER) | BIT(OPTION_NO_RESTART) | BIT(OPTION_KEEP), false, true,
	  service_reset },
	{ "why", BIT(OPTION_USER) | BIT(OPTION_RERUN) | BIT(OPTION_SETTLE), true, false,
	  service_why },
	/* What our drop-in and our unit call. */
	{ "record", BIT(OPTION_USER) | BIT(OPTION_RERUN) | BIT(OPTION_UNPRIVILEGED), false, true,
	  service_record },
	{ "exec", BIT(OPTION_SOCKET) | BIT(OPTION_ARGV0), false, false, service_exec },
	{ NULL, 0, false, false, NULL },
};

static const struct word *find_word(const char *name)
{
	for (const struct word *w = words; w->name; w++)
		if (strcmp(w->name, name) == 0)
			return w;
	return NULL;
}

static int check_options(const struct word *word, unsigned given, bool policy)
{
	for (const struct option_row *row = service_options; row->name; row++)
		if (given & BIT(row->id) & ~word->options)
			return diag(-EINVAL, "service %s: --%s is not for it", word->name,
				    row->name);
	if (policy && !word->takes_policy)
		return diag(-EINVAL, "service %s computes no policy: it takes no policy options",
			    word->name);
	return 0;
}

/* ---- the command line ---- */

/* A number is one of seconds, and may have a part behind a point. */
static int take_settle(struct service_request *r, const char *value)
{
	auto_free char *seconds = NULL;
	uint64_t time;

	if (asprintf(&seconds, "%ss", value) < 0) {
		seconds = NULL;
		return -ENOMEM;
	}
	if ((timespan_parse(seconds, &time) < 0 && timespan_parse(value, &time) < 0) ||
	    time / 1000 > MOST_SETTLE_MS)
		return diag(-EINVAL, "--settle: '%s' is no number of seconds", value);
	r->settle_ms = (unsigned)(time / 1000);
	return 0;
}

static int take_view(struct service_request *r, const char *value)
{
	if (view_parse(value, &r->view) < 0)
		return diag(-EINVAL, "--view: '%s' is none of all, used and only", value);
	r->policy.decide.view = r->view == VIEW_ONLY;
	return 0;
}

/* 0, 1 for a policy option, or -errno after a message. */
static int take(struct service_request *r, int id, const char *value)
{
	const struct {
		int id;
		bool *flag;
	} flags[] = {
		{ OPTION_USER, &r->user },	 { OPTION_NO_RESTART, &r->no_restart },
		{ OPTION_APPLY, &r->apply },	 { OPTION_EDIT, &r->edit },
		{ OPTION_DRY_RUN, &r->dry_run }, { OPTION_KEEP, &r->keep },
		{ OPTION_RERUN, &r->rerun },	 { OPTION_ADDRESSES, &r->addresses },
		{ OPTION_UNPRIVILEGED, &r->unprivileged },
	};

	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		if (flags[i].id == id) {
			*flags[i].flag = true;
			return 0;
		}
	}
	switch (id) {
	case OPTION_VERIFY:
		r->verify = value;
		return 0;
	case OPTION_SETTLE:
		return take_settle(r, value);
	case OPTION_VIEW:
		return take_view(r, value);
	case OPTION_SOCKET:
		r->socket = value;
		return 0;
	case OPTION_ARGV0:
		r->argv0 = value;
		return 0;
	default:
		return policy_options_take(&r->policy, id, value);
	}
}

/* Operands are moved to the front of ARGV. -1 to go on, or an exit status. */
static int parse(const struct command *self, int argc, char **argv, struct service_request *r,
		 const struct word **word)
{
	struct option_parser p = { self->options, argc, argv, .index = 1 };
	bool options_ended = false, policy = false;
	unsigned given = 0;
	int n = 0;

	while (p.index < argc) {
		int id = options_ended ? OPTIONS_DONE : options_next(&p);
		int taken = id >= 0 && id != OPTION_HELP ? take(r, id, p.value) : 0;

		if (id == OPTION_HELP)
			return command_help(self);
		if (id == OPTIONS_BAD || taken < 0)
			return command_usage(self, EXIT_TROUBLE);
		if (id >= OPTION_USER)
			given |= BIT(id);
		else if (id != OPTIONS_DONE)
			policy = true;
		if (id != OPTIONS_DONE)
			continue;
		options_ended = options_ended || strcmp(argv[p.index - 1], "--") == 0;
		if (p.index < argc)
			argv[n++] = argv[p.index++];
	}
	argv[n] = NULL;
	*word = n ? find_word(argv[0]) : NULL;
	if (!*word) {
		diag(0,
		     n ? "service: there is no '%s': start, finish, reset or why"
		       : "service: %sstart, finish, reset or why, and a unit",
		     n ? argv[0] : "expected ");
		return command_usage(self, EXIT_TROUBLE);
	}
	r->operands = argv + 1;
	r->unit_name = argv[1];
	if (check_options(*word, given, policy) < 0)
		return command_usage(self, EXIT_TROUBLE);
	if (n < 2 || (n > 2 && (*word)->run != service_exec)) {
		diag(0, "service %s: expected one UNIT", argv[0]);
		return command_usage(self, EXIT_TROUBLE);
	}
	if (((*word)->changes || r->rerun) && !r->user && geteuid() != 0)
		return diag(EXIT_TROUBLE,
			    "service %s: only root may do this to a unit of the "
			    "system; a user's own units take --user",
			    argv[0]);
	return -1;
}

int cmd_service(const struct command *self, int argc, char **argv)
{
	struct service_request r = { .settle_ms = DEFAULT_SETTLE_MS };
	const struct word *word = NULL;
	int status;

	policy_options_init(&r.policy);
	status = parse(self, argc, argv, &r, &word);
	if (status < 0)
		status = word->run(&r);
	policy_options_clear(&r.policy);
	return status;
}
