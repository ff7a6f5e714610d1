/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls that reading code does not find behind a symbol. */
#ifndef LEARN_LEARNER_REACH_TABLE_H
#define LEARN_LEARNER_REACH_TABLE_H

struct reach_symbol {
	const char *symbol, *call;
};

/* Ends with a row whose symbol is NULL. */
extern const struct reach_symbol reach_table[];

#endif
