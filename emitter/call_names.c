/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calls of a policy for formats that know calls by name alone. */
#include "emitter/call_names.h"

#include <seccomp.h>
#include <string.h>

#include "emitter/choices.h"
#include "emitter/quote.h"
#include "emitter/ruled_out.h"

bool is_call_name(const char *name)
{
	return seccomp_syscall_resolve_name(name) != __NR_SCMP_ERROR;
}

bool call_exists(const struct policy *p, const char *name)
{
	uint32_t arches[4];
	size_t n = policy_arches(p, arches);

	/* Negative numbers are libseccomp's own for calls of other architectures. */
	for (size_t i = 0; i < n; i++)
		if (seccomp_syscall_resolve_name_arch(arches[i], name) >= 0)
			return true;
	return false;
}

bool call_has_name(const struct policy *p, size_t index)
{
	return call_is_stated(p, index) && is_call_name(p->calls[index].name);
}

bool call_is_repeated(const struct policy *p, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (strcmp(p->calls[i].name, p->calls[index].name) == 0)
			return true;
	return false;
}

bool denial_has_name(const struct policy *p, size_t index)
{
	const char *name = p->denials[index].name;

	for (size_t i = 0; i < index; i++)
		if (strcmp(p->denials[i].name, name) == 0 && denial_is_stated(p, i))
			return false;
	return denial_is_stated(p, index) && is_call_name(name) && !policy_allows(p, name);
}

void print_nameless(FILE *out, const char *prefix, const struct policy *p)
{
	for (size_t i = 0; i < p->n_calls; i++) {
		if (!call_is_stated(p, i) || is_call_name(p->calls[i].name) ||
		    call_is_repeated(p, i))
			continue;
		fprintf(out, "%sLeft out, because libseccomp here does not know it: ", prefix);
		quote_comment(out, p->calls[i].name);
		fputc('\n', out);
	}
}
