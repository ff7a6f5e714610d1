/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The policy as a drop-in for a systemd service: every directive of the table that holds. */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "emitter/formats.h"
#include "emitter/quote.h"
#include "emitter/systemd_directives.h"
#include "emitter/systemd_writers.h"

static void print_left_out(const struct systemd_directive *d, const char *obstacle,
			   const struct emit_options *options, FILE *out)
{
	if (!options->comments)
		return;
	fprintf(out, "# %s=%s is left out: ", d->name, d->value ? d->value : "");
	quote_comment(out, obstacle);
	fputc('\n', out);
}

static int print_lines(const struct systemd_directive *d, const struct policy *p,
		       const struct emit_options *options, FILE *out)
{
	if (d->write)
		return d->write(p, options, out);
	fprintf(out, "%s=%s\n", d->name, d->value);
	return 0;
}

/* Lines that a person may take: comments of their own stay what they are. */
static int print_as_comment(const struct systemd_directive *d, const struct policy *p,
			    const struct emit_options *options, FILE *out)
{
	auto_free char *text = NULL;
	size_t length;
	FILE *lines = open_memstream(&text, &length);
	int err = lines ? print_lines(d, p, options, lines) : -ENOMEM;

	if (lines && fclose(lines) != 0)
		err = -ENOMEM;
	if (err < 0)
		return err;
	for (char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		fprintf(out, "%s%s\n", *line == '#' ? "" : "#", line);
	}
	return 0;
}

static int print_directive(const struct systemd_directive *d, const struct policy *p,
			   const struct emit_options *options, FILE *out)
{
	bool newer = options->systemd && d->since > options->systemd;

	if (d->why && options->comments)
		fprintf(out, "# %s (since systemd %u)\n", d->why, d->since);
	if (newer && options->comments)
		fprintf(out, "# systemd %u does not know it yet\n", options->systemd);
	if (newer || (d->flags & DIRECTIVE_HINT))
		return options->comments ? print_as_comment(d, p, options, out) : 0;
	return print_lines(d, p, options, out);
}

/* Of the rows of one name, the strictest first, the first that holds. */
static int print_directives(const struct policy *p, const struct emit_options *options, FILE *out)
{
	const char *done = "";
	int err = 0;

	for (const struct systemd_directive *d = systemd_directives; !err && d->name; d++) {
		auto_free char *obstacle = NULL;

		if (strcmp(d->name, done) == 0 || !systemd_applies(d, p, options))
			continue;
		obstacle = systemd_obstacle(d, p, options);
		if (obstacle) {
			print_left_out(d, obstacle, options, out);
			continue;
		}
		done = d->name;
		err = print_directive(d, p, options, out);
	}
	return err;
}

/* ---- what runs under the drop-in and was not recorded ---- */

static bool was_executed(const struct policy *p, const char *program)
{
	for (size_t i = 0; i < p->n_uses; i++)
		if (p->uses[i].kind == USE_CODE && strcmp(p->uses[i].path, program) == 0)
			return true;
	for (size_t i = 0; i < p->n_programs; i++)
		if (strcmp(p->programs[i], program) == 0)
			return true;
	return false;
}

static void print_unrecorded(const struct policy *p, const struct emit_options *options, FILE *out)
{
	for (size_t i = 0; options->unit && i < options->unit->n_commands; i++) {
		const struct unit_command *command = &options->unit->commands[i];

		if (was_executed(p, command->program))
			continue;
		fprintf(out, "# %s= runs under the same rules and was not recorded: ",
			command->directive);
		quote_comment(out, command->program);
		fputc('\n', out);
	}
}

/* ---- the file ---- */

int emit_systemd(const struct policy *p, const struct emit_options *options, FILE *out)
{
	static const char *const usage[] = {
		"Install: /etc/systemd/system/UNIT.service.d/learn.conf; systemctl daemon-reload.",
		"A directive that a version of systemd does not know is ignored with a warning.",
		"An empty assignment takes back what the unit itself sets in its place.",
		NULL
	};

	print_banner(out, "# ", "systemd", p, options, usage);
	print_unrecorded(p, options, out);
	fputs("[Service]\n", out);
	return print_directives(p, options, out);
}
