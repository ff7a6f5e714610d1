/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program's calls as people read them. */
#ifndef LEARN_CLI_REPORT_CALLS_H
#define LEARN_CLI_REPORT_CALLS_H

#include "cli/page.h"
#include "profile/profile.h"

/* The columns of a count; in all tables, so that they stand below each other. */
#define COUNT_WIDTH 10

/* One table a phase and architecture. */
void report_calls(struct page *page, const struct profile_program *program);

/* The values of a call's arguments and its errors: lines that begin at INDENT. */
void report_call_details(struct page *page, const struct profile_call *call, int indent);

#endif
