/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filter as C source for libseccomp: what stands around the tables of rules. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "emitter/alternatives.h"
#include "emitter/formats.h"
#include "emitter/libseccomp_limits.h"
#include "emitter/seccomp_rules.h"
#include "emitter/simulate.h"
#include "sysdb/syscalls.h"

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

static const char number_of[] =
	"static int number_of(const struct rule *rule)\n"
	"{\n"
	"\tint number = seccomp_syscall_resolve_name(rule->name);\n"
	"\n"
	"\treturn number == __NR_SCMP_ERROR ? rule->number : number;\n"
	"}\n"
	"\n";

static const char add_rules_by_priority[] =
	"/* The filter is a list in the order of the priorities. */\n"
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

static const char add_rules_to_tree[] =
	"/* The filter is a tree by number: for these counts it is shorter than a list. */\n"
	"static int add_rules(scmp_filter_ctx ctx, const struct rule *rule)\n"
	"{\n"
	"\tint err = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);\n"
	"\n"
	"\tfor (; !err && rule->name; rule++)\n"
	"\t\terr = seccomp_rule_add_array(ctx, rule->action, number_of(rule),\n"
	"\t\t\t\t\t     rule->n_checks, rule->checks);\n"
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
	"/* Calls newer than this policy do not exist: programs fall back to older ones. */\n"
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
	"\t/* Not released after success: free(3) may need a call that is forbidden now. */\n"
	"\treturn err;\n"
	"}\n";

/* ---- the file ---- */

static void print_load(FILE *out, const struct emit_options *options, const uint32_t *arches,
		       size_t n)
{
	fprintf(out,
		"/* Confines the calling process, all of its threads, for good: 0 or -errno. */\n"
		"%sint %s_seccomp(void)\n{\n\tscmp_filter_ctx ctx = NULL;\n",
		options->with_main ? "static " : "", options->name);
	if (n > 1)
		fputs("\tscmp_filter_ctx other = NULL;\n", out);
	fprintf(out, "\tint err = make_filter(&ctx, %s, %s_rules);\n\n", scmp_arch_name(arches[0]),
		arch_name(arches[0]));
	for (size_t i = 1; i < n; i++)
		fprintf(out,
			"\tif (!err)\n\t\terr = make_filter(&other, %s, %s_rules);\n"
			"\tif (!err)\n\t\terr = seccomp_merge(ctx, other);\n",
			scmp_arch_name(arches[i]), arch_name(arches[i]));
	fputs(load_end, out);
}

static void print_comment(const struct policy *policy, const struct emit_options *options,
			  FILE *out)
{
	static const char *const function_usage[] = {
		"Link with -lseccomp; call the function when all that needs more has been done.",
		NULL,
	};
	static const char *const main_usage[] = {
		"Link with -lseccomp; call the function first thing in main: what the program did",
		"before is not allowed.",
		NULL,
	};
	static const char *const launcher_usage[] = {
		"Compile: cc -O2 FILE.c -o LAUNCHER -lseccomp; run: LAUNCHER COMMAND...", NULL
	};

	fputs("/*\n", out);
	print_banner(out, " * ", "libseccomp", policy, options,
		     options->with_main ? launcher_usage
		     : options->in_main ? main_usage
					: function_usage);
	if (libseccomp_lists_to_come(policy))
		fprintf(out, " * Calls newer than number %d fail with ENOSYS up to %d only.\n",
			policy->newest, policy->newest + NUMBERS_TO_COME);
	fputs(" */\n", out);
}

static void print_prologue(const struct policy *policy, const struct emit_options *options,
			   FILE *out)
{
	fprintf(out,
		"#include <errno.h>\n#include <seccomp.h>\n#include <stddef.h>\n"
		"#include <stdint.h>\n%s\n",
		options->with_main ? "#include <stdio.h>\n#include <string.h>\n"
				     "#include <unistd.h>\n" : "");
	if (!options->with_main)
		fprintf(out, "int %s_seccomp(void);\n\n", options->name);
	fputs("/* For what is in no rule. */\n#define DEFAULT_ACTION ", out);
	print_seccomp_action(out, policy->action);
	fputs("\n\n", out);
	fputs(types, out);
}

/* Which of libseccomp's two layouts takes fewer instructions for the calls of the profile. */
static bool tree_is_shorter(const struct policy *policy)
{
	const double weight = tuning_of(TUNE_BALANCED)->remembered;
	struct filter cleanup(filter_free) list = { 0 }, cleanup(filter_free) tree = { 0 };
	struct filter_cost list_cost, tree_cost;

	return filter_by_libseccomp(policy, LAYOUT_PRIORITY, &list) == 0 &&
	       filter_by_libseccomp(policy, LAYOUT_TREE, &tree) == 0 &&
	       filter_measure(&list, policy, weight, &list_cost) == 0 &&
	       filter_measure(&tree, policy, weight, &tree_cost) == 0 &&
	       tree_cost.both < list_cost.both;
}

int emit_libseccomp(const struct policy *policy, const struct emit_options *options, FILE *out)
{
	uint32_t arches[4];
	size_t n = policy_arches(policy, arches);

	print_comment(policy, options, out);
	print_prologue(policy, options, out);
	for (size_t i = 0; i < n; i++)
		print_seccomp_rules(out, policy, arches[i]);
	fputs(number_of, out);
	fputs(tree_is_shorter(policy) ? add_rules_to_tree : add_rules_by_priority, out);
	if (libseccomp_lists_to_come(policy))
		fprintf(out, to_come_format, policy->newest + 1, policy->newest + NUMBERS_TO_COME);
	fputs(for_arch_start, out);
	if (libseccomp_lists_to_come(policy))
		fputs(for_arch_to_come, out);
	fputs(for_arch_end, out);
	print_load(out, options, arches, n);
	if (options->with_main)
		print_launcher(out, options->name, "seccomp", "");
	return 0;
}
