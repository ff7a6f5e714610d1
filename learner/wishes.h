/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A person's own words about a policy: --allow and --deny. */
#ifndef LEARN_LEARNER_WISHES_H
#define LEARN_LEARNER_WISHES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "profile/profile.h"

struct decide_options;
struct decision;

enum wish_kind {
	WISH_CALL,     /* CALL */
	WISH_ARGUMENT, /* CALL:ARGUMENT=VALUE */
	WISH_PATH,     /* path:PATH:RIGHTS */
	WISH_PORT,     /* tcp:bind:PORT, tcp:connect:PORT */
	WISH_FAMILY,   /* family:AF_NAME */
	WISH_SCOPE,    /* scope:signal, scope:abstract */
	WISH_CAPABILITY, /* capability:CAP_NAME */
	WISH_LIMIT,    /* limit:NAME=VALUE: no lower when allowed, no higher when denied */
};

struct wish {
	enum wish_kind kind;
	bool deny;
	char *name;	/* of the call, or the path */
	unsigned index; /* WISH_ARGUMENT */
	uint64_t value;
	uint32_t effects; /* WISH_PATH: PATH_* */
	bool directory;	  /* the path ends with a slash: it and all below */
	uint16_t port;
	bool bind;
	int family;
	uint32_t scope; /* LL_SCOPE_* */
	int capability, resource;
	uint64_t limit; /* UINT64_MAX: none */
};

struct wishes {
	struct wish *list;
	size_t n;
};

/* Reads the words of OPTIONS. 0, -EINVAL after a message, -ENOMEM. Clear with wishes_clear(). */
int wishes_parse(const struct decide_options *options, struct wishes *ret);
void wishes_clear(struct wishes *wishes);

/* Whether one of them is about the whole call: allowed, or denied. */
bool wishes_have_call(const struct wishes *wishes, bool deny, const char *name);

/* Whether one of them allows what DECISION is about, or a part of it. */
bool wishes_protect(const struct wishes *wishes, const struct profile_decision *decision);
/* Whether one of them denies the capability that DECISION is about. */
bool wishes_forbid(const struct wishes *wishes, const struct profile_decision *decision);

/*
 * Carry them out, in three steps of a decision: calls and values that are allowed, once the calls
 * that were seen are there; values that are denied, once all calls are; then all other things.
 * 0, -EINVAL after a message for what a policy cannot express, -ENOMEM.
 */
int wishes_allow_calls(struct decision *d);
int wishes_deny_values(struct decision *d);
int wishes_change_rest(struct decision *d);

#endif
