/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A policy's beginning and end, and what is taken out of it. */
#include "policy/policy.h"

#include <stdlib.h>
#include <string.h>

/* ---- life ---- */

struct policy *policy_new(void)
{
	struct policy *p = calloc(1, sizeof(*p));

	if (p)
		p->action.kind = ACTION_KILL;
	return p;
}

static void free_checks(struct policy_check *checks, size_t n)
{
	for (size_t c = 0; c < n; c++) {
		free(checks[c].values);
		free(checks[c].counts);
	}
	free(checks);
}

static void clear_call(struct policy_call *call)
{
	free_checks(call->checks, call->n_checks);
	free_checks(call->held, call->n_held);
	free(call->name);
	free(call->why);
}

static void free_calls(struct policy *p)
{
	for (size_t i = 0; i < p->n_calls; i++)
		clear_call(&p->calls[i]);
	free(p->calls);
}

static void free_strings(char **strings, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(strings[i]);
	free(strings);
}

void policy_free(struct policy *p)
{
	if (!p)
		return;
	free_calls(p);
	for (size_t i = 0; i < p->n_denials; i++) {
		free(p->denials[i].name);
		free(p->denials[i].why);
	}
	for (size_t i = 0; i < p->n_paths; i++) {
		free(p->paths[i].path);
		free(p->paths[i].why);
	}
	for (size_t i = 0; i < p->n_ports; i++)
		free(p->ports[i].why);
	for (size_t i = 0; i < p->n_families; i++)
		free(p->families[i].why);
	for (size_t i = 0; i < p->n_limits; i++)
		free(p->limits[i].why);
	for (size_t i = 0; i < p->n_capabilities; i++)
		free(p->capabilities[i].why);
	for (size_t i = 0; i < p->n_addresses; i++)
		free(p->addresses[i].address);
	for (size_t i = 0; i < p->n_uses; i++)
		free(p->uses[i].path);
	free(p->addresses);
	for (size_t i = 0; i < p->n_seen_paths; i++)
		free(p->seen_paths[i].path);
	free(p->seen_paths);
	free(p->uses);
	free(p->capabilities);
	free(p->denials);
	free(p->paths);
	free(p->ports);
	free(p->families);
	free(p->limits);
	free_strings(p->programs, p->n_programs);
	for (size_t i = 0; i < p->n_notes; i++) {
		free(p->notes[i].path);
		free(p->notes[i].text);
	}
	free(p->notes);
	free(p);
}

/* ---- taking out ---- */

/*
 * Closes the gap at I of *N elements. The array stays as large as it was made, which a later
 * grow() counts on: it only enlarges at powers of two, and may then enlarge needlessly.
 */
static void close_gap(void *array, size_t *n, size_t i, size_t size)
{
	char *gap = (char *)array + i * size;

	memmove(gap, gap + size, (*n - i - 1) * size);
	--*n;
}

void policy_drop_call(struct policy *p, size_t i)
{
	clear_call(&p->calls[i]);
	close_gap(p->calls, &p->n_calls, i, sizeof(*p->calls));
}

void policy_drop_path(struct policy *p, size_t i)
{
	free(p->paths[i].path);
	free(p->paths[i].why);
	close_gap(p->paths, &p->n_paths, i, sizeof(*p->paths));
}

void policy_drop_port(struct policy *p, size_t i)
{
	free(p->ports[i].why);
	close_gap(p->ports, &p->n_ports, i, sizeof(*p->ports));
}

void policy_drop_family(struct policy *p, size_t i)
{
	free(p->families[i].why);
	close_gap(p->families, &p->n_families, i, sizeof(*p->families));
}

void policy_drop_limit(struct policy *p, size_t i)
{
	free(p->limits[i].why);
	close_gap(p->limits, &p->n_limits, i, sizeof(*p->limits));
}

void policy_drop_capability(struct policy *p, size_t i)
{
	free(p->capabilities[i].why);
	close_gap(p->capabilities, &p->n_capabilities, i, sizeof(*p->capabilities));
}
