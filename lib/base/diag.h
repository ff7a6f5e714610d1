/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Messages to the user and the exit statuses of `learn`.
 *
 * The convention of the whole program: a function returns 0 (or a count) or a negative errno, and
 * whoever knows the place writes the one message, once:
 *
 *	return diag(-EINVAL, "unknown system call '%s'", word);
 */
#ifndef LEARN_BASE_DIAG_H
#define LEARN_BASE_DIAG_H

/* Exit statuses of our own while recording or running, as env(1) and timeout(1) have them. */
enum exit_status {
	EXIT_DIFFERENT = 1, /* `learn diff`: new needs */
	EXIT_TROUBLE = 2,   /* a verb that runs no command: usage, bad input, failed output */
	EXIT_LEARN = 125,   /* `learn` itself failed before or while the command ran */
	EXIT_CANNOT_EXECUTE = 126,
	EXIT_NOT_FOUND = 127,
	EXIT_SIGNALED = 128, /* plus the signal's number */
};

/*
 * Writes "learn: MESSAGE\n" to stderr in one write, control characters made visible, and returns
 * ERR unchanged.
 */
int diag(int err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* As diag(), with ": strerror(-ERR)" appended. */
int diag_errno(int err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* As diag(), for what is worth saying though nothing failed: "learn: warning: MESSAGE". */
void diag_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
