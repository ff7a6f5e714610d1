/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a function keeps what its caller had in registers, at one place in it. */
#ifndef LEARN_ELF_CFI_RULES_H
#define LEARN_ELF_CFI_RULES_H

#include <stdint.h>

#include "elf/cfi.h"
#include "elf/eh_record.h"

enum cfi_kind {
	CFI_SAME,	/* where it was */
	CFI_UNDEFINED,	/* nowhere */
	CFI_AT,		/* in memory, OFFSET from the frame's address */
	CFI_IS,		/* that address itself */
	CFI_REGISTER,	/* in another register; for the frame's address: OFFSET from that one */
	CFI_EXPRESSION, /* in memory where an expression says; the frame's address: what it says */
	CFI_IS_EXPRESSION,
};

struct cfi_rule {
	enum cfi_kind kind;
	uint64_t reg;
	int64_t offset;
	struct eh_bytes expression;
};

struct cfi_rules {
	struct cfi_rule frame; /* its address: CFI_REGISTER or CFI_EXPRESSION */
	struct cfi_rule registers[CFI_REGISTERS];
};

/* 0, or -EINVAL for instructions that cannot be followed. Expressions are borrowed. */
int cfi_rules_at(const struct eh_cie *cie, const struct eh_fde *fde, uint64_t address,
		 struct cfi_rules *ret);

#endif
