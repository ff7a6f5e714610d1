/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options by table: parsing, help and completion come from the same rows. */
#ifndef LEARN_CLI_OPTIONS_H
#define LEARN_CLI_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

struct option_row {
	int id;            /* what options_next() returns; the letter for options that have one */
	char letter;       /* 'o' for -o, 0 for none */
	const char *name;  /* "output" */
	const char *value; /* "FILE"; "[FILE]" when it may be left out; NULL: takes none */
	const char *help;  /* one clause; shown by --help */
};

/* Ends a table. */
#define OPTIONS_END { 0, 0, NULL, NULL, NULL }

/* Every verb has --help (it is in no table). */
#define OPTION_HELP 'h'

struct option_parser {
	const struct option_row *const *tables; /* ends with NULL */
	int argc;
	char **argv;     /* argv[0] is the verb's name, for messages */
	int index;       /* of the next word: after OPTIONS_DONE the first operand */
	const char *value;
	bool mixed;      /* options may follow operands, which stand together after OPTIONS_DONE */
	int n_operands;  /* that options_next() passed by */
};

#define OPTIONS_DONE (-1)
#define OPTIONS_BAD (-2)

/*
 * The next option's id with parser->value set, OPTIONS_DONE at the first operand or after "--",
 * OPTIONS_BAD after a message. A mixed parser is done at the end; its operands are then the words
 * from parser->index to parser->argc, with a NULL behind them.
 */
int options_next(struct option_parser *parser);

/* The rows as help: two columns within 80. */
void options_print_help(const struct option_row *const *tables, FILE *out);

#endif
