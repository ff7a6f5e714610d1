/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a systemd unit says about the service that a drop-in is for. */
#ifndef LEARN_CLI_UNIT_FILE_H
#define LEARN_CLI_UNIT_FILE_H

#include "emitter/emitters.h"

/*
 * Reads a unit file, or what `systemctl cat UNIT` prints ("-": from standard input): the section
 * [Service], in which later lines take the place of earlier ones. Free with unit_facts_clear(). 0,
 * or -errno after a message.
 */
int unit_file_read(const char *path, struct unit_facts *ret);
void unit_facts_clear(struct unit_facts *facts);

#endif
