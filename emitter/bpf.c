/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filter as an array of struct sock_filter: C source or the bytes themselves. */
#include <linux/filter.h>

#include "base/cleanup.h"
#include "emitter/filter.h"
#include "emitter/formats.h"
#include "emitter/quote.h"

/* The macros of linux/filter.h for an instruction of ours. */
static void print_code(FILE *out, uint16_t code)
{
	static const struct {
		uint16_t code;
		const char *text;
	} codes[] = {
		{ BPF_LD | BPF_W | BPF_ABS, "BPF_LD | BPF_W | BPF_ABS" },
		{ BPF_JMP | BPF_JA, "BPF_JMP | BPF_JA" },
		{ BPF_JMP | BPF_JEQ | BPF_K, "BPF_JMP | BPF_JEQ | BPF_K" },
		{ BPF_JMP | BPF_JGE | BPF_K, "BPF_JMP | BPF_JGE | BPF_K" },
		{ BPF_JMP | BPF_JSET | BPF_K, "BPF_JMP | BPF_JSET | BPF_K" },
		{ BPF_RET | BPF_K, "BPF_RET | BPF_K" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(codes); i++)
		if (codes[i].code == code)
			fputs(codes[i].text, out);
}

static void print_instruction(FILE *out, const struct filter *f, size_t i)
{
	const struct sock_filter *insn = &f->insns[i];

	fprintf(out, "\t/* %3zu */ ", i);
	if (BPF_CLASS(insn->code) == BPF_JMP && BPF_OP(insn->code) != BPF_JA) {
		fputs("BPF_JUMP(", out);
		print_code(out, insn->code);
		fprintf(out, ", 0x%x, %u, %u),", insn->k, insn->jt, insn->jf);
	} else {
		fputs("BPF_STMT(", out);
		print_code(out, insn->code);
		fprintf(out, ", 0x%x),", insn->k);
	}
	if (f->comments[i]) {
		fputs(" /* ", out);
		quote_comment(out, f->comments[i]);
		fputs(" */", out);
	}
	fputc('\n', out);
}

static void print_header(const struct policy *policy, const struct emit_options *options,
			 const struct filter *f, FILE *out)
{
	static const char *const usage[] = {
		"Include it, set no_new_privs with prctl(2), and pass the array to seccomp(2)",
		"with SECCOMP_SET_MODE_FILTER in a struct sock_fprog.",
		NULL,
	};

	fputs("/*\n", out);
	print_banner(out, " * ", "bpf", policy, options, usage);
	fprintf(out, " */\n#ifndef %s_FILTER_H\n#define %s_FILTER_H\n\n", options->name,
		options->name);
	fputs("#include <linux/filter.h>\n\n", out);
	fprintf(out, "static const struct sock_filter %s_filter[] = {\n", options->name);
	for (size_t i = 0; i < f->n; i++)
		print_instruction(out, f, i);
	fputs("};\n\n#endif\n", out);
}

int emit_bpf(const struct policy *policy, const struct emit_options *options, FILE *out)
{
	struct filter cleanup(filter_free) filter = { 0 };
	int err;

	if (options->annotate)
		return emit_bpf_asm(policy, options, out);
	err = filter_compile_for(policy, options->tune, &filter);
	if (err < 0)
		return err;
	if (options->raw)
		fwrite(filter.insns, sizeof(*filter.insns), filter.n, out);
	else
		print_header(policy, options, &filter, out);
	return 0;
}
