/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which formats there are, and which kinds of rules each can carry: one row each. */
#include "emitter/emitters.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/cleanup.h"
#include "emitter/choices.h"
#include "emitter/formats.h"
#include "emitter/quote.h"
#include "emitter/systemd_paths.h"

/* seccomp filters see an address family as the first argument of socket(2). */
#define ANY_CALLS (EXPRESSES_CALLS | EXPRESSES_ARGUMENTS | EXPRESSES_FAMILIES | EXPRESSES_ANSWERS)
#define SECCOMP (ANY_CALLS | EXPRESSES_ACTION | EXPRESSES_ARCHES | EXPRESSES_NEWER)

#define CHECK_C "cc", "cc -x c -Wall -Wextra -Werror -fsyntax-only \"$1\""
/* A unit needs a command; the drop-in becomes the rest of it. */
#define CHECK_SYSTEMD                                                                              \
	"systemd-analyze",                                                                         \
		"{ cat \"$1\" && echo ExecStart=/bin/true; } >learn-check.service && "             \
		"systemd-analyze verify ./learn-check.service >&2 2>said; status=$?; cat said; "   \
		"[ $status = 0 ] && ! grep -q \"learn-check.service:\" said"

const struct emitter emitters[] = {
	{ "apparmor", ".apparmor", "AppArmor profile",
	  EXPRESSES_PATHS | EXPRESSES_BYTES | EXPRESSES_FAMILIES | EXPRESSES_CAPABILITIES |
		  EXPRESSES_LIMITS,
	  ACCEPTS_LIFETIME, emit_apparmor,
	  "apparmor_parser", "PATH=$PATH:/usr/sbin:/sbin; apparmor_parser -Q -K \"$1\"" },
	{ "bpf", ".h", "seccomp filter as a C array (--raw: binary)", SECCOMP,
	  ACCEPTS_RAW | ACCEPTS_ANNOTATE | ACCEPTS_TUNE | ACCEPTS_PHASES, emit_bpf,
	  CHECK_C },
	{ "bpf_asm", ".bpf", "seccomp filter for the kernel's bpf_asm", SECCOMP,
	  ACCEPTS_ANNOTATE | ACCEPTS_TUNE | ACCEPTS_PHASES, emit_bpf_asm,
	  "bpf_asm", "bpf_asm \"$1\" >/dev/null" },
	{ "firejail", ".profile", "profile for firejail",
	  EXPRESSES_CALLS | EXPRESSES_ACTION | EXPRESSES_FAMILIES | EXPRESSES_LIMITS,
	  ACCEPTS_LIFETIME, emit_firejail,
	  "firejail", "firejail --quiet --profile=\"$1\" true 2>said; cat said; "
		      "! grep -q ^Error said" },
	{ "landlock", ".c", "landlock rules in C",
	  EXPRESSES_PATHS | EXPRESSES_BYTES | EXPRESSES_PORTS | EXPRESSES_SCOPES, ACCEPTS_MAIN,
	  emit_landlock,
	  CHECK_C },
	{ "landlockconfig", ".toml", "landlock rules as TOML for landlockconfig",
	  EXPRESSES_PATHS | EXPRESSES_PORTS | EXPRESSES_SCOPES, 0, emit_landlockconfig,
	  "python3", "python3 -c 'import sys, tomllib; "
		     "tomllib.load(open(sys.argv[1], \"rb\"))' \"$1\"" },
	{ "libseccomp", ".c", "seccomp filter in C for libseccomp", SECCOMP,
	  ACCEPTS_MAIN | ACCEPTS_LOAD | ACCEPTS_PHASES, emit_libseccomp,
	  CHECK_C },
	{ "minijail", ".policy", "seccomp policy for minijail (--as=frequency: counts)",
	  ANY_CALLS, ACCEPTS_AS, emit_minijail,
	  "compile_seccomp_policy", "[ \"$2\" = frequency ] || "
				    "compile_seccomp_policy \"$1\" /dev/null" },
	{ "names", ".txt", "the allowed system calls, one name a line", EXPRESSES_CALLS, 0,
	  emit_names,
	  NULL, NULL },
	{ "oci", ".json", "seccomp profile for Docker, Podman, Kubernetes",
	  ANY_CALLS | EXPRESSES_ACTION, 0, emit_oci,
	  "python3", "python3 -m json.tool \"$1\" >/dev/null" },
	{ "rlimits", ".txt", "resource limits (C; --as=sh, prlimit: a script)",
	  EXPRESSES_LIMITS, ACCEPTS_AS | ACCEPTS_MAIN, emit_rlimits,
	  "cc",
	  "case $2 in ''|c) cc -x c -Wall -Wextra -Werror -fsyntax-only \"$1\" ;; "
	  "*) sh -n \"$1\" ;; esac" },
	{ "systemd", ".conf", "drop-in for a systemd service",
	  EXPRESSES_CALLS | EXPRESSES_WRITES | EXPRESSES_FAMILIES | EXPRESSES_LIMITS |
		  EXPRESSES_ANSWERS | EXPRESSES_ACTION | EXPRESSES_CAPABILITIES,
	  ACCEPTS_LIFETIME | ACCEPTS_GROUPS | ACCEPTS_UNIT, emit_systemd,
	  CHECK_SYSTEMD },
	{ NULL, NULL, NULL, 0, 0, NULL, NULL, NULL },
};

const struct emitter *emitter_by_name(const char *name)
{
	for (const struct emitter *e = emitters; e->name; e++)
		if (strcmp(e->name, name) == 0)
			return e;
	return NULL;
}

/* ---- what a format cannot carry ---- */

static size_t count_calls(const struct policy *p)
{
	return p->n_calls;
}

static size_t count_arguments(const struct policy *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_calls; i++)
		n += p->calls[i].n_checks;
	return n;
}

static size_t count_paths(const struct policy *p)
{
	return p->handled_fs ? p->n_paths : 0;
}

static size_t count_ports(const struct policy *p)
{
	return p->n_ports;
}

static size_t count_families(const struct policy *p)
{
	return p->n_families;
}

static size_t count_limits(const struct policy *p)
{
	return p->n_limits;
}

/* Beside what is allowed: what a call gets that is not. */
static size_t count_answers(const struct policy *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_denials; i++)
		n += denial_is_stated(p, i);
	return n;
}

static size_t count_actions(const struct policy *p)
{
	return p->action.kind != ACTION_KILL;
}

static size_t count_foreign(const struct policy *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_calls; i++)
		n += p->calls[i].arch != p->arch;
	return n;
}

static size_t count_newer(const struct policy *p)
{
	const struct action answer = { .kind = ACTION_ERRNO, .error = ENOSYS };

	return p->newest && !same_action(p->action, answer);
}

static size_t count_bytes(const struct policy *p)
{
	size_t n = 0;

	for (size_t i = 0; p->handled_fs && i < p->n_paths; i++)
		n += !is_utf8(p->paths[i].path);
	return n;
}

static size_t count_scopes(const struct policy *p)
{
	return (size_t)__builtin_popcount(p->scopes);
}

static size_t count_capabilities(const struct policy *p)
{
	return p->n_capabilities;
}

/* A row is a loss when the format has none of the bits of `any_of` and all of `within`. */
static const struct {
	const char *name;
	unsigned any_of, within;
	const char *one, *many;
	size_t (*count)(const struct policy *policy);
} kinds[] = {
	{ "calls", EXPRESSES_CALLS, 0, "system call", "system calls", count_calls },
	{ "arguments", EXPRESSES_ARGUMENTS, 0, "argument rule", "argument rules", count_arguments },
	{ "answers", EXPRESSES_ANSWERS, EXPRESSES_CALLS, "call with an answer of its own",
	  "calls with an answer of their own", count_answers },
	{ "default answer", EXPRESSES_ACTION, EXPRESSES_CALLS,
	  "answer to all other calls that is no kill", NULL, count_actions },
	{ "architectures", EXPRESSES_ARCHES, EXPRESSES_CALLS, "rule for one architecture alone",
	  "rules for one architecture alone", count_foreign },
	{ "newer calls", EXPRESSES_NEWER, EXPRESSES_CALLS,
	  "answer to all calls newer than the newest known", NULL, count_newer },
	{ "written paths", EXPRESSES_PATHS | EXPRESSES_WRITES, 0, "path rule", "path rules",
	  count_paths },
	{ "read paths", EXPRESSES_PATHS, EXPRESSES_WRITES,
	  "path rule as to reading and executing", "path rules as to reading and executing",
	  count_paths },
	{ "paths in any bytes", EXPRESSES_BYTES, EXPRESSES_PATHS,
	  "path rule whose name is no UTF-8", "path rules whose names are no UTF-8", count_bytes },
	{ "ports", EXPRESSES_PORTS, 0, "port rule", "port rules", count_ports },
	{ "scopes", EXPRESSES_SCOPES, 0, "rule on reaching processes outside",
	  "rules on reaching processes outside", count_scopes },
	{ "families", EXPRESSES_FAMILIES, 0, "address family", "address families", count_families },
	{ "capabilities", EXPRESSES_CAPABILITIES, 0, "capability", "capabilities",
	  count_capabilities },
	{ "limits", EXPRESSES_LIMITS, 0, "resource limit", "resource limits", count_limits },
};

const char *emitter_kind(size_t i)
{
	return i < ARRAY_SIZE(kinds) ? kinds[i].name : NULL;
}

bool emitter_carries(const struct emitter *emitter, size_t i)
{
	return emitter->expresses & kinds[i].any_of;
}

static const unsigned carriers[] = {
	[NOTE_EVIDENCE] = UINT_MAX,
	[NOTE_CALLS] = EXPRESSES_CALLS,
	[NOTE_ARGUMENTS] = EXPRESSES_ARGUMENTS,
	[NOTE_READ_PATHS] = EXPRESSES_PATHS,
	[NOTE_PATHS] = EXPRESSES_PATHS | EXPRESSES_WRITES,
	[NOTE_PORTS] = EXPRESSES_PORTS,
};

/* Who carries writes alone has rules of its own, which may be narrower. */
bool emitter_heeds(const struct emitter *emitter, const struct policy *policy,
		   const struct emit_options *options, const struct policy_note *note)
{
	if (!(emitter->expresses & carriers[note->about]))
		return false;
	return !note->path || (emitter->expresses & EXPRESSES_PATHS) ||
	       systemd_leaves_writable(policy, options, note->path);
}

int emitter_print_losses(const struct emitter *emitter, const struct policy *policy,
			 const char *prefix, FILE *out)
{
	int n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		size_t count = kinds[i].count(policy);

		if (!count || emitter_carries(emitter, i) ||
		    (emitter->expresses & kinds[i].within) != kinds[i].within)
			continue;
		fprintf(out, "%s%zu %s\n", prefix, count,
			count == 1 ? kinds[i].one : kinds[i].many);
		n++;
	}
	return n;
}
