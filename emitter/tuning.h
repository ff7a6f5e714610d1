/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a filter's layout is best at: how the counts of a profile are weighed. */
#ifndef LEARN_EMITTER_TUNING_H
#define LEARN_EMITTER_TUNING_H

/*
 * The kernel (since 5.11) remembers which calls are allowed whatever their arguments and runs no
 * filter for them: on such a kernel only the others count.
 */
enum tune {
	TUNE_BALANCED, /* near the best for either */
	TUNE_UNCACHED, /* for kernels before 5.11, and under a second filter that looks closer */
	TUNE_CACHED,
	TUNE_OBSERVED, /* as uncached, for exactly the calls that were counted */
	TUNE_SOON,     /* soon made rather than fast: for a filter that is used once; has no word */
};

struct tuning {
	/* The weight of a call that the kernel remembers, relative to one that runs the filter. */
	double remembered;
	/* Added to each count, as a share of all: what was rare today may be common tomorrow. */
	double smoothing;
	/* The share of the whole that what was never seen is taken to have. */
	double unseen;
	/* How many values of a kind are picked from an interval at most: see emitter/layout.c. */
	unsigned picked;
};
/* The most that `picked` may be. */
#define TUNING_MOST_PICKED 8

/* "balanced", "uncached", "cached", "observed"; 0 or -EINVAL. */
int tune_parse(const char *word, enum tune *ret);
const struct tuning *tuning_of(enum tune tune);

#endif
