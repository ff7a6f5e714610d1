/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One comparison of restrictions with needs, while it is made. */
#ifndef LEARN_SERVICE_COMPARISON_H
#define LEARN_SERVICE_COMPARISON_H

#include "service/compare.h"

struct comparison {
	const struct restrictions *in_force;
	const struct profile *seen;
	const struct policy *policy;
	const char *text;      /* of the drop-in that is needed */
	struct settings needs; /* the same, read */
	FILE *out;
	int found;
};

/* Names a setting that stands against what was seen, with the value that mends it. */
void comparison_tell(struct comparison *c, const char *setting, const char *why, const char *mend);

/* Settings that name paths: all at once, because what one hides or closes another may give. */
void compare_paths(struct comparison *c);
/* Exceptions from other settings: each that is needed has to be there, word by word. */
void compare_grants(struct comparison *c);

#endif
