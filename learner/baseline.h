/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls that are allowed though they were not seen, or get an answer of their own. */
#ifndef LEARN_LEARNER_BASELINE_H
#define LEARN_LEARNER_BASELINE_H

enum implied_when {
	IMPLIED_ALWAYS,   /* by every program, sooner or later */
	IMPLIED_LAUNCHED, /* by whoever puts the filter on and then executes the program */
	IMPLIED_THREADS,  /* by programs with threads: whether they meet is a matter of timing */
	IMPLIED_VDSO,     /* by programs that can, where the kernel needs a call for it */
};

struct implied_call {
	const char *name; /* ignored on architectures that do not have it */
	const char *why;
	enum implied_when when;
};

/* Ends with a row whose name is NULL. */
extern const struct implied_call baseline_table[];

/*
 * Calls that newer libraries try first and do without when the kernel does not have them: where
 * they were not seen the answer is ENOSYS, because libraries fall back on nothing else. Ends with
 * NULL.
 */
extern const char *const fallback_table[];

#endif
