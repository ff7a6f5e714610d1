/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a filter's layout is best at: how the counts of a profile are weighed. */
#include "emitter/tuning.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"

/*
 * Measured on nine programs (bench/filters). Of what the kernel remembers: 1 is best without its
 * memory, .001 with it, .25 is near the knee between them. Smoothing of .1% bears what the other
 * half of a trace brings. With .05% for each range of unseen numbers the longest way is near that
 * through a balanced tree, and the mean within 1% of the least; with nothing they pile up at the
 * end of it.
 */
#define SMOOTHING 1e-3
#define UNSEEN 5e-4

static const struct {
	const char *word;
	struct tuning tuning;
} tunes[] = {
	[TUNE_BALANCED] = { "balanced", { 0.25, SMOOTHING, UNSEEN, TUNING_MOST_PICKED } },
	[TUNE_UNCACHED] = { "uncached", { 1, SMOOTHING, UNSEEN, TUNING_MOST_PICKED } },
	[TUNE_CACHED] = { "cached", { 0.001, SMOOTHING, UNSEEN, TUNING_MOST_PICKED } },
	[TUNE_OBSERVED] = { "observed", { 1, 0, 0, TUNING_MOST_PICKED } },
	[TUNE_SOON] = { NULL, { 0.25, SMOOTHING, UNSEEN, 0 } },
};

int tune_parse(const char *word, enum tune *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(tunes); i++) {
		if (tunes[i].word && strcmp(tunes[i].word, word) == 0) {
			*ret = (enum tune)i;
			return 0;
		}
	}
	return -EINVAL;
}

const struct tuning *tuning_of(enum tune tune)
{
	return &tunes[tune].tuning;
}
