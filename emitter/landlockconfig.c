/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The paths and ports as TOML for landlockconfig (landlock-lsm/landlockconfig on GitHub: its
 * schema and parser settle the words).
 *
 * Rights are named one by one and not by its groups (abi.read_write), which are wider than what
 * was seen.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "emitter/formats.h"
#include "emitter/quote.h"
#include "sysdb/landlock.h"

static const struct {
	enum landlock_field field;
	const char *prefix; /* of the names in linux/landlock.h */
	const char *key;
} fields[] = {
	{ LL_FIELD_FS, "LANDLOCK_ACCESS_FS_", "handled_access_fs" },
	{ LL_FIELD_NET, "LANDLOCK_ACCESS_NET_", "handled_access_net" },
	{ LL_FIELD_SCOPE, "LANDLOCK_SCOPE_", "scoped" },
};

/* KEY = ["read_file", "read_dir"] */
static void print_rights(FILE *out, const char *key, enum landlock_field field, uint32_t rights)
{
	const char *separator = "";

	fprintf(out, "%s = [", key);
	for (const struct landlock_right *r = landlock_table; r->name; r++) {
		if (r->field != field || !(rights & r->bit))
			continue;
		fprintf(out, "%s\"", separator);
		for (const char *c = r->name + strlen(fields[field].prefix); *c; c++)
			fputc(tolower((unsigned char)*c), out);
		fputc('"', out);
		separator = ", ";
	}
	fputs("]\n", out);
}

static void print_ruleset(const struct policy *p, FILE *out)
{
	fputs("\n# What is confined.\n[[ruleset]]\n", out);
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		if (policy_handled(p, fields[i].field))
			print_rights(out, fields[i].key, fields[i].field,
				     policy_handled(p, fields[i].field));
}

static void print_reason(FILE *out, const struct emit_options *options, const char *why)
{
	fputc('\n', out);
	if (!options->comments)
		return;
	fputs("# ", out);
	quote_comment(out, why);
	fputc('\n', out);
}

/* A dollar sign begins a variable; two of them are one. */
static int print_parent(FILE *out, const char *path)
{
	auto_free char *text = malloc(2 * strlen(path) + 1);
	char *to = text;

	if (!text)
		return -ENOMEM;
	for (const char *from = path; *from; from++) {
		if (*from == '$')
			*to++ = '$';
		*to++ = *from;
	}
	*to = '\0';
	fputs("parent = [", out);
	quote_json(out, text);
	fputs("]\n", out);
	return 0;
}

static int print_path(const struct policy *p, const struct policy_path *path,
		      const struct emit_options *options, FILE *out)
{
	uint32_t rights = path->rights & p->handled_fs;

	if (!path->directory)
		rights &= LL_FILE_RIGHTS;
	if (!rights)
		return 0;
	print_reason(out, options, path->why);
	if (!is_utf8(path->path)) {
		fputs("# Left out, because TOML has no such bytes: ", out);
		quote_comment(out, path->path);
		fputc('\n', out);
		return 0;
	}
	fputs("[[path_beneath]]\n", out);
	print_rights(out, "allowed_access", LL_FIELD_FS, rights);
	return print_parent(out, path->path);
}

static void print_port(const struct policy *p, const struct policy_port *port,
		       const struct emit_options *options, FILE *out)
{
	uint32_t right = port->bind ? LL_BIND_TCP : LL_CONNECT_TCP;

	if (!(p->handled_net & right))
		return;
	print_reason(out, options, port->why);
	fputs("[[net_port]]\n", out);
	print_rights(out, "allowed_access", LL_FIELD_NET, right);
	fprintf(out, "port = [%" PRIu16 "]\n", port->port);
}

int emit_landlockconfig(const struct policy *p, const struct emit_options *options, FILE *out)
{
	static const char *const usage[] = { "Run a program under it: llconfig, or a sandboxer "
					     "that reads the format.",
					     NULL };
	int err = 0;

	if (!p->handled_fs && !p->handled_net && !p->scopes)
		return diag(-ENODATA, "landlockconfig: the policy confines nothing that landlock "
				      "could, and the format has no way to say so");
	print_banner(out, "# ", "landlockconfig", p, options, usage);
	print_ruleset(p, out);
	for (size_t i = 0; !err && p->handled_fs && i < p->n_paths; i++)
		err = print_path(p, &p->paths[i], options, out);
	for (size_t i = 0; i < p->n_ports; i++)
		print_port(p, &p->ports[i], options, out);
	return err;
}
