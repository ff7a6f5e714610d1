/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The calls, sockets and limits as a profile for firejail (firejail-profile(5)), whose lists of
 * calls know names only.
 */
#include <inttypes.h>
#include <linux/audit.h>
#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "emitter/call_names.h"
#include "emitter/choices.h"
#include "emitter/formats.h"
#include "emitter/quote.h"
#include "emitter/ruled_out.h"
#include "sysdb/rlimits.h"

static void print_reason(FILE *out, const struct emit_options *options, const char *reason)
{
	if (!options->comments)
		return;
	fputs("# ", out);
	quote_comment(out, reason);
	fputc('\n', out);
}

/* ---- system calls ---- */

/* What firejail calls after its list is on: it puts on further filters and executes the program. */
static const char *const own_calls[] = { "execve", "prctl", NULL };

static void print_calls(const struct policy *p, const struct emit_options *options, FILE *out)
{
	const char *separator = "seccomp.keep ";

	print_reason(out, options, "seen or implied, and what firejail itself calls");
	for (size_t i = 0; i < p->n_calls; i++) {
		if (p->calls[i].arch != p->arch || !call_has_name(p, i))
			continue;
		fprintf(out, "%s%s", separator, p->calls[i].name);
		separator = ",";
	}
	for (const char *const *name = own_calls; *name; name++) {
		if (policy_allows(p, *name))
			continue;
		fprintf(out, "%s%s", separator, *name);
		separator = ",";
	}
	fputc('\n', out);
}

static void print_action(const struct policy *p, const struct emit_options *options, FILE *out)
{
	print_reason(out, options, "what all other calls get");
	switch (p->action.kind) {
	case ACTION_ERRNO:
		if (strerrorname_np(p->action.error))
			fprintf(out, "seccomp-error-action %s\n", strerrorname_np(p->action.error));
		else
			fputs("seccomp-error-action EPERM\n", out);
		break;
	case ACTION_LOG:
		fputs("seccomp-error-action log\n", out);
		break;
	case ACTION_KILL:
	case ACTION_TRAP: /* it has none */
	case ACTION_ALLOW:
		fputs("seccomp-error-action kill\n", out);
		break;
	}
}

static void print_architectures(const struct policy *p, const struct emit_options *options,
				FILE *out)
{
	uint32_t arches[4];

	if (policy_arches(p, arches) > 1)
		return;
	print_reason(out, options, "the same calls by other numbers would pass a list of names");
	fputs("seccomp.block-secondary\n", out);
}

/* ---- sockets ---- */

static const char *protocol_name(int family)
{
	static const struct {
		int family;
		const char *name;
	} protocols[] = {
		{ AF_UNIX, "unix" },	   { AF_INET, "inet" },	    { AF_INET6, "inet6" },
		{ AF_NETLINK, "netlink" }, { AF_PACKET, "packet" }, { AF_BLUETOOTH, "bluetooth" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(protocols); i++)
		if (protocols[i].family == family)
			return protocols[i].name;
	return NULL;
}

static void print_protocols(const struct policy *p, const struct emit_options *options, FILE *out)
{
	for (size_t i = 0; i < p->n_families; i++)
		if (!protocol_name(p->families[i].family))
			return; /* one that cannot be named must not be forbidden */
	if (!p->n_families)
		return;
	print_reason(out, options, "the sockets that were made");
	for (size_t i = 0; i < p->n_families; i++)
		fprintf(out, "%s%s", i == 0 ? "protocol " : ",",
			protocol_name(p->families[i].family));
	fputc('\n', out);
}

/* ---- limits ---- */

static const char *limit_name(int resource)
{
	static const struct {
		int resource;
		const char *name;
	} limits[] = {
		{ RLIMIT_AS, "as" },	     { RLIMIT_CPU, "cpu" },
		{ RLIMIT_FSIZE, "fsize" },   { RLIMIT_NPROC, "nproc" },
		{ RLIMIT_NOFILE, "nofile" }, { RLIMIT_SIGPENDING, "sigpending" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(limits); i++)
		if (limits[i].resource == resource)
			return limits[i].name;
	return NULL;
}

static void print_limits(const struct policy *p, const struct emit_options *options, FILE *out)
{
	for (size_t i = 0; i < p->n_limits; i++) {
		const struct policy_limit *limit = &p->limits[i];
		const char *name = limit_name(limit->resource);
		const char *left_out = limit_left_out(limit, options);

		print_reason(out, options, limit->why);
		if (name && left_out)
			print_reason(out, options, left_out);
		if (name)
			fprintf(out, "%srlimit-%s %" PRIu64 "\n", left_out ? "#" : "", name,
				limit->value);
		else
			fprintf(out, "# firejail has no limit for %s: %" PRIu64 "\n",
				rlimit_by_number(limit->resource)->name, limit->value);
	}
}

int emit_firejail(const struct policy *p, const struct emit_options *options, FILE *out)
{
	static const char *const usage[] = {
		"Run a program under it: firejail --profile=FILE COMMAND...", NULL
	};

	print_banner(out, "# ", "firejail", p, options, usage);
	print_nameless(out, "# ", p);
	fputs("nonewprivs\nnoroot\n", out);
	print_calls(p, options, out);
	print_action(p, options, out);
	print_architectures(p, options, out);
	print_protocols(p, options, out);
	print_limits(p, options, out);
	return 0;
}
