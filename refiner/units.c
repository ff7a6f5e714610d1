/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of a policy may be taken away: its rules, one by one, and their parts. */
#include "refiner/units.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>

#include "base/cleanup.h"
#include "refiner/guards.h"
#include "sysdb/argspecs.h"
#include "sysdb/capabilities.h"
#include "sysdb/landlock.h"
#include "sysdb/names.h"
#include "sysdb/rlimits.h"

struct making {
	const struct policy *policy;
	const struct profile *undisturbed;
	uint64_t weight;
	const struct refine_host *host;
	struct units units;
};

void units_clear(struct units *units)
{
	for (size_t i = 0; i < units->n; i++) {
		free(units->list[i].name);
		free(units->list[i].detail);
	}
	free(units->list);
	*units = (struct units){ 0 };
}

/* Adds a unit; NULL without memory. DETAIL is taken over. */
static struct unit *add(struct making *m, enum decision_kind kind, const char *name, char *detail)
{
	struct unit *list = reallocarray(m->units.list, m->units.n + 1, sizeof(*list));
	struct unit *unit;

	if (list)
		m->units.list = list;
	if (!list || !detail) {
		free(detail);
		return NULL;
	}
	unit = &list[m->units.n];
	*unit = (struct unit){ .kind = kind, .name = strdup(name), .detail = detail };
	unit->whole = UNIT_NONE;
	unit->touched = true;
	if (!unit->name) {
		free(detail);
		return NULL;
	}
	m->units.n++;
	return unit;
}

static uint64_t covers(const struct making *m, uint64_t count)
{
	return count ? count : m->weight;
}

/* ---- what TEST did undisturbed ---- */

/* Whether any program of TEST made the call, and with SPEC (or NULL) with the value or bit. */
static bool made(const struct making *m, const char *name, const struct argspec *spec, bool bit,
		 uint64_t value)
{
	for (size_t p = 0; p < m->undisturbed->programs.n; p++) {
		const struct profile_program *program = m->undisturbed->programs.entries[p].value;

		for (size_t c = 0; c < program->calls.n; c++) {
			const struct profile_call *call = program->calls.entries[c].value;
			const struct profile_arg *arg;

			if (strcmp(call->name, name) != 0)
				continue;
			arg = spec ? profile_call_arg(call, spec->index) : NULL;
			if (!spec || !arg || arg->many || (bit && (arg->set_once & value)))
				return true;
			for (size_t i = 0; i < arg->n_values && !bit; i++)
				if (arg->values[i].value == value)
					return true;
		}
	}
	return false;
}

/* ---- calls and arguments ---- */

static size_t find_call(const struct units *units, const char *name)
{
	for (size_t i = 0; i < units->n; i++)
		if (units->list[i].kind == DECISION_CALL && strcmp(units->list[i].name, name) == 0)
			return i;
	return UNIT_NONE;
}

static int add_call(struct making *m, const struct policy_call *call)
{
	size_t there = find_call(&m->units, call->name);
	struct unit *unit = there == UNIT_NONE
				    ? add(m, DECISION_CALL, call->name, strdup(""))
				    : &m->units.list[there]; /* on another architecture */

	if (!unit)
		return -ENOMEM;
	unit->covers =
		covers(m, call->count) > unit->covers ? covers(m, call->count) : unit->covers;
	unit->implied = call->implied && !call->count;
	unit->touched = made(m, call->name, NULL, false, 0);
	unit->guard = guard_of(call);
	return 0;
}

/* The text after which the value, or bit, is found again; NULL without memory. */
static char *detail_of(const struct argspec *spec, bool bit, uint64_t value)
{
	auto_free char *text = argspec_format(spec, value);
	uint64_t again = 0;
	char *detail;
	int r;

	if (!text)
		return NULL;
	if (argspec_parse(spec, text, &again) == 0 && again == value)
		r = asprintf(&detail, "%s%c%s", spec->arg, bit ? '&' : '=', text);
	else
		r = asprintf(&detail, "%s%c0x%" PRIx64, spec->arg, bit ? '&' : '=', value);
	return r < 0 ? NULL : detail;
}

static bool has_unit(const struct making *m, enum decision_kind kind, const char *name,
		     const char *detail)
{
	for (size_t i = 0; i < m->units.n; i++) {
		const struct unit *unit = &m->units.list[i];

		if (unit->kind == kind && strcmp(unit->name, name) == 0 &&
		    strcmp(unit->detail, detail) == 0)
			return true;
	}
	return false;
}

static int add_argument(struct making *m, const struct policy_call *call,
			const struct argspec *spec, bool bit, uint64_t value, uint64_t count)
{
	char *detail = detail_of(spec, bit, value);
	struct unit *unit;

	if (detail && has_unit(m, DECISION_ARGUMENT, call->name, detail)) {
		free(detail);
		return 0;
	}
	unit = add(m, DECISION_ARGUMENT, call->name, detail);
	if (!unit)
		return -ENOMEM;
	unit->covers = covers(m, count);
	unit->whole = find_call(&m->units, call->name);
	unit->touched = made(m, call->name, spec, bit, value);
	unit->guard = m->policy->action.kind == ACTION_KILL ? NULL : guard_of(call);
	return 0;
}

/* Families are units of their own: the filter's check and systemd's directive go together. */
static bool is_family(const struct policy_call *call, const struct policy_check *check)
{
	return check->index == 0 &&
	       (strcmp(call->name, "socket") == 0 || strcmp(call->name, "socketpair") == 0);
}

static int add_check(struct making *m, const struct policy_call *call,
		     const struct policy_check *check)
{
	const struct argspec *spec = argspec_of(call->name, check->index);
	int r = 0;

	if (!spec || is_family(call, check))
		return 0;
	for (size_t i = 0; check->kind == CHECK_VALUES && i < check->n_values && r == 0; i++)
		r = add_argument(m, call, spec, false, check->values[i], check->counts[i]);
	for (uint64_t rest = check->kind == CHECK_MASK ? check->mask : 0; rest && r == 0;
	     rest &= rest - 1)
		r = add_argument(m, call, spec, true, rest & -rest, call->count);
	return r;
}

static int add_calls(struct making *m)
{
	int r = 0;

	for (size_t i = 0; i < m->policy->n_calls && r == 0; i++)
		r = add_call(m, &m->policy->calls[i]);
	for (size_t i = 0; i < m->policy->n_calls && r == 0; i++)
		for (size_t c = 0; c < m->policy->calls[i].n_checks && r == 0; c++)
			r = add_check(m, &m->policy->calls[i], &m->policy->calls[i].checks[c]);
	return r;
}

/* ---- paths ---- */

static const char *short_name(const struct landlock_right *right)
{
	return right->name + strlen("LANDLOCK_ACCESS_FS_");
}

/* What this kernel confines: a trial says nothing about anything else. */
static uint32_t known(const struct making *m, enum landlock_field field)
{
	return landlock_known(field, m->host->landlock);
}

static int add_path(struct making *m, const struct policy_path *path)
{
	uint32_t rights = path->rights & m->policy->handled_fs & known(m, LL_FIELD_FS);
	size_t whole = m->units.n;
	struct unit *unit;

	if (!rights)
		return 0;
	unit = add(m, DECISION_PATH, path->path, strdup(""));
	if (!unit)
		return -ENOMEM;
	unit->covers = covers(m, path->count);
	unit->guard = guard_of_path(path->path);
	for (const struct landlock_right *r = landlock_table; r->name; r++) {
		if (r->field != LL_FIELD_FS || !(r->bit & rights) || !(rights & (rights - 1)))
			continue;
		unit = add(m, DECISION_PATH, path->path, strdup(short_name(r)));
		if (!unit)
			return -ENOMEM;
		unit->covers = covers(m, path->count);
		unit->guard = guard_of_path(path->path);
		unit->whole = whole;
	}
	return 0;
}

/* ---- the rest ---- */

static int add_port(struct making *m, const struct policy_port *port)
{
	char number[8];
	struct unit *unit;

	if (!(m->policy->handled_net & known(m, LL_FIELD_NET) &
	      (port->bind ? LL_BIND_TCP : LL_CONNECT_TCP)))
		return 0;
	snprintf(number, sizeof(number), "%u", port->port);
	unit = add(m, DECISION_PORT, number, strdup(port->bind ? "bind" : "connect"));
	if (!unit)
		return -ENOMEM;
	unit->covers = covers(m, port->count);
	return 0;
}

static int add_family(struct making *m, const struct policy_family *family)
{
	auto_free char *name = name_format(NAME_FAMILY, family->family);
	struct unit *unit = name ? add(m, DECISION_FAMILY, name, strdup("")) : NULL;

	if (!unit)
		return -ENOMEM;
	unit->covers = covers(m, family->count);
	return 0;
}

/* What was seen to reach out, and so is not confined. */
static int add_scope(struct making *m, uint32_t scope)
{
	struct unit *unit;

	if (!(scope & ~m->policy->scopes & known(m, LL_FIELD_SCOPE)))
		return 0;
	unit = add(m, DECISION_SCOPE, landlock_scope_word(scope), strdup(""));
	if (!unit)
		return -ENOMEM;
	unit->covers = m->weight;
	return 0;
}

static int add_limit(struct making *m, const struct policy_limit *limit)
{
	const struct rlimit_info *info = rlimit_by_number(limit->resource);
	struct unit *unit;

	/* Those that grow with time are not enforced on what may be a service. */
	if (info->grows == GROWS_WITH_TIME || !limit->value)
		return 0;
	unit = add(m, DECISION_LIMIT, info->name, strdup(""));
	if (!unit)
		return -ENOMEM;
	unit->covers = m->weight;
	unit->most = limit->value;
	unit->peak = limit->peak;
	unit->step = info->round;
	return 0;
}

static int add_capability(struct making *m, const struct policy_capability *capability)
{
	auto_free char *name = NULL;
	struct unit *unit;

	if (!m->policy->as_root || !(m->host->capabilities >> capability->capability & 1))
		return 0;
	name = capability_format(capability->capability);
	unit = name ? add(m, DECISION_CAPABILITY, name, strdup("")) : NULL;
	if (!unit)
		return -ENOMEM;
	unit->covers = m->weight;
	unit->unseen = !(m->host->evident >> capability->capability & 1);
	unit->guard = unit->unseen ? NULL : guard_of_capability(capability->capability);
	return 0;
}

static int add_rest(struct making *m)
{
	const struct policy *p = m->policy;
	int r = 0;

	for (size_t i = 0; i < p->n_paths && r == 0; i++)
		r = add_path(m, &p->paths[i]);
	for (size_t i = 0; i < p->n_ports && r == 0; i++)
		r = add_port(m, &p->ports[i]);
	for (size_t i = 0; i < p->n_families && r == 0; i++)
		r = add_family(m, &p->families[i]);
	if (r == 0)
		r = add_scope(m, LL_SCOPE_SIGNAL);
	if (r == 0)
		r = add_scope(m, LL_SCOPE_ABSTRACT_UNIX);
	for (size_t i = 0; i < p->n_limits && r == 0; i++)
		r = add_limit(m, &p->limits[i]);
	for (size_t i = 0; i < p->n_capabilities && r == 0; i++)
		r = add_capability(m, &p->capabilities[i]);
	return r;
}

int units_of_policy(const struct policy *policy, uint64_t weight, const struct profile *undisturbed,
		    const struct refine_host *host, struct units *ret)
{
	struct making m = { policy, undisturbed, weight, host, { 0 } };
	int r = add_calls(&m);

	if (r == 0)
		r = add_rest(&m);
	if (r < 0) {
		units_clear(&m.units);
		return r;
	}
	*ret = m.units;
	return 0;
}
