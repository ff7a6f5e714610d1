/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The service room without a manager: unit files, commands, what is made and taken back. */
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "check.h"
#include "emitter/systemd_directives.h"
#include "service/exec_lines.h"
#include "service/sandbox.h"
#include "service/systemctl.h"
#include "service/timespan.h"
#include "service/undo.h"
#include "service/unit_file.h"

/* ---- unit files: systemd.syntax(7) ---- */

static void lines_are_read_as_the_manager_does(void)
{
	static const char text[] = "[Unit]\nUser=not this\n[Service]\r\n"
				   "User = one \n# a comment \\\nUser=two\n"
				   "ExecStart=/bin/a \\\n# within\n  b \\\n c\n"
				   "Odd=back\\\\\n; another\nEnd=\nno assignment\n"
				   "[Install]\nUser=nor this\n[Service]\nUser=last\\";
	static const char *const wanted[][2] = {
		{ "User", "one" }, { "User", "two" }, { "ExecStart", "/bin/a    b   c" },
		{ "Odd", "back\\\\" }, { "End", "" }, { "User", "last" },
	};
	struct settings cleanup(settings_clear) s = { 0 };

	check(settings_parse(&s, text) == 0);
	check(s.n == ARRAY_SIZE(wanted));
	for (size_t i = 0; i < s.n; i++) {
		check(strcmp(s.v[i].name, wanted[i][0]) == 0);
		check(strcmp(s.v[i].value, wanted[i][1]) == 0);
	}
	check(strcmp(settings_last(&s, "User"), "last") == 0);
	check(!settings_has(&s, "End") && settings_has(&s, "Odd"));
}

static void an_empty_line_takes_back_what_came_before(void)
{
	struct settings cleanup(settings_clear) s = { 0 };

	check(settings_parse(&s, "[Service]\nA=1\nA=2\nA=\nA=3\nA=4\nB=1\nB=\n") == 0);
	check(settings_first(&s, "A") == 3);
	check(settings_first(&s, "B") == s.n && settings_first(&s, "C") == s.n);
}

/* ---- spans of time: systemd.time(7) ---- */

static void times_are_read_as_the_manager_prints_them(void)
{
	static const struct {
		const char *text;
		uint64_t wanted; /* 0: is none */
	} times[] = {
		{ "1min 30s", 90000000 },    { "1.500s", 1500000 }, { "250ms", 250000 },
		{ "2h 5min", 7500000000 },   { "7us", 7 },	    { "1month 2w", 3839400000000 },
		{ "0.123456789s", 123456 },  { "infinity", 0 },	    { "", 0 },
		{ "1min 30", 0 },	     { "s", 0 },	    { "99999999999999999999s", 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
		uint64_t found = 0;

		check(timespan_parse(times[i].text, &found) == (times[i].wanted ? 0 : -EINVAL));
		check(found == times[i].wanted);
	}
}

/* ---- commands: systemd.service(5), COMMAND LINES ---- */

static const struct {
	const char *line, *wanted; /* "" where LINE cannot be recorded */
} commands[] = {
	{ "/bin/a", "L -- /bin/a\n" },
	{ "-/bin/a b  c", "-L -- /bin/a b  c\n" },
	{ "@/bin/a \"own name\" b", "L --own-name \"own name\" -- /bin/a b\n" },
	{ "!!-@/bin/a -n", "!!-L --own-name -n -- /bin/a\n" },
	{ ":/bin/a $B '$C d' %i", ":L -- /bin/a $B '$C d' %i\n" },
	{ "\"-/bin/a b\" c", "-L -- \"/bin/a b\" c\n" },
	{ "/bin/a ; -/bin/b c ;", "L -- /bin/a\n-L -- /bin/b c\n" },
	{ "/bin/a \\; b", "L -- /bin/a \\; b\n" },
	{ "/bin/a ';' b \";\"", "L -- /bin/a ';' b \";\"\n" },
	{ "/bin/a 'b ; c'", "L -- /bin/a 'b ; c'\n" },
	{ "+/bin/a b ; /bin/c", "+/bin/a b\nL -- /bin/c\n" },
	{ "/bin/a \\\" ; b", "L -- /bin/a \\\"\nL -- b\n" },
	{ "|/bin/a", "" },
	{ "-", "" },
	{ "@/bin/a", "" },
};

/* WANTED has a command a line, with L for learn's own words. */
static char *whole(const char *wanted)
{
	auto_free char *copy = strdup(wanted);
	char *text, *rest = copy, *line;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	fputs("ExecStart=\n", out);
	while ((line = strsep(&rest, "\n"))) {
		char *l = line[0] == '+' ? NULL : strchr(line, 'L');

		if (!*line)
			continue;
		if (l)
			fprintf(out, "ExecStart=%.*s\"/l\" service exec --socket \"/s\"%s\n",
				(int)(l - line), line, l + 1);
		else
			fprintf(out, "ExecStart=%s\n", line);
	}
	fclose(out);
	return text;
}

static void commands_stay_as_they_were_written(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		struct settings cleanup(settings_clear) s = { 0 };
		auto_free char *unit = NULL, *got = NULL, *wanted = whole(commands[i].wanted);
		size_t size;
		FILE *out = open_memstream(&got, &size);
		int r;

		check(asprintf(&unit, "[Service]\nExecStart=%s\n", commands[i].line) > 0);
		check(settings_parse(&s, unit) == 0);
		r = exec_lines_write(&s, "/l", "/s", out);
		fclose(out);
		check(*commands[i].wanted ? r > 0 : r < 0);
		check(r < 0 || strcmp(got, wanted) == 0);
	}
}

static void a_quoted_word_means_itself(void)
{
	auto_free char *got = NULL;
	size_t size;
	FILE *out = open_memstream(&got, &size);

	exec_quote("/a b/%i$x\"\\", out);
	fclose(out);
	check(strcmp(got, "\"/a b/%%i$$x\\\"\\\\\"") == 0);
}

/* ---- what systemctl prints ---- */

static void words_of_a_list_may_be_quoted(void)
{
	char list[] = "/a \"/b\\\\x2d c\"  /d";
	char *rest = list;

	check(strcmp(property_word(&rest), "/a") == 0);
	check(strcmp(property_word(&rest), "/b\\x2d c") == 0);
	check(strcmp(property_word(&rest), "/d") == 0);
	check(!property_word(&rest) && !property_word(&rest));
}

/* ---- settings that confine ---- */

static void every_row_is_found_and_its_neutral_value_is_not_strict(void)
{
	for (const struct sandbox_row *row = sandbox_rows; row->name; row++) {
		check(sandbox_row(row->name) == row);
		check(row->kind != SANDBOX_LEVEL || sandbox_level(row, row->neutral) == 0);
		for (int i = 0; row->levels && row->levels[i]; i++)
			check(sandbox_level(row, row->levels[i]) == i);
	}
	check(sandbox_level(sandbox_row("ProtectHome"), "true") == 3);
	check(sandbox_level(sandbox_row("ProtectSystem"), "1") == 1);
	check(sandbox_level(sandbox_row("PrivateTmp"), "on") == 1);
	check(sandbox_level(sandbox_row("PrivateTmp"), "off") == 0);
}

/* Each "NAME=" that a line of TEXT begins with has a row. */
static void has_row_for_each_line(const char *text)
{
	for (const char *line = text; *line; line = strchr(line, '\n') + 1) {
		auto_free char *name = strndup(line, strcspn(line, "="));

		check(name);
		if (*line != '#' && !sandbox_row(name)) {
			fprintf(stderr, "no row for %s=\n", name);
			exit(1);
		}
	}
}

/* Writers put the names that go with theirs also where there is nothing to list. */
static void every_directive_that_is_emitted_has_a_row(void)
{
	struct policy *nothing = policy_new();
	const struct emit_options options = { .name = "test" };

	for (const struct systemd_directive *d = systemd_directives; d->name; d++) {
		auto_free char *text = NULL;
		size_t size;
		FILE *out = open_memstream(&text, &size);

		if (d->write && !(d->flags & DIRECTIVE_HINT))
			check(d->write(nothing, &options, out) == 0);
		if (strcmp(d->name, "Limits") != 0 && !(d->flags & DIRECTIVE_HINT))
			fprintf(out, "%s=\n", d->name);
		check(fclose(out) == 0);
		has_row_for_each_line(text);
	}
	policy_free(nothing);
}

static void only_what_restricts_is_taken_back(void)
{
	struct settings cleanup(settings_clear) s = { 0 };
	auto_free char *got = NULL;
	size_t size;
	FILE *out = open_memstream(&got, &size);

	check(settings_parse(&s, "[Service]\nProtectSystem=strict\nProtectHome=no\n"
				 "SystemCallFilter=read\nReadWritePaths=/a\nUser=x\n"
				 "PrivateTmp=yes\nPrivateTmp=no\n") == 0);
	check(sandbox_write_neutral(&s, 0, out) == 2);
	fclose(out);
	check(strcmp(got, "SystemCallFilter=\nProtectSystem=no\n") == 0);
}

/* ---- what is made and taken back ---- */

static void what_is_made_is_taken_back_and_nothing_else(void)
{
	char top[] = "/tmp/learn-undo-XXXXXX";
	auto_free char *state = NULL, *mine = NULL, *deep = NULL, *text = NULL;
	struct undo undo;
	size_t len;

	check(mkdtemp(top) != NULL);
	check(asprintf(&state, "%s/state/learn/services/x", top) > 0);
	check(asprintf(&deep, "%s/a/b/ours", top) > 0);
	check(asprintf(&mine, "%s/mine", top) > 0);
	check(undo_open(&undo, state) == 0 && undo.n == 0);
	check(undo_write(&undo, deep, "one", 0644) == 0);
	check(undo_write(&undo, deep, "two", 0644) == 0);
	check(read_file(deep, 100, &text, &len) == 0 && strcmp(text, "two") == 0);
	fclose(fopen(mine, "w"));
	check(undo_write(&undo, mine, "no", 0644) == -EEXIST && !undo_has(&undo, mine));
	undo_close(&undo);
	/* Another process takes over. */
	check(undo_open(&undo, state) == 0 && undo_has(&undo, deep));
	check(undo_all(&undo, NULL) == 0);
	undo_close(&undo);
	check(unlink(mine) == 0);
	check(rmdir(top) == 0); /* so nothing was left */
}

int main(void)
{
	lines_are_read_as_the_manager_does();
	an_empty_line_takes_back_what_came_before();
	times_are_read_as_the_manager_prints_them();
	commands_stay_as_they_were_written();
	a_quoted_word_means_itself();
	words_of_a_list_may_be_quoted();
	every_row_is_found_and_its_neutral_value_is_not_strict();
	every_directive_that_is_emitted_has_a_row();
	only_what_restricts_is_taken_back();
	what_is_made_is_taken_back_and_nothing_else();
	return 0;
}
