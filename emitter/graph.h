/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A filter as a decision graph: tests and loads that end in returns.
 *
 * A node is one BPF instruction; nodes may be shared. The graph owns them. The constructors return
 * NULL without memory and when a node passed to them is NULL, so that calls can be nested and the
 * outermost result checked alone.
 */
#ifndef LEARN_EMITTER_GRAPH_H
#define LEARN_EMITTER_GRAPH_H

#include <stddef.h>
#include <stdint.h>

#include "policy/policy.h"

struct node {
	uint16_t code;         /* BPF_RET | BPF_K, BPF_LD | BPF_W | BPF_ABS, or a BPF_JMP test */
	uint32_t k;
	struct node *yes, *no; /* of a test; what follows a load is `yes` */
	char *comment;         /* or NULL */
	double size;           /* instructions from here on but for returns, shared ones repeated */
	size_t place;          /* for the assembler: 0 is not placed yet */
};

struct graph {
	struct node **nodes;
	size_t n, capacity;
};

/* The return of an action: one node an action. */
struct node *graph_return(struct graph *graph, struct action action);
/* Loads the word at OFFSET of struct seccomp_data, then NEXT. */
struct node *graph_load(struct graph *graph, size_t offset, struct node *next, const char *comment);
/* TEST is BPF_JEQ, BPF_JGE or BPF_JSET against K. Where both ways are one, no test is made. */
struct node *graph_test(struct graph *graph, uint16_t test, uint32_t k, struct node *yes,
			struct node *no, const char *comment);
/* Frees all nodes. */
void graph_clear(struct graph *graph);

#endif
