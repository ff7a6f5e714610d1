/* SPDX-License-Identifier: GPL-3.0-or-later */
/* systemd's groups of system calls, as far as they matter to an exact list. */
#ifndef LEARN_EMITTER_SYSTEMD_GROUPS_H
#define LEARN_EMITTER_SYSTEMD_GROUPS_H

/*
 * What systemd adds in silence to every allow-list: the group @default. Ends with NULL. Taking a
 * name away that another version of systemd does not add does no harm.
 */
extern const char *const systemd_default_calls[];

#endif
