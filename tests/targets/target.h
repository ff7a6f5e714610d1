/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the traced programs share: they stop at the first call that fails. */
#ifndef LEARN_TESTS_TARGET_H
#define LEARN_TESTS_TARGET_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* Exit status of a target that cannot show its behaviour here (automake's for skipped tests). */
#define EXIT_SKIP 77

/* The value of EXPRESSION; a negative one ends the program with a message. */
#define must(expression) must_be((long)(expression), #expression)
static inline long must_be(long value, const char *what)
{
	if (value < 0) {
		perror(what);
		_exit(EXIT_FAILURE);
	}
	return value;
}

/* Ends the program with a message unless CONDITION. */
#define check(condition) check_that((condition), #condition)
static inline void check_that(int condition, const char *what)
{
	if (!condition) {
		fprintf(stderr, "not so: %s\n", what);
		_exit(EXIT_FAILURE);
	}
}

/* Waits for PID and returns its exit status; a death by signal ends the program. */
static inline int status_of(pid_t pid)
{
	int status;

	must(waitpid(pid, &status, 0));
	check(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* The number in argument INDEX, or FALLBACK. */
static inline long number(int argc, char **argv, int index, long fallback)
{
	return index < argc ? strtol(argv[index], NULL, 10) : fallback;
}

#endif
