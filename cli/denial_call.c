/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A denied call as people read it. */
#include "cli/denial_call.h"

#include <inttypes.h>

#include "base/cleanup.h"
#include "sysdb/argspecs.h"
#include "sysdb/arity.h"

/* Whether the call reads an argument, as far as the others tell: open(2) its mode. */
static bool is_read(const struct denial *d, unsigned i)
{
	const struct argspec *spec = argspec_of(d->name, i);

	return !spec || !spec->given_bits ||
	       (d->call.args[spec->given] & spec->given_bits) == spec->given_bits;
}

/* How many arguments to show; *known: the call has no others. */
static unsigned n_shown(const struct denial *d, bool *known)
{
	const int arity = syscall_arity(d->name);
	unsigned n = arity < 0 ? 3 : (unsigned)arity;

	*known = arity >= 0;
	while (n > 0 && !is_read(d, n - 1))
		n--;
	return n;
}

/* What may count something as people count; addresses, masks and the like in hexadecimal. */
static void print_number(FILE *out, uint64_t value)
{
	const uint64_t most_counted = 1 << 20, least_negative = (uint64_t)-4096;

	if (value <= most_counted)
		fprintf(out, "%" PRIu64, value);
	else if (value >= least_negative)
		fprintf(out, "%" PRId64, (int64_t)value);
	else if ((uint32_t)value == value && value >= (uint32_t)least_negative)
		fprintf(out, "%" PRId32, (int32_t)value);
	else
		fprintf(out, "0x%" PRIx64, value);
}

static void print_value(FILE *out, const struct denial *d, unsigned i)
{
	const struct argspec *spec = argspec_of(d->name, i);
	auto_free char *text = !d->shown[i] && spec ? argspec_format(spec, d->call.args[i]) : NULL;

	if (d->shown[i] || text)
		fputs(text ? text : d->shown[i], out);
	else
		print_number(out, d->call.args[i]);
}

void denial_call_print(const struct denial *d, FILE *out)
{
	bool known;
	const unsigned n = n_shown(d, &known);

	fprintf(out, "%s(", d->name);
	for (unsigned i = 0; i < n; i++) {
		fputs(i ? ", " : "", out);
		print_value(out, d, i);
	}
	fputs(known ? ")" : ", ...)", out);
}
