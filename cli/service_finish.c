/* SPDX-License-Identifier: GPL-3.0-or-later */
/* learn service finish: what was recorded becomes the drop-in that confines the service. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/spawn.h"
#include "cli/service.h"
#include "emitter/emitters.h"
#include "service/exec_lines.h"
#include "service/exposure.h"
#include "service/sandbox.h"

#define MOST_BYTES (1u << 20)

/* ---- the text ---- */

static int emit_text(const struct service_request *request, const struct unit *unit,
		     const char *profile, char **ret)
{
	const char *dynamic = settings_last(&unit->own, "DynamicUser");
	const struct unit_facts facts = {
		.user = (char *)settings_last(&unit->own, "User"),
		.dynamic_user = dynamic && setting_is_yes(dynamic),
		.type = (char *)settings_last(&unit->own, "Type"),
	};
	const struct emit_options options = { .name = "service", .comments = true, .unit = &facts,
					      .addresses = request->addresses,
					      .view = request->view };
	struct policy *policy = NULL;
	auto_free char *text = NULL;
	size_t size;
	FILE *out;
	int r = policy_options_decide_file(&request->policy, profile, &policy);

	if (r < 0)
		return r;
	out = open_memstream(&text, &size);
	r = out ? emitter_by_name("systemd")->emit(policy, &options, out) : -ENOMEM;
	policy_free(policy);
	if (out && fclose(out) != 0 && r == 0)
		r = diag(-ENOMEM, "out of memory");
	if (r == 0)
		*ret = take_ptr(text);
	return r;
}

/* Of a setting whose lines add up: the unit's own would add to ours, or turn theirs around. */
static void write_resets(const struct unit *unit, const struct settings *ours, FILE *out)
{
	bool any = false;

	for (const struct sandbox_row *row = sandbox_rows; row->name; row++) {
		bool adds = row->neutral && (row->flags & SANDBOX_ADDS_UP) &&
			    !(row->flags & SANDBOX_TIGHTENS);

		if (!settings_has(&unit->own, row->name) ||
		    !(adds || strcmp(row->name, "SystemCallErrorNumber") == 0) ||
		    !settings_last(ours, adds ? row->name : "SystemCallFilter"))
			continue;
		if (!any)
			fputs("# the unit's own lists, which these would only add to\n", out);
		any = true;
		fprintf(out, "%s=\n", row->name);
	}
}

/* All lines but those that only the system's manager can put in force. */
static void write_for_user(const char *body, FILE *out)
{
	while (*body) {
		size_t n = strcspn(body, "\n") + 1, name_len = strcspn(body, "=\n");
		auto_free char *name = strndup(body, name_len);
		const struct sandbox_row *row = name ? sandbox_row(name) : NULL;

		n -= !body[n - 1]; /* the last line may have no end */
		if (row && (row->flags & SANDBOX_ROOTS))
			fprintf(out,
				"# %.*s is left out: a user's manager has no capabilities to "
				"give up\n",
				(int)strcspn(body, "\n"), body);
		else
			fwrite(body, 1, n, out);
		body += n;
	}
}

int service_drop_in(const struct service_request *request, const struct unit *unit,
		    const char *profile, char **ret)
{
	static const char heading[] = "[Service]\n";
	struct settings cleanup(settings_clear) ours = { 0 };
	auto_free char *text = NULL, *whole = NULL;
	size_t size;
	const char *body;
	FILE *out;
	int r;

	if (access(profile, F_OK) < 0)
		return diag(-ENOENT,
			    unit_is_recorded(unit)
				    ? "nothing of %s is saved yet: let it run for a while"
				    : "nothing of %s was recorded: 'learn service start' first, "
				      "and let it run",
			    unit->name);
	r = emit_text(request, unit, profile, &text);
	if (r == 0)
		r = settings_parse(&ours, text);
	out = r == 0 ? open_memstream(&whole, &size) : NULL;
	if (!out)
		return r < 0 ? r : -ENOMEM;
	if (settings_has(&ours, "SocketBindDeny") && !systemctl_has_feature("BPF_FRAMEWORK"))
		diag_warn("systemd is built without BPF_FRAMEWORK here: SocketBindDeny= confines "
			  "nothing");
	body = strstr(text, heading);
	body = body ? body + strlen(heading) : text;
	fwrite(text, 1, (size_t)(body - text), out);
	write_resets(unit, &ours, out);
	if (unit->user)
		write_for_user(body, out);
	else
		fputs(body, out);
	if (fclose(out) != 0)
		return diag(-ENOMEM, "out of memory");
	*ret = take_ptr(whole);
	return 0;
}

/* ---- what was not tried ---- */

static void say_if_not_run(void *state, const char *name, const char *program)
{
	const struct profile *profile = state;

	if (strpbrk(program, "%$\\")) /* what the manager made of it is not known here */
		return;
	for (size_t i = 0; i < profile->n_runs; i++)
		if (profile->runs[i]->command[0] &&
		    strcmp(profile->runs[i]->command[0], program) == 0)
			return;
	diag_warn("%s=%s was not run while the unit was recorded: what it needs is not in the "
		  "drop-in",
		  name, program);
}

static int say_what_was_not_run(const struct unit *unit)
{
	struct profile *profile;
	int r = profile_read(unit->places.profile, &profile);

	if (r < 0)
		return r;
	r = exec_lines_each(&unit->own, say_if_not_run, profile);
	profile_free(profile);
	return r;
}

/* ---- a person's word ---- */

static int edit_file(const char *path)
{
	const char *editor = getenv("VISUAL");
	auto_free char *line = NULL;
	int status;

	if (!editor || !*editor)
		editor = getenv("EDITOR");
	if (!editor || !*editor)
		editor = "vi";
	if (asprintf(&line, "%s '%s'", editor, path) < 0) {
		line = NULL;
		return -ENOMEM;
	}
	fflush(stdout);
	status = system(line); /* with the terminal; editors have arguments */
	return status == 0 ? 0 : diag(-ECANCELED, "the editor failed: nothing is changed");
}

static int edit(char **text)
{
	char path[] = "/tmp/learn-edit-XXXXXX.conf";
	auto_close int fd = mkstemps(path, (int)strlen(".conf"));
	auto_free char *edited = NULL;
	size_t len;
	int r = fd < 0 ? -errno : 0;

	if (r == 0 && dprintf(fd, "%s", *text) < 0)
		r = -errno;
	if (r == 0)
		r = edit_file(path);
	if (r == 0)
		r = read_file(path, MOST_BYTES, &edited, &len);
	if (fd >= 0)
		unlink(path);
	if (r < 0)
		return r == -ECANCELED ? r : diag_errno(r, "cannot edit the drop-in");
	free(*text);
	*text = take_ptr(edited);
	return 0;
}

static int show(const struct unit *unit, const char *text)
{
	auto_free char *before = NULL, *after = NULL;

	fputs(text, stdout);
	if (exposure_of(unit, NULL, &before) == 0 && exposure_of(unit, text, &after) == 0)
		printf("# exposure (systemd-analyze security): %s before, %s with this drop-in\n",
		       before, after);
	if (fflush(stdout) != 0 || ferror(stdout))
		return diag_errno(errno ? -errno : -EIO, "standard output");
	return 0;
}

/* ---- in force ---- */

/* What was there before, for the way back: "" for nothing. */
static int keep_previous(struct unit *unit, char **previous)
{
	size_t len;
	int r = undo_has(&unit->undo, unit->places.confining)
			? read_file(unit->places.confining, MOST_BYTES, previous, &len)
			: -ENOENT;

	if (r == -ENOENT) {
		*previous = strdup("");
		r = *previous ? 0 : -ENOMEM;
	}
	return r < 0 ? diag_errno(r, "%s", unit->places.confining) : 0;
}

static int put(struct unit *unit, const char *text)
{
	int r = *text ? undo_write(&unit->undo, unit->places.confining, text, 0644)
		      : undo_remove(&unit->undo, unit->places.confining);

	if (r == 0)
		r = unit_reload_manager(unit);
	return r == 0 ? unit_refresh(unit) : r;
}

/* Whether the service does what it is for. */
static int verify(const struct service_request *request)
{
	int status;

	if (!request->verify)
		return 0;
	status =
		spawn((const char *const[]){ "/bin/sh", "-c", request->verify, NULL }, false, NULL);
	if (status < 0)
		return diag_errno(status, "cannot run --verify");
	return status == 0
		       ? 0
		       : diag(-EIO, "--verify failed with status %d: %s", status, request->verify);
}

static int roll_back(struct unit *unit, const char *previous)
{
	if (put(unit, previous) < 0 || unit_restart(unit, 0) < 0) {
		diag(0, "%s does not come up without the drop-in either: see 'systemctl status %s'",
		     unit->name, unit->name);
		return EXIT_FAILURE;
	}
	diag(0, "the drop-in is taken back; %s runs %s", unit->name,
	     *previous ? "with the one before" : "as it did before");
	return EXIT_FAILURE;
}

static int apply(const struct service_request *request, struct unit *unit, const char *text,
		 bool runs)
{
	auto_free char *previous = NULL;

	if (keep_previous(unit, &previous) < 0 || put(unit, text) < 0)
		return EXIT_TROUBLE;
	if (!runs) {
		diag(0, "%s does not run: %s counts from its next start on, untried", unit->name,
		     unit->places.confining);
		return EXIT_SUCCESS;
	}
	if (unit_restart(unit, request->settle_s) < 0) {
		diag(0, "%s does not come up with the drop-in", unit->name);
		service_explain(request, unit, true);
		return roll_back(unit, previous);
	}
	if (verify(request) < 0) {
		service_explain(request, unit, false);
		return roll_back(unit, previous);
	}
	diag(0, "%s is confined by %s; 'learn service reset %s%s' takes it back", unit->name,
	     unit->places.confining, unit->user ? "--user " : "", unit->name);
	return EXIT_SUCCESS;
}

/* ---- the end of the recording ---- */

/* Its end is recorded too, and what is executed for it. */
static int end_recording(const struct service_request *request, struct unit *unit, bool *runs)
{
	*runs = unit_is_active(unit);
	if (!unit_is_recorded(unit))
		return 0;
	if (*runs && !request->no_restart && unit_stop(unit) < 0)
		return -EIO;
	if (unit_end_recording(unit) < 0 || unit_reload_manager(unit) < 0)
		return -EIO;
	return unit_refresh(unit);
}

static int finish(const struct service_request *request, struct unit *unit)
{
	auto_free char *text = NULL;
	bool runs = false, made;
	int status = EXIT_TROUBLE;

	if (end_recording(request, unit, &runs) < 0)
		return EXIT_TROUBLE;
	made = service_drop_in(request, unit, unit->places.profile, &text) == 0 &&
	       say_what_was_not_run(unit) == 0 && (!request->edit || edit(&text) == 0) &&
	       show(unit, text) == 0;
	if (made && request->apply)
		status = apply(request, unit, text, runs && !request->no_restart);
	else if (!unit_was_stopped(unit) || unit_restart(unit, request->settle_s) == 0)
		status = made ? EXIT_SUCCESS : EXIT_TROUBLE;
	else
		diag(0, "%s does not start again", unit->name);
	if (unit_go_on(unit) < 0)
		status = EXIT_FAILURE;
	return status;
}

int service_finish(struct service_request *r)
{
	struct unit cleanup(unit_clear) unit = { 0 };
	auto_free char *text = NULL;

	if (r->dry_run && (r->apply || r->edit))
		return diag(EXIT_TROUBLE, "service finish: --dry-run changes nothing: it goes with "
					  "neither --apply nor --edit");
	if (r->verify && !r->apply)
		return diag(EXIT_TROUBLE, "service finish: --verify is for --apply");
	if (unit_find(r->unit_name, r->user, true, &unit) < 0)
		return EXIT_TROUBLE;
	if (!r->dry_run)
		return finish(r, &unit);
	if (service_drop_in(r, &unit, unit.places.profile, &text) < 0 ||
	    say_what_was_not_run(&unit) < 0 || show(&unit, text) < 0)
		return EXIT_TROUBLE;
	return EXIT_SUCCESS;
}
