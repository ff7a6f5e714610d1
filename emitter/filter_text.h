/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filter as text for bpf_asm (tools/bpf in the kernel's sources). */
#ifndef LEARN_EMITTER_FILTER_TEXT_H
#define LEARN_EMITTER_FILTER_TEXT_H

#include <stdio.h>

#include "emitter/filter.h"

/*
 * One line an instruction, with its comment and, unless VISITS is NULL, how often it is come by.
 * 0 or -ENOMEM.
 */
int print_filter_text(FILE *out, const struct filter *f, const double *visits);

#endif
