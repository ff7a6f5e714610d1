/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Evidence becomes a decision. */
#ifndef LEARN_LEARNER_DECIDE_H
#define LEARN_LEARNER_DECIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/policy.h"
#include "profile/profile.h"
#include "sysdb/phase.h"

/* How far a path rule may reach beyond the path that was seen. */
enum path_mode {
	PATHS_AUTO,  /* names that do not last and crowded directories become the directory */
	PATHS_EXACT, /* what was seen, and nothing beside it */
	PATHS_DIR,   /* each file's directory, where that is not too wide */
};

struct decide_options {
	struct action action; /* for what is not allowed; start from decide_defaults */
	bool arguments;       /* --args=all (or none) */
	enum path_mode paths; /* --paths */
	const char *program;  /* --program=GLOB over paths of programs (fnmatch); NULL: all */
	enum phase from;      /* --phase: what came earlier is left out; PHASE_LOAD: all */
	bool portable;        /* --portable: other libraries' ways to do the same */
	bool view;            /* what has to be in sight, too (USE_SIGHT) */
	uint32_t arch;        /* --arch: its calls only, or those of others by name; 0: as seen */
	bool no_baseline, no_vdso, no_fallback; /* leave these implied calls out */
	/*
	 * Not NULL: the service is started as another user, as which this recording of it was made.
	 * What it did as root to become that user, and to have what is the user's, is not allowed.
	 */
	const struct profile *as_user;
	bool no_decisions; /* what the profile decides by trials counts for nothing */
	const char *const *allow; /* --allow: words as wishes.h has them; n_allow of them */
	size_t n_allow;
	const char *const *deny; /* --deny */
	size_t n_deny;
};

/* Kill, with arguments, all programs, all phases, all that is implied. */
extern const struct decide_options decide_defaults;

/*
 * The policy for the evidence. -ENODATA after a message when there is no call in it (an empty
 * profile must not become an empty allow-list), -EINVAL after a message for a word in options that
 * is not understood or cannot be done, -E2BIG after a message for calls of more architectures than
 * a policy has room for, -ENOMEM.
 */
int decide(const struct profile *profile, const struct decide_options *options,
	   struct policy **ret);

#endif
