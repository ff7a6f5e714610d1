/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The evidence as people read it. All text from the profile is made visible: it may come from
 * anywhere.
 */
#ifndef LEARN_CLI_REPORT_H
#define LEARN_CLI_REPORT_H

#include "cli/page.h"
#include "profile/profile.h"

/* What concerns the whole profile, which people know as NAME: whether it is complete, its runs. */
void report_profile(struct page *page, const char *name, const struct profile *p);

/* One program: calls by frequency, paths, sockets, addresses, signals, peaks. */
void report_program(struct page *page, const struct profile_program *program);

#endif
