/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The arguments of a call as text, while whoever called is stopped. */
#ifndef LEARN_CLI_DECODE_H
#define LEARN_CLI_DECODE_H

#include "cli/denial.h"
#include "event/event.h"

/* What descriptors are and AT_FDCWD, into denial->shown. 0 or -ENOMEM. */
int decode_descriptors(struct denial *denial);

/*
 * The path or socket address that EVENT (EVENT_PATH, EVENT_ADDRESS) tells of the call: the Nth
 * (from 0) of its kind. 0 or -ENOMEM.
 */
int decode_place(struct denial *denial, const struct event *event, unsigned nth);

#endif
