/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether what seems to be the caller of some code has called it. */
#include "elf/x86_called.h"

#include <errno.h>

#define LONGEST_CALL 7 /* bytes: with a prefix, an index and an address of four */

/* Where we are: in the function that begins at START, 0 when that is not known. */
struct place {
	const struct x86_process *process;
	uint64_t start, ip;
};

static enum x86_proof leads_here(const struct place *p, uint64_t target)
{
	static const enum x86_proof proofs[] = {
		[X86_NEVER] = X86_NOT_CALLED,
		[X86_PERHAPS] = X86_PERHAPS_CALLED,
		[X86_REACHES] = X86_CALLED,
	};

	return target == p->start ? X86_CALLED :
				    proofs[x86_reaches(p->process, target, p->ip)];
}

/* Where a call through a register or memory leads, by what the caller has there now. */
static int indirect_target(const struct place *p, const struct x86_frame *caller,
			   const struct x86_instruction *in, uint64_t *ret)
{
	unsigned number = x86_rm_register(in);

	if (in->rip_relative)
		return x86_near_word(p->process, in, caller->ip, ret);
	if (!x86_is_preserved(number) || (!x86_is_direct(in) && number == 12 && in->sib != 0x24))
		return -ENOENT; /* with an index, too */
	*ret = caller->registers[number];
	return x86_is_direct(in) ? 0 :
				   p->process->read(p->process->state,
						    *ret + (uint64_t)in->displacement, ret,
						    sizeof(*ret));
}

/* Whether IN, behind which the caller goes on, is a call that leads to where we are. */
static enum x86_proof prove_call(const struct place *p, const struct x86_frame *caller,
				 const struct x86_instruction *in)
{
	enum x86_proof proof;
	uint64_t target;

	if (x86_is_call(in))
		return leads_here(p, caller->ip + (uint64_t)in->immediate);
	if (in->map != MAP_ONE || in->vector || in->opcode != 0xff || (in->modrm & 0x38) != 0x10)
		return X86_NOT_CALLED;
	if (indirect_target(p, caller, in, &target) < 0)
		return X86_PERHAPS_CALLED;
	proof = leads_here(p, target);
	/* What memory holds may have been changed since. */
	return proof == X86_NOT_CALLED && !x86_is_direct(in) ? X86_PERHAPS_CALLED : proof;
}

enum x86_proof x86_prove(const struct x86_process *process, const struct x86_frame *caller,
			 uint64_t start, uint64_t ip)
{
	const struct place here = { process, start, ip };
	unsigned char code[LONGEST_CALL];
	enum x86_proof best = X86_NOT_CALLED;

	if (process->read(process->state, caller->ip - sizeof(code), code, sizeof(code)) < 0)
		return X86_NOT_CALLED;
	for (size_t len = 2; len <= LONGEST_CALL && best != X86_CALLED; len++) {
		struct x86_instruction in;
		enum x86_proof proof = X86_NOT_CALLED;

		if (x86_decode(code + LONGEST_CALL - len, len, &in) && in.length == len)
			proof = prove_call(&here, caller, &in);
		best = proof > best ? proof : best;
	}
	return best;
}
