/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The typed pieces of a JSON document, and where in it they stand. */
#include "profile/scan.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/diag.h"
#include "base/parse.h"
#include "profile/file.h"
#include "sysdb/effects.h"
#include "sysdb/milestones.h"

/* ---- messages ---- */

/* Keys come from the file: one message stays readable whatever they are. */
#define MOST_KEY 64

static void print_place(FILE *out, const struct place *at)
{
	if (!at)
		return;
	print_place(out, at->up);
	if (at->key)
		fprintf(out, "%s%.*s", at->up ? "." : "", MOST_KEY, at->key);
	else
		fprintf(out, "[%zu]", at->index);
}

int scan_bad(const struct reader *r, const struct place *at, const char *format, ...)
{
	auto_free char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);
	va_list ap;

	if (!out)
		return -ENOMEM;
	print_place(out, at);
	fputs(at ? ": " : "", out);
	va_start(ap, format);
	vfprintf(out, format, ap);
	va_end(ap);
	return fclose(out) < 0 || !text ? -ENOMEM : diag(-EINVAL, "%s: %s", r->name, text);
}

/* ---- containers ---- */

int scan_fields(struct reader *r, const struct place *at, json_t *value, const struct field *fields,
		size_t n, void *into)
{
	const char *key;
	json_t *member;

	if (!json_is_object(value))
		return scan_bad(r, at, "expected an object");
	json_object_foreach (value, key, member) {
		const struct place here = { at, key, 0 };
		size_t i = 0;

		while (i < n && strcmp(fields[i].key, key) != 0)
			i++;
		if (i == n)
			return scan_bad(r, &here, "unknown key");
	}
	for (size_t i = 0; i < n; i++) {
		const struct place here = { at, fields[i].key, 0 };
		int err = 0;

		member = json_object_get(value, fields[i].key);
		if (member)
			err = fields[i].scan(r, &here, member, (char *)into + fields[i].offset);
		else if (fields[i].need == REQUIRED)
			err = scan_bad(r, &here, "is missing");
		if (err < 0)
			return err;
	}
	return 0;
}

int scan_list(struct reader *r, const struct place *at, json_t *value, scan_function *each,
	      void *into)
{
	if (!json_is_array(value))
		return scan_bad(r, at, "expected a list");
	for (size_t i = 0; i < json_array_size(value); i++) {
		const struct place here = { at, NULL, i };
		int err = each(r, &here, json_array_get(value, i), into);

		if (err < 0)
			return err;
	}
	return 0;
}

int scan_members(struct reader *r, const struct place *at, json_t *value, scan_function *each,
		 void *into)
{
	const char *key;
	json_t *member;

	if (!json_is_object(value))
		return scan_bad(r, at, "expected an object");
	json_object_foreach (value, key, member) {
		const struct place here = { at, key, 0 };
		int err = each(r, &here, member, into);

		if (err < 0)
			return err;
	}
	return 0;
}

/* ---- scalars ---- */

int scan_later(struct reader *r, const struct place *at, json_t *value, void *into)
{
	(void)r;
	(void)at;
	*(json_t **)into = value;
	return 0;
}

int scan_remark(struct reader *r, const struct place *at, json_t *value, void *into)
{
	(void)into;
	return json_is_string(value) ? 0 : scan_bad(r, at, "expected a string");
}

int scan_bool(struct reader *r, const struct place *at, json_t *value, void *into)
{
	if (!json_is_boolean(value))
		return scan_bad(r, at, "expected true or false");
	*(bool *)into = json_is_true(value);
	return 0;
}

int scan_true(struct reader *r, const struct place *at, json_t *value, void *into)
{
	if (!json_is_true(value))
		return scan_bad(r, at, "expected true");
	*(bool *)into = true;
	return 0;
}

int scan_count(struct reader *r, const struct place *at, json_t *value, void *into)
{
	if (!json_is_integer(value) || json_integer_value(value) < 0)
		return scan_bad(r, at, "expected a non-negative integer");
	*(uint64_t *)into = (uint64_t)json_integer_value(value);
	return 0;
}

static int scan_integer(struct reader *r, const struct place *at, json_t *value, json_int_t low,
			json_int_t high, json_int_t *ret)
{
	if (!json_is_integer(value) || json_integer_value(value) < low ||
	    json_integer_value(value) > high)
		return scan_bad(r, at, "expected an integer from %" PRIdMAX " to %" PRIdMAX,
				(intmax_t)low, (intmax_t)high);
	*ret = json_integer_value(value);
	return 0;
}

int scan_int(struct reader *r, const struct place *at, json_t *value, void *into)
{
	json_int_t number = 0;
	int err = scan_integer(r, at, value, INT_MIN, INT_MAX, &number);

	if (!err)
		*(int *)into = (int)number;
	return err;
}

int scan_port(struct reader *r, const struct place *at, json_t *value, void *into)
{
	json_int_t number = 0;
	int err = scan_integer(r, at, value, 0, UINT16_MAX, &number);

	if (!err)
		*(uint16_t *)into = (uint16_t)number;
	return err;
}

int scan_uid(struct reader *r, const struct place *at, json_t *value, void *into)
{
	json_int_t number = 0;
	int err = scan_integer(r, at, value, 0, UINT32_MAX, &number);

	if (!err)
		*(uint32_t *)into = (uint32_t)number;
	return err;
}

int scan_index(struct reader *r, const struct place *at, json_t *value, void *into)
{
	json_int_t number = 0;
	int err = scan_integer(r, at, value, 0, 5, &number);

	if (!err)
		*(unsigned *)into = (unsigned)number;
	return err;
}

int scan_word(struct reader *r, const struct place *at, json_t *value, void *into)
{
	const char *text = json_string_value(value);

	if (!text || strncmp(text, "0x", 2) != 0 || parse_u64(text, UINT64_MAX, into) < 0)
		return scan_bad(r, at, "expected a string like \"0x5401\" of at most 64 bits");
	return 0;
}

int scan_bytes(struct reader *r, const struct place *at, json_t *value, void *into)
{
	int err;

	if (!json_is_string(value))
		return scan_bad(r, at, "expected a string");
	err = text_to_bytes(json_string_value(value), into);
	if (err == -EINVAL)
		return scan_bad(r, at,
				"has a backslash that is neither \\\\ nor a \\xHH that is needed");
	return err;
}

int scan_time(struct reader *r, const struct place *at, json_t *value, void *into)
{
	const char *text = json_string_value(value);

	if (!text || timestamp_parse(text, into) < 0)
		return scan_bad(r, at, "expected a time like \"2026-11-22T07:05:00.123Z\"");
	return 0;
}

/* ---- names ---- */

static int scan_name(struct reader *r, const struct place *at, json_t *value, enum name_kind kind,
		     int *ret)
{
	static const char *const what[] = {
		[NAME_ERROR] = "error",
		[NAME_SIGNAL] = "signal",
		[NAME_FAMILY] = "address family",
		[NAME_SOCKET_TYPE] = "socket type",
	};

	if (!json_is_string(value) || name_parse(kind, json_string_value(value), ret) < 0)
		return scan_bad(r, at, "expected the name of %s, or its number as a string",
				what[kind]);
	return 0;
}

int scan_signal(struct reader *r, const struct place *at, json_t *value, void *into)
{
	return scan_name(r, at, value, NAME_SIGNAL, into);
}

int scan_family(struct reader *r, const struct place *at, json_t *value, void *into)
{
	return scan_name(r, at, value, NAME_FAMILY, into);
}

int scan_socket_type(struct reader *r, const struct place *at, json_t *value, void *into)
{
	return scan_name(r, at, value, NAME_SOCKET_TYPE, into);
}

/* One more bit of a mask. */
static int scan_bit(struct reader *r, const struct place *at, json_t *value,
		    uint32_t (*from_name)(const char *name), uint32_t *mask)
{
	const char *name = json_string_value(value);
	uint32_t bit = name ? from_name(name) : 0;

	if (!name)
		return scan_bad(r, at, "expected a string");
	if (!bit)
		return scan_bad(r, at, "unknown word '%.*s'", MOST_KEY, name);
	*mask |= bit;
	return 0;
}

static int scan_effect(struct reader *r, const struct place *at, json_t *value, void *into)
{
	return scan_bit(r, at, value, path_effect_from_name, into);
}

static int scan_kind(struct reader *r, const struct place *at, json_t *value, void *into)
{
	return scan_bit(r, at, value, path_kind_from_name, into);
}

static int scan_milestone(struct reader *r, const struct place *at, json_t *value, void *into)
{
	return scan_bit(r, at, value, milestone_from_name, into);
}

int scan_effects(struct reader *r, const struct place *at, json_t *value, void *into)
{
	return scan_list(r, at, value, scan_effect, into);
}

int scan_kinds(struct reader *r, const struct place *at, json_t *value, void *into)
{
	return scan_list(r, at, value, scan_kind, into);
}

int scan_milestones(struct reader *r, const struct place *at, json_t *value, void *into)
{
	return scan_list(r, at, value, scan_milestone, into);
}
