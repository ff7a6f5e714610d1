/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A denied call as people read it. */
#ifndef LEARN_CLI_DENIAL_CALL_H
#define LEARN_CLI_DENIAL_CALL_H

#include <stdio.h>

#include "cli/denial.h"

/* "fcntl(3</tmp/f>, F_GETFL, 0)": numbers as a filter sees them. */
void denial_call_print(const struct denial *denial, FILE *out);

#endif
