/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Recording a unit in place: a drop-in that has its programs come to be recorded, and a unit of
 * ours that records them from outside of the service's confinement, user and control group.
 */
#ifndef LEARN_SERVICE_RECORDING_H
#define LEARN_SERVICE_RECORDING_H

#include "service/unit.h"

enum recording_of {
	RECORDING_LEARNS, /* into unit_profile(); its own restrictions stay, but what hinders */
	RECORDING_WHY,	  /* into places.rerun; nothing restricts it */
};

/*
 * Makes both and starts the recorder; the unit itself is not restarted. On failure all is taken
 * back. 0 or -errno after a message.
 */
int recording_begin(struct unit *unit, enum recording_of of);

#endif
