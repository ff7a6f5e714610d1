/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls that reading code does not find behind a symbol: pointers and signals lead there. */
#include "learner/reach_table.h"

#include <stddef.h>

const struct reach_symbol reach_table[] = {
	/* The trampoline that the kernel returns to from a handler is reached by a pointer. */
	{ "sigaction", "rt_sigreturn" },
	{ "signal", "rt_sigreturn" },
	{ NULL, NULL },
};
