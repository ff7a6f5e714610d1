/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of paths, and which of them must stay writable under ProtectSystem=strict. */
#ifndef LEARN_EMITTER_SYSTEMD_PATHS_H
#define LEARN_EMITTER_SYSTEMD_PATHS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "emitter/emitters.h"
#include "policy/policy.h"

struct systemd_paths {
	char **v;
	size_t n;
};

/* Adds a path and takes it over, also on failure (NULL is one). 0 or -ENOMEM. */
int systemd_paths_add(struct systemd_paths *paths, char *path);
/* Puts the paths into order and drops those that are below another. */
void systemd_paths_settle(struct systemd_paths *paths);
/* Whether PATH is one of them or below one. */
bool systemd_paths_cover(const struct systemd_paths *paths, const char *path);
/* A line each: START, "-", the path. */
void systemd_paths_print(const struct systemd_paths *paths, const char *start, FILE *out);
void systemd_paths_clear(struct systemd_paths *paths);

/*
 * The paths that are written and the directories in which names come and go, settled; not those
 * that systemd leaves writable, nor those that a directive such as RuntimeDirectory= makes. 0 or
 * -ENOMEM.
 */
int systemd_writable_paths(const struct policy *p, const struct emit_options *options,
			   struct systemd_paths *ret);

/* Whether the drop-in leaves PATH and all below it writable by a rule of its own. */
bool systemd_leaves_writable(const struct policy *p, const struct emit_options *options,
			     const char *path);

/*
 * The directives for a service's own directories: NAME for the entries of BASE that are made
 * anew. Ends with a row whose name is NULL.
 */
struct systemd_directory {
	const char *name, *base; /* "RuntimeDirectory", "/run" */
	unsigned since;
};
extern const struct systemd_directory systemd_directories[];

/* Whether the entry of a base is one that such a directive makes. */
bool systemd_makes(const struct policy *p, const struct emit_options *options,
		   const struct systemd_directory *directory, const struct policy_use *use);

#endif
