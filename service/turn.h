/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One at a time is at work on a unit. */
#ifndef LEARN_SERVICE_TURN_H
#define LEARN_SERVICE_TURN_H

/*
 * Takes the turn, which is the file PATH with a lock on it: a descriptor to end it with. A process
 * that dies ends its turn. -EBUSY while another has it, or another -errno; without a message.
 */
int turn_take(const char *path);
/* Removes the file, and its directory where that is empty then. Nothing for FD -1. */
void turn_end(const char *path, int fd);

#endif
