/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A unit: what the manager says of it, what its files say, and where our things for it are. */
#ifndef LEARN_SERVICE_UNIT_H
#define LEARN_SERVICE_UNIT_H

#include <stdbool.h>

#include "service/places.h"
#include "service/systemctl.h"
#include "service/undo.h"
#include "service/unit_file.h"

struct unit {
	bool user;
	char *name; /* as the manager calls it: with its suffix, no alias */
	struct places places;
	struct undo undo;
	struct properties facts; /* as of the last unit_refresh() */
	struct settings own;	 /* of its files without ours */
	struct settings learned; /* of our confining drop-in; empty without one */
	int turn;		 /* from unit_take_turn(); else -1 */
};

/*
 * A service that the manager knows, or, unless it MUST_EXIST, one that it does not know (any more).
 * 0 or -errno after a message. Free with unit_clear().
 */
int unit_find(const char *name, bool user, bool must_exist, struct unit *ret);
void unit_clear(struct unit *unit);

/*
 * For who changes something: nobody else does so before unit_clear(). All is read anew. 0, -EBUSY
 * after a message while another is at work on the unit, or another -errno after a message.
 */
int unit_take_turn(struct unit *unit);

/* Asks the manager anew, and reads the files anew. 0 or -errno after a message. */
int unit_refresh(struct unit *unit);

/* Whether it runs, or is about to. */
bool unit_is_active(const struct unit *unit);

/* Whether it is being recorded: our drop-in is there. */
bool unit_is_recorded(const struct unit *unit);

/* Whether our confining drop-in starts it as the user that it would become by itself. */
bool unit_starts_as_user(const struct unit *unit);
/* Where what is recorded of the unit as it starts now belongs. */
const char *unit_profile(const struct unit *unit);

/* Has the manager read all unit files. 0 or -errno after a message. */
int unit_reload_manager(const struct unit *unit);

/*
 * Restarts the unit and waits until it is up and has been so for SETTLE_MS, with no restart
 * in between. A service that is to end by itself (oneshot) has to succeed. 0, -EIO when it does
 * not come up, or another -errno; without a message about the unit, for unit_why() has more to say.
 */
int unit_restart(struct unit *unit, unsigned settle_ms);

/*
 * Stops the unit for a while. That, and which others have to stop with it, is noted until
 * unit_go_on(), so that a crash in between does not leave them so. 0 or -errno after a message.
 */
int unit_stop(struct unit *unit);
bool unit_was_stopped(const struct unit *unit);
/* The unit itself has been started again: so are the others, and nothing is noted any more. */
int unit_go_on(struct unit *unit);

/* Takes the recorder and the recording drop-in away; the manager has to be told. 0 or -errno. */
int unit_end_recording(struct unit *unit);

#endif
