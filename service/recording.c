/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recording a unit in place. */
#include "service/recording.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "base/path.h"
#include "service/exec_lines.h"
#include "service/sandbox.h"
#include "service/timespan.h"

#define BANNER                                                                                     \
	"# Written by learn: the unit is being recorded. Gone after 'learn service finish'\n"      \
	"# or 'learn service reset', and after a reboot.\n"

/* ---- what cannot be done ---- */

/* Settings after which the service would not find our program, or would run as somebody else. */
static int check_possible(const struct unit *unit, const char *learn)
{
	static const char *const roots[] = { "RootDirectory", "RootImage" };
	static const char *const labels[] = { "AppArmorProfile", "SELinuxContext",
					      "SmackProcessLabel" };
	static const struct {
		const char *setting, *directory;
	} hidden[] = {
		{ "PrivateTmp", "/tmp" },	{ "PrivateTmp", "/var/tmp" },
		{ "ProtectHome", "/home" },	{ "ProtectHome", "/root" },
		{ "ProtectHome", "/run/user" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(roots); i++)
		if (*property(&unit->facts, roots[i]))
			return diag(-ENOTSUP,
				    "%s has a root of its own (%s=), where learn is not: record "
				    "its program with 'learn -p PID' instead",
				    unit->name, roots[i]);
	for (size_t i = 0; i < ARRAY_SIZE(hidden); i++) {
		const char *value = property(&unit->facts, hidden[i].setting);

		if (path_is_within(learn, hidden[i].directory) && *value &&
		    strcmp(value, "no") != 0 && strcmp(value, "read-only") != 0)
			return diag(-ENOTSUP,
				    "%s has %s=%s and would not see %s: install learn elsewhere",
				    unit->name, hidden[i].setting, value, learn);
	}
	for (size_t i = 0; i < ARRAY_SIZE(labels); i++)
		if (*property(&unit->facts, labels[i]))
			diag_warn("%s has %s=: it is on learn, not on the program, while it is "
				  "recorded",
				  unit->name, labels[i]);
	return 0;
}

/* ---- the two files ---- */

/* What our drop-in binds is taken back, and what the unit itself binds said again. */
static void write_own_binds(const struct unit *unit, FILE *out)
{
	for (const struct sandbox_row *row = sandbox_rows; row->name; row++) {
		if (!(row->flags & SANDBOX_BINDS) || !settings_has(&unit->learned, row->name))
			continue;
		fprintf(out, "%s=\n", row->name);
		for (size_t i = settings_first(&unit->own, row->name); i < unit->own.n; i++)
			if (strcmp(unit->own.v[i].name, row->name) == 0)
				fprintf(out, "%s=%s\n", row->name, unit->own.v[i].value);
	}
}

/* Lines that take back what would hinder, with a word about each to the user. */
static void write_relaxed(const struct unit *unit, enum recording_of of, FILE *out)
{
	auto_free char *text = NULL;
	size_t size = 0;
	FILE *lines = open_memstream(&text, &size);
	char *rest, *line;

	if (!lines)
		return;
	sandbox_write_neutral(&unit->own, of == RECORDING_WHY ? 0 : SANDBOX_BLINDS, lines);
	sandbox_write_neutral(&unit->learned, 0, lines);
	if (fclose(lines) != 0)
		return;
	fputs(text, out);
	write_own_binds(unit, out);
	if (of == RECORDING_WHY)
		return;
	for (rest = text; (line = strsep(&rest, "\n"));)
		if (*line)
			diag(0, "lifted while %s is recorded: %.*s", unit->name,
			     (int)strcspn(line, "=") + 1, line);
}

/* So many times as long as it takes otherwise. */
#define SLOWER 10

/* What a program has to do in time takes longer while it is watched. */
static void write_times(const struct unit *unit, FILE *out)
{
	static const struct {
		const char *property, *setting;
	} times[] = {
		{ "TimeoutStartUSec", "TimeoutStartSec" },
		{ "TimeoutStopUSec", "TimeoutStopSec" },
		{ "WatchdogUSec", "WatchdogSec" },
	};
	uint64_t time;

	for (size_t i = 0; i < ARRAY_SIZE(times); i++)
		if (timespan_parse(property(&unit->facts, times[i].property), &time) == 0 && time &&
		    time < UINT64_MAX / SLOWER)
			fprintf(out, "%s=%" PRIu64 "us\n", times[i].setting, time * SLOWER);
}

/* The unit's own, as our confining drop-in changes them. */
static int write_commands(const struct unit *unit, const char *learn, FILE *out)
{
	struct settings cleanup(settings_clear) both = { 0 };
	int r = settings_join(&both, &unit->own);

	if (r == 0)
		r = settings_join(&both, &unit->learned);
	return r < 0 ? r : exec_lines_write(&both, learn, unit->places.socket, out);
}

static int drop_in_text(const struct unit *unit, enum recording_of of, const char *learn,
			char **ret)
{
	auto_free char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int r;

	if (!out)
		return -ENOMEM;
	fprintf(out, BANNER "[Unit]\nWants=%s\nAfter=%s\n\n[Service]\n", unit->places.recorder,
		unit->places.recorder);
	write_relaxed(unit, of, out);
	write_times(unit, out);
	r = write_commands(unit, learn, out);
	if (fclose(out) != 0 && r >= 0)
		r = -ENOMEM;
	if (r == 0)
		r = diag(-EINVAL, "%s has no command that could be recorded", unit->name);
	if (r > 0)
		*ret = take_ptr(text);
	return r < 0 ? r : 0;
}

static int recorder_text(const struct unit *unit, enum recording_of of, const char *learn,
			 char **ret)
{
	auto_free char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return -ENOMEM;
	fprintf(out,
		BANNER "[Unit]\nDescription=learn records %s\n\n"
		       "[Service]\nType=notify\nRestart=on-failure\nTimeoutStopSec=60\nExecStart=",
		unit->name);
	exec_quote(learn, out);
	fprintf(out, " service record%s%s -- ", unit->user ? " --user" : "",
		of == RECORDING_WHY	  ? " --rerun"
		: unit_starts_as_user(unit) ? " --unprivileged"
					    : "");
	exec_quote(unit->name, out);
	fputc('\n', out);
	if (fclose(out) != 0)
		return -ENOMEM;
	*ret = take_ptr(text);
	return 0;
}

/* ---- */

/* The drop-in counts only if no other one comes after it. */
static int check_is_last(struct unit *unit)
{
	auto_free char *drop_ins = NULL;
	const char *last = "none", *path;
	char *rest;
	int r = unit_refresh(unit);

	if (r < 0)
		return r;
	rest = drop_ins = strdup(property(&unit->facts, "DropInPaths"));
	while (rest && (path = property_word(&rest)))
		last = path;
	if (strcmp(last, unit->places.recording) == 0)
		return 0;
	return diag(-EINVAL, "the drop-in %s does not come last: %s does", unit->places.recording,
		    last);
}

static int make(struct unit *unit, enum recording_of of, const char *learn)
{
	const char *profile = of == RECORDING_WHY ? unit->places.rerun : unit_profile(unit);
	auto_free char *drop_in = NULL, *recorder = NULL;
	int r = drop_in_text(unit, of, learn, &drop_in);

	if (r == 0)
		r = recorder_text(unit, of, learn, &recorder);
	if (r == 0)
		r = undo_expect(&unit->undo, profile);
	if (r == 0)
		r = undo_expect(&unit->undo, unit->places.socket);
	if (r == 0)
		r = undo_write(&unit->undo, unit->places.recorder_file, recorder, 0644);
	if (r == 0)
		r = undo_write(&unit->undo, unit->places.recording, drop_in, 0644);
	if (r == 0)
		r = unit_reload_manager(unit);
	if (r == 0)
		r = check_is_last(unit);
	if (r == 0 && systemctl_unit(unit->user, "restart", unit->places.recorder) != 0)
		r = diag(-EIO, "the recorder does not start: see 'systemctl %sstatus %s'",
			 unit->user ? "--user " : "", unit->places.recorder);
	return r;
}

int recording_begin(struct unit *unit, enum recording_of of)
{
	char learn[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", learn, sizeof(learn) - 1);
	int r;

	if (n < 0)
		return diag_errno(-errno, "cannot find out where learn is");
	learn[n] = '\0';
	r = check_possible(unit, learn);
	if (r < 0)
		return r;
	r = make(unit, of, learn);
	if (r == 0)
		return 0;
	if (unit_end_recording(unit) == 0)
		unit_reload_manager(unit);
	return r == -ENOMEM ? diag(r, "out of memory") : r;
}
