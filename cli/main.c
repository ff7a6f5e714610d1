/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line's first word: a verb, or a command to record. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/file.h"
#include "cli/commands.h"
#include "config.h"

static int print_usage(void)
{
	fputs("Usage: learn [-o FILE] [--] COMMAND...\n"
	      "       learn VERB ...\n\n"
	      "Watches a program run and writes the least-privilege policy for it.\n\n"
	      "Verbs:\n",
	      stdout);
	for (const struct command *c = commands; c->name; c++)
		printf("  %-8s %s\n", c->name, c->summary);
	fputs("\n"
	      "'learn VERB --help' tells more. To record a command whose name is a verb:\n"
	      "learn -- VERB ...\n\n"
	      "  -h, --help     show this help\n"
	      "      --version  show the version\n",
	      stdout);
	return EXIT_SUCCESS;
}

static int print_version(void)
{
	puts("learn " PACKAGE_VERSION);
	return EXIT_SUCCESS;
}

static int dispatch(int argc, char **argv)
{
	const struct command *c = argc > 1 ? command_by_name(argv[1]) : NULL;

	if (c)
		return c->run(c, argc - 1, argv + 1);
	if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
		return print_usage();
	if (argc > 1 && strcmp(argv[1], "--version") == 0)
		return print_version();
	/* No verb: record; argv[0] takes the place of the verb's name. */
	c = command_by_name("record");
	argv[0] = (char *)"record";
	return c->run(c, argc, argv);
}

int main(int argc, char **argv)
{
	int status = dispatch(argc, argv);

	return flush_stdout() < 0 && !status ? EXIT_TROUBLE : status;
}
