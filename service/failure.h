/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why a service has failed, as far as the manager, the journal and the audit records tell. */
#ifndef LEARN_SERVICE_FAILURE_H
#define LEARN_SERVICE_FAILURE_H

#include <stdio.h>

#include "service/unit.h"

enum failure {
	FAILURE_NONE,  /* it runs, or ended well */
	FAILURE_OPEN,  /* it failed; which setting did it is not known from here */
	FAILURE_CALL,  /* it was killed for a system call; which one is not known */
	FAILURE_FOUND, /* the setting is named */
};

/* Writes what can be told, for people; what else it takes is the answer. */
enum failure failure_tell(const struct unit *unit, FILE *out);

#endif
