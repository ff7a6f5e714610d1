/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The capabilities that what was seen needs. */
#ifndef LEARN_CLI_REPORT_CAPABILITIES_H
#define LEARN_CLI_REPORT_CAPABILITIES_H

#include "cli/page.h"
#include "profile/profile.h"

/* Those of the programs whose path matches GLOB (NULL: all), each with what shows it. */
void report_capabilities(struct page *page, const struct profile *p, const char *glob);

#endif
