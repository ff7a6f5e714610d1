/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The filter as C source for libseccomp.
 *
 * libseccomp compares whole 64-bit arguments, ANDs the comparisons of one rule and ORs the rules of
 * one call. So an argument that may have several values takes several rules, and several such
 * arguments their product.
 */
#include <inttypes.h>
#include <linux/audit.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "emitter/formats.h"
#include "emitter/quote.h"
#include "sysdb/argspecs.h"
#include "sysdb/syscalls.h"

/* libseccomp has no "every number above": so many after the newest are listed. */
#define NUMBERS_TO_COME 64

/* x32 numbers go the way of foreign architectures whatever the rules say. */
static bool is_expressible(uint32_t arch, int nr)
{
	return nr >= 0 && (arch != AUDIT_ARCH_X86_64 || nr < X32_SYSCALL_BIT);
}

static bool is_denied(const struct policy *p, uint32_t arch, int nr)
{
	for (size_t i = 0; i < p->n_denials; i++)
		if (p->denials[i].arch == arch && p->denials[i].nr == nr)
			return true;
	return false;
}

static bool same_action(struct action a, struct action b)
{
	return action_to_seccomp(a) == action_to_seccomp(b);
}

/* ---- expressions ---- */

static void print_call(FILE *out, const char *name, int nr)
{
	quote_c(out, name);
	fprintf(out, ", %d", nr);
}

static void print_action(FILE *out, struct action action)
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

static uint64_t bits_read(const struct policy_check *check)
{
	return check->width == 32 ? UINT32_MAX : UINT64_MAX;
}

/* A mask of all bits: nothing to compare. */
static bool always_holds(const struct policy_check *check)
{
	return check->kind == CHECK_MASK && !(~check->mask & bits_read(check));
}

static void print_check(FILE *out, const struct policy_check *check, uint64_t value)
{
	uint64_t read = bits_read(check);

	if (check->kind == CHECK_MASK)
		fprintf(out, "NO_BITS(%u, 0x%" PRIx64 ")", check->index, ~check->mask & read);
	else
		fprintf(out, "%s(%u, 0x%" PRIx64 ")", check->width == 32 ? "LOW_WORD" : "WHOLE",
			check->index, value & read);
}

/* ---- rules ---- */

/* Which of each check's values a rule is for. */
struct choice {
	size_t of[6];
};

/* The next combination of values, the last check's fastest; false after the last. */
static bool next_choice(const struct policy_call *call, struct choice *choice)
{
	for (size_t i = call->n_checks; i-- > 0;) {
		const struct policy_check *check = &call->checks[i];

		if (check->kind == CHECK_VALUES && ++choice->of[i] < check->n_values)
			return true;
		choice->of[i] = 0;
	}
	return false;
}

/* The value of a check by name, "request TCGETS"; false where the argument has no name. */
static bool print_value(FILE *out, const char *separator, const struct policy_call *call,
			const struct policy_check *check, size_t choice)
{
	const struct argspec *spec = argspec_of(call->name, check->index);
	auto_free char *text = NULL;

	if (!spec || always_holds(check))
		return false;
	text = check->kind == CHECK_VALUES ? argspec_format(spec, check->values[choice]) : NULL;
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

		if (always_holds(check))
			continue;
		fputs(", ", out);
		print_check(out, check,
			    check->kind == CHECK_VALUES ? check->values[choice->of[i]] : 0);
	}
	fputs("),", out);
}

static bool is_unconditional(const struct policy_call *call)
{
	for (size_t i = 0; i < call->n_checks; i++)
		if (!always_holds(&call->checks[i]))
			return false;
	return true;
}

/* A check without values lets nothing through: no rule. */
static bool is_impossible(const struct policy_call *call)
{
	for (size_t i = 0; i < call->n_checks; i++)
		if (call->checks[i].kind == CHECK_VALUES && !call->checks[i].n_values)
			return true;
	return false;
}

static void print_rules_of(FILE *out, const struct policy_call *call)
{
	struct choice choice = { { 0 } };
	bool first = true;

	if (is_unconditional(call)) {
		fputs("\tALLOW(", out);
		print_call(out, call->name, call->nr);
		fputs("),", out);
		print_rule_comment(out, call, &choice, true);
		return;
	}
	if (is_impossible(call))
		return;
	do {
		print_checked_rule(out, call, &choice);
		print_rule_comment(out, call, &choice, first);
		first = false;
	} while (next_choice(call, &choice));
}

static void print_denials(FILE *out, const struct policy *p, uint32_t arch)
{
	for (size_t i = 0; i < p->n_denials; i++) {
		const struct policy_denial *denial = &p->denials[i];

		if (denial->arch != arch || !is_expressible(arch, denial->nr) ||
		    same_action(denial->action, p->action))
			continue;
		fputs("\tANSWER(", out);
		print_call(out, denial->name, denial->nr);
		fputs(", ", out);
		print_action(out, denial->action);
		fputs("), /* ", out);
		quote_comment(out, denial->why);
		fputs(" */\n", out);
	}
}

static void print_table(FILE *out, const struct policy *p, uint32_t arch)
{
	fprintf(out, "/* Most frequent first. */\nstatic const struct rule %s_rules[] = {\n",
		arch_name(arch));
	for (size_t i = 0; i < p->n_calls; i++) {
		const struct policy_call *call = &p->calls[i];

		if (call->arch == arch && is_expressible(arch, call->nr) &&
		    !is_denied(p, arch, call->nr))
			print_rules_of(out, call);
	}
	print_denials(out, p, arch);
	fputs("\tEND\n};\n\n", out);
}

/* ---- the fixed parts ---- */

static const char types[] =
	"/* What is done about a call whose arguments pass all of the checks. */\n"
	"struct rule {\n"
	"\tuint32_t action;\n"
	"\tconst char *name;\n"
	"\tint number; /* for a libseccomp that does not know the name */\n"
	"\tunsigned int n_checks;\n"
	"\tstruct scmp_arg_cmp checks[6];\n"
	"};\n"
	"\n"
	"#define ANSWER(call, nr, act) { .action = (act), .name = (call), .number = (nr) }\n"
	"#define ALLOW(call, nr) ANSWER(call, nr, SCMP_ACT_ALLOW)\n"
	"#define ALLOW_IF(call, nr, ...) \\\n"
	"\t{ .action = SCMP_ACT_ALLOW, \\\n"
	"\t  .name = (call), \\\n"
	"\t  .number = (nr), \\\n"
	"\t  .n_checks = sizeof((struct scmp_arg_cmp[]){ __VA_ARGS__ }) / \\\n"
	"\t\t      sizeof(struct scmp_arg_cmp), \\\n"
	"\t  .checks = { __VA_ARGS__ } }\n"
	"#define END { .name = NULL }\n"
	"\n"
	"/* Of an int the kernel reads the low word only: the high one may hold anything. */\n"
	"#define LOW_WORD(arg, value) { (arg), SCMP_CMP_MASKED_EQ, 0xffffffff, (value) }\n"
	"#define WHOLE(arg, value) { (arg), SCMP_CMP_EQ, (value), 0 }\n"
	"#define NO_BITS(arg, bits) { (arg), SCMP_CMP_MASKED_EQ, (bits), 0 }\n"
	"\n";

static const char add_rules[] =
	"static int number_of(const struct rule *rule)\n"
	"{\n"
	"\tint number = seccomp_syscall_resolve_name(rule->name);\n"
	"\n"
	"\treturn number == __NR_SCMP_ERROR ? rule->number : number;\n"
	"}\n"
	"\n"
	"static int add_rules(scmp_filter_ctx ctx, const struct rule *rule)\n"
	"{\n"
	"\tuint8_t priority = 255;\n"
	"\tint err = 0, last = -1;\n"
	"\n"
	"\tfor (; !err && rule->name; rule++) {\n"
	"\t\tint call = number_of(rule);\n"
	"\n"
	"\t\terr = seccomp_rule_add_array(ctx, rule->action, call, rule->n_checks,\n"
	"\t\t\t\t\t     rule->checks);\n"
	"\t\tif (!err && call != last && priority)\n"
	"\t\t\terr = seccomp_syscall_priority(ctx, call, priority--);\n"
	"\t\tlast = call;\n"
	"\t}\n"
	"\treturn err;\n"
	"}\n"
	"\n";

static const char to_come_format[] =
	"static int has_rule(const struct rule *rule, int call)\n"
	"{\n"
	"\twhile (rule->name && number_of(rule) != call)\n"
	"\t\trule++;\n"
	"\treturn rule->name != NULL;\n"
	"}\n"
	"\n"
	"/* Calls that are newer than this policy do not exist: programs fall back to older ones. */\n"
	"static int add_calls_to_come(scmp_filter_ctx ctx, const struct rule *rules)\n"
	"{\n"
	"\tint err = 0;\n"
	"\n"
	"\tfor (int call = %d; !err && call <= %d; call++)\n"
	"\t\tif (!has_rule(rules, call))\n"
	"\t\t\terr = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS), call, 0);\n"
	"\treturn err;\n"
	"}\n"
	"\n";

static const char for_arch_start[] =
	"/* A filter for one architecture; foreign ones, and x32, end the process. */\n"
	"static int make_filter(scmp_filter_ctx *ret, uint32_t arch, const struct rule *rules)\n"
	"{\n"
	"\tscmp_filter_ctx ctx = seccomp_init(DEFAULT_ACTION);\n"
	"\tint err;\n"
	"\n"
	"\tif (!ctx)\n"
	"\t\treturn -ENOMEM;\n"
	"\terr = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);\n"
	"\tif (!err)\n"
	"\t\terr = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_TSYNC, 1);\n"
	"\tif (!err && arch != seccomp_arch_native()) {\n"
	"\t\terr = seccomp_arch_remove(ctx, SCMP_ARCH_NATIVE);\n"
	"\t\tif (!err)\n"
	"\t\t\terr = seccomp_arch_add(ctx, arch);\n"
	"\t}\n"
	"\tif (!err)\n"
	"\t\terr = add_rules(ctx, rules);\n";

static const char for_arch_to_come[] =
	"\tif (!err && arch == seccomp_arch_native())\n"
	"\t\terr = add_calls_to_come(ctx, rules);\n";

static const char for_arch_end[] =
	"\tif (err)\n"
	"\t\tseccomp_release(ctx);\n"
	"\telse\n"
	"\t\t*ret = ctx;\n"
	"\treturn err;\n"
	"}\n"
	"\n";

static const char load_end[] =
	"\tif (!err)\n"
	"\t\terr = seccomp_load(ctx);\n"
	"\tif (err && ctx)\n"
	"\t\tseccomp_release(ctx);\n"
	"\t/* Not released after success: free(3) may need a call that is not allowed any more. */\n"
	"\treturn err;\n"
	"}\n";

static const char launcher[] =
	"\n"
	"int main(int argc, char **argv)\n"
	"{\n"
	"\tint err;\n"
	"\n"
	"\tif (argc < 2) {\n"
	"\t\tfprintf(stderr, \"Usage: %%s COMMAND...\\n\", argv[0]);\n"
	"\t\treturn 125;\n"
	"\t}\n"
	"\terr = %s_seccomp();\n"
	"\tif (err) {\n"
	"\t\tfprintf(stderr, \"%%s: %%s\\n\", argv[0], strerror(-err));\n"
	"\t\treturn 125;\n"
	"\t}\n"
	"\texecvp(argv[1], argv + 1);\n"
	"\treturn errno == ENOENT ? 127 : 126;\n"
	"}\n";

/* ---- the file ---- */

static const struct {
	uint32_t audit;
	const char *scmp;
} arch_macros[] = {
	{ SCMP_ARCH_X86_64, "SCMP_ARCH_X86_64" },	{ SCMP_ARCH_X86, "SCMP_ARCH_X86" },
	{ SCMP_ARCH_AARCH64, "SCMP_ARCH_AARCH64" },	{ SCMP_ARCH_ARM, "SCMP_ARCH_ARM" },
	{ SCMP_ARCH_PPC64LE, "SCMP_ARCH_PPC64LE" },	{ SCMP_ARCH_RISCV64, "SCMP_ARCH_RISCV64" },
	{ SCMP_ARCH_S390X, "SCMP_ARCH_S390X" },		{ SCMP_ARCH_MIPSEL64, "SCMP_ARCH_MIPSEL64" },
};

static const char *arch_macro(uint32_t arch)
{
	for (size_t i = 0; i < ARRAY_SIZE(arch_macros); i++)
		if (arch_macros[i].audit == arch)
			return arch_macros[i].scmp;
	return "SCMP_ARCH_NATIVE";
}

/* Whether numbers past the newest have an answer of their own. */
static bool has_to_come(const struct policy *p)
{
	const struct action no_such_call = { .kind = ACTION_ERRNO, .error = ENOSYS };

	return p->newest && !same_action(p->action, no_such_call);
}

static void print_load(FILE *out, const struct emit_options *options, const uint32_t *arches,
		       size_t n)
{
	fprintf(out,
		"/* Confines the calling process, all of its threads, for good: 0 or -errno. */\n"
		"%sint %s_seccomp(void)\n{\n\tscmp_filter_ctx ctx = NULL;\n",
		options->with_main ? "static " : "", options->name);
	if (n > 1)
		fputs("\tscmp_filter_ctx other = NULL;\n", out);
	fprintf(out, "\tint err = make_filter(&ctx, %s, %s_rules);\n\n", arch_macro(arches[0]),
		arch_name(arches[0]));
	for (size_t i = 1; i < n; i++)
		fprintf(out,
			"\tif (!err)\n\t\terr = make_filter(&other, %s, %s_rules);\n"
			"\tif (!err)\n\t\terr = seccomp_merge(ctx, other);\n",
			arch_macro(arches[i]), arch_name(arches[i]));
	fputs(load_end, out);
}

static void print_comment(const struct policy *policy, const struct emit_options *options,
			  FILE *out)
{
	static const char *const function_usage[] = {
		"Link with -lseccomp; call the function when all that needs more has been done.", NULL
	};
	static const char *const launcher_usage[] = {
		"Compile: cc -O2 FILE.c -o LAUNCHER -lseccomp; run: LAUNCHER COMMAND...", NULL
	};

	fputs("/*\n", out);
	print_banner(out, " * ", "libseccomp", policy,
		     options->with_main ? launcher_usage : function_usage);
	if (has_to_come(policy))
		fprintf(out, " * Calls newer than number %d fail with ENOSYS up to number %d only.\n",
			policy->newest, policy->newest + NUMBERS_TO_COME);
	fputs(" */\n", out);
}

static void print_prologue(const struct policy *policy, const struct emit_options *options,
			   FILE *out)
{
	fprintf(out, "#include <errno.h>\n#include <seccomp.h>\n#include <stddef.h>\n#include <stdint.h>\n%s\n",
		options->with_main ? "#include <stdio.h>\n#include <string.h>\n"
				     "#include <unistd.h>\n" : "");
	if (!options->with_main)
		fprintf(out, "int %s_seccomp(void);\n\n", options->name);
	fputs("/* For what is in no rule. */\n#define DEFAULT_ACTION ", out);
	print_action(out, policy->action);
	fputs("\n\n", out);
	fputs(types, out);
}

int emit_libseccomp(const struct policy *policy, const struct emit_options *options, FILE *out)
{
	uint32_t arches[4];
	size_t n = policy_arches(policy, arches);

	print_comment(policy, options, out);
	print_prologue(policy, options, out);
	for (size_t i = 0; i < n; i++)
		print_table(out, policy, arches[i]);
	fputs(add_rules, out);
	if (has_to_come(policy))
		fprintf(out, to_come_format, policy->newest + 1, policy->newest + NUMBERS_TO_COME);
	fputs(for_arch_start, out);
	if (has_to_come(policy))
		fputs(for_arch_to_come, out);
	fputs(for_arch_end, out);
	print_load(out, options, arches, n);
	if (options->with_main)
		fprintf(out, launcher, options->name);
	return 0;
}
