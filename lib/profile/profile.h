/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The evidence: what was observed, and nothing else.
 *
 * A profile owns all it points to. Adding is idempotent for sets and sums for counts, so merging
 * is commutative and associative, and the order of recording leaves no trace: the writer sorts.
 */
#ifndef LEARN_PROFILE_PROFILE_H
#define LEARN_PROFILE_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/map.h"
#include "sysdb/argspecs.h"
#include "sysdb/milestones.h"
#include "sysdb/phase.h"

#define PROFILE_MOST_SITES 8   /* stacks kept a call: the first in byte order */
#define PROFILE_MOST_FRAMES 24 /* frames kept a stack */
#define PROFILE_MOST_VALUES 64 /* the largest `most` an argspec may have */

struct profile_value {
	uint64_t value, count;
};

/* What one inspected argument held, or a field that it points to. */
struct profile_arg {
	unsigned index;               /* of struct argspec */
	bool many;                    /* more than argspec.most distinct values: no list */
	uint64_t set_once, set_always; /* OR and AND of all values */
	struct profile_value *values; /* in order of value */
	size_t n_values;
};

struct profile_call {
	enum phase phase;
	uint32_t arch;
	int nr;
	char *name;
	uint64_t count;
	uint32_t after; /* MILESTONE_*: what lay behind processes that made it, over all times */
	/* In order of index; n_args used. */
	struct profile_arg args[ARGSPEC_ARGUMENTS + ARGSPEC_FIELDS];
	size_t n_args;
	/* Observed results, a sample of all: value is 0 for success or a positive errno. */
	struct profile_value *results;
	size_t n_results;
	/* Stacks: frames joined by '\n', innermost first; in byte order, no two equal. */
	char **sites;
	size_t n_sites;
};

struct profile_path {
	enum phase phase;
	char *path;       /* bytes */
	uint32_t effects; /* PATH_* */
	uint32_t kinds;   /* KIND_*: what was there before, each time */
	uint64_t count;
};

struct profile_socket {
	enum phase phase;
	int family, type, protocol;
	uint64_t count;
};

struct profile_address {
	enum phase phase;
	bool bind; /* or connect */
	int family, type;
	char *address;
	uint16_t port;
	uint64_t count;
};

/* A signal sent to a process outside the traced tree. */
struct profile_signal {
	enum phase phase;
	int signal;
	uint64_t count;
};

struct profile_library {
	char *path, *build_id;
};

struct profile_peak {
	int resource;
	uint64_t value;
};

/* One program: an executable, told apart by its path and build-id. */
struct profile_program {
	char *path, *build_id; /* build_id "" when it has none */
	uint64_t after[N_MILESTONES]; /* calls made by processes that this lay behind */
	bool unordered; /* not known of all calls: a file of an older learn */
	struct map calls;     /* struct profile_call */
	struct map paths;     /* struct profile_path */
	struct map sockets;   /* struct profile_socket */
	struct map addresses; /* struct profile_address */
	struct map signals;   /* struct profile_signal */
	struct map libraries; /* struct profile_library */
	struct map peaks;     /* struct profile_peak */
	struct map limits;    /* char *: why evidence is incomplete here */
};

/* One recording. */
struct profile_run {
	char **command; /* ends with NULL */
	char *cwd;
	int64_t start_ms, duration_ms; /* since 1970; of the whole tree */
	int exit_status;               /* of the command; -1: not ended or killed */
	int signal;                    /* that killed it, or 0 */
	char *kernel, *arch, *tool;    /* uname -r, arch_name(), "learn 0.1" */
	uint32_t uid;
	bool complete; /* everything until the end of the last process was seen */
};

/* The largest use of all processes of a recording together; 0 where it was not measured. */
struct profile_tree {
	uint64_t memory; /* bytes: anonymous and shared memory, as cgroups count it */
	uint64_t tasks;  /* processes and threads alive at once */
};

/* What a decision is about; `name` and `detail` say which. */
enum decision_kind {
	DECISION_CALL,       /* name: of the call */
	DECISION_ARGUMENT,   /* name: of the call; detail: "cmd=F_SETLK"; a bit: "prot&PROT_EXEC" */
	DECISION_PATH,       /* name: of the rule; detail: a right ("READ_FILE"), or "": all */
	DECISION_PORT,       /* name: the number; detail: "bind" or "connect" */
	DECISION_FAMILY,     /* name: "AF_INET" */
	DECISION_SCOPE,      /* name: "signal" or "abstract": dropped, it is confined */
	DECISION_CAPABILITY, /* name: "CAP_NET_RAW" */
	DECISION_LIMIT,      /* name: "NOFILE" */
};
#define N_DECISION_KINDS (DECISION_LIMIT + 1)

enum decision_verdict {
	VERDICT_DROPPED, /* not allowed though it was seen or implied */
	VERDICT_LOWERED, /* of a limit: `answer` is its value */
	VERDICT_NEEDED,  /* what was tried without it failed */
};
#define N_DECISION_VERDICTS (VERDICT_NEEDED + 1)

/*
 * Beside the evidence, never instead of it: what was found out by trying. A decision holds for the
 * evidence that it was made for, and is past when there is more of it than `covers`.
 */
struct profile_decision {
	enum decision_kind kind;
	enum decision_verdict verdict;
	char *name, *detail; /* bytes; detail may be "" */
	char *answer;        /* to a dropped call: "errno:ENOSYS" ...; "": as to any other */
	uint64_t covers;     /* how often it was seen; what has no count: profile_weight() */
	char *why;           /* one sentence fragment for people: the evidence */
};

struct profile {
	struct map programs; /* struct profile_program */
	struct map decisions; /* struct profile_decision */
	struct profile_tree tree;
	struct profile_run **runs;
	size_t n_runs;
};

/* ---- life ---- */

struct profile *profile_new(void);
void profile_free(struct profile *profile);

/* ---- adding; all return the entry, or NULL without memory ---- */

struct profile_program *profile_program(struct profile *p, const char *path, const char *build_id);
struct profile_call *profile_call(struct profile_program *p, enum phase phase, uint32_t arch,
				  int nr);
struct profile_path *profile_path(struct profile_program *p, enum phase phase, const char *path);
struct profile_socket *profile_socket(struct profile_program *p, enum phase phase, int family,
				      int type, int protocol);
struct profile_address *profile_address(struct profile_program *p, enum phase phase, bool bind,
					int family, int type, const char *address, uint16_t port);
struct profile_signal *profile_signal(struct profile_program *p, enum phase phase, int signal);
struct profile_library *profile_library(struct profile_program *p, const char *path,
					const char *build_id);
struct profile_peak *profile_peak(struct profile_program *p, int resource);
/* The same where it was measured, else NULL. */
const struct profile_peak *profile_find_peak(const struct profile_program *p, int resource);

/* Keeps the larger of what is there and what is given, each for itself. */
void profile_tree(struct profile *p, uint64_t memory, uint64_t tasks);

/* 0 or -ENOMEM. */
int profile_limit(struct profile_program *p, const char *why);

/*
 * Counts VALUE for an inspected argument of a call; MOST as in argspecs. Returns 1 when the value
 * was not known yet, 0 when it was (or there are too many), -ENOMEM.
 */
int profile_call_value(struct profile_call *call, unsigned index, unsigned most, uint64_t value,
		       uint64_t count);
/* The same for a value list that is already given up: the OR and the AND of unknown values. */
int profile_call_many(struct profile_call *call, unsigned index, uint64_t set_once,
		      uint64_t set_always);
/* The number of distinct values that an argument of the call keeps: argspec.most. */
unsigned profile_call_most(const struct profile_call *call, unsigned index);
/* What argument INDEX held, or NULL where it was not inspected. */
const struct profile_arg *profile_call_arg(const struct profile_call *call, unsigned index);
/* Counts a result: 0 for success or a positive errno. Returns 1 when it was new, 0, -ENOMEM. */
int profile_call_result(struct profile_call *call, int error, uint64_t count);
/*
 * Another learn's name for the call's number: kept when it is better than the one there is. A
 * real name is better than a made-up one; of two equals the first in byte order. 0 or -ENOMEM.
 */
int profile_call_name(struct profile_call *call, const char *name);
/*
 * Keeps the stack, cut after PROFILE_MOST_FRAMES, if it is among the first PROFILE_MOST_SITES in
 * byte order. Returns 1 when it was new and kept, 0, -ENOMEM.
 */
int profile_call_site(struct profile_call *call, const char *frames);
/*
 * Adds a decision (copied). With one about the same thing it becomes one that covers what both
 * cover: needed outranks lowered and dropped, the larger limit the smaller. 0 or -ENOMEM.
 */
int profile_decide(struct profile *p, const struct profile_decision *decision);
/* The decision about a thing, or NULL. */
const struct profile_decision *profile_decision(const struct profile *p, enum decision_kind kind,
						const char *name, const char *detail);
/* Forgets all decisions. */
void profile_undecide(struct profile *p);
/* All calls that were ever counted: grows with any evidence. */
uint64_t profile_weight(const struct profile *p);
/* The words of the file: "call", "dropped" ...; and back: 0 or -EINVAL. */
const char *decision_kind_name(enum decision_kind kind);
int decision_kind_parse(const char *word, enum decision_kind *ret);
const char *decision_verdict_name(enum decision_verdict verdict);
int decision_verdict_parse(const char *word, enum decision_verdict *ret);
/* Adds a run; takes ownership, also on failure. */
int profile_add_run(struct profile *p, struct profile_run *run);
struct profile_run *profile_run_new(void);
void profile_run_free(struct profile_run *run);

/*
 * Adds all of SRC to *DST; *DST is unchanged on failure (built anew, then swapped). Runs that are
 * equal in everything are one run. SRC may be *DST itself. 0 or -ENOMEM.
 */
int profile_merge(struct profile **dst, const struct profile *src);

/* True when nothing was recorded: no call of any program. */
bool profile_is_empty(const struct profile *p);
/* True when every run was recorded to its end. */
bool profile_is_complete(const struct profile *p);

/*
 * The values of one of the maps above in the order of the file, for the caller to free: by phase
 * first, then by number or in byte order. map->n of them; NULL without memory.
 */
void *profile_sorted(const struct map *map);

/* Counts stop at INT64_MAX, the largest integer of the file. */
static inline uint64_t profile_sum(uint64_t a, uint64_t b)
{
	const uint64_t most = INT64_MAX;
	uint64_t sum = (a < most ? a : most) + (b < most ? b : most);

	return sum < most ? sum : most;
}

/* ---- the file: format in docs/profile.schema.json ---- */

/* Largest profile that is read, in bytes. */
#define PROFILE_MAX_FILE (256u << 20)

/*
 * Reads PATH ("-": standard input). On failure one message "PATH:LINE:COLUMN: what" (or
 * "PATH: where in the document: what") has been written and the result is -errno: -EINVAL for
 * contents that are no profile, -ENOTSUP for another version, or that of open(2) and read(2).
 */
int profile_read(const char *path, struct profile **ret);

/* The same for LEN bytes at DATA; NAME stands for the path in messages. */
int profile_parse(const char *name, const char *data, size_t len, struct profile **ret);

/* Writes canonical JSON; 0 or -errno, no message. Two equal profiles are equal bytes. */
int profile_print(const struct profile *p, FILE *out);

/* Replaces PATH atomically; 0, or -errno with one message written. */
int profile_write(const struct profile *p, const char *path);

/*
 * 0 when PATH may be replaced by a profile: it does not exist, is a profile of any version, is
 * empty, or is no regular file (/dev/null). Otherwise -EEXIST after a message; unreadable: -errno.
 */
int profile_check_replaceable(const char *path);

/* 0 when what is no profile may replace PATH; -EEXIST after a message when a profile is there. */
int profile_check_spared(const char *path);

#endif
