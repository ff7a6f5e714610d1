/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many arguments system calls have. */
#ifndef LEARN_SYSDB_ARITY_H
#define LEARN_SYSDB_ARITY_H

/* From 0 to 6, of the name on any architecture; -1 where that is not known. */
int syscall_arity(const char *name);

#endif
