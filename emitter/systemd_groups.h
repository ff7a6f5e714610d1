/* SPDX-License-Identifier: GPL-3.0-or-later */
/* systemd's groups of system calls, as far as they matter to an exact list. */
#ifndef LEARN_EMITTER_SYSTEMD_GROUPS_H
#define LEARN_EMITTER_SYSTEMD_GROUPS_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/policy.h"

/*
 * What systemd adds in silence to every allow-list: the group @default. Ends with NULL. Taking a
 * name away that another version of systemd does not add does no harm.
 */
extern const char *const systemd_default_calls[];

/* The groups of one version of systemd. */
struct systemd_groups {
	struct systemd_group {
		const char *name; /* "@chown" */
		size_t first, n;  /* its words: names of calls and of groups */
	} *v;
	size_t n, n_words;
	const char **words;
	char *text; /* what names and words point into */
};

/*
 * Reads what `systemd-analyze syscall-filter` prints. 0, -ENOMEM, -EINVAL when TEXT has no groups
 * or not all of them. Free with systemd_groups_clear() in either case.
 */
int systemd_groups_read(const char *text, struct systemd_groups *ret);
void systemd_groups_clear(struct systemd_groups *groups);

/* Whether the call is in the group, or in one within it. */
bool systemd_group_has(const struct systemd_groups *groups, size_t index, const char *call);
/* The calls of @default in this version, as an array that ends with NULL, to be freed; or NULL. */
const char **systemd_groups_default(const struct systemd_groups *groups);

/*
 * Whether the group stands for calls that the policy allows and for no others, as far as they exist
 * on the policy's architectures. A call that libseccomp here does not know may exist elsewhere.
 */
bool systemd_group_is_allowed(const struct systemd_groups *groups, size_t index,
			      const struct policy *p);

#endif
