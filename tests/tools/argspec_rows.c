/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Prints the inspected arguments, a row each, for tests: call, index, name, width, whether it is
 * checked, the bits that no check takes away, the call's number on x86_64 and on x86 (- where the
 * row does not hold). With words CALL INDEX VALUE: the text for the value.
 */
#include <errno.h>
#include <inttypes.h>
#include <linux/audit.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "sysdb/argspecs.h"
#include "sysdb/syscalls.h"

static void print_number_on(const struct argspec *spec, uint32_t arch)
{
	int nr;

	if (argspec_applies(spec, arch) && syscall_number(arch, spec->call, &nr) == 0)
		printf("\t%d", nr);
	else
		printf("\t-");
}

static void print_row(const struct argspec *spec)
{
	printf("%s\t%u\t%s\t%u\t%d\t%" PRIu64, spec->call, spec->index, spec->arg, spec->width,
	       !spec->shown_only, spec->harmless);
	print_number_on(spec, AUDIT_ARCH_X86_64);
	print_number_on(spec, AUDIT_ARCH_I386);
	putchar('\n');
}

int main(int argc, char **argv)
{
	const struct argspec *spec;
	auto_free char *text = NULL;

	if (argc == 1) {
		for (spec = argspec_table; spec->call; spec++)
			print_row(spec);
		return EXIT_SUCCESS;
	}
	spec = argc == 4 ? argspec_of(argv[1], (unsigned)strtoul(argv[2], NULL, 0)) : NULL;
	text = spec ? argspec_format(spec, strtoull(argv[3], NULL, 0)) : NULL;
	return text && puts(text) >= 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
