/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The resource limits as C source, as a shell script or as a call of prlimit(1). */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "emitter/formats.h"
#include "emitter/quote.h"
#include "sysdb/rlimits.h"

static void print_why(FILE *out, const struct policy_limit *limit)
{
	const struct rlimit_info *info = rlimit_by_number(limit->resource);

	quote_comment(out, limit->why);
	if (info->per_user)
		fputs("; counted over all processes of the user", out);
}

/* ---- C ---- */

static const char c_function[] =
	"/* Lowers what is higher, for good; what is lower stays. 0 or -errno. */\n"
	"%sint %s_rlimits(void)\n"
	"{\n"
	"\tfor (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {\n"
	"\t\tstruct rlimit now;\n"
	"\n"
	"\t\tif (getrlimit(limits[i].resource, &now) != 0)\n"
	"\t\t\treturn -errno;\n"
	"\t\tif (now.rlim_max > limits[i].value)\n"
	"\t\t\tnow.rlim_max = limits[i].value;\n"
	"\t\tif (now.rlim_cur > now.rlim_max)\n"
	"\t\t\tnow.rlim_cur = now.rlim_max;\n"
	"\t\tif (setrlimit(limits[i].resource, &now) != 0)\n"
	"\t\t\treturn -errno;\n"
	"\t}\n"
	"\treturn 0;\n"
	"}\n";

static const char c_nothing[] = "/* The policy has no limits. */\n"
				"%sint %s_rlimits(void)\n"
				"{\n"
				"\treturn 0;\n"
				"}\n";

static void print_c_table(const struct policy *policy, FILE *out)
{
	fputs("static const struct {\n\tint resource;\n\trlim_t value;\n} limits[] = {\n", out);
	for (size_t i = 0; i < policy->n_limits; i++) {
		const struct policy_limit *limit = &policy->limits[i];

		fprintf(out, "\t{ RLIMIT_%s, %" PRIu64 " }, /* ",
			rlimit_by_number(limit->resource)->name, limit->value);
		print_why(out, limit);
		fputs(" */\n", out);
	}
	fputs("};\n\n", out);
}

static void print_c(const struct policy *policy, const struct emit_options *options, FILE *out)
{
	static const char *const usage[] = {
		"Compile it with the program and call the function first thing in main.", NULL
	};
	static const char *const launcher_usage[] = {
		"Compile: cc -O2 FILE.c -o LAUNCHER; run: LAUNCHER COMMAND...", NULL
	};

	fputs("/*\n", out);
	print_banner(out, " * ", "rlimits", policy, options,
		     options->with_main ? launcher_usage : usage);
	fputs(" */\n#include <errno.h>\n#include <stddef.h>\n", out);
	if (options->with_main)
		fputs("#include <stdio.h>\n#include <string.h>\n", out);
	fputs("#include <sys/resource.h>\n", out);
	if (options->with_main)
		fputs("#include <unistd.h>\n\n", out);
	else
		fprintf(out, "\nint %s_rlimits(void);\n\n", options->name);
	if (policy->n_limits)
		print_c_table(policy, out);
	fprintf(out, policy->n_limits ? c_function : c_nothing,
		options->with_main ? "static " : "", options->name);
	if (options->with_main)
		print_launcher(out, options->name, "rlimits", "");
}

/* ---- shell ---- */

static const char sh_function[] =
	"\n"
	"# Lowers what is higher, for good; what is lower stays.\n"
	"lower()\n"
	"{\n"
	"\tfor side in -S -H; do\n"
	"\t\tnow=$(ulimit $side \"$1\") || exit 125\n"
	"\t\tif [ \"$now\" = unlimited ] || [ \"$now\" -gt \"$2\" ]; then\n"
	"\t\t\tulimit $side \"$1\" \"$2\" || exit 125\n"
	"\t\tfi\n"
	"\tdone\n"
	"}\n"
	"\n";

static uint64_t in_units(uint64_t value, uint64_t unit)
{
	return value / unit + (value % unit != 0);
}

/* bash and dash agree on all letters but that of NPROC: -u in bash, -p in dash. */
static void print_lower(FILE *out, const struct rlimit_info *info, uint64_t value)
{
	if (strcmp(info->ulimit, "u") != 0)
		fprintf(out, "lower -%s %" PRIu64 "\n", info->ulimit, value);
	else
		fprintf(out,
			"if (ulimit -u) >/dev/null 2>&1; then lower -u %" PRIu64
			"; else lower -p %" PRIu64 "; fi\n",
			value, value);
}

static void print_sh(const struct policy *policy, const struct emit_options *options, FILE *out)
{
	static const char *const usage[] = { "Run a program under them: sh FILE COMMAND...", NULL };

	(void)options;
	fputs("#!/bin/sh\n", out);
	print_banner(out, "# ", "rlimits", policy, options, usage);
	fputs(sh_function, out);
	for (size_t i = 0; i < policy->n_limits; i++) {
		const struct policy_limit *limit = &policy->limits[i];
		const struct rlimit_info *info = rlimit_by_number(limit->resource);

		fprintf(out, "# %s: ", info->name);
		print_why(out, limit);
		fputs(info->ulimit ? "\n" : " (the shell cannot set it)\n", out);
		if (info->ulimit)
			print_lower(out, info, in_units(limit->value, info->ulimit_unit));
	}
	fputs("\nexec \"$@\"\n", out);
}

/* ---- prlimit(1) ---- */

static const char prlimit_functions[] =
	"\n"
	"# The lower one of a limit that is in force and one of the policy.\n"
	"lower()\n"
	"{\n"
	"\tif [ \"$1\" = unlimited ] || [ \"$1\" -gt \"$2\" ]; then\n"
	"\t\techo \"$2\"\n"
	"\telse\n"
	"\t\techo \"$1\"\n"
	"\tfi\n"
	"}\n"
	"\n"
	"# The option that lowers what is higher; what is lower stays.\n"
	"limit()\n"
	"{\n"
	"\tnow=$(prlimit --noheadings --raw --output SOFT,HARD \"--$1\") || exit\n"
	"\techo \"--$1=$(lower \"${now% *}\" \"$2\"):$(lower \"${now#* }\" \"$2\")\"\n"
	"}\n"
	"\n";

static void print_prlimit(const struct policy *policy, const struct emit_options *options,
			  FILE *out)
{
	static const char *const usage[] = { "Run a program under them: sh FILE COMMAND...", NULL };

	(void)options;
	fputs("#!/bin/sh\n", out);
	print_banner(out, "# ", "rlimits", policy, options, usage);
	fputs(prlimit_functions, out);
	for (size_t i = 0; i < policy->n_limits; i++) {
		const struct policy_limit *limit = &policy->limits[i];

		fprintf(out, "# %s: ", rlimit_by_number(limit->resource)->name);
		print_why(out, limit);
		fputc('\n', out);
	}
	fputs("exec prlimit", out);
	for (size_t i = 0; i < policy->n_limits; i++) {
		const struct policy_limit *limit = &policy->limits[i];

		fputs(" \\\n\t\"$(limit ", out);
		for (const char *c = rlimit_by_number(limit->resource)->name; *c; c++)
			fputc(tolower((unsigned char)*c), out);
		fprintf(out, " %" PRIu64 ")\"", limit->value);
	}
	fputs(" \\\n\t-- \"$@\"\n", out);
}

int emit_rlimits(const struct policy *policy, const struct emit_options *options, FILE *out)
{
	static const struct form forms[] = {
		{ "c", print_c },
		{ "sh", print_sh },
		{ "prlimit", print_prlimit },
	};

	return print_form(out, "rlimits", forms, ARRAY_SIZE(forms), policy, options);
}
