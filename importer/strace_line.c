/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line of strace's output: prefixes (-f, -t, -r, -i, -n), and what kind of line it is. */
#include "importer/strace_line.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "importer/text.h"
#include "sysdb/names.h"

#define DIGITS	"0123456789"
#define PID_MAX (1u << 22) /* PID_MAX_LIMIT in linux/threads.h */

/* ---- prefixes ---- */

static char *skip_blanks(char *s)
{
	return s + strspn(s, " \t");
}

/* Reads the N digits at S as a process number; 0 where it is none. */
static pid_t read_pid(const char *s, size_t n)
{
	char word[16];
	uint64_t value;

	if (n == 0 || n >= sizeof(word))
		return 0;
	memcpy(word, s, n);
	word[n] = '\0';
	return parse_u64(word, PID_MAX, &value) < 0 ? 0 : (pid_t)value;
}

/* "1234 " or "[pid  1234] ". */
static char *take_pid(char *s, pid_t *pid)
{
	size_t n;

	if (strncmp(s, "[pid", 4) == 0 && s[4] == ' ') {
		char *digits = skip_blanks(s + 4);

		n = strspn(digits, DIGITS);
		if (digits[n] != ']')
			return s;
		*pid = read_pid(digits, n);
		return skip_blanks(digits + n + 1);
	}
	n = strspn(s, DIGITS);
	if (n == 0 || s[n] != ' ')
		return s;
	*pid = read_pid(s, n);
	return *pid ? skip_blanks(s + n) : s;
}

/* -ttt: seconds since 1970, with a fraction. */
static int64_t read_time(const char *word, size_t n)
{
	size_t whole = strspn(word, DIGITS), fraction = whole < n ? n - whole - 1 : 0;
	char seconds[16];
	uint64_t value;
	int64_t ms = 0;

	if (whole < 9 || whole >= sizeof(seconds) || (whole < n && word[whole] != '.'))
		return 0;
	memcpy(seconds, word, whole);
	seconds[whole] = '\0';
	if (parse_u64(seconds, (uint64_t)1 << 40, &value) < 0)
		return 0;
	for (size_t i = 0; i < 3; i++)
		ms = ms * 10 + (i < fraction ? word[whole + 1 + i] - '0' : 0);
	return (int64_t)value * 1000 + ms;
}

/* Times (-t, -r, both), "[ 257]" (-n) and "[00007f...]" (-i), in any order. */
static char *take_marks(char *s, int64_t *ms)
{
	for (;;) {
		size_t n;

		s = skip_blanks(s);
		n = strspn(s, DIGITS ".:+");
		if (n && s[n] == ' ' && strpbrk(s, ".:") && strpbrk(s, ".:") < s + n) {
			int64_t time = read_time(s, n);

			*ms = time ? time : *ms;
			s += n;
			continue;
		}
		n = *s == '[' ? strspn(s + 1, DIGITS "abcdef? ") : 0;
		if (n && s[n + 1] == ']' && s[n + 2] == ' ') {
			s += n + 2;
			continue;
		}
		if (strncmp(s, "(+", 2) == 0 && strchr(s, ')')) { /* -r next to -t */
			s = strchr(s, ')') + 1;
			continue;
		}
		return s;
	}
}

/* ---- kinds ---- */

static bool starts(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

/* "exited with 3", "killed by SIGTERM (core dumped)", "superseded by execve in pid 12". */
static void parse_end(char *s, struct strace_line *ret)
{
	static const char exited[] = "exited with ", killed[] = "killed by ";
	char *word;
	uint64_t status;

	ret->kind = LINE_NOTHING;
	word = starts(s, exited)   ? s + strlen(exited)
	       : starts(s, killed) ? s + strlen(killed)
				   : NULL;
	if (!word)
		return;
	word[strcspn(word, " ")] = '\0';
	if (starts(s, killed) && name_parse(NAME_SIGNAL, word, &ret->status) == 0)
		ret->kind = LINE_KILLED;
	else if (starts(s, exited) && parse_u64(word, 255, &status) == 0) {
		ret->kind = LINE_EXITED;
		ret->status = (int)status;
	}
}

/* "[ Process PID=123 runs in 32 bit mode. ]" */
static bool parse_mode(char *s, struct strace_line *ret)
{
	static const char process[] = "[ Process PID=", mode[] = " runs in ";
	char *at = starts(s, process) ? strstr(s, mode) : NULL;

	if (!at)
		return false;
	s += strlen(process);
	ret->pid = read_pid(s, strspn(s, DIGITS));
	ret->text = at + strlen(mode);
	at[strlen(mode) + strcspn(ret->text, " ")] = '\0';
	ret->kind = LINE_MODE;
	return true;
}

/* Where the call's name ends, or NULL where S begins with none. */
static char *name_end(char *s)
{
	size_t n = 0;

	while (isalnum((unsigned char)s[n]) || s[n] == '_')
		n++;
	return n && !isdigit((unsigned char)s[0]) && s[n] == '(' ? s + n : NULL;
}

/* Cuts "<unfinished ...>" and its like off the end of S; false where there is none. */
static bool cut_unfinished(char *s, struct strace_line *ret)
{
	static const char *const marks[] = { "<unfinished ...>", "<detached ...>",
					     "<pid changed to ", "<no return ...>" };

	for (size_t i = 0; i < ARRAY_SIZE(marks); i++) {
		char *at = NULL;

		for (char *next = strstr(s, marks[i]); next; next = strstr(next + 1, marks[i]))
			at = next;
		if (!at || !strchr(at, '>') || skip_blanks(strchr(at, '>') + 1)[0])
			continue;
		if (starts(at, "<pid"))
			ret->pid_changed = read_pid(at + strlen(marks[i]),
						    strspn(at + strlen(marks[i]), DIGITS));
		*at = '\0';
		return true;
	}
	return false;
}

/* "...) = 3": sets the arguments and the result. */
static bool parse_rest(char *s, struct strace_line *ret)
{
	char *end = text_find(s, ")"), *after = *end ? skip_blanks(end + 1) : end;

	if (!*end || (*after && *after != '='))
		return false;
	*end = '\0';
	ret->arguments = s;
	ret->result = *after ? skip_blanks(after + 1) : NULL;
	return true;
}

static bool parse_call(char *s, struct strace_line *ret)
{
	char *end = name_end(s);
	bool unfinished;

	if (!end)
		return false;
	unfinished = cut_unfinished(s, ret);
	*end = '\0';
	ret->name = s;
	if (unfinished) {
		ret->arguments = end + 1;
		ret->kind = LINE_UNFINISHED;
		return true;
	}
	ret->kind = LINE_CALL;
	if (parse_rest(end + 1, ret))
		return true;
	*end = '(';
	return false;
}

/* "<... read resumed>"abc", 10) = 3" */
static bool parse_resumed(char *s, struct strace_line *ret)
{
	static const char mark[] = " resumed>";
	char *at = starts(s, "<... ") ? strstr(s, mark) : NULL;

	if (!at)
		return false;
	*at = '\0';
	ret->name = s + strlen("<... ");
	ret->kind = LINE_RESUMED;
	if (parse_rest(at + strlen(mark), ret))
		return true;
	ret->kind = LINE_UNKNOWN;
	return false;
}

static bool is_noise(const char *s)
{
	/* No name: a process that was killed before it could be asked which call it made. */
	return starts(s, "?\?\?(") || starts(s, "<... ?\?\? resumed>") || starts(s, "--- ") ||
	       starts(s, "strace: Process ") || starts(s, "Process ") || !*s;
}

void strace_line_parse(char *line, struct strace_line *ret)
{
	char *s;

	*ret = (struct strace_line){ .kind = LINE_UNKNOWN, .name = NULL };
	if (starts(line, " > ")) {
		ret->kind = LINE_FRAME;
		ret->text = line + 3;
		return;
	}
	if (parse_mode(line, ret))
		return;
	s = take_marks(take_pid(line, &ret->pid), &ret->ms);
	if (is_noise(s)) {
		ret->kind = LINE_NOTHING;
		return;
	}
	if (parse_mode(s, ret) || parse_resumed(s, ret) || parse_call(s, ret))
		return;
	ret->kind = LINE_UNKNOWN;
	if (starts(s, "+++ "))
		parse_end(s + 4, ret);
}
