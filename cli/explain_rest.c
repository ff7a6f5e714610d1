/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why a port, an address family, a capability and a limit are as they are. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "cli/explain.h"
#include "sysdb/capabilities.h"
#include "sysdb/names.h"
#include "sysdb/rlimits.h"

/* ---- ports and families ---- */

size_t explain_ports(struct explanation *x)
{
	uint64_t wanted = 0;
	size_t n = 0;

	if (x->what && parse_u64(x->what, UINT16_MAX, &wanted) < 0)
		return 0;
	for (size_t i = 0; i < x->policy->n_ports; i++) {
		const struct policy_port *port = &x->policy->ports[i];
		char heading[64], times[32];

		if (x->what && port->port != wanted)
			continue;
		explain_times(port->count, times);
		snprintf(heading, sizeof(heading), "%s TCP port %u, seen %s",
			 port->bind ? "bind" : "connect to", port->port, times);
		explain_rule(x, heading, port->why);
		n++;
	}
	return n;
}

size_t explain_families(struct explanation *x)
{
	size_t n = 0;

	for (size_t i = 0; i < x->policy->n_families; i++) {
		const struct policy_family *family = &x->policy->families[i];
		auto_free char *name = name_format(NAME_FAMILY, family->family), *heading = NULL;
		char times[32];

		if (!name || (x->what && strcmp(x->what, name) != 0))
			continue;
		explain_times(family->count, times);
		if (asprintf(&heading, "%s, seen %s", name, times) < 0)
			continue;
		explain_rule(x, heading, family->why);
		n++;
	}
	return n;
}

/* ---- capabilities ---- */

size_t explain_capabilities(struct explanation *x)
{
	size_t n = 0;

	for (size_t i = 0; i < x->policy->n_capabilities; i++) {
		const struct policy_capability *entry = &x->policy->capabilities[i];
		auto_free char *name = capability_format(entry->capability);

		x->page.no_memory |= !name;
		if (!name || (x->what && strcasecmp(x->what, name) != 0))
			continue;
		explain_rule(x, name, entry->why);
		n++;
	}
	return n;
}

/* ---- limits ---- */

static void print_peaks(struct explanation *x, int resource)
{
	auto_free struct profile_program **programs = profile_sorted(&x->profile->programs);

	x->page.no_memory |= !programs;
	for (size_t p = 0; programs && p < x->profile->programs.n; p++) {
		const struct map *peaks = &programs[p]->peaks;

		for (size_t i = 0; i < peaks->n && explain_is_selected(x, programs[p]); i++) {
			const struct profile_peak *peak = peaks->entries[i].value;

			if (peak->resource != resource)
				continue;
			fputs("  ", x->page.out);
			page_print(&x->page, programs[p]->path);
			fprintf(x->page.out, " used %" PRIu64 "\n", peak->value);
		}
	}
}

/* "NOFILE", with or without what C puts before it. */
static bool is_limit(const char *what, const char *name)
{
	static const char prefix[] = "RLIMIT_";

	if (strncmp(what, prefix, strlen(prefix)) == 0)
		what += strlen(prefix);
	return strcmp(what, name) == 0;
}

size_t explain_limits(struct explanation *x)
{
	size_t n = 0;

	for (size_t i = 0; i < x->policy->n_limits; i++) {
		const struct policy_limit *limit = &x->policy->limits[i];
		const char *name = rlimit_by_number(limit->resource)->name;
		char heading[64];

		if (x->what && !is_limit(x->what, name))
			continue;
		snprintf(heading, sizeof(heading), "limit %s %" PRIu64, name, limit->value);
		explain_rule(x, heading, limit->why);
		print_peaks(x, limit->resource);
		n++;
	}
	return n;
}
