/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lies behind each process while it is recorded. */
#include "learner/lives.h"

#include <stdlib.h>

#include "sysdb/milestones.h"

static struct life *begin(struct lives *lives, const struct event_origin *origin)
{
	bool first_of_all = !lives->by_pid.capacity;
	struct life *life = calloc(1, sizeof(*life));

	if (!life)
		return NULL;
	*life = (struct life){
		.pid = origin->pid,
		.program = origin->program,
		.phase = origin->phase,
		.behind = first_of_all ? 0 : MILESTONE_FORKED,
	};
	if (map_put(&lives->by_pid, &life->pid, sizeof(life->pid), life) < 0) {
		free(life);
		return NULL;
	}
	return life;
}

/* A new process has the number of one that ended. A last call of another thread is none. */
static bool is_reused(const struct life *life, const struct event_origin *origin)
{
	return life->ended && origin->tid == origin->pid;
}

/* Phases go forward, until a program is executed. */
static bool has_executed(const struct life *life, const struct event_origin *origin)
{
	return life->program != origin->program || life->phase > origin->phase;
}

struct life *lives_find(struct lives *lives, const struct event_origin *origin)
{
	struct life *life = lives->last;

	if (!life || life->pid != origin->pid)
		life = map_get(&lives->by_pid, &origin->pid, sizeof(origin->pid));
	if (!life)
		life = begin(lives, origin);
	if (!life)
		return NULL;
	if (is_reused(life, origin))
		*life = (struct life){ .pid = origin->pid, .behind = MILESTONE_FORKED };
	else if (has_executed(life, origin))
		*life = (struct life){ .pid = origin->pid };
	life->program = origin->program;
	life->phase = origin->phase;
	life->threads |= origin->tid != origin->pid;
	lives->last = life;
	return life;
}

void lives_end(struct lives *lives, struct life *life, const struct event_origin *origin)
{
	if (life->threads) {
		life->ended = origin->tid == origin->pid;
		return;
	}
	lives->last = NULL;
	free(map_remove(&lives->by_pid, &life->pid, sizeof(life->pid)));
}

void lives_clear(struct lives *lives)
{
	map_clear(&lives->by_pid, free);
	lives->last = NULL;
}
