/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of the network, and of other processes, is reached that the policy does not let reach. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "learner/comparison.h"
#include "sysdb/landlock.h"
#include "sysdb/names.h"

static bool is_internet(const struct profile_address *a)
{
	return a->family == AF_INET || a->family == AF_INET6;
}

/* A port that the kernel chose for a server, and that a client cannot know before. */
static bool is_chosen(const struct comparison *c, const struct profile_address *a)
{
	return !a->bind && a->port >= 32768 && !(c->all_old->handled_net & LL_CONNECT_TCP);
}

static bool has_port(const struct tally *tally, const struct profile_address *like)
{
	for (size_t p = 0; p < tally->n_programs; p++) {
		const struct map *addresses = &tally->programs[p]->addresses;

		for (size_t i = 0; i < addresses->n; i++) {
			const struct profile_address *a = addresses->entries[i].value;

			if (is_internet(a) && a->bind == like->bind && a->port == like->port &&
			    (a->type == like->type || !a->type || !like->type))
				return true;
		}
	}
	return false;
}

static const char *protocol_name(int type)
{
	return type == SOCK_STREAM ? "tcp" : type == SOCK_DGRAM ? "udp" : "ip";
}

static int compare_address(struct comparison *c, const struct profile_address *a)
{
	char *what;

	if (!is_internet(a) || has_port(&c->old.tally, a) || is_chosen(c, a))
		return 0;
	if (asprintf(&what, "%s %s %u", a->bind ? "bind" : "connect", protocol_name(a->type),
		     a->port) < 0)
		return -ENOMEM;
	return compare_add(c, NEED_PORT, what, "address %s, seen %" PRIu64 "x", a->address,
			   a->count);
}

int compare_addresses(struct comparison *c)
{
	int r = 0;

	for (size_t p = 0; p < c->new.tally.n_programs && r == 0; p++) {
		const struct map *addresses = &c->new.tally.programs[p]->addresses;

		for (size_t i = 0; i < addresses->n && r == 0; i++)
			r = compare_address(c, addresses->entries[i].value);
	}
	return r;
}

static bool has_family(const struct policy *policy, int family)
{
	for (size_t i = 0; i < policy->n_families; i++)
		if (policy->families[i].family == family)
			return true;
	return false;
}

int compare_families(struct comparison *c)
{
	int r = 0;

	for (size_t i = 0; i < c->new.policy->n_families && r == 0; i++) {
		const struct policy_family *family = &c->new.policy->families[i];

		if (!has_family(c->old.policy, family->family))
			r = compare_add(c, NEED_FAMILY, name_format(NAME_FAMILY, family->family),
					"%s", family->why);
	}
	return r;
}

int compare_scopes(struct comparison *c)
{
	static const struct {
		uint32_t scope;
		const char *what, *why;
	} scopes[] = {
		{ LL_SCOPE_ABSTRACT_UNIX, "abstract sockets",
		  "it connects to an abstract UNIX socket" },
		{ LL_SCOPE_SIGNAL, "signals outside",
		  "it sends a signal to a process that it did not start" },
	};
	uint32_t opened = c->old.policy->scopes & ~c->new.policy->scopes;
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(scopes) && r == 0; i++)
		if (opened & scopes[i].scope)
			r = compare_add(c, NEED_REACH, strdup(scopes[i].what), "%s", scopes[i].why);
	return r;
}
