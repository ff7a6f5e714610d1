/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each program of a service adds to what all of them may do. */
#ifndef LEARN_CLI_SERVICE_SHARES_H
#define LEARN_CLI_SERVICE_SHARES_H

#include <stdio.h>

#include "profile/profile.h"

/* As comments of a drop-in; nothing for a service of one program. 0 or -ENOMEM. */
int service_write_shares(const struct profile *profile, FILE *out);

#endif
