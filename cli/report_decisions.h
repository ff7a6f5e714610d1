/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was decided by trying, as people read it. */
#ifndef LEARN_CLI_REPORT_DECISIONS_H
#define LEARN_CLI_REPORT_DECISIONS_H

#include <stddef.h>

#include "cli/page.h"
#include "profile/profile.h"

/*
 * The decisions of the profile by verdict, each with its reason; only those about NAME (of a call,
 * a path, a limit ...) unless that is NULL. How many there were.
 */
size_t report_decisions(struct page *page, const struct profile *p, const char *name);

#endif
