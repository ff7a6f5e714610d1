/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The paths, sockets and limits as an AppArmor profile (apparmor.d(5)).
 *
 * A path of a profile is a pattern: everything in a name that would be one is escaped. What is
 * executed stays under the profile (ix), as the policy is that of all programs together. Rules for
 * what learn has no evidence about (signals ...) let it pass, because AppArmor denies whatever has
 * no rule.
 */
#include <ctype.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "emitter/formats.h"
#include "emitter/quote.h"
#include "emitter/ruled_out.h"
#include "sysdb/names.h"
#include "sysdb/rlimits.h"

static void print_reason(FILE *out, const struct emit_options *options, const char *reason)
{
	if (!options->comments)
		return;
	fputs("\t# ", out);
	quote_comment(out, reason);
	fputc('\n', out);
}

/* ---- files ---- */

/* libx.so, libx.so.1: by this a library is known where no recording tells what was mapped. */
static bool is_library(const char *path)
{
	const char *slash = strrchr(path, '/'), *so = slash ? strstr(slash, ".so") : NULL;

	return so && (so[3] == '\0' || (so[3] == '.' && isdigit((unsigned char)so[4])));
}

/* Whether the path, or something below it, is mapped to be executed (m). */
static bool holds_code(const struct policy *p, const char *path)
{
	for (size_t i = 0; i < p->n_uses; i++)
		if (p->uses[i].kind == USE_CODE && path_is_within(p->uses[i].path, path))
			return true;
	for (size_t i = 0; i < p->n_seen_paths; i++)
		if (is_library(p->seen_paths[i].path) &&
		    path_is_within(p->seen_paths[i].path, path))
			return true;
	return is_library(path);
}

/* What the calls tell of all files: which ones are locked and linked is not recorded. */
struct habits {
	bool locks;   /* with flock, or fcntl: 6, 7, 37, 38 */
	bool links;   /* asks for l at the new name */
	bool renames; /* asks also to read at the old name (apparmor_path_rename()) */
};

static struct habits habits_of(const struct policy *p)
{
	static const char *const links[] = { "link", "linkat", NULL };
	static const char *const renames[] = { "rename", "renameat", "renameat2", NULL };

	return (struct habits){
		.locks = policy_allows(p, "flock") ||
			 policy_allows_all_bits(p, "fcntl", 1, F_SETLK) ||
			 policy_allows_all_bits(p, "fcntl", 1, F_OFD_SETLK),
		.links = policy_allows_any(p, links),
		.renames = policy_allows_any(p, renames),
	};
}

static const struct {
	uint32_t effects;
	const char *modes;
} file_modes[] = {
	{ PATH_READ | PATH_LIST | PATH_EXECUTE | PATH_WATCH | PATH_CONNECT, "r" },
	{ PATH_WRITES | PATH_CONNECT, "w" },
	{ PATH_EXECUTE, "mix" },
};

/* What a directory needs itself: to create and remove in it asks for the names in it alone. */
#define OF_DIRECTORY (PATH_LIST | PATH_WATCH | PATH_METADATA)

/* "rwmixlk" or a part of it; empty: nothing that AppArmor would ask about. */
static void find_modes(uint32_t effects, bool code, const struct habits *habits, char modes[16])
{
	const uint32_t moved = PATH_REMOVE_FILE | PATH_REMOVE_DIR | PATH_REFER;
	char *end = modes;

	if (habits->renames && (effects & moved))
		effects |= PATH_READ;

	for (size_t i = 0; i < ARRAY_SIZE(file_modes); i++)
		if (effects & file_modes[i].effects)
			end = stpcpy(end, file_modes[i].modes);
	if (code && (effects & PATH_READ) && !(effects & PATH_EXECUTE))
		end = stpcpy(end, "m");
	if (habits->links && (effects & (PATH_CREATE_FILE | PATH_REFER)))
		end = stpcpy(end, "l");
	if (habits->locks && (effects & (PATH_READ | PATH_WRITE)))
		end = stpcpy(end, "k");
	*end = '\0';
}

/* "PATH" with SUFFIX, which may be a pattern, before the closing quote. */
static void print_rule(FILE *out, const char *path, const char *suffix, const char *modes)
{
	if (!*modes)
		return;
	fputc('\t', out);
	quote_apparmor(out, path, suffix);
	fprintf(out, " %s,\n", modes);
}

/* A directory's own name ends with a slash: it is listed, made and removed by it. */
static void print_file(const struct policy *p, const struct policy_path *path,
		       const struct habits *habits, FILE *out)
{
	bool slash = path->path[strlen(path->path) - 1] == '/';
	char modes[16];

	find_modes(path->effects, holds_code(p, path->path), habits, modes);
	print_rule(out, path->path, "", modes);
	if (path->effects & (PATH_CREATE_DIR | PATH_REMOVE_DIR | PATH_LIST))
		print_rule(out, path->path, slash ? "" : "/", modes);
}

/* What was done to the directory itself; a rule's effects are those of all below it, too. */
static uint32_t own_effects(const struct policy *p, const struct policy_path *path)
{
	uint32_t effects = p->n_seen_paths ? 0 : path->effects;

	for (size_t i = 0; i < p->n_seen_paths; i++)
		if (strcmp(p->seen_paths[i].path, path->path) == 0)
			effects |= p->seen_paths[i].effects;
	return path->count ? effects : path->effects;
}

/* Who only lists the directories below reads none of the files there. */
static void print_directory(const struct policy *p, const struct policy_path *path,
			    const struct habits *habits, FILE *out)
{
	bool slash = path->path[strlen(path->path) - 1] == '/';
	char own[16], listed[16], below[16];

	find_modes(own_effects(p, path) & OF_DIRECTORY, false, habits, own);
	find_modes(path->effects & PATH_LIST, false, habits, listed);
	find_modes(path->effects & ~(uint32_t)PATH_LIST, holds_code(p, path->path), habits, below);
	print_rule(out, path->path, slash ? "" : "/", own);
	if (!strchr(below, 'r'))
		print_rule(out, path->path, slash ? "**/" : "/**/", listed);
	print_rule(out, path->path, slash ? "**" : "/**", below);
}

static void print_path(const struct policy *p, const struct policy_path *path,
		       const struct habits *habits, const struct emit_options *options, FILE *out)
{
	char modes[16];

	find_modes(path->effects, false, habits, modes);
	if (!*modes)
		return;
	print_reason(out, options, path->why);
	if (path->directory)
		print_directory(p, path, habits, out);
	else
		print_file(p, path, habits, out);
}

/* Without evidence about paths all of them are open. */
static void print_paths(const struct policy *p, const struct emit_options *options, FILE *out)
{
	const struct habits habits = habits_of(p);

	if (!p->handled_fs || !p->n_paths) {
		print_reason(out, options, "files are not confined");
		fputs("\tfile,\n\tmount,\n\tumount,\n\tpivot_root,\n", out);
		return;
	}
	for (size_t i = 0; i < p->n_paths; i++)
		print_path(p, &p->paths[i], &habits, options, out);
}

/* ---- sockets ---- */

/* The domains of apparmor.d(5) are the families' names in small letters. */
static bool print_family(FILE *out, int family)
{
	auto_free char *name = name_format(NAME_FAMILY, family);

	if (!name || strncmp(name, "AF_", 3) != 0)
		return false;
	fputs("\tnetwork ", out);
	for (const char *c = name + 3; *c; c++)
		fputc(tolower((unsigned char)*c), out);
	fputs(",\n", out);
	return true;
}

static void print_families(const struct policy *p, const struct emit_options *options, FILE *out)
{
	if (!p->n_families && (policy_allows(p, "socket") || policy_allows(p, "socketcall"))) {
		print_reason(out, options, "of which families sockets are made is not known");
		fputs("\tnetwork,\n", out);
		return;
	}
	for (size_t i = 0; i < p->n_families; i++) {
		print_reason(out, options, p->families[i].why);
		if (!print_family(out, p->families[i].family))
			fputs("\tnetwork,\n", out);
	}
}

/* Whether sockets of the family may be made, as far as is known. */
static bool has_family(const struct policy *p, int family)
{
	for (size_t i = 0; i < p->n_families; i++)
		if (p->families[i].family == family)
			return true;
	return !p->n_families && (policy_allows(p, "socket") || policy_allows(p, "socketcall"));
}

/* ---- capabilities ---- */

static void cleanup_name(char **name)
{
	if (*name)
		cap_free(*name);
}

/* "net_bind_service" for CAP_NET_BIND_SERVICE; one that libcap cannot name stays forbidden. */
static void print_capability(const struct policy_capability *capability,
			     const struct emit_options *options, FILE *out)
{
	char *cleanup(cleanup_name) name = cap_to_name(capability->capability);

	if (!name || strncmp(name, "cap_", 4) != 0)
		return;
	print_reason(out, options, capability->why);
	fprintf(out, "\tcapability %s,\n", name + 4);
}

/* ---- limits ---- */

/* The kernel's RLIMIT_NICE is 20 less the nice value, which AppArmor takes. */
static void print_value(FILE *out, const struct rlimit_info *info, uint64_t value)
{
	const int least_nice = 19;

	if (info->resource == RLIMIT_NICE)
		fprintf(out, "%d", value ? 20 - (int)value : least_nice);
	else
		fprintf(out, "%" PRIu64 "%s", value, info->unit == UNIT_MICROSECONDS ? "us" : "");
}

static void print_limits(const struct policy *p, const struct emit_options *options, FILE *out)
{
	for (size_t i = 0; i < p->n_limits; i++) {
		const struct policy_limit *limit = &p->limits[i];
		const struct rlimit_info *info = rlimit_by_number(limit->resource);
		const char *left_out = limit_left_out(limit, options);

		print_reason(out, options, limit->why);
		if (left_out)
			print_reason(out, options, left_out);
		fprintf(out, "\t%sset rlimit ", left_out ? "# " : "");
		for (const char *c = info->name; *c; c++)
			fputc(tolower((unsigned char)*c), out);
		fputs(" <= ", out);
		print_value(out, info, limit->value);
		fputs(",\n", out);
	}
}

/* ---- the file ---- */

/* It attaches to its program where there is but one; else it is entered with aa-exec. */
static void print_head(const struct policy *p, const struct emit_options *options, FILE *out)
{
	fprintf(out, "profile %s ", options->name);
	if (p->n_programs == 1 && p->programs[0][0] == '/') {
		quote_apparmor(out, p->programs[0], "");
		fputc(' ', out);
	}
	fputs("{\n", out);
}

int emit_apparmor(const struct policy *p, const struct emit_options *options, FILE *out)
{
	static const char *const usage[] = {
		"Install: /etc/apparmor.d/NAME; apparmor_parser -r /etc/apparmor.d/NAME.",
		"Without a path after its name: aa-exec -p NAME -- COMMAND...", NULL
	};

	print_banner(out, "# ", "apparmor", p, options, usage);
	print_head(p, options, out);
	print_paths(p, options, out);
	print_families(p, options, out);
	for (size_t i = 0; i < p->n_capabilities; i++)
		print_capability(&p->capabilities[i], options, out);
	print_reason(out, options, "what these would confine was not recorded: they stay open");
	fputs("\tsignal,\n\tptrace,\n", out);
	if (has_family(p, AF_UNIX))
		fputs("\tunix,\n\tdbus,\n", out);
	print_limits(p, options, out);
	fputs("}\n", out);
	return 0;
}
