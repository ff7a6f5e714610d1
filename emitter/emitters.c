/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which formats there are, and which kinds of rules each can carry: one row each. */
#include "emitter/emitters.h"

#include <string.h>

#include "base/cleanup.h"
#include "emitter/formats.h"

/* seccomp filters see an address family as the first argument of socket(2). */
#define SECCOMP (EXPRESSES_CALLS | EXPRESSES_ARGUMENTS | EXPRESSES_FAMILIES)

const struct emitter emitters[] = {
	{ "bpf", ".h", "seccomp filter as a C array (--raw: binary)", SECCOMP, ACCEPTS_RAW,
	  emit_bpf },
	{ "bpf_asm", ".bpf", "seccomp filter for the kernel's bpf_asm", SECCOMP, 0, emit_bpf_asm },
	{ "landlock", ".c", "landlock rules in C", EXPRESSES_PATHS | EXPRESSES_PORTS, ACCEPTS_MAIN,
	  emit_landlock },
	{ "libseccomp", ".c", "seccomp filter in C for libseccomp", SECCOMP, ACCEPTS_MAIN,
	  emit_libseccomp },
	{ "rlimits", ".txt", "resource limits as C source (--as=sh, prlimit: a script)",
	  EXPRESSES_LIMITS, ACCEPTS_AS | ACCEPTS_MAIN, emit_rlimits },
	{ "systemd", ".conf", "drop-in for a systemd service",
	  EXPRESSES_CALLS | EXPRESSES_WRITES | EXPRESSES_FAMILIES | EXPRESSES_LIMITS, 0,
	  emit_systemd },
	{ NULL, NULL, NULL, 0, 0, NULL },
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

/* A row is a loss when the format has none of the bits. */
static const struct {
	unsigned any_of;
	const char *one, *many;
	size_t (*count)(const struct policy *policy);
} kinds[] = {
	{ EXPRESSES_CALLS, "system call", "system calls", count_calls },
	{ EXPRESSES_ARGUMENTS, "argument rule", "argument rules", count_arguments },
	{ EXPRESSES_PATHS | EXPRESSES_WRITES, "path rule", "path rules", count_paths },
	{ EXPRESSES_PATHS, "path rule as to reading and executing",
	  "path rules as to reading and executing", count_paths },
	{ EXPRESSES_PORTS, "port rule", "port rules", count_ports },
	{ EXPRESSES_FAMILIES, "address family", "address families", count_families },
	{ EXPRESSES_LIMITS, "resource limit", "resource limits", count_limits },
};

int emitter_print_losses(const struct emitter *emitter, const struct policy *policy,
			 const char *prefix, FILE *out)
{
	const unsigned partly = EXPRESSES_WRITES;
	int n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		size_t count = kinds[i].count(policy);

		if (!count || (emitter->expresses & kinds[i].any_of))
			continue;
		/* Paths have two rows: nothing of them, or but a part. */
		if (kinds[i].any_of == EXPRESSES_PATHS && !(emitter->expresses & partly))
			continue;
		fprintf(out, "%s%zu %s\n", prefix, count,
			count == 1 ? kinds[i].one : kinds[i].many);
		n++;
	}
	return n;
}
