/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One unit: its name, whether it is set, and the decision about it. */
#include "refiner/units.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"

char *unit_label(const struct unit *unit)
{
	static const char *const prefixes[N_DECISION_KINDS] = {
		[DECISION_CALL] = "",	     [DECISION_ARGUMENT] = "", [DECISION_PATH] = "",
		[DECISION_PORT] = "port ",   [DECISION_FAMILY] = "",   [DECISION_SCOPE] = "scope ",
		[DECISION_CAPABILITY] = "",  [DECISION_LIMIT] = "limit ",
	};
	char *label;

	if (asprintf(&label, "%s%s%s%s", prefixes[unit->kind], unit->name, *unit->detail ? " " : "",
		     unit->detail) < 0)
		return NULL;
	return label;
}

bool unit_is_set(const struct units *units, const uint64_t *setting, size_t unit)
{
	size_t whole = units->list[unit].whole;

	return setting[unit] && (whole == UNIT_NONE || !setting[whole]);
}

/* ---- use ---- */

/* Whether PATH is RULE or below it. */
static bool is_covered(const char *path, const char *rule)
{
	size_t n = strlen(rule);

	return strncmp(path, rule, n) == 0 && (!path[n] || path[n] == '/' || rule[n - 1] == '/');
}

static bool uses_path(const struct profile_program *program, const char *rule)
{
	for (size_t i = 0; i < program->paths.n; i++)
		if (is_covered(((struct profile_path *)program->paths.entries[i].value)->path,
			       rule))
			return true;
	return is_covered(program->path, rule);
}

static bool uses_port(const struct profile_program *program, const struct unit *unit)
{
	uint64_t port;

	if (parse_u64(unit->name, UINT16_MAX, &port) < 0)
		return false;
	for (size_t i = 0; i < program->addresses.n; i++) {
		const struct profile_address *a = program->addresses.entries[i].value;

		if (a->port == port && a->bind == (strcmp(unit->detail, "bind") == 0))
			return true;
	}
	return false;
}

bool unit_is_used(const struct unit *unit, const struct profile *seen)
{
	if (unit->kind != DECISION_PATH && unit->kind != DECISION_PORT)
		return true;
	for (size_t i = 0; i < seen->programs.n; i++) {
		const struct profile_program *program = seen->programs.entries[i].value;

		if (unit->kind == DECISION_PATH ? uses_path(program, unit->name)
						: uses_port(program, unit))
			return true;
	}
	return false;
}

/* ---- the decision ---- */

int unit_decide(const struct unit *unit, uint64_t setting, const char *why, struct profile *decided)
{
	static const char *const answers[] = {
		[SET_ALLOWED] = "",
		[SET_GONE] = "",
		[SET_ENOSYS] = "errno:ENOSYS",
		[SET_EPERM] = "errno:EPERM",
	};
	bool limit = unit->kind == DECISION_LIMIT && setting;
	auto_free char *number = NULL, *reason = strdup(why), *answer = NULL;
	struct profile_decision d = {
		.kind = unit->kind,
		.verdict = limit     ? VERDICT_LOWERED
			   : setting ? VERDICT_DROPPED
				     : VERDICT_NEEDED,
		.name = unit->name,
		.detail = unit->detail,
		.covers = unit->covers,
		.why = reason,
	};

	if (limit && asprintf(&number, "%" PRIu64, setting - 1) < 0)
		number = NULL;
	answer = limit ? take_ptr(number) : strdup(answers[setting]);
	d.answer = answer;
	return reason && answer ? profile_decide(decided, &d) : -ENOMEM;
}
