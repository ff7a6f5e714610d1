/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The calls as a seccomp policy for minijail (minijail0(5); tools/parser.py of its sources has the
 * grammar), and as the frequency file that its policy compiler orders calls by.
 *
 * minijail compares whole 64-bit arguments, also where the kernel reads 32 bits: a value that a
 * compiler may have extended by its sign is listed in both forms.
 */
#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "emitter/call_names.h"
#include "emitter/choices.h"
#include "emitter/formats.h"
#include "emitter/quote.h"
#include "sysdb/argspecs.h"

/* Its default action can kill or trap, nothing else; -L is its own way to log. */
static void print_default(const struct policy *p, FILE *out)
{
	switch (p->action.kind) {
	case ACTION_TRAP:
		fputs("@default trap\n", out);
		break;
	case ACTION_ERRNO:
		fputs("# All other calls kill: minijail has no errors for what is not listed.\n",
		      out);
		break;
	case ACTION_LOG:
		fputs("# All other calls kill: 'minijail0 -L' logs them first.\n", out);
		break;
	case ACTION_KILL:
	case ACTION_ALLOW:
		break;
	}
}

/* ---- expressions ---- */

static bool is_negative(const struct policy_check *check, uint64_t value)
{
	return check->width == 32 && (value & (UINT32_C(1) << 31));
}

static void print_atom(FILE *out, const struct policy_check *check, uint64_t value, bool extended)
{
	const uint64_t high = ~(uint64_t)UINT32_MAX;

	if (check->kind == CHECK_MASK)
		fprintf(out, "arg%u in 0x%" PRIx64, check->index, check->mask | ~check_bits(check));
	else
		fprintf(out, "arg%u == 0x%" PRIx64, check->index,
			(value & check_bits(check)) | (extended ? high : 0));
}

/* The checks of one combination, ANDed; bit I of EXTENDED: check I's value as a negative int. */
static void print_clause(FILE *out, const struct policy_call *call, const struct choice *choice,
			 unsigned extended)
{
	const char *separator = "";

	for (size_t i = 0; i < call->n_checks; i++) {
		const struct policy_check *check = &call->checks[i];

		if (check_always_holds(check))
			continue;
		fputs(separator, out);
		print_atom(out, check,
			   check->kind == CHECK_VALUES ? check->values[choice->of[i]] : 0,
			   extended & 1u << i);
		separator = " && ";
	}
}

static unsigned negatives(const struct policy_call *call, const struct choice *choice)
{
	unsigned bits = 0;

	for (size_t i = 0; i < call->n_checks; i++)
		if (call->checks[i].kind == CHECK_VALUES &&
		    is_negative(&call->checks[i], call->checks[i].values[choice->of[i]]))
			bits |= 1u << i;
	return bits;
}

static void print_expression(FILE *out, const struct policy_call *call)
{
	const char *separator = "";
	struct choice choice = { { 0 } };

	do {
		unsigned all = negatives(call, &choice), some = 0;

		do { /* every subset of ALL, beginning and ending with none */
			fputs(separator, out);
			print_clause(out, call, &choice, some);
			separator = " || ";
			some = (some - all) & all;
		} while (some);
	} while (choice_next(call, &choice));
}

/* ---- lines ---- */

static bool is_native(const struct policy *p, size_t i)
{
	return p->calls[i].arch == p->arch && call_has_name(p, i);
}

/* Why the call is allowed, and what the numbers of the expression are called. */
static void print_reason(FILE *out, const struct policy_call *call)
{
	fputs("# ", out);
	quote_comment(out, call->why);
	for (size_t c = 0; c < call->n_checks; c++) {
		const struct policy_check *check = &call->checks[c];
		const struct argspec *spec = argspec_of(call->name, check->index);
		size_t n = check->kind == CHECK_VALUES ? check->n_values : 1;

		for (size_t i = 0; i < n && spec && !check_always_holds(check); i++) {
			auto_free char *text = check_describe(call, check, i);

			fprintf(out, "%s%s", i ? "," : "; ", i ? "" : spec->arg);
			fputc(' ', out);
			quote_comment(out, text ? text : "without other bits");
		}
	}
	fputc('\n', out);
}

static void print_call(const struct policy_call *call, const struct emit_options *options,
		       FILE *out)
{
	if (options->comments)
		print_reason(out, call);
	fprintf(out, "%s: ", call->name);
	if (call_is_unconditional(call))
		fputc('1', out);
	else
		print_expression(out, call);
	fputc('\n', out);
}

/* Many denials have the same reason: it is said where it changes. */
static void print_denial(const struct policy_denial *denial, const char **said, FILE *out)
{
	if (said && strcmp(denial->why, *said) != 0) {
		fputs("# ", out);
		quote_comment(out, denial->why);
		fputc('\n', out);
		*said = denial->why;
	}
	if (denial->action.kind == ACTION_ERRNO)
		fprintf(out, "%s: return %d\n", denial->name, denial->action.error);
	else if (denial->action.kind == ACTION_TRAP)
		fprintf(out, "%s: trap\n", denial->name);
}

static void print_policy(const struct policy *p, const struct emit_options *options, FILE *out)
{
	static const char *const usage[] = {
		"Run a program under it: minijail0 -n -S FILE -- COMMAND...",
		"What `learn emit minijail --as=frequency` writes to NAME.frequency is used by",
		"compile_seccomp_policy after the line: @frequency ./NAME.frequency",
		"Arguments are compared as 64 bits, also those of which the kernel reads 32.", NULL
	};

	const char *said = "";

	print_banner(out, "# ", "minijail", p, options, usage);
	print_nameless(out, "# ", p);
	print_default(p, out);
	for (size_t i = 0; i < p->n_calls; i++)
		if (is_native(p, i) && !call_is_impossible(&p->calls[i]))
			print_call(&p->calls[i], options, out);
	for (size_t i = 0; i < p->n_denials; i++)
		if (p->denials[i].arch == p->arch && denial_has_name(p, i))
			print_denial(&p->denials[i], options->comments ? &said : NULL, out);
}

static void print_frequency(const struct policy *p, const struct emit_options *options, FILE *out)
{
	(void)options;
	for (size_t i = 0; i < p->n_calls; i++)
		if (is_native(p, i) && !call_is_impossible(&p->calls[i]))
			fprintf(out, "%s: %" PRIu64 "\n", p->calls[i].name, p->calls[i].count);
}

int emit_minijail(const struct policy *policy, const struct emit_options *options, FILE *out)
{
	static const struct form forms[] = {
		{ "policy", print_policy },
		{ "frequency", print_frequency },
	};

	return print_form(out, "minijail", forms, ARRAY_SIZE(forms), policy, options);
}
