/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filter as commented text, with the profile's counts if asked for. */
#include "base/cleanup.h"
#include "emitter/filter.h"
#include "emitter/filter_text.h"
#include "emitter/formats.h"
#include "emitter/simulate.h"

static int print_annotated(FILE *out, const struct filter *f, const struct policy *policy)
{
	auto_free double *visits = calloc(f->n, sizeof(*visits));

	if (!visits)
		return -ENOMEM;
	fputs("; Before each comment: how often the calls of the profile come by.\n", out);
	filter_count_visits(f, policy, visits);
	return print_filter_text(out, f, visits);
}

int emit_bpf_asm(const struct policy *policy, const struct emit_options *options, FILE *out)
{
	static const char *const usage[] = { "Assemble: bpf_asm FILE", NULL };
	struct filter cleanup(filter_free) filter = { 0 };
	int err = filter_compile_for(policy, options->tune, &filter);

	if (err < 0)
		return err;
	print_banner(out, "; ", "bpf_asm", policy, options, usage);
	return options->annotate ? print_annotated(out, &filter, policy)
				 : print_filter_text(out, &filter, NULL);
}
