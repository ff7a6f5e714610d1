/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A policy in somebody else's language: one row a format. */
#ifndef LEARN_EMITTER_EMITTERS_H
#define LEARN_EMITTER_EMITTERS_H

#include <stdbool.h>
#include <stdio.h>

#include "emitter/filter.h"
#include "policy/policy.h"

/* The parts of a policy that a format can carry. */
enum expresses {
	EXPRESSES_CALLS = 1 << 0,
	EXPRESSES_ARGUMENTS = 1 << 1,
	EXPRESSES_PATHS = 1 << 2,
	EXPRESSES_PORTS = 1 << 3,
	EXPRESSES_FAMILIES = 1 << 4,
	EXPRESSES_LIMITS = 1 << 5,
	EXPRESSES_WRITES = 1 << 6,  /* of the paths only where may be written */
	EXPRESSES_ANSWERS = 1 << 7, /* of the calls: some get another answer than the default */
	EXPRESSES_ACTION = 1 << 8,  /* of the calls: a default action other than kill */
	EXPRESSES_ARCHES = 1 << 9,  /* of the calls: rules for one architecture and not the next */
	EXPRESSES_NEWER = 1 << 10,  /* of the calls: an answer to all numbers above the newest */
	EXPRESSES_BYTES = 1 << 11,  /* of the paths: names that are no text (UTF-8) */
	EXPRESSES_SCOPES = 1 << 12, /* what processes outside can be reached */
	EXPRESSES_CAPABILITIES = 1 << 13,
};

/* What a service sees of the file system. */
enum emit_view {
	VIEW_ALL,
	VIEW_USED, /* all but directories of which nothing was used */
	VIEW_ONLY, /* only what was used: wants a policy that has USE_SIGHT */
};

/* "all", "used", "only"; 0 or -EINVAL. */
int view_parse(const char *word, enum emit_view *ret);

struct systemd_groups;

/* A program that the service manager executes for a unit. */
struct unit_command {
	char *directive; /* "ExecReload" */
	char *program;	 /* absolute, symbolic links resolved */
};

/* What is known of the unit that a drop-in is for. */
struct unit_facts {
	char *user; /* User=; NULL: root */
	bool dynamic_user;
	char *type; /* Type=; NULL: not said */
	struct unit_command *commands;
	size_t n_commands;
};

struct emit_options {
	const char *name; /* a C identifier or word that names the policy; never NULL */
	const char *as;   /* rlimits, minijail: one of several forms; NULL: the format's first */
	bool raw;         /* bpf: struct sock_filter in the machine's byte order */
	bool with_main;   /* libseccomp, landlock: a launcher instead of a function */
	bool in_main;     /* libseccomp: a function that is called first thing in main */
	bool annotate;    /* bpf, bpf_asm: text with how often the profile's calls come by */
	enum tune tune;   /* bpf, bpf_asm: what the filter is best at */
	const struct systemd_groups *groups; /* systemd: those of the target; NULL: none is named */
	const struct unit_facts *unit; /* systemd: the unit, or NULL; borrowed */
	unsigned systemd;     /* systemd: the oldest version to write for; 0: any */
	bool addresses;	      /* systemd: confine IP addresses and ports, too */
	enum emit_view view;  /* systemd */
	bool lifetime_limits; /* limits also on what grows with time or work */
	bool comments;    /* landlock, systemd ... : reasons as comments (default on) */
};

/* The options that change what a format writes. */
enum accepts {
	ACCEPTS_RAW = 1 << 0,
	ACCEPTS_MAIN = 1 << 1,
	ACCEPTS_AS = 1 << 2,
	ACCEPTS_ANNOTATE = 1 << 3,
	ACCEPTS_TUNE = 1 << 4,
	ACCEPTS_LIFETIME = 1 << 5,
	ACCEPTS_GROUPS = 1 << 6,
	ACCEPTS_LOAD = 1 << 7,
	ACCEPTS_UNIT = 1 << 8,
	ACCEPTS_PHASES = 1 << 9, /* what begins later than the program: it puts that on itself */
};

struct emitter {
	const char *name, *suffix, *help;
	unsigned expresses, accepts;
	/* Writes the whole file. 0 or -errno after a message; FILE errors are the caller's. */
	int (*emit)(const struct policy *policy, const struct emit_options *options, FILE *out);
	/*
	 * The tool that reads the format, or NULL, and what sh runs to have it check a file: $1 is
	 * its path in a directory that is removed afterwards, $2 the form (--as=).
	 */
	const char *check_tool, *check_script;
};

/* All formats; ends with a row whose name is NULL. */
extern const struct emitter emitters[];

const struct emitter *emitter_by_name(const char *name);

/* What the kind of rule number I is called ("ports"); NULL past the last. */
const char *emitter_kind(size_t i);
/* Whether the format can carry rules of kind number I. */
bool emitter_carries(const struct emitter *emitter, size_t i);

/* Whether the note is about something that the format carries. */
bool emitter_heeds(const struct emitter *emitter, const struct policy *policy,
		   const struct emit_options *options, const struct policy_note *note);

/*
 * One line a kind of rule that the policy has and the format cannot carry ("14 argument rules"),
 * each prefixed with PREFIX. Returns how many.
 */
int emitter_print_losses(const struct emitter *emitter, const struct policy *policy,
			 const char *prefix, FILE *out);

#endif
