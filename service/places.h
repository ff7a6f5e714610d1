/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where things of a unit are: the same for all verbs, so that each finds what another made. */
#ifndef LEARN_SERVICE_PLACES_H
#define LEARN_SERVICE_PLACES_H

#include <stdbool.h>

struct places {
	char *state;	/* directory: what is known of the unit, and what we made */
	char *profile;	/* in it: the evidence */
	char *as_user;	/* in it: the evidence of the unit started as the user that it becomes */
	char *rerun;	/* in it: the evidence of the run that `why` makes */
	char *stopped;    /* in it: what was stopped for a while, with the unit itself */
	char *socket;	/* where the unit's programs come to be recorded */
	char *turn;	/* there while somebody is at work on the unit */
	char *recorder; /* name of the unit that records */
	char *recorder_file;
	char *recording; /* drop-in that has the unit recorded; gone after a reboot */
	char *confining; /* drop-in with the policy */
};

/*
 * Of the unit NAME of the system, or of the calling user. 0 or -errno after a message: a name that
 * is so long that none can be made of it is refused.
 */
int places_find(const char *name, bool user, struct places *ret);
void places_clear(struct places *places);

#endif
