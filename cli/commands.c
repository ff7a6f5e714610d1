/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which commands exist, and their help. */
#include "cli/commands.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "cli/policy_options.h"
#include "cli/verbs.h"

#define OPTIONS(...) (const struct option_row *const[]){ __VA_ARGS__, NULL }

const struct command commands[] = {
	{ "record", "[-o FILE] [--] COMMAND... | -p PID...", "run a command and write its profile",
	  "Runs COMMAND, watches it with every fork, thread and program it executes,\n"
	  "and writes what it did as a profile. The word 'record' may be left out.\n"
	  "The command keeps its terminal, input, output, signals and exit status.\n"
	  "With -p, programs that run already are watched, and run on afterwards.\n",
	  OPTIONS(record_options), cmd_record },
	{ "show", "[--tsv] PROFILE", "print what a profile holds",
	  "Prints the evidence for people: per program the calls by frequency with\n"
	  "argument values, paths, sockets, peaks and who called.\n",
	  OPTIONS(show_options), cmd_show },
	{ "emit", "FORMAT PROFILE [-o FILE]", "turn a profile into a policy",
	  "Computes the policy for the profile and writes it in one of the formats\n"
	  "that 'learn emit --list' names.\n",
	  OPTIONS(emit_options, policy_option_rows), cmd_emit },
	{ "run", "PROFILE [--] COMMAND...", "run a command under its policy",
	  "Computes the policy for the profile and runs COMMAND under it: landlock,\n"
	  "resource limits, capabilities, seccomp and no_new_privs. What the command is\n"
	  "denied is said on standard error: the call, who made it, from where, the rule,\n"
	  "and the command line that allows it.\n",
	  OPTIONS(run_options, policy_option_rows), cmd_run },
	{ "refine", "-o FILE [PROFILE] [--] TEST...", "find out what a test can do without",
	  "Runs TEST again and again with less and less allowed, and writes a profile\n"
	  "with what was found out: a policy in which each rule is needed. TEST says by\n"
	  "its exit status whether it passed. Without PROFILE it is traced first. What\n"
	  "is broken off goes on when the same command is given again.\n",
	  OPTIONS(refine_options, policy_option_rows), cmd_refine },
	{ "merge", "-o FILE PROFILE...", "make one profile from many",
	  "Adds the evidence of all profiles: counts are summed, sets joined, the\n"
	  "larger peak kept. The order does not matter.\n",
	  OPTIONS(merge_options), cmd_merge },
	{ "diff", "[--json] OLD NEW", "say what NEW needs that OLD does not",
	  "Compares what two profiles need: calls, argument values, paths, ports,\n"
	  "address families, limits and programs, but no counts. Exit status 0: NEW\n"
	  "runs under the policy of OLD; 1: it has new needs; 2: trouble.\n",
	  OPTIONS(diff_options), cmd_diff },
	{ "explain", "PROFILE [WHAT]", "say why something is in the policy",
	  "Computes the policy for the profile and says for each rule why it is there:\n"
	  "which programs did it, in which phases, with which arguments, how often and\n"
	  "from where; or the reason why it is implied. WHAT is a system call, a path,\n"
	  "a limit (NOFILE), a capability (CAP_CHOWN), an address family (AF_INET) or\n"
	  "a port (8080).\n",
	  OPTIONS(policy_option_rows), cmd_explain },
	{ "import", "-o FILE LOG...", "make a profile from logs of strace or audit",
	  "Reads what strace or the audit system logged and writes it as a profile:\n"
	  "logs of strace -f with any of its options, the files of strace -ff (or\n"
	  "their directory), audit logs, and audit records in the kernel's log. What\n"
	  "cannot be read is counted and said.\n",
	  OPTIONS(import_options), cmd_import },
	{ "service", "start|finish|reset|why [OPTION...] UNIT", "confine a systemd service",
	  "Profiles a service in place and confines it to what it did:\n"
	  "  start   from its next start on, UNIT is recorded; it is restarted\n"
	  "  finish  the recording ends; shows the drop-in that confines UNIT, with reasons\n"
	  "          and the exposure before and after; --apply puts it in force\n"
	  "  reset   takes back all that the others made: UNIT is as it was before\n"
	  "  why     UNIT does not come up, or dies: says which setting did it, and what\n"
	  "          to change\n",
	  OPTIONS(service_options, policy_option_rows), cmd_service },
	{ NULL, NULL, NULL, NULL, NULL, NULL },
};

const struct command *command_by_name(const char *name)
{
	for (const struct command *c = commands; c->name; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

int command_help(const struct command *c)
{
	printf("Usage: learn %s %s\n\n%s\n", c->name, c->synopsis, c->text);
	options_print_help(c->options, stdout);
	return EXIT_SUCCESS;
}

int command_usage(const struct command *c, int status)
{
	diag(0, "try 'learn %s --help'", c->name);
	return status;
}
