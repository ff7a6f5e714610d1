/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The decision graph: construction and ownership of its nodes. */
#include "emitter/graph.h"

#include <linux/filter.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

static void node_free(struct node *node)
{
	if (!node)
		return;
	free(node->comment);
	free(node);
}

static int make_room(struct graph *graph)
{
	size_t capacity = graph->capacity ? 2 * graph->capacity : 64;
	struct node **more;

	if (graph->n < graph->capacity)
		return 0;
	more = realloc(graph->nodes, capacity * sizeof(*more));
	if (!more)
		return -ENOMEM;
	graph->nodes = more;
	graph->capacity = capacity;
	return 0;
}

static struct node *add(struct graph *graph, struct node model, const char *comment)
{
	struct node *node;

	if (make_room(graph) < 0)
		return NULL;
	node = malloc(sizeof(*node));
	if (!node)
		return NULL;
	*node = model;
	node->comment = comment ? strdup(comment) : NULL;
	if (comment && !node->comment) {
		node_free(node);
		return NULL;
	}
	graph->nodes[graph->n++] = node;
	return node;
}

struct node *graph_return(struct graph *graph, struct action action)
{
	const struct node model = { .code = BPF_RET | BPF_K, .k = action_to_seccomp(action) };
	auto_free char *comment = NULL;

	for (size_t i = 0; i < graph->n; i++)
		if (graph->nodes[i]->code == model.code && graph->nodes[i]->k == model.k)
			return graph->nodes[i];
	comment = action_format(action);
	return comment ? add(graph, model, comment) : NULL;
}

struct node *graph_load(struct graph *graph, size_t offset, struct node *next, const char *comment)
{
	if (!next)
		return NULL;
	return add(graph,
		   (struct node){ .code = BPF_LD | BPF_W | BPF_ABS,
				  .k = (uint32_t)offset,
				  .yes = next,
				  .size = 1 + next->size },
		   comment);
}

struct node *graph_test(struct graph *graph, uint16_t test, uint32_t k, struct node *yes,
			struct node *no, const char *comment)
{
	if (!yes || !no || yes == no)
		return yes && no ? yes : NULL;
	return add(graph,
		   (struct node){ .code = (uint16_t)(BPF_JMP | test | BPF_K),
				  .k = k,
				  .yes = yes,
				  .no = no,
				  .size = 1 + yes->size + no->size },
		   comment);
}

void graph_clear(struct graph *graph)
{
	for (size_t i = 0; i < graph->n; i++)
		node_free(graph->nodes[i]);
	free(graph->nodes);
	*graph = (struct graph){ 0 };
}
