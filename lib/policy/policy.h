/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The decision: what is allowed, denied and how. Computed from a profile and options, each time
 * anew; the contract between learner and emitters and enforcer. A policy owns all it points to.
 *
 * Every rule says why it is there: `why` is one sentence fragment for people, never NULL.
 */
#ifndef LEARN_POLICY_POLICY_H
#define LEARN_POLICY_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sysdb/landlock.h"

/* ---- verdicts ---- */

enum action_kind {
	ACTION_ALLOW,
	ACTION_KILL, /* the process, by SIGSYS */
	ACTION_ERRNO,
	ACTION_TRAP, /* SIGSYS, catchable */
	ACTION_LOG,  /* allowed and logged */
};

struct action {
	enum action_kind kind;
	int error; /* ACTION_ERRNO: a positive errno */
};

/* The SECCOMP_RET_* value (seccomp(2)). */
uint32_t action_to_seccomp(struct action action);
/* "kill", "errno:EPERM", "trap", "log"; 0 or -EINVAL. */
int action_parse(const char *word, struct action *ret);
/* The word that action_parse() takes, for the caller to free. */
char *action_format(struct action action);

/* ---- calls ---- */

enum check_kind {
	CHECK_VALUES, /* allowed when the argument is one of `values` */
	CHECK_MASK,   /* allowed when no bit outside `mask` is set */
};

/* A condition on one argument. All checks of a rule must hold. */
struct policy_check {
	unsigned index; /* of the argument */
	unsigned width; /* 32: only the low word counts; 64: both */
	enum check_kind kind;
	uint64_t mask;
	uint64_t *values; /* sorted by `counts`, largest first; ties by value */
	uint64_t *counts; /* how often each was seen */
	size_t n_values;
};

struct policy_call {
	uint32_t arch;
	int nr;
	char *name;
	uint64_t count; /* how often it was seen; 0: implied */
	bool implied;   /* not seen: baseline and its like */
	struct policy_check *checks; /* in order of index */
	size_t n_checks;
	/*
	 * What other arguments, and fields behind pointers (struct argspec), held: evidence for
	 * formats with rules coarser than ours, compared by nobody. CHECK_MASK: too many values.
	 */
	struct policy_check *held;
	size_t n_held;
	char *why;
};

/* A call that gets another answer than the default (fallback: ENOSYS). */
struct policy_denial {
	uint32_t arch;
	int nr;
	char *name;
	struct action action;
	char *why;
};

/* ---- the rest ---- */

struct policy_path {
	char *path; /* bytes, absolute */
	bool directory;
	uint32_t rights;  /* enum landlock_fs_right */
	uint32_t effects; /* PATH_*: what was seen at or, for a directory, below it */
	uint64_t count;
	char *why;
};

struct policy_port {
	uint16_t port; /* 0: any, or the kernel's choice for bind */
	bool bind;     /* or connect */
	uint64_t count;
	char *why;
};

/* What is bound or connected to, of any type; ports above are the part that landlock knows. */
struct policy_address {
	int family, type; /* AF_*; SOCK_*, 0: not known */
	bool bind;        /* or connect */
	char *address;    /* as inet_ntop(3) writes it; an abstract name of AF_UNIX begins with @ */
	uint16_t port;
};

struct policy_limit {
	int resource;         /* RLIMIT_* */
	uint64_t value, peak; /* in rlimit_info.unit */
	char *why;
};

struct policy_family {
	int family; /* AF_* */
	uint64_t count;
	char *why;
};

struct policy_capability {
	int capability; /* CAP_*; cap_to_name(3) has its name */
	bool guess;     /* it may well be that it is not needed */
	char *why;
};

/* A path as it was seen, where a rule above may be about its directory. */
struct policy_seen_path {
	char *path;
	uint32_t effects; /* PATH_* */
	uint32_t kinds;   /* KIND_*: what was there before */
};

/* What was done that no rule above tells, and that some formats forbid as a whole. */
enum policy_use_kind {
	USE_CODE,	  /* a file was executed or its code mapped */
	USE_RIGHTS,	  /* a program was executed that gains rights by that: set-user-ID ... */
	USE_PROCESSES,	  /* /proc was asked about processes other than its own */
	USE_PROC_FILES,	  /* a file in /proc that belongs to no process */
	USE_SHARED_TMP,	  /* in /tmp or /var/tmp, and not made and removed by the programs */
	USE_NETWORK_FILES, /* a file of /proc or /sys that tells of the network */
	/* Of entries of /run, /var/lib, /var/cache and /var/log, each by its path: */
	USE_MADE_DIRECTORY, /* a directory that is not there at the next start, and was made */
	USE_CHANGED_ENTRY,  /* made or removed in other ways */
	USE_WRITTEN_ENTRY,  /* written at or below */
	/* Where a view of the file system was asked for: */
	USE_SIGHT,	   /* has to be in sight with all below it: used, or a link to what is */
	USE_WRITTEN_SIGHT, /* the same, for a link to what is written */
	USE_TOP_DIRECTORY, /* one of the root directory's */
};
#define N_POLICY_USES (USE_TOP_DIRECTORY + 1)

struct policy_use {
	enum policy_use_kind kind;
	char *path; /* bytes */
};

/* What a note is about: formats that cannot carry it have no use for the note. */
enum note_subject {
	NOTE_EVIDENCE, /* what the recording is worth, or a decision: for all formats */
	NOTE_CALLS,
	NOTE_ARGUMENTS,	 /* of calls */
	NOTE_READ_PATHS, /* as to reading and executing */
	NOTE_PATHS,	 /* in any way */
	NOTE_PORTS,
};

struct policy_note {
	enum note_subject about;
	char *path; /* NOTE_PATHS: whose rule covers too much; or NULL */
	char *text; /* one sentence for people */
};

struct policy {
	uint32_t arch;         /* the native one, whose calls are confined by name */
	struct action action;  /* for what is not allowed; foreign architectures are killed */
	struct policy_call *calls; /* most frequent first; ties by name, then arch */
	size_t n_calls;
	struct policy_denial *denials; /* in order of arch, then nr */
	size_t n_denials;
	/* Every number above this gets ENOSYS: calls newer than the newest we know. 0: no rule. */
	int newest;
	struct policy_path *paths; /* in byte order */
	size_t n_paths;
	uint32_t handled_fs;  /* landlock rights confined; 0 when mount(2) is used: see notes */
	uint32_t handled_net; /* enum landlock_net_right */
	uint32_t scopes;      /* enum landlock_scope */
	struct policy_port *ports;
	size_t n_ports;
	struct policy_family *families;
	size_t n_families;
	struct policy_address *addresses; /* by what is done, family, type, port and address */
	size_t n_addresses;
	struct policy_seen_path *seen_paths; /* each once, in byte order; evidence, no rules */
	size_t n_seen_paths;
	struct policy_use *uses; /* each once, by kind and path */
	size_t n_uses;
	bool as_root; /* some recording was made as root */
	/* The one user, and perhaps group, that what was started as root became. */
	struct policy_user {
		bool known, has_group;
		uint32_t uid, gid;
	} becomes;
	struct policy_limit *limits; /* in order of rlimit_table */
	size_t n_limits;
	/* What all processes of a recording used together, without headroom; 0: not known. */
	uint64_t memory_peak; /* bytes */
	uint64_t tasks_peak;
	struct policy_capability *capabilities; /* by number; each once */
	size_t n_capabilities;
	char **programs; /* whose evidence this is, in byte order */
	size_t n_programs;
	struct policy_note *notes; /* warnings */
	size_t n_notes;
};

struct policy *policy_new(void);
void policy_free(struct policy *policy);

/*
 * Adding: the entry is filled with zeroes and the strings copied; NULL without memory. Nothing is
 * looked up: the caller knows that it is new.
 */
struct policy_call *policy_add_call(struct policy *p, uint32_t arch, int nr, const char *name,
				    const char *why);
struct policy_check *policy_add_check(struct policy_call *call, unsigned index, unsigned width,
				      enum check_kind kind);
/* An entry of call->held, as policy_add_check() makes one of call->checks. */
struct policy_check *policy_add_held(struct policy_call *call, unsigned index, unsigned width,
				     enum check_kind kind);
int policy_check_add_value(struct policy_check *check, uint64_t value, uint64_t count);
struct policy_denial *policy_add_denial(struct policy *p, uint32_t arch, int nr, const char *name,
					struct action action, const char *why);
struct policy_path *policy_add_path(struct policy *p, const char *path, const char *why);
struct policy_port *policy_add_port(struct policy *p, uint16_t port, bool bind, const char *why);
struct policy_family *policy_add_family(struct policy *p, int family, const char *why);
/* Looked up: what is there is not added again. 0 or -ENOMEM. */
int policy_add_address(struct policy *p, const struct policy_address *address);
/* Not looked up. 0 or -ENOMEM. */
int policy_add_seen_path(struct policy *p, const char *path, uint32_t effects, uint32_t kinds);
int policy_add_use(struct policy *p, enum policy_use_kind kind, const char *path);
struct policy_limit *policy_add_limit(struct policy *p, int resource, const char *why);
/*
 * Unlike the others looked up: a capability that is there keeps its first reason, but that what is
 * sure takes the place of a guess. 0 or -ENOMEM.
 */
int policy_add_capability(struct policy *p, int capability, bool guess, const char *why);
int policy_add_program(struct policy *p, const char *path);
int policy_add_note(struct policy *p, enum note_subject about, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* A note about the rule for PATH, a directory: NOTE_PATHS where it is written, too. */
int policy_add_path_note(struct policy *p, enum note_subject about, const char *path,
			 const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Taking out entry I; the entries behind it move up. */
void policy_drop_call(struct policy *p, size_t i);
void policy_drop_path(struct policy *p, size_t i);
void policy_drop_port(struct policy *p, size_t i);
void policy_drop_family(struct policy *p, size_t i);
void policy_drop_limit(struct policy *p, size_t i);
void policy_drop_capability(struct policy *p, size_t i);
/* Puts everything into the orders stated above. */
void policy_sort(struct policy *p);

/* ---- asking ---- */

/* The rule for a call, or NULL. */
const struct policy_call *policy_find_call(const struct policy *p, uint32_t arch, int nr);
/* What happens to a call: the meaning that every emitted filter must have. */
struct action policy_decide(const struct policy *p, uint32_t arch, int nr, const uint64_t args[6]);
/* Whether a check lets the argument's value through. */
bool policy_check_holds(const struct policy_check *check, uint64_t value);
/* What is confined of FIELD, as its bits. */
uint32_t policy_handled(const struct policy *p, enum landlock_field field);
/* The architectures that have rules, native first; sets *n. At most 4 are written to ARCHES. */
size_t policy_arches(const struct policy *p, uint32_t arches[4]);

#endif
