/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order of a policy's lists. */
#include "policy/policy.h"

#include <stdlib.h>
#include <string.h>

#include "sysdb/rlimits.h"

/* -1, 0 or 1. */
#define COMPARE(a, b) (((a) > (b)) - ((a) < (b)))

static int compare_calls(const void *pa, const void *pb)
{
	const struct policy_call *a = pa, *b = pb;
	int r = COMPARE(b->count, a->count);

	if (!r)
		r = strcmp(a->name, b->name);
	return r ? r : COMPARE(a->arch, b->arch);
}

static int compare_checks(const void *pa, const void *pb)
{
	const struct policy_check *a = pa, *b = pb;

	return COMPARE(a->index, b->index);
}

static int compare_denials(const void *pa, const void *pb)
{
	const struct policy_denial *a = pa, *b = pb;
	int r = COMPARE(a->arch, b->arch);

	return r ? r : COMPARE(a->nr, b->nr);
}

static int compare_paths(const void *pa, const void *pb)
{
	const struct policy_path *a = pa, *b = pb;

	return strcmp(a->path, b->path);
}

static int compare_ports(const void *pa, const void *pb)
{
	const struct policy_port *a = pa, *b = pb;
	int r = COMPARE(b->bind, a->bind);

	return r ? r : COMPARE(a->port, b->port);
}

static int compare_families(const void *pa, const void *pb)
{
	const struct policy_family *a = pa, *b = pb;

	return COMPARE(a->family, b->family);
}

static int compare_limits(const void *pa, const void *pb)
{
	const struct policy_limit *a = pa, *b = pb;
	const struct rlimit_info *ia = rlimit_by_number(a->resource);
	const struct rlimit_info *ib = rlimit_by_number(b->resource);

	return COMPARE(ia, ib);
}

static int compare_capabilities(const void *pa, const void *pb)
{
	const struct policy_capability *a = pa, *b = pb;

	return COMPARE(a->capability, b->capability);
}

static int compare_addresses(const void *pa, const void *pb)
{
	const struct policy_address *a = pa, *b = pb;
	int r = COMPARE(b->bind, a->bind);

	r = r ? r : COMPARE(a->family, b->family);
	r = r ? r : COMPARE(a->type, b->type);
	r = r ? r : COMPARE(a->port, b->port);
	return r ? r : strcmp(a->address, b->address);
}

static int compare_seen_paths(const void *pa, const void *pb)
{
	const struct policy_seen_path *a = pa, *b = pb;

	return strcmp(a->path, b->path);
}

static int compare_uses(const void *pa, const void *pb)
{
	const struct policy_use *a = pa, *b = pb;
	int r = COMPARE(a->kind, b->kind);

	return r ? r : strcmp(a->path, b->path);
}

static int compare_strings(const void *pa, const void *pb)
{
	return strcmp(*(char *const *)pa, *(char *const *)pb);
}

static int compare_notes(const void *pa, const void *pb)
{
	const struct policy_note *a = pa, *b = pb;

	return strcmp(a->text, b->text);
}

static void sort(void *array, size_t n, size_t size, int (*compare)(const void *, const void *))
{
	if (n) /* qsort(3) must not be given NULL */
		qsort(array, n, size, compare);
}

static bool value_goes_before(const struct policy_check *check, size_t i, size_t j)
{
	if (check->counts[i] != check->counts[j])
		return check->counts[i] > check->counts[j];
	return check->values[i] < check->values[j];
}

static void swap_values(struct policy_check *check, size_t i, size_t j)
{
	uint64_t value = check->values[i], count = check->counts[i];

	check->values[i] = check->values[j];
	check->counts[i] = check->counts[j];
	check->values[j] = value;
	check->counts[j] = count;
}

/* By insertion: there are few, and values and counts must move together. */
static void sort_values(struct policy_check *check)
{
	for (size_t i = 1; i < check->n_values; i++)
		for (size_t j = i; j > 0 && value_goes_before(check, j, j - 1); j--)
			swap_values(check, j, j - 1);
}

void policy_sort(struct policy *p)
{
	sort(p->calls, p->n_calls, sizeof(*p->calls), compare_calls);
	for (size_t i = 0; i < p->n_calls; i++) {
		struct policy_call *call = &p->calls[i];

		sort(call->checks, call->n_checks, sizeof(*call->checks), compare_checks);
		for (size_t c = 0; c < call->n_checks; c++)
			sort_values(&call->checks[c]);
	}
	sort(p->denials, p->n_denials, sizeof(*p->denials), compare_denials);
	sort(p->paths, p->n_paths, sizeof(*p->paths), compare_paths);
	sort(p->ports, p->n_ports, sizeof(*p->ports), compare_ports);
	sort(p->families, p->n_families, sizeof(*p->families), compare_families);
	sort(p->limits, p->n_limits, sizeof(*p->limits), compare_limits);
	sort(p->capabilities, p->n_capabilities, sizeof(*p->capabilities), compare_capabilities);
	sort(p->addresses, p->n_addresses, sizeof(*p->addresses), compare_addresses);
	sort(p->seen_paths, p->n_seen_paths, sizeof(*p->seen_paths), compare_seen_paths);
	sort(p->uses, p->n_uses, sizeof(*p->uses), compare_uses);
	sort(p->programs, p->n_programs, sizeof(*p->programs), compare_strings);
	sort(p->notes, p->n_notes, sizeof(*p->notes), compare_notes);
}
