/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The drop-in that confines a service, as text. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "cli/emit_more.h"
#include "cli/service.h"
#include "cli/service_shares.h"
#include "emitter/emitters.h"
#include "service/sandbox.h"

static const char heading[] = "[Service]\n";

int service_emit(const struct service_request *request, const struct unit *unit,
		 const struct drop_in_source *source, char **ret)
{
	const char *dynamic = settings_last(&unit->own, "DynamicUser");
	const char *user = settings_last(&unit->own, "User");
	const struct unit_facts facts = {
		.user = source->user ? source->user->user : (char *)user,
		.dynamic_user = dynamic && setting_is_yes(dynamic),
		.type = (char *)settings_last(&unit->own, "Type"),
	};
	const struct emit_options options = { .name = "service", .comments = true, .unit = &facts,
					      .addresses = request->addresses,
					      .view = request->view };
	const struct emitter *systemd = emitter_by_name("systemd");
	struct policy_options decide = request->policy;
	struct policy *policy = NULL;
	auto_free char *text = NULL;
	size_t size;
	FILE *out;
	int r;

	decide.decide.as_user = source->as_user;
	decide.quiet = true; /* what is of use for a drop-in is said below */
	r = policy_options_decide(&decide, source->profile, &policy);
	if (r < 0)
		return r;
	if (!request->policy.quiet)
		emit_warn(systemd, policy, &options);
	out = open_memstream(&text, &size);
	r = out ? systemd->emit(policy, &options, out) : -ENOMEM;
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

static int write_whole(const struct service_request *request, const struct unit *unit,
		       const struct drop_in_source *source, const char *text, FILE *out)
{
	struct settings cleanup(settings_clear) ours = { 0 };
	const char *body = strstr(text, heading);
	int r = settings_parse(&ours, text);

	if (r < 0)
		return r;
	if (settings_has(&ours, "SocketBindDeny") && !systemctl_has_feature("BPF_FRAMEWORK"))
		diag_warn("systemd is built without BPF_FRAMEWORK here: SocketBindDeny= confines "
			  "nothing");
	body = body ? body + strlen(heading) : text;
	fwrite(text, 1, (size_t)(body - text) - (body != text ? strlen(heading) : 0), out);
	r = service_write_shares(source->profile, out);
	if (r == 0)
		fputs(heading, out);
	if (r == 0 && source->user)
		r = other_user_write(source->user, &unit->own, out);
	write_resets(unit, &ours, out);
	if (unit->user)
		write_for_user(body, out);
	else
		fputs(body, out);
	if (source->user && request->view == VIEW_ONLY)
		other_user_write_view(source->user, out);
	return r;
}

int service_drop_in_of(const struct service_request *request, const struct unit *unit,
		       const struct drop_in_source *source, char **ret)
{
	auto_free char *text = NULL, *whole = NULL;
	size_t size;
	FILE *out;
	int r = service_emit(request, unit, source, &text);

	if (r < 0)
		return r;
	out = open_memstream(&whole, &size);
	if (!out)
		return -ENOMEM;
	r = write_whole(request, unit, source, text, out);
	if (fclose(out) != 0)
		r = diag(-ENOMEM, "out of memory");
	if (r == 0)
		*ret = take_ptr(whole);
	return r;
}

/* What is yet to come of the recording that goes on is no gap in it: it is said what to do. */
static void note_recording(const struct unit *unit, struct profile *profile)
{
	struct profile_run *last = NULL;

	for (size_t i = 0; i < profile->n_runs; i++)
		if (!profile->runs[i]->complete &&
		    (!last || profile->runs[i]->start_ms >= last->start_ms))
			last = profile->runs[i];
	if (last)
		last->complete = true;
	diag(0, "%s is being recorded: this is for what it did so far; 'learn service finish %s' "
	     "ends the recording", unit->name, unit->name);
}

int service_drop_in(const struct service_request *request, const struct unit *unit,
		    const char *profile, char **ret)
{
	struct profile *read = NULL;
	int r;

	if (access(profile, F_OK) < 0)
		return diag(-ENOENT,
			    unit_is_recorded(unit)
				    ? "nothing of %s is saved yet: let it run for a while"
			    : undo_has(&unit->undo, profile)
				    ? "nothing of %s was saved: if it was started since, "
				      "journalctl -u %s has what its recorder said"
				    : "nothing of %s was recorded: 'learn service start' first, "
				      "and let it run",
			    unit->name, unit->places.recorder);
	r = profile_read(profile, &read);
	if (r == 0 && request->dry_run && unit_is_recorded(unit))
		note_recording(unit, read);
	if (r == 0)
		r = service_drop_in_of(request, unit, &(struct drop_in_source){ .profile = read },
				       ret);
	profile_free(read);
	return r;
}
