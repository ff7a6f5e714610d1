/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a confined program was denied: one record for each kind of denial. */
#ifndef LEARN_CLI_DENIAL_H
#define LEARN_CLI_DENIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "event/event.h"
#include "policy/policy.h"

enum denial_kind {
	DENIAL_CALL,	 /* a system call that is not allowed at all */
	DENIAL_ARGUMENT, /* one that is, but not with the value of argument `index` */
	DENIAL_PATH,	 /* landlock: `rights` on `path`, for `effects` there or in it */
	DENIAL_PORT,	 /* landlock: TCP `port`, to `bind` or to connect */
	DENIAL_SCOPE,	 /* landlock: a signal, or an abstract socket, of a process outside */
	DENIAL_LIMIT,	 /* a resource limit: `resource`, which is `limit` */
};

struct denial {
	enum denial_kind kind;
	/*
	 * Calls and arguments: no, a filter said so. The others are known by the error that a call
	 * returned and what the policy does not give: there may be another reason as well.
	 */
	bool probable;
	/*
	 * What the program got: killed, trapped, an error (also of calls that the policy answers so
	 * by a rule, such as ENOSYS: `by_rule`), or nothing (ACTION_LOG: it was made).
	 */
	struct action answer;
	bool by_rule;
	uint64_t count; /* how often until now */
	pid_t pid, tid; /* of the first time, like all that follows */
	bool launching; /* the call is the one that executes the command: it has no program yet */
	char *program;	/* the executable, or "" when it could not be found out */
	bool has_call;	/* DENIAL_LIMIT by a signal: there is none */
	struct event_call call;
	char *name;	/* of the call; "" without one */
	char *shown[6]; /* arguments that have more to them than a number; or NULL */
	char **frames;	/* who called, innermost first: "module!symbol+0x1f" */
	size_t n_frames;
	unsigned index;	   /* DENIAL_ARGUMENT */
	char *path;	   /* DENIAL_PATH; of DENIAL_SCOPE the socket's name; or NULL */
	uint32_t rights;   /* DENIAL_PATH: LL_*, those that lack */
	uint32_t effects;  /* DENIAL_PATH: PATH_*, what the call does there */
	bool is_directory; /* DENIAL_PATH: `path` is one; below it is meant */
	uint16_t port;	   /* DENIAL_PORT */
	bool bind;
	int resource;	/* DENIAL_LIMIT */
	uint64_t limit; /* UINT64_MAX: none */
	uint64_t need;	/* of it, where that is known; else 0 */
};

/* All of a run, in order of their first time, each kind once. */
struct denials {
	struct denial **list;
	size_t n;
	uint64_t total;	   /* how often anything was denied */
	uint64_t left_out; /* of these, kinds beyond what is kept (DENIALS_MOST) */
};
#define DENIALS_MOST 1000

/* What belongs to a kind of place, but for `path`, becomes LIKE's. */
void denial_take_place(struct denial *denial, const struct denial *like);
void denial_free(struct denial *denial);
/* Frees all; leaves none. */
void denials_clear(struct denials *denials);

/*
 * Of denials that are alike the texts are equal: what was denied (call, argument and value, path
 * and rights, port, limit) to which program and with what answer. For the caller to free; NULL
 * without memory.
 */
char *denial_key(const struct denial *denial);

#endif
