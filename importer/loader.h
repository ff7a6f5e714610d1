/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the kernel itself opens when a program is executed, which no log shows. */
#ifndef LEARN_IMPORTER_LOADER_H
#define LEARN_IMPORTER_LOADER_H

/*
 * The dynamic loader that the executable at PATH names (ELF's PT_INTERP), links resolved, for the
 * caller to free. NULL where there is no such file here, or it names none.
 */
char *loader_of(const char *path);

#endif
