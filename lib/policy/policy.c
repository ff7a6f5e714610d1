/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A policy's growing lists. */
#include "policy/policy.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

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

int policy_add_program(struct policy *p, const char *path)
{
	auto_free char *copy = strdup(path);
	char **slot = copy ? grow(&p->programs, p->n_programs, sizeof(*slot)) : NULL;

	if (!slot)
		return -ENOMEM;
	*slot = take_ptr(copy);
	p->n_programs++;
	return 0;
}

__attribute__((format(printf, 4, 0)))
static int add_note(struct policy *p, enum note_subject about, const char *path,
		    const char *format, va_list ap)
{
	auto_free char *text = NULL, *copy = path ? strdup(path) : NULL;
	struct policy_note *note;

	if (vasprintf(&text, format, ap) < 0)
		text = NULL;
	note = text && (copy || !path) ? grow(&p->notes, p->n_notes, sizeof(*note)) : NULL;
	if (!note)
		return -ENOMEM;
	*note = (struct policy_note){ about, take_ptr(copy), take_ptr(text) };
	p->n_notes++;
	return 0;
}

int policy_add_note(struct policy *p, enum note_subject about, const char *format, ...)
{
	va_list ap;
	int r;

	va_start(ap, format);
	r = add_note(p, about, NULL, format, ap);
	va_end(ap);
	return r;
}

int policy_add_path_note(struct policy *p, enum note_subject about, const char *path,
			 const char *format, ...)
{
	va_list ap;
	int r;

	va_start(ap, format);
	r = add_note(p, about, path, format, ap);
	va_end(ap);
	return r;
}
