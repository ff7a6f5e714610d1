/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The commands of a service (systemd.service(5), COMMAND LINES), made to come to be recorded: each
 * is preceded by `learn service exec`, which executes it in the same process. What follows stays as
 * it was written: specifiers, variables and quotes are the manager's to read.
 */
#ifndef LEARN_SERVICE_EXEC_LINES_H
#define LEARN_SERVICE_EXEC_LINES_H

#include <stdio.h>

#include "service/unit_file.h"

/* The names of the settings that hold commands; ends with NULL. */
extern const char *const exec_names[];

/*
 * Writes the lines that take the place of all commands of SETTINGS. LEARN: the program's path;
 * SOCKET: where it goes. Commands that run with full privileges ("+") are outside of all that
 * confines the service, and are left as they are. Returns how many commands will be recorded, or
 * -errno after a message.
 */
int exec_lines_write(const struct settings *settings, const char *learn, const char *socket,
		     FILE *out);

/*
 * Writes the lines by which no command of SETTINGS has root's groups and user any more but by the
 * prefix "+": without "!". Those of FIRST come before each other ExecStartPre=. 0 or -errno after a
 * message.
 */
int exec_lines_write_as_user(const struct settings *settings, const char *first, FILE *out);

/*
 * Calls SEE for each command that is recorded, with the setting and the program as it is written
 * but for quotes around it. 0 or -errno after a message.
 */
int exec_lines_each(const struct settings *settings,
		    void (*see)(void *state, const char *name, const char *program), void *state);

/* A word of a unit file that means WORD and nothing else, whatever is in it. */
void exec_quote(const char *word, FILE *out);

#endif
