/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The filter as text for bpf_asm (tools/bpf in the kernel's sources).
 *
 * What its grammar wants and does not say: labels have two characters or more, stand once before
 * an instruction and are no keyword; only `;` begins a comment anywhere in a line.
 */
#include "emitter/filter_text.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "emitter/quote.h"

/* Where comments begin, counted from the instruction. */
#define COMMENT_COLUMN 40

/* What an instruction is called where it is jumped to. */
static void print_label(FILE *out, const struct filter *f, size_t at)
{
	static const struct {
		uint32_t action;
		const char *name;
	} returns[] = {
		{ SECCOMP_RET_KILL_PROCESS, "kill" }, { SECCOMP_RET_TRAP, "trap" },
		{ SECCOMP_RET_ERRNO, "errno" },	      { SECCOMP_RET_LOG, "log" },
		{ SECCOMP_RET_ALLOW, "allow" },
	};
	const char *name = "insn";

	if (BPF_CLASS(f->insns[at].code) == BPF_RET)
		for (size_t i = 0; i < ARRAY_SIZE(returns); i++)
			if (returns[i].action == (f->insns[at].k & SECCOMP_RET_ACTION_FULL))
				name = returns[i].name;
	fprintf(out, "%s_%zu", name, at);
}

/* The mnemonic for a test, and for its opposite where the assembler has one. */
static const struct test_name {
	uint16_t op;
	const char *name, *opposite;
} test_names[] = {
	{ BPF_JEQ, "jeq", "jne" },
	{ BPF_JGE, "jge", "jlt" },
	{ BPF_JSET, "jset", NULL },
};

static const struct test_name *find_test(uint16_t code)
{
	for (size_t i = 0; i < ARRAY_SIZE(test_names); i++)
		if (test_names[i].op == BPF_OP(code))
			return &test_names[i];
	return NULL;
}

/* A test prints its opposite where it goes on at the next instruction when it holds. */
static bool is_opposite(const struct sock_filter *insn)
{
	return insn->jt == 0 && insn->jf != 0 && find_test(insn->code)->opposite;
}

/* Whether the text of an instruction names the one AT as a target. */
static bool names_target(const struct filter *f, size_t i, size_t at)
{
	const struct sock_filter *insn = &f->insns[i];

	if (BPF_CLASS(insn->code) != BPF_JMP)
		return false;
	if (BPF_OP(insn->code) == BPF_JA)
		return i + 1 + insn->k == at;
	return (i + 1 + insn->jt == at && !is_opposite(insn)) ||
	       (i + 1 + insn->jf == at && insn->jf != 0);
}

static bool is_target(const struct filter *f, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (names_target(f, i, at))
			return true;
	return false;
}

/* One label where the other way is the next instruction, else both. */
static void print_test(FILE *out, const struct filter *f, size_t i)
{
	const struct sock_filter *insn = &f->insns[i];
	const struct test_name *test = find_test(insn->code);

	if (is_opposite(insn)) {
		fprintf(out, "%s #0x%x, ", test->opposite, insn->k);
		print_label(out, f, i + 1 + insn->jf);
		return;
	}
	fprintf(out, "%s #0x%x, ", test->name, insn->k);
	print_label(out, f, i + 1 + insn->jt);
	if (insn->jf != 0) {
		fputs(", ", out);
		print_label(out, f, i + 1 + insn->jf);
	}
}

static void print_instruction(FILE *out, const struct filter *f, size_t i)
{
	const struct sock_filter *insn = &f->insns[i];

	if (BPF_CLASS(insn->code) == BPF_LD) {
		fprintf(out, "ld [%u]", insn->k);
	} else if (BPF_CLASS(insn->code) == BPF_RET) {
		fprintf(out, "ret #0x%x", insn->k);
	} else if (BPF_OP(insn->code) == BPF_JA) {
		fputs("jmp ", out);
		print_label(out, f, i + 1 + insn->k);
	} else {
		print_test(out, f, i);
	}
}

/* How often the instruction is come by, and what it is about. */
static void print_comment(FILE *out, const char *comment, const double *visits)
{
	fputs("; ", out);
	if (visits)
		fprintf(out, "%10.0f%s", *visits, comment ? "  " : "");
	if (comment)
		quote_comment(out, comment);
}

static int print_line(FILE *out, const struct filter *f, size_t i, const double *visits)
{
	auto_free char *text = NULL;
	size_t length;
	FILE *memory = open_memstream(&text, &length);

	if (!memory)
		return -ENOMEM;
	print_instruction(memory, f, i);
	if (fclose(memory) != 0)
		return -ENOMEM;
	if (is_target(f, i)) {
		print_label(out, f, i);
		fputs(":\n", out);
	}
	fprintf(out, "\t%s", text);
	if (f->comments[i] || visits) {
		fprintf(out, "%*s", length < COMMENT_COLUMN ? (int)(COMMENT_COLUMN - length) : 1,
			"");
		print_comment(out, f->comments[i], visits ? &visits[i] : NULL);
	}
	fputc('\n', out);
	return 0;
}

int print_filter_text(FILE *out, const struct filter *f, const double *visits)
{
	int err = 0;

	for (size_t i = 0; !err && i < f->n; i++)
		err = print_line(out, f, i, visits);
	return err;
}
