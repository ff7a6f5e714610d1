/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking the manager, by way of systemctl(1): it finds its way to either manager by itself. */
#ifndef LEARN_SERVICE_SYSTEMCTL_H
#define LEARN_SERVICE_SYSTEMCTL_H

#include <stdbool.h>
#include <stddef.h>

/* "Name=value" lines as `systemctl show` prints them. */
struct properties {
	char *text;   /* the names and values, each ended by NUL */
	char **lines; /* each: name, NUL, value */
	size_t n;
};

/* What systemctl is asked for: NAMES is a list with commas. 0 or -errno after a message. */
int systemctl_show(bool user, const char *unit, const char *names, struct properties *ret);
void properties_clear(struct properties *properties);

/*
 * The next word of a value that is a list: *REST, which is changed, goes on behind it. NULL after
 * the last. Words with a backslash or a space in them are in quotes, with escapes for both.
 */
char *property_word(char **rest);

/* The value, or "" for one that the manager does not know. */
const char *property(const struct properties *properties, const char *name);

/*
 * Runs `systemctl WORDS...` (ends with NULL) to its end: its exit status, or -errno after a
 * message. What it says goes to standard error, unless QUIET.
 */
int systemctl(bool user, bool quiet, const char *const *words);

/* The same for one unit: `systemctl VERB UNIT`. */
int systemctl_unit(bool user, const char *verb, const char *unit);

/* Whether systemd is built with FEATURE ("BPF_FRAMEWORK"), as far as it tells. */
bool systemctl_has_feature(const char *feature);

#endif
