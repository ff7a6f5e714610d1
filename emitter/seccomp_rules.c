/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The calls of a policy as tables of rules for libseccomp, in C.
 *
 * libseccomp compares whole 64-bit arguments, ANDs the comparisons of one rule and ORs the rules of
 * one call. So an argument that may have several values takes several rules, and several such
 * arguments their product.
 */
#include "emitter/seccomp_rules.h"

#include <inttypes.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "emitter/choices.h"
#include "emitter/quote.h"
#include "sysdb/argspecs.h"
#include "sysdb/syscalls.h"

/* ---- expressions ---- */

static const struct {
	uint32_t arch;
	const char *name;
} arch_macros[] = {
#define ARCH(arch) { SCMP_ARCH_##arch, "SCMP_ARCH_" #arch }
	ARCH(X86_64),  ARCH(X86),     ARCH(AARCH64), ARCH(ARM),
	ARCH(PPC64LE), ARCH(RISCV64), ARCH(S390X),   ARCH(MIPSEL64),
#undef ARCH
};

const char *scmp_arch_name(uint32_t arch)
{
	for (size_t i = 0; i < ARRAY_SIZE(arch_macros); i++)
		if (arch_macros[i].arch == arch)
			return arch_macros[i].name;
	return "SCMP_ARCH_NATIVE";
}

static void print_call(FILE *out, const char *name, int nr)
{
	quote_c(out, name);
	fprintf(out, ", %d", nr);
}

void print_seccomp_action(FILE *out, struct action action)
{
	switch (action.kind) {
	case ACTION_ALLOW:
		fputs("SCMP_ACT_ALLOW", out);
		break;
	case ACTION_KILL:
		fputs("SCMP_ACT_KILL_PROCESS", out);
		break;
	case ACTION_TRAP:
		fputs("SCMP_ACT_TRAP", out);
		break;
	case ACTION_LOG:
		fputs("SCMP_ACT_LOG", out);
		break;
	case ACTION_ERRNO:
		if (strerrorname_np(action.error))
			fprintf(out, "SCMP_ACT_ERRNO(%s)", strerrorname_np(action.error));
		else
			fprintf(out, "SCMP_ACT_ERRNO(%d)", action.error);
		break;
	}
}

static void print_check(FILE *out, const struct policy_check *check, uint64_t value)
{
	uint64_t read = check_bits(check);

	if (check->kind == CHECK_MASK)
		fprintf(out, "NO_BITS(%u, 0x%" PRIx64 ")", check->index, ~check->mask & read);
	else
		fprintf(out, "%s(%u, 0x%" PRIx64 ")", check->width == 32 ? "LOW_WORD" : "WHOLE",
			check->index, value & read);
}

/* ---- rules ---- */

/* The value of a check by name, "request TCGETS"; false where the argument has no name. */
static bool print_value(FILE *out, const char *separator, const struct policy_call *call,
			const struct policy_check *check, size_t choice)
{
	const struct argspec *spec = argspec_of(call->name, check->index);
	auto_free char *text = NULL;

	if (!spec || check_always_holds(check))
		return false;
	text = check_describe(call, check, choice);
	fprintf(out, "%s%s ", separator, spec->arg);
	quote_comment(out, text ? text : "without other bits");
	return true;
}

/* What the rule is about, and with the call's first rule why it is there. */
static void print_rule_comment(FILE *out, const struct policy_call *call,
			       const struct choice *choice, bool first)
{
	static const char start[] = " /* ";
	const char *separator = start;

	for (size_t i = 0; i < call->n_checks; i++)
		if (print_value(out, separator, call, &call->checks[i], choice->of[i]))
			separator = ", ";
	if (first) {
		fputs(separator == start ? start : "; ", out);
		quote_comment(out, call->why);
	}
	fputs(first || separator != start ? " */\n" : "\n", out);
}

static void print_checked_rule(FILE *out, const struct policy_call *call,
			       const struct choice *choice)
{
	fputs("\tALLOW_IF(", out);
	print_call(out, call->name, call->nr);
	for (size_t i = 0; i < call->n_checks; i++) {
		const struct policy_check *check = &call->checks[i];

		if (check_always_holds(check))
			continue;
		fputs(", ", out);
		print_check(out, check,
			    check->kind == CHECK_VALUES ? check->values[choice->of[i]] : 0);
	}
	fputs("),", out);
}

static void print_rules_of(FILE *out, const struct policy_call *call)
{
	struct choice choice = { { 0 } };
	bool first = true;

	if (call_is_unconditional(call)) {
		fputs("\tALLOW(", out);
		print_call(out, call->name, call->nr);
		fputs("),", out);
		print_rule_comment(out, call, &choice, true);
		return;
	}
	if (call_is_impossible(call))
		return;
	do {
		print_checked_rule(out, call, &choice);
		print_rule_comment(out, call, &choice, first);
		first = false;
	} while (choice_next(call, &choice));
}

/* Many have the same reason: it is said where it changes. */
static void print_denials(FILE *out, const struct policy *p, uint32_t arch)
{
	const char *said = "";

	for (size_t i = 0; i < p->n_denials; i++) {
		const struct policy_denial *denial = &p->denials[i];

		if (denial->arch != arch || !denial_is_stated(p, i))
			continue;
		if (strcmp(denial->why, said) != 0) {
			fputs("\t/* ", out);
			quote_comment(out, denial->why);
			fputs(" */\n", out);
			said = denial->why;
		}
		fputs("\tANSWER(", out);
		print_call(out, denial->name, denial->nr);
		fputs(", ", out);
		print_seccomp_action(out, denial->action);
		fputs("),\n", out);
	}
}

void print_seccomp_rules(FILE *out, const struct policy *p, uint32_t arch)
{
	fprintf(out, "/* Most frequent first. */\nstatic const struct rule %s_rules[] = {\n",
		arch_name(arch));
	for (size_t i = 0; i < p->n_calls; i++) {
		const struct policy_call *call = &p->calls[i];

		if (call->arch == arch && call_is_stated(p, i))
			print_rules_of(out, call);
	}
	print_denials(out, p, arch);
	fputs("\tEND\n};\n\n", out);
}
