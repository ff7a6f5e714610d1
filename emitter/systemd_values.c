/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Directives whose values are lists and numbers of the policy. */
#include <ctype.h>
#include <grp.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/resource.h>

#include "base/cleanup.h"
#include "emitter/formats.h"
#include "emitter/quote.h"
#include "emitter/ruled_out.h"
#include "emitter/systemd_devices.h"
#include "emitter/systemd_directives.h"
#include "emitter/systemd_view.h"
#include "emitter/systemd_writers.h"
#include "sysdb/argspecs.h"
#include "sysdb/capabilities.h"
#include "sysdb/names.h"
#include "sysdb/rlimits.h"

/* ---- lists ---- */

/* Lists go on in a further line of the same directive past this column. */
#define LINE_WIDTH 96

void systemd_list_add(struct systemd_list *list, const char *word)
{
	size_t n = strlen(word);

	if (list->column && list->column + 1 + n > LINE_WIDTH) {
		fputc('\n', list->out);
		list->column = 0;
	}
	list->column += (size_t)fprintf(list->out, "%s%s", list->column ? " " : list->start, word);
}

void systemd_list_end(struct systemd_list *list)
{
	if (list->column)
		fputc('\n', list->out);
	list->column = 0;
}

void systemd_reason(FILE *out, const struct emit_options *options, const char *reason)
{
	if (!options->comments)
		return;
	fputs("# ", out);
	quote_comment(out, reason);
	fputc('\n', out);
}

/* ---- sockets ---- */

int write_families(const struct policy *p, const struct emit_options *options, FILE *out)
{
	struct systemd_list list = { .out = out, .start = "RestrictAddressFamilies=" };

	systemd_reason(out, options, p->n_families ? "the sockets that were made"
						   : "no socket is made (none: since systemd 249)");
	fputs("RestrictAddressFamilies=\n", out);
	if (!p->n_families)
		systemd_list_add(&list, "none");
	for (size_t i = 0; i < p->n_families; i++) {
		auto_free char *name = name_format(NAME_FAMILY, p->families[i].family);

		if (!name)
			return -ENOMEM;
		systemd_list_add(&list, name);
	}
	systemd_list_end(&list);
	return 0;
}

/* ---- capabilities ---- */

static int add_capability(struct systemd_list *list, int capability)
{
	char *name = cap_to_name(capability);

	if (!name)
		return -ENOMEM;
	for (char *c = name; *c; c++)
		*c = (char)toupper((unsigned char)*c);
	systemd_list_add(list, name);
	cap_free(name);
	return 0;
}

static int print_capabilities(const struct policy *p, FILE *out, const char *start)
{
	struct systemd_list list = { .out = out, .start = start };

	for (size_t i = 0; i < p->n_capabilities; i++)
		if (add_capability(&list, p->capabilities[i].capability) < 0)
			return -ENOMEM;
	systemd_list_end(&list);
	return 0;
}

int write_bounding_set(const struct policy *p, const struct emit_options *options, FILE *out)
{
	for (size_t i = 0; options->comments && i < p->n_capabilities; i++) {
		char *name = cap_to_name(p->capabilities[i].capability);

		fprintf(out, "#   %s: ", name ? name : "?");
		quote_comment(out, p->capabilities[i].why);
		fputc('\n', out);
		cap_free(name);
	}
	fputs("CapabilityBoundingSet=\n", out);
	return print_capabilities(p, out, "CapabilityBoundingSet=");
}

/* Who is not root has capabilities by these alone, and none that the bounding set lacks. */
int write_ambient_set(const struct policy *p, const struct emit_options *options, FILE *out)
{
	systemd_reason(out, options,
		       p->as_root || !p->n_capabilities
			       ? "no capability is handed on to programs"
			       : "without root's rights: what it needs and cannot have otherwise");
	fputs("AmbientCapabilities=\n", out);
	return p->as_root ? 0 : print_capabilities(p, out, "AmbientCapabilities=");
}

/* Names by the user data base of this machine, as it is where the recording was made. */
int write_user(const struct policy *p, const struct emit_options *options, FILE *out)
{
	struct systemd_list list = { .out = out, .start = "AmbientCapabilities=" };
	const struct passwd *user = p->becomes.known ? getpwuid(p->becomes.uid) : NULL;
	const struct group *group =
		user && p->becomes.has_group ? getgrgid(p->becomes.gid) : NULL;

	(void)options;
	fprintf(out, "User=%s\n", user ? user->pw_name : "");
	if (group && group->gr_gid != user->pw_gid)
		fprintf(out, "Group=%s\n", group->gr_name);
	for (size_t i = 0; i < p->n_capabilities; i++)
		if (!capability_is_for_users(p->capabilities[i].capability) &&
		    add_capability(&list, p->capabilities[i].capability) < 0)
			return -ENOMEM;
	systemd_list_end(&list);
	return 0;
}

/* ---- devices ---- */

static void print_device(const struct policy_path *path, FILE *out)
{
	const uint32_t writes = PATH_WRITE | PATH_TRUNCATE | PATH_IOCTL;

	fputs("DeviceAllow=", out);
	quote_systemd_path(out, "", path->path);
	fprintf(out, " %s%s%s\n", path->effects & ~writes ? "r" : "",
		path->effects & writes ? "w" : "",
		path->effects & (PATH_CREATE_CHAR | PATH_CREATE_BLOCK) ? "m" : "");
}

int write_devices(const struct policy *p, const struct emit_options *options, FILE *out)
{
	(void)options;
	fputs("DevicePolicy=closed\nDeviceAllow=\n", out);
	for (size_t i = 0; i < p->n_paths; i++)
		if (systemd_is_device(p->paths[i].path) && systemd_can_quote(p->paths[i].path))
			print_device(&p->paths[i], out);
	return 0;
}

/* ---- code ---- */

/* Libraries by their directory, because an update renames them and modules are many. */
static char *code_path(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!strstr(slash, ".so") || slash == path)
		return strdup(path);
	return strndup(path, (size_t)(slash - path));
}

/* NoExecPaths=/ does not reach what is mounted below it: what is bound to be written to. */
static int print_bound(const struct policy *p, const struct emit_options *options,
		       const struct systemd_paths *code, FILE *out)
{
	struct systemd_view cleanup(systemd_view_clear) view = { .read = { 0 } };
	int err = systemd_holds("TemporaryFileSystem", p, options)
			  ? systemd_view_of(p, options, &view)
			  : 0;

	for (size_t i = 0; i < view.written.n && err == 0; i++) {
		if (systemd_paths_cover(code, view.written.v[i]))
			continue;
		fputs("NoExecPaths=", out);
		quote_systemd_path(out, "-", view.written.v[i]);
		fputc('\n', out);
	}
	return err;
}

int write_exec_paths(const struct policy *p, const struct emit_options *options, FILE *out)
{
	struct systemd_paths cleanup(systemd_paths_clear) paths = { 0 };
	int err = 0;

	for (size_t i = 0; i < p->n_uses && err == 0; i++)
		if (p->uses[i].kind == USE_CODE)
			err = systemd_paths_add(&paths, code_path(p->uses[i].path));
	if (err < 0)
		return err;
	systemd_paths_settle(&paths);
	fputs("NoExecPaths=\nNoExecPaths=/\nExecPaths=\n", out);
	systemd_paths_print(&paths, "ExecPaths=", out);
	return print_bound(p, options, &paths, out);
}

/* ---- limits ---- */

/* Whether the program sets the limit itself: a lower one from outside would make that fail. */
static bool sets_limit(const struct policy *p, int resource)
{
	static const char *const setters[] = { "setrlimit", NULL };

	for (size_t i = 0; setters[i]; i++)
		if (policy_allows_value(p, setters[i], 0, (uint64_t)resource))
			return true;
	return policy_knows(p, "prlimit64", ARGSPEC_ARGUMENTS) &&
	       policy_allows_value(p, "prlimit64", 1, (uint64_t)resource);
}

/* Why the limit is for a person to decide, or NULL. */
static const char *doubt_about(const struct policy *p, const struct policy_limit *limit,
			       const struct emit_options *options)
{
	const char *left_out = limit_left_out(limit, options);

	if (left_out)
		return left_out;
	if (sets_limit(p, limit->resource))
		return "left out: the service sets this limit itself";
	if (rlimit_by_number(limit->resource)->per_user)
		return "left out: all processes of the user count, and TasksMax= is the unit's own";
	return NULL;
}

int write_limits(const struct policy *p, const struct emit_options *options, FILE *out)
{
	for (size_t i = 0; i < p->n_limits; i++) {
		const struct policy_limit *limit = &p->limits[i];
		const struct rlimit_info *info = rlimit_by_number(limit->resource);
		const char *doubt = doubt_about(p, limit, options);

		systemd_reason(out, options, limit->why);
		if (doubt)
			systemd_reason(out, options, doubt);
		fprintf(out, "%sLimit%s=%" PRIu64 "%s\n", doubt ? "#" : "", info->name,
			limit->value, info->unit == UNIT_MICROSECONDS ? "us" : "");
	}
	return 0;
}

/* Twice the peak, and room for a helper of systemd's and a person's own. */
#define LEAST_TASKS 16
#define MIB (UINT64_C(1) << 20)

int write_tasks_max(const struct policy *p, const struct emit_options *options, FILE *out)
{
	(void)options;
	fprintf(out, "TasksMax=%" PRIu64 "\n", 2 * p->tasks_peak + LEAST_TASKS);
	return 0;
}

int write_memory_max(const struct policy *p, const struct emit_options *options, FILE *out)
{
	(void)options;
	fprintf(out, "MemoryMax=%" PRIu64 "M\n", (2 * p->memory_peak + MIB - 1) / MIB + 64);
	return 0;
}
