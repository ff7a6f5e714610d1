/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one profile needs that the policy of another does not give. */
#ifndef LEARN_LEARNER_COMPARE_H
#define LEARN_LEARNER_COMPARE_H

#include <stddef.h>

#include "learner/decide.h"
#include "profile/profile.h"

enum need_kind {
	NEED_PROGRAM,  /* a program that was not executed before */
	NEED_CALL,     /* a system call */
	NEED_ARGUMENT, /* a value of a call's argument */
	NEED_PATH,
	NEED_PORT,     /* bound or connected to */
	NEED_FAMILY,   /* of sockets */
	NEED_REACH,    /* abstract sockets or processes outside */
	NEED_LIMIT,
	N_NEED_KINDS,
};

struct need {
	enum need_kind kind;
	char *program; /* the executable's path */
	char *what;    /* "getdents64", "fcntl cmd F_SETLK", "/etc/passwd", "bind tcp 8080" ... */
	char *why;     /* one sentence fragment for people: the evidence */
};

struct needs {
	struct need *list; /* by program, kind and what */
	size_t n;
};

/* "program", "call" ... */
const char *need_kind_name(enum need_kind kind);

/*
 * What the programs of NEW did that the policy computed from OLD, program by program, would not
 * let them do. Programs are the same when their paths are. Counts do not matter; nor do names that
 * differ from run to run (paths_alike()) and calls that the old policy implies. 0, or -errno as
 * decide() has it. Free with needs_clear().
 */
int compare(const struct profile *old, const struct profile *new,
	    const struct decide_options *options, struct needs *ret);
void needs_clear(struct needs *needs);

#endif
