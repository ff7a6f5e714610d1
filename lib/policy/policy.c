/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A policy's life, its growing lists and their order; and the words for actions. */
#include "policy/policy.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "sysdb/rlimits.h"

/* ---- actions ---- */

uint32_t action_to_seccomp(struct action action)
{
	switch (action.kind) {
	case ACTION_ALLOW:
		return SECCOMP_RET_ALLOW;
	case ACTION_KILL:
		return SECCOMP_RET_KILL_PROCESS;
	case ACTION_ERRNO:
		return SECCOMP_RET_ERRNO | ((uint32_t)action.error & SECCOMP_RET_DATA);
	case ACTION_TRAP:
		return SECCOMP_RET_TRAP;
	case ACTION_LOG:
		return SECCOMP_RET_LOG;
	}
	return SECCOMP_RET_KILL_PROCESS;
}

static const struct {
	const char *word;
	enum action_kind kind;
} action_words[] = {
	{ "kill", ACTION_KILL },
	{ "trap", ACTION_TRAP },
	{ "log", ACTION_LOG },
	{ "allow", ACTION_ALLOW },
};

static const char errno_prefix[] = "errno:";

/* The kernel caps what a filter returns (MAX_ERRNO in include/linux/err.h). */
#define LARGEST_ERRNO 4095

static int errno_parse(const char *word, int *ret)
{
	uint64_t number;

	for (int error = 1; error <= LARGEST_ERRNO; error++) {
		const char *name = strerrorname_np(error);

		if (name && strcmp(name, word) == 0) {
			*ret = error;
			return 0;
		}
	}
	/* An errno of 0 would make a call that was not made look like a success. */
	if (parse_u64(word, LARGEST_ERRNO, &number) < 0 || number == 0)
		return -EINVAL;
	*ret = (int)number;
	return 0;
}

int action_parse(const char *word, struct action *ret)
{
	int error;

	/* "allow" is only printed: a policy that allows what it does not list is none. */
	for (size_t i = 0; i < ARRAY_SIZE(action_words); i++) {
		if (action_words[i].kind == ACTION_ALLOW || strcmp(action_words[i].word, word) != 0)
			continue;
		*ret = (struct action){ .kind = action_words[i].kind };
		return 0;
	}
	if (strncmp(word, errno_prefix, strlen(errno_prefix)) != 0 ||
	    errno_parse(word + strlen(errno_prefix), &error) < 0)
		return -EINVAL;
	*ret = (struct action){ .kind = ACTION_ERRNO, .error = error };
	return 0;
}

char *action_format(struct action action)
{
	const char *name = strerrorname_np(action.error);
	char *text;

	for (size_t i = 0; i < ARRAY_SIZE(action_words); i++)
		if (action_words[i].kind == action.kind)
			return strdup(action_words[i].word);
	if (name)
		return asprintf(&text, "%s%s", errno_prefix, name) < 0 ? NULL : text;
	return asprintf(&text, "%s%d", errno_prefix, action.error) < 0 ? NULL : text;
}

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
	free_strings(p->notes, p->n_notes);
	free(p);
}

/* ---- adding ---- */

/* Makes room for one more element at the end and fills it with zeroes; NULL without memory. */
static void *grow(void *array, size_t n, size_t size)
{
	void **p = array;
	/* Doubled whenever N is a power of two, so that adding stays linear. */
	size_t capacity = n & (n - 1) ? 0 : n ? 2 * n : 1;

	if (capacity) {
		void *larger = reallocarray(*p, capacity, size);

		if (!larger)
			return NULL;
		*p = larger;
	}
	return memset((char *)*p + n * size, 0, size);
}

struct policy_call *policy_add_call(struct policy *p, uint32_t arch, int nr, const char *name,
				    const char *why)
{
	auto_free char *name_copy = strdup(name), *why_copy = strdup(why);
	struct policy_call *call;

	if (!name_copy || !why_copy)
		return NULL;
	call = grow(&p->calls, p->n_calls, sizeof(*call));
	if (!call)
		return NULL;
	call->arch = arch;
	call->nr = nr;
	call->name = take_ptr(name_copy);
	call->why = take_ptr(why_copy);
	p->n_calls++;
	return call;
}

static struct policy_check *add_check(void *checks, size_t *n, const struct policy_check *new)
{
	struct policy_check *check = grow(checks, *n, sizeof(*check));

	if (!check)
		return NULL;
	*check = *new;
	++*n;
	return check;
}

struct policy_check *policy_add_check(struct policy_call *call, unsigned index, unsigned width,
				      enum check_kind kind)
{
	const struct policy_check check = { .index = index, .width = width, .kind = kind };

	return add_check(&call->checks, &call->n_checks, &check);
}

struct policy_check *policy_add_held(struct policy_call *call, unsigned index, unsigned width,
				     enum check_kind kind)
{
	const struct policy_check check = { .index = index, .width = width, .kind = kind };

	return add_check(&call->held, &call->n_held, &check);
}

int policy_check_add_value(struct policy_check *check, uint64_t value, uint64_t count)
{
	uint64_t *v = grow(&check->values, check->n_values, sizeof(*v));
	uint64_t *c = v ? grow(&check->counts, check->n_values, sizeof(*c)) : NULL;

	if (!c)
		return -ENOMEM;
	*v = value;
	*c = count;
	check->n_values++;
	return 0;
}

struct policy_denial *policy_add_denial(struct policy *p, uint32_t arch, int nr, const char *name,
					struct action action, const char *why)
{
	auto_free char *name_copy = strdup(name), *why_copy = strdup(why);
	struct policy_denial *denial;

	if (!name_copy || !why_copy)
		return NULL;
	denial = grow(&p->denials, p->n_denials, sizeof(*denial));
	if (!denial)
		return NULL;
	denial->arch = arch;
	denial->nr = nr;
	denial->action = action;
	denial->name = take_ptr(name_copy);
	denial->why = take_ptr(why_copy);
	p->n_denials++;
	return denial;
}

struct policy_path *policy_add_path(struct policy *p, const char *path, const char *why)
{
	auto_free char *path_copy = strdup(path), *why_copy = strdup(why);
	struct policy_path *entry;

	if (!path_copy || !why_copy)
		return NULL;
	entry = grow(&p->paths, p->n_paths, sizeof(*entry));
	if (!entry)
		return NULL;
	entry->path = take_ptr(path_copy);
	entry->why = take_ptr(why_copy);
	p->n_paths++;
	return entry;
}

struct policy_port *policy_add_port(struct policy *p, uint16_t port, bool bind, const char *why)
{
	auto_free char *why_copy = strdup(why);
	struct policy_port *entry = why_copy ? grow(&p->ports, p->n_ports, sizeof(*entry)) : NULL;

	if (!entry)
		return NULL;
	entry->port = port;
	entry->bind = bind;
	entry->why = take_ptr(why_copy);
	p->n_ports++;
	return entry;
}

struct policy_family *policy_add_family(struct policy *p, int family, const char *why)
{
	auto_free char *why_copy = strdup(why);
	struct policy_family *entry =
		why_copy ? grow(&p->families, p->n_families, sizeof(*entry)) : NULL;

	if (!entry)
		return NULL;
	entry->family = family;
	entry->why = take_ptr(why_copy);
	p->n_families++;
	return entry;
}

static bool same_address(const struct policy_address *a, const struct policy_address *b)
{
	return a->family == b->family && a->type == b->type && a->bind == b->bind &&
	       a->port == b->port && strcmp(a->address, b->address) == 0;
}

int policy_add_address(struct policy *p, const struct policy_address *address)
{
	auto_free char *copy = NULL;
	struct policy_address *entry;

	for (size_t i = 0; i < p->n_addresses; i++)
		if (same_address(&p->addresses[i], address))
			return 0;
	copy = strdup(address->address);
	entry = copy ? grow(&p->addresses, p->n_addresses, sizeof(*entry)) : NULL;
	if (!entry)
		return -ENOMEM;
	*entry = *address;
	entry->address = take_ptr(copy);
	p->n_addresses++;
	return 0;
}

int policy_add_seen_path(struct policy *p, const char *path, uint32_t effects, uint32_t kinds)
{
	auto_free char *copy = strdup(path);
	struct policy_seen_path *entry =
		copy ? grow(&p->seen_paths, p->n_seen_paths, sizeof(*entry)) : NULL;

	if (!entry)
		return -ENOMEM;
	*entry = (struct policy_seen_path){ take_ptr(copy), effects, kinds };
	p->n_seen_paths++;
	return 0;
}

int policy_add_use(struct policy *p, enum policy_use_kind kind, const char *path)
{
	auto_free char *copy = NULL;
	struct policy_use *entry;

	for (size_t i = 0; i < p->n_uses; i++)
		if (p->uses[i].kind == kind && strcmp(p->uses[i].path, path) == 0)
			return 0;
	copy = strdup(path);
	entry = copy ? grow(&p->uses, p->n_uses, sizeof(*entry)) : NULL;
	if (!entry)
		return -ENOMEM;
	*entry = (struct policy_use){ kind, take_ptr(copy) };
	p->n_uses++;
	return 0;
}

struct policy_limit *policy_add_limit(struct policy *p, int resource, const char *why)
{
	auto_free char *why_copy = strdup(why);
	struct policy_limit *entry =
		why_copy ? grow(&p->limits, p->n_limits, sizeof(*entry)) : NULL;

	if (!entry)
		return NULL;
	entry->resource = resource;
	entry->why = take_ptr(why_copy);
	p->n_limits++;
	return entry;
}

static struct policy_capability *find_capability(struct policy *p, int capability)
{
	for (size_t i = 0; i < p->n_capabilities; i++)
		if (p->capabilities[i].capability == capability)
			return &p->capabilities[i];
	return NULL;
}

int policy_add_capability(struct policy *p, int capability, bool guess, const char *why)
{
	struct policy_capability *entry = find_capability(p, capability);
	auto_free char *copy = NULL;

	if (entry && (guess || !entry->guess))
		return 0;
	copy = strdup(why);
	if (!copy)
		return -ENOMEM;
	if (!entry) {
		entry = grow(&p->capabilities, p->n_capabilities, sizeof(*entry));
		if (!entry)
			return -ENOMEM;
		p->n_capabilities++;
	}
	free(entry->why);
	*entry = (struct policy_capability){ capability, guess, take_ptr(copy) };
	return 0;
}

/* Takes STRING over when there is room for it. */
static int add_string(char ***strings, size_t *n, char *string)
{
	char **slot = string ? grow(strings, *n, sizeof(*slot)) : NULL;

	if (!slot) {
		free(string);
		return -ENOMEM;
	}
	*slot = string;
	++*n;
	return 0;
}

int policy_add_program(struct policy *p, const char *path)
{
	return add_string(&p->programs, &p->n_programs, strdup(path));
}

int policy_add_note(struct policy *p, const char *format, ...)
{
	char *note = NULL;
	va_list ap;

	va_start(ap, format);
	if (vasprintf(&note, format, ap) < 0)
		note = NULL;
	va_end(ap);
	return add_string(&p->notes, &p->n_notes, note);
}

/* ---- taking out ---- */

/*
 * Closes the gap at I of *N elements. The array stays as large as grow() made it, which a later
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

/* ---- order ---- */

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
	sort(p->notes, p->n_notes, sizeof(*p->notes), compare_strings);
}
