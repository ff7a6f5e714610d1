/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The phases of a program's life that evidence is kept apart for. */
#ifndef LEARN_SYSDB_PHASE_H
#define LEARN_SYSDB_PHASE_H

enum phase {
	PHASE_LOAD, /* from exec to the program's entry point: the dynamic loader, constructors */
	PHASE_MAIN, /* from the entry point */
	PHASE_SERVING, /* from the event the user named */
	N_PHASES,
};

/* "load", "main", "serving". */
const char *phase_name(enum phase phase);
/* The phase of that name, or -EINVAL. */
int phase_from_name(const char *name);

#endif
