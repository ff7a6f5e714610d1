/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A denial as people read it: what, who, from where, by which rule, and what allows it. */
#include "cli/denial_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sysdb/argspecs.h"
#include "sysdb/syscalls.h"

/* "fcntl(3, F_GETFL, 0x7f..., ...)": numbers as a filter sees them, inspected ones by name. */
static void print_call(const char *name, const uint64_t args[6], FILE *out)
{
	fprintf(out, "%s(", name);
	for (unsigned i = 0; i < 6; i++) {
		const struct argspec *spec = argspec_of(name, i);
		auto_free char *text =
			spec ? argspec_format(spec, argspec_significant(spec, args[i])) : NULL;

		if (text)
			fprintf(out, "%s%s", i ? ", " : "", text);
		else
			fprintf(out, "%s%s%" PRIx64, i ? ", " : "", args[i] > 9 ? "0x" : "",
				args[i]);
	}
	fputc(')', out);
}

/* What of the policy the call fails: it is not there at all, or an argument is not. */
static void print_rule(const struct denial *d, FILE *out)
{
	const struct argspec *spec = argspec_of(d->name, d->index);
	auto_free char *text = NULL;

	fputs("learn:   rule: ", out);
	if (d->kind != DENIAL_ARGUMENT) {
		fprintf(out, "%s is not in the policy\n", d->name);
		return;
	}
	text = spec ? argspec_format(spec, argspec_significant(spec, d->call.args[d->index]))
		    : NULL;
	fprintf(out, "the policy does not allow %s with argument %u%s%s = %s\n", d->name,
		d->index + 1, spec ? ", " : "", spec ? spec->arg : "", text ? text : "?");
}

static void print_denial(const struct denial_report *report, const struct denial *d, FILE *out)
{
	const char *arch = arch_name(d->call.arch);

	fputs("learn: denied: ", out);
	print_call(d->name, d->call.args, out);
	if (d->call.arch != report->policy->arch)
		fprintf(out, " [%s]", arch ? arch : "unknown architecture");
	fprintf(out, " in process %d (%s)\n", (int)d->pid, d->program);
	for (size_t i = 0; i < d->n_frames; i++)
		fprintf(out, "learn:   %s %s\n", i ? "     " : "from:", d->frames[i]);
	print_rule(d, out);
	if (d->call.arch == report->policy->arch)
		fprintf(out,
			"learn:   to allow it: --allow=%s, or record what the program did "
			"with 'learn -a -o %s -- ...'\n",
			d->name, report->profile);
}

void denial_report(const struct denial_report *report, const struct denial *denial)
{
	auto_free char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return;
	print_denial(report, denial, out);
	if (fclose(out) == 0) {
		ssize_t ignored = write(STDERR_FILENO, text, size);
		(void)ignored;
	}
}
