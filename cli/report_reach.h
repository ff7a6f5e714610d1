/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a program did of what it could do. */
#ifndef LEARN_CLI_REPORT_REACH_H
#define LEARN_CLI_REPORT_REACH_H

#include "cli/page.h"
#include "profile/profile.h"

/* The calls within PROGRAM's reach: how many were exercised, and what leads to the others. */
void report_reach(struct page *page, const struct profile_program *program);

#endif
