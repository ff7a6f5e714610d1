/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which unit a denial comes from. */
#include "refiner/units.h"

#include <string.h>

#include "sysdb/argspecs.h"
#include "sysdb/names.h"

/* Whether ARGS hold what the unit, an argument's, takes away. */
static bool argument_matches(const struct unit *unit, const uint64_t args[6])
{
	size_t length = strcspn(unit->detail, "=&"), n;
	const struct argspec *specs = argspecs_of(unit->name, &n);

	for (size_t i = 0; i < n; i++) {
		uint64_t value, held;

		if (argspec_is_field(&specs[i]) || strlen(specs[i].arg) != length ||
		    strncmp(specs[i].arg, unit->detail, length) != 0 ||
		    argspec_parse(&specs[i], unit->detail + length + 1, &value) < 0)
			continue;
		held = argspec_significant(&specs[i], args[specs[i].index]);
		return unit->detail[length] == '&' ? (held & value) != 0 : held == value;
	}
	return false;
}

/* The value that a socket's family has as a unit. */
static bool family_matches(const struct unit *unit, const char *call, const uint64_t args[6])
{
	int family;

	return strncmp(call, "socket", strlen("socket")) == 0 &&
	       name_parse(NAME_FAMILY, unit->name, &family) == 0 && (int)args[0] == family;
}

static bool is_news(const struct units *units, const uint64_t *setting, const uint64_t *base,
		    size_t i)
{
	return unit_is_set(units, setting, i) && (!base || base[i] != setting[i]);
}

size_t units_of_denied_call(const struct units *units, const uint64_t *setting,
			    const uint64_t *base, const char *name, const uint64_t args[6])
{
	for (size_t i = 0; i < units->n; i++) {
		const struct unit *unit = &units->list[i];

		if (!is_news(units, setting, base, i))
			continue;
		if (unit->kind == DECISION_FAMILY && family_matches(unit, name, args))
			return i;
		if (strcmp(unit->name, name) != 0)
			continue;
		if (unit->kind == DECISION_CALL ||
		    (unit->kind == DECISION_ARGUMENT && argument_matches(unit, args)))
			return i;
	}
	return UNIT_NONE;
}

/* How much of PATH the rule's path is, if it is PATH or above it. */
static size_t common_length(const char *rule, const char *path)
{
	size_t n = strlen(rule);

	if (strncmp(rule, path, n) != 0 || (path[n] && path[n] != '/' && rule[n - 1] != '/'))
		return 0;
	return n;
}

size_t units_of_denied_path(const struct units *units, const uint64_t *setting,
			    const uint64_t *base, const char *path)
{
	size_t best = UNIT_NONE, length = 0;

	for (size_t i = 0; i < units->n; i++) {
		size_t n;

		if (units->list[i].kind != DECISION_PATH || !is_news(units, setting, base, i))
			continue;
		n = common_length(units->list[i].name, path);
		if (n > length) {
			length = n;
			best = i;
		}
	}
	return best;
}
