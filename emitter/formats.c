/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the formats share: the comment at the top of a text. */
#include "emitter/formats.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "emitter/quote.h"
#include "sysdb/rlimits.h"

static void print_line(FILE *out, const char *prefix, const char *indent, const char *text)
{
	fprintf(out, "%s%s", prefix, indent);
	quote_comment(out, text);
	fputc('\n', out);
}

static void print_list(FILE *out, const char *prefix, const char *title, char *const *items,
		       size_t n)
{
	if (!n)
		return;
	print_line(out, prefix, "", title);
	for (size_t i = 0; i < n; i++)
		print_line(out, prefix, "  ", items[i]);
}

static void print_losses(FILE *out, const char *prefix, const struct emitter *emitter,
			 const struct policy *policy)
{
	auto_free char *losses = NULL, *inner = NULL;
	size_t length;
	FILE *memory = open_memstream(&losses, &length);

	if (!memory || asprintf(&inner, "%s  ", prefix) < 0) {
		inner = NULL;
		if (memory)
			fclose(memory);
		return;
	}
	emitter_print_losses(emitter, policy, inner, memory);
	if (fclose(memory) == 0 && length > 0) {
		print_line(out, prefix, "", "What this format cannot express of the policy:");
		fputs(losses, out);
	}
}

static void print_notes(FILE *out, const char *prefix, const struct emitter *emitter,
			const struct policy *policy, const struct emit_options *options)
{
	bool any = false;

	for (size_t i = 0; i < policy->n_notes; i++) {
		if (!emitter_heeds(emitter, policy, options, &policy->notes[i]))
			continue;
		if (!any)
			print_line(out, prefix, "", "Notes:");
		print_line(out, prefix, "  ", policy->notes[i].text);
		any = true;
	}
}

void print_banner(FILE *out, const char *prefix, const char *format, const struct policy *policy,
		  const struct emit_options *options, const char *const *usage)
{
	const struct emitter *emitter = emitter_by_name(format);
	const char *forms = strstr(emitter->help, " (");
	size_t length = forms ? (size_t)(forms - emitter->help) : strlen(emitter->help);

	fprintf(out, "%sWritten by learn: %.*s.\n", prefix, (int)length, emitter->help);
	print_list(out, prefix, "What it allows was seen of:", policy->programs,
		   policy->n_programs);
	for (; *usage; usage++)
		fprintf(out, "%s%s\n", prefix, *usage);
	print_losses(out, prefix, emitter, policy);
	print_notes(out, prefix, emitter, policy, options);
}

static const char launcher[] =
	"\n"
	"int main(int argc, char **argv)\n"
	"{\n"
	"\tint r;\n"
	"\n"
	"\tif (argc < 2) {\n"
	"\t\tfprintf(stderr, \"Usage: %%s COMMAND...\\n\", argv[0]);\n"
	"\t\treturn 125;\n"
	"\t}\n"
	"\tr = %s_%s();\n"
	"\tif (r < 0) {\n"
	"\t\tfprintf(stderr, \"%%s: %%s\\n\", argv[0], strerror(-r));\n"
	"\t\treturn 125;\n"
	"\t}\n"
	"%s"
	"\texecvp(argv[1], argv + 1);\n"
	"\tr = errno;\n"
	"\tfprintf(stderr, \"%%s: %%s: %%s\\n\", argv[0], argv[1], strerror(r));\n"
	"\treturn r == ENOENT ? 127 : 126;\n"
	"}\n";

void print_launcher(FILE *out, const char *name, const char *part, const char *then)
{
	fprintf(out, launcher, name, part, then);
}

static void print_names_of_forms(FILE *out, const struct form *forms, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fprintf(out, "%s%s", i == 0 ? "" : i + 1 < n ? ", " : " or ", forms[i].as);
}

int print_form(FILE *out, const char *format, const struct form *forms, size_t n,
	       const struct policy *policy, const struct emit_options *options)
{
	auto_free char *names = NULL;
	size_t length;
	FILE *memory;

	for (size_t i = 0; i < n; i++) {
		if (options->as && strcmp(options->as, forms[i].as) != 0)
			continue;
		forms[i].print(policy, options, out);
		return 0;
	}
	memory = open_memstream(&names, &length);
	if (!memory)
		return -ENOMEM;
	print_names_of_forms(memory, forms, n);
	if (fclose(memory) != 0)
		return -ENOMEM;
	return diag(-EINVAL, "%s comes as %s, not as '%s'", format, names, options->as);
}

const char *limit_left_out(const struct policy_limit *limit, const struct emit_options *options)
{
	static const char *const reasons[] = {
		[GROWS_NOT] = NULL,
		[GROWS_WITH_TIME] = "grows with the time that a service runs, so the limit would "
				    "end it one day: left out unless --lifetime-limits asks for it",
		[GROWS_WITH_WORK] = "grows with what a service is asked for, so the limit may end "
				    "it one day: left out unless --lifetime-limits asks for it",
	};

	return options->lifetime_limits ? NULL : reasons[rlimit_by_number(limit->resource)->grows];
}
