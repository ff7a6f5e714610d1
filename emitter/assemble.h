/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A decision graph as a BPF program, right for any length. */
#ifndef LEARN_EMITTER_ASSEMBLE_H
#define LEARN_EMITTER_ASSEMBLE_H

#include "emitter/filter.h"
#include "emitter/graph.h"

/* The program that starts at ROOT. 0 or -ENOMEM; there is no limit on the length here. */
int assemble(struct node *root, struct filter *ret);

#endif
