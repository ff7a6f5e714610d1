/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What systemd-analyze(1) thinks of a unit's confinement. */
#ifndef LEARN_SERVICE_EXPOSURE_H
#define LEARN_SERVICE_EXPOSURE_H

#include "service/unit.h"

/*
 * The exposure ("9.6 UNSAFE") of the unit's own files, with DROP_IN (its text, or NULL) on top of
 * them: to be freed. 0, -ENOTSUP where systemd-analyze cannot tell, or -errno; without a message.
 */
int exposure_of(const struct unit *unit, const char *drop_in, char **ret);

#endif
