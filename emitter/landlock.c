/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The paths and ports as C source for landlock(7).
 *
 * The source brings its own names of rights and its own system call numbers' wrappers, so that it
 * compiles with headers older than the kernel it will run on, and asks the kernel at run time which
 * rights it knows.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "base/cleanup.h"
#include "emitter/formats.h"
#include "emitter/quote.h"
#include "sysdb/landlock.h"

/* The name of a right in the emitted source: without its long prefix. */
static const char *short_name(const struct landlock_right *right)
{
	static const char prefix[] = "LANDLOCK_";

	return right->name + sizeof(prefix) - 1;
}

/* Where a list of rights goes on in the next line. */
#define LINE_WIDTH 90

static void print_rights(FILE *out, enum landlock_field field, uint32_t rights)
{
	const char *separator = "";
	size_t column = 0;

	for (const struct landlock_right *r = landlock_table; r->name; r++) {
		if (r->field != field || !(rights & r->bit))
			continue;
		if (column + strlen(short_name(r)) > LINE_WIDTH) {
			fputs(" |\n\t  ", out);
			separator = "";
			column = 0;
		}
		column += (size_t)fprintf(out, "%s%s", separator, short_name(r));
		separator = " | ";
	}
	if (!column)
		fputc('0', out);
}

/* ---- tables of the emitted source ---- */

static void print_names(const struct policy *p, FILE *out)
{
	fputs("/* The rights of linux/landlock.h, which may be older than the kernel. */\n", out);
	for (const struct landlock_right *r = landlock_table; r->name; r++)
		if (policy_handled(p, r->field) & r->bit)
			fprintf(out, "#define %s 0x%" PRIx32 "ULL\n", short_name(r), r->bit);
	fputc('\n', out);
}

static uint32_t added_by(const struct policy *p, enum landlock_field field, unsigned abi)
{
	uint32_t added = landlock_known(field, abi) & ~landlock_known(field, abi - 1);

	return policy_handled(p, field) & added;
}

/* The number of the ABI, and what is lost on a kernel that has it not yet. */
static void print_abi_comment(const struct policy *p, unsigned abi, FILE *out)
{
	const char *separator = "; before it ";

	fprintf(out, "\t/* ABI %u", abi);
	for (const struct landlock_right *r = landlock_table; r->name; r++) {
		if (r->since_abi != abi || !r->lost || !(policy_handled(p, r->field) & r->bit))
			continue;
		fprintf(out, "%s%s", separator, r->lost);
		separator = ", ";
	}
	fputs(" */\n", out);
}

static void print_abis(const struct policy *p, FILE *out)
{
	fputs("/* What each ABI of the kernel confines more than the one before. */\n"
	      "static const struct {\n\tuint64_t fs, net, scoped;\n} abis[] = {\n", out);
	for (unsigned abi = 1; abi <= LANDLOCK_NEWEST_ABI; abi++) {
		print_abi_comment(p, abi, out);
		fputs("\t{ ", out);
		for (enum landlock_field f = LL_FIELD_FS; f <= LL_FIELD_SCOPE; f++) {
			fputs(f == LL_FIELD_FS ? "" : ", ", out);
			print_rights(out, f, added_by(p, f, abi));
		}
		fputs(" },\n", out);
	}
	fputs("};\n\n", out);
}

static void print_path_table(const struct policy *p, FILE *out)
{
	fputs("static const struct {\n\tconst char *path;\n\tuint64_t rights;\n"
	      "} paths[] = {\n", out);
	for (size_t i = 0; i < p->n_paths; i++) {
		const struct policy_path *path = &p->paths[i];

		if (!(path->rights & p->handled_fs))
			continue;
		fputs("\t{ ", out);
		quote_c(out, path->path);
		fputs(",\n\t  ", out);
		print_rights(out, LL_FIELD_FS, path->rights & p->handled_fs);
		fputs(" }, /* ", out);
		quote_comment(out, path->why);
		fputs(" */\n", out);
	}
	fputs("\t{ NULL, 0 }\n};\n\n", out);
}

static void print_port_table(const struct policy *p, FILE *out)
{
	fputs("static const struct {\n\tuint64_t port, rights;\n} ports[] = {\n", out);
	for (size_t i = 0; i < p->n_ports; i++) {
		const struct policy_port *port = &p->ports[i];
		uint32_t right = port->bind ? LL_BIND_TCP : LL_CONNECT_TCP;

		if (!(p->handled_net & right))
			continue;
		fprintf(out, "\t{ %" PRIu16 ", ", port->port);
		print_rights(out, LL_FIELD_NET, right);
		fputs(" }, /* ", out);
		quote_comment(out, port->why);
		fputs(" */\n", out);
	}
	fputs("\t{ 0, 0 }\n};\n\n", out);
}

/* ---- the fixed parts ---- */

static const char kernel_interface[] =
	"/* The kernel's interface: landlock_create_ruleset(2), landlock_add_rule(2). */\n"
	"struct ruleset {\n\tuint64_t fs, net, scoped;\n};\n"
	"struct path_rule {\n\tuint64_t rights;\n\tint32_t fd;\n} __attribute__((packed));\n"
	"struct port_rule {\n\tuint64_t rights, port;\n};\n"
	"enum { RULE_PATH = 1, RULE_PORT = 2, ASK_VERSION = 1 };\n"
	"\n"
	"#ifndef SYS_landlock_create_ruleset /* the same on all but alpha */\n"
	"#define SYS_landlock_create_ruleset 444\n"
	"#define SYS_landlock_add_rule 445\n"
	"#define SYS_landlock_restrict_self 446\n"
	"#endif\n"
	"\n";

static const char known_format[] =
	"/* What this kernel can confine of it. */\n"
	"static struct ruleset known_to(int abi)\n"
	"{\n"
	"\tstruct ruleset known = { 0, 0, 0 };\n"
	"\n"
	"\tfor (int i = 0; i < abi && i < (int)(sizeof(abis) / sizeof(abis[0])); i++) {\n"
	"\t\tknown.fs |= abis[i].fs;\n"
	"\t\tknown.net |= abis[i].net;\n"
	"\t\tknown.scoped |= abis[i].scoped;\n"
	"\t}\n"
	"\treturn known;\n"
	"}\n"
	"\n";

static const char path_functions[] =
	"/* Nothing can be done to a path that is not there or cannot be reached. */\n"
	"static int is_absent(int err)\n"
	"{\n"
	"\treturn err == ENOENT || err == ENOTDIR || err == EACCES || err == ELOOP ||\n"
	"\t       err == ENAMETOOLONG;\n"
	"}\n"
	"\n"
	"static int allow_path(int ruleset, const char *path, uint64_t rights)\n"
	"{\n"
	"\tstruct path_rule rule = { rights, open(path, O_PATH | O_CLOEXEC) };\n"
	"\tstruct stat st;\n"
	"\tint err = 0;\n"
	"\n"
	"\tif (rule.fd < 0)\n"
	"\t\treturn is_absent(errno) ? 0 : -errno;\n"
	"\tif (fstat(rule.fd, &st) == 0 && !S_ISDIR(st.st_mode))\n"
	"\t\trule.rights &= file_rights;\n"
	"\tif (rule.rights && syscall(SYS_landlock_add_rule, ruleset, RULE_PATH, &rule, 0) != 0)\n"
	"\t\terr = -errno;\n"
	"\tclose(rule.fd);\n"
	"\treturn err;\n"
	"}\n"
	"\n"
	"static int allow_paths(int ruleset, uint64_t known)\n"
	"{\n"
	"\tint err = 0;\n"
	"\n"
	"\tfor (size_t i = 0; !err && paths[i].path; i++)\n"
	"\t\terr = allow_path(ruleset, paths[i].path, paths[i].rights & known);\n"
	"\treturn err;\n"
	"}\n"
	"\n";

static const char port_functions[] =
	"static int allow_ports(int ruleset, uint64_t known)\n"
	"{\n"
	"\tfor (size_t i = 0; ports[i].rights; i++) {\n"
	"\t\tstruct port_rule rule = { ports[i].rights & known, ports[i].port };\n"
	"\n"
	"\t\tif (rule.rights &&\n"
	"\t\t    syscall(SYS_landlock_add_rule, ruleset, RULE_PORT, &rule, 0) != 0)\n"
	"\t\t\treturn -errno;\n"
	"\t}\n"
	"\treturn 0;\n"
	"}\n"
	"\n";

static const char restrict_format[] =
	"/*\n"
	" * Confines the calling thread and all that it starts, for good. Returns the kernel's\n"
	" * ABI, 0 when the kernel has no landlock (nothing is confined then), or -errno.\n"
	" */\n"
	"%sint %s_landlock(void)\n"
	"{\n"
	"\tint abi = (int)syscall(SYS_landlock_create_ruleset, NULL, 0, ASK_VERSION);\n"
	"\tstruct ruleset known = known_to(abi);\n"
	"\tint ruleset, err = 0;\n"
	"\n"
	"\tif (abi < 0)\n"
	"\t\treturn errno == ENOSYS || errno == EOPNOTSUPP ? 0 : -errno;\n"
	"\tif (!known.fs && !known.net && !known.scoped)\n"
	"\t\treturn abi;\n"
	"\truleset = (int)syscall(SYS_landlock_create_ruleset, &known,\n"
	"\t\t\t       abi < 4 ? sizeof(known.fs) :\n"
	"\t\t\t       abi < 6 ? 2 * sizeof(known.fs) : sizeof(known), 0);\n"
	"\tif (ruleset < 0)\n"
	"\t\treturn -errno;\n";

static const char restrict_end[] =
	"\tif (!err && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)\n"
	"\t\terr = -errno;\n"
	"\tif (!err && syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)\n"
	"\t\terr = -errno;\n"
	"\tclose(ruleset);\n"
	"\treturn err ? err : abi;\n"
	"}\n";

static const char nothing_format[] =
	"/* The policy confines nothing that landlock could: see above. */\n"
	"%sint %s_landlock(void)\n"
	"{\n"
	"\treturn 0;\n"
	"}\n";

static const char warning[] =
	"\tif (r == 0)\n"
	"\t\tfprintf(stderr, \"%s: nothing is confined: no landlock\\n\", argv[0]);\n";

/* ---- the file ---- */

static void print_comment(const struct policy *p, const struct emit_options *options, FILE *out)
{
	static const char *const usage[] = {
		"Compile it with the program; call the function in the first thread when all that",
		"needs more has been done: it confines the caller and what it starts later.",
		NULL
	};
	static const char *const launcher_usage[] = {
		"Compile: cc -O2 FILE.c -o LAUNCHER; run: LAUNCHER COMMAND...", NULL
	};

	fputs("/*\n", out);
	print_banner(out, " * ", "landlock", p, options,
		     options->with_main ? launcher_usage : usage);
	if (!p->handled_fs)
		fputs(" * Paths are not confined: the program mounts, and landlock forbids that.\n",
		      out);
	fputs(" */\n", out);
}

static void print_includes(const struct emit_options *options, bool confines, FILE *out)
{
	static const struct {
		const char *name;
		bool confining, launching;
	} includes[] = {
		{ "errno.h", true, true },	  { "fcntl.h", true, false },
		{ "stddef.h", true, false },	  { "stdint.h", true, false },
		{ "stdio.h", false, true },	  { "string.h", false, true },
		{ "sys/prctl.h", true, false },   { "sys/stat.h", true, false },
		{ "sys/syscall.h", true, false }, { "unistd.h", true, true },
	};

	fputs("#ifndef _GNU_SOURCE\n#define _GNU_SOURCE /* O_PATH, syscall() */\n#endif\n", out);
	for (size_t i = 0; i < ARRAY_SIZE(includes); i++)
		if ((includes[i].confining && confines) ||
		    (includes[i].launching && options->with_main))
			fprintf(out, "#include <%s>\n", includes[i].name);
	fputc('\n', out);
	if (!options->with_main)
		fprintf(out, "int %s_landlock(void);\n\n", options->name);
}

static void print_ruleset(const struct policy *p, const struct emit_options *options, FILE *out)
{
	const char *linkage = options->with_main ? "static " : "";

	print_names(p, out);
	print_abis(p, out);
	if (p->handled_fs)
		print_path_table(p, out);
	if (p->handled_net)
		print_port_table(p, out);
	fputs(kernel_interface, out);
	fputs(known_format, out);
	if (p->handled_fs) {
		fputs("/* The kernel refuses other rights on what is no directory. */\n"
		      "static const uint64_t file_rights =\n\t  ", out);
		print_rights(out, LL_FIELD_FS, p->handled_fs & LL_FILE_RIGHTS);
		fputs(";\n\n", out);
		fputs(path_functions, out);
	}
	if (p->handled_net)
		fputs(port_functions, out);
	fprintf(out, restrict_format, linkage, options->name);
	if (p->handled_fs)
		fputs("\terr = allow_paths(ruleset, known.fs);\n", out);
	if (p->handled_net)
		fputs("\tif (!err)\n\t\terr = allow_ports(ruleset, known.net);\n", out);
	fputs(restrict_end, out);
}

int emit_landlock(const struct policy *p, const struct emit_options *options, FILE *out)
{
	bool confines = p->handled_fs || p->handled_net || p->scopes;

	print_comment(p, options, out);
	print_includes(options, confines, out);
	if (confines)
		print_ruleset(p, options, out);
	else
		fprintf(out, nothing_format, options->with_main ? "static " : "", options->name);
	if (options->with_main)
		print_launcher(out, options->name, "landlock", warning);
	return 0;
}
