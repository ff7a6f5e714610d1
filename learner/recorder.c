/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events become evidence. */
#include "learner/recorder.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "learner/lives.h"
#include "sysdb/argspecs.h"
#include "sysdb/milestones.h"
#include "sysdb/syscalls.h"

/* A call that keeps failing is asked for its result this often, to see it succeed once. */
#define MOST_RESULTS 32

/* What is remembered of a call so that counting it again is one look-up. */
struct seen {
	struct profile_call *call;
	const struct argspec *specs[ARGSPEC_ARGUMENTS]; /* those that hold here, without fields */
	size_t n_specs;
	uint32_t milestone; /* that this call is, in this phase: MILESTONE_* */
	bool ends;          /* the process is at its end */
	unsigned results;
	bool succeeded;
};

struct recorder {
	struct profile *profile;
	struct profile_program **programs; /* by event_origin.program */
	size_t n_programs;
	struct map seen; /* struct seen, by struct seen_key */
	struct lives lives;
	uint64_t calls, finds;
};

struct seen_key {
	uint32_t program, phase, arch;
	int32_t nr;
};

struct recorder *recorder_new(struct profile *profile)
{
	struct recorder *r = calloc(1, sizeof(*r));

	if (r)
		r->profile = profile;
	return r;
}

void recorder_free(struct recorder *r)
{
	if (!r)
		return;
	map_clear(&r->seen, free);
	lives_clear(&r->lives);
	free(r->programs);
	free(r);
}

struct recorder_stats recorder_stats(const struct recorder *r)
{
	return (struct recorder_stats){ r->calls, r->seen.n, r->finds };
}

static struct seen_key key_of(const struct event_origin *origin, const struct event_call *call)
{
	return (struct seen_key){ origin->program, origin->phase, call->arch, call->nr };
}

static void find_specs(struct seen *s)
{
	size_t n;
	const struct argspec *specs = argspecs_of(s->call->name, &n);

	for (size_t i = 0; i < n; i++)
		if (!argspec_is_field(&specs[i]) && argspec_applies(&specs[i], s->call->arch))
			s->specs[s->n_specs++] = &specs[i];
}

/* The call whose first time in a process would begin the phase `serving` with --phase-at. */
static uint32_t find_milestone(const struct seen_key *key, const char *name)
{
	return key->phase != PHASE_LOAD && key->arch == arch_native() ? milestone_of_call(name) : 0;
}

static struct seen *see_first(struct recorder *r, const struct seen_key *key)
{
	struct seen *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->call = profile_call(r->programs[key->program], key->phase, key->arch, key->nr);
	if (!s->call || map_put(&r->seen, key, sizeof(*key), s) < 0) {
		free(s);
		return NULL;
	}
	find_specs(s);
	s->milestone = find_milestone(key, s->call->name);
	s->ends = strcmp(s->call->name, "exit_group") == 0;
	return s;
}

/* 1 when one of the inspected arguments has a value that is new, else 0; -ENOMEM. */
static int count_arguments(const struct seen *s, const struct event_call *call)
{
	int news = 0;

	for (size_t i = 0; i < s->n_specs; i++) {
		const struct argspec *spec = s->specs[i];
		uint64_t value = argspec_significant(spec, call->args[spec->index]);
		int r;

		if (!argspec_counts(spec, call->args))
			r = profile_call_value(s->call, spec->index, spec->most, 0, 1);
		else if (call->unread_args >> spec->index & 1) /* it may have been anything */
			r = profile_call_many(s->call, spec->index,
					      argspec_significant(spec, UINT64_MAX), 0);
		else
			r = profile_call_value(s->call, spec->index, spec->most, value, 1);
		if (r < 0)
			return r;
		news |= r;
	}
	return news;
}

/* What lies behind the process that makes the call, this call with it. 0 or -ENOMEM. */
static int note_milestones(struct recorder *r, const struct seen *s,
			   const struct event_origin *origin)
{
	struct life *life = lives_find(&r->lives, origin);
	uint64_t *after = r->programs[origin->program]->after;

	if (!life)
		return -ENOMEM;
	life->behind |= s->milestone;
	s->call->after |= life->behind;
	for (uint32_t rest = life->behind; rest; rest &= rest - 1)
		after[__builtin_ctz(rest)]++;
	if (s->ends)
		lives_end(&r->lives, life, origin);
	return 0;
}

/*
 * The one question of what a call still has to teach. A stack: at the first sight of the call and
 * of each new argument value. A result: until it was seen to succeed.
 */
static int on_call(void *state, const struct event_origin *origin, const struct event_call *call)
{
	struct recorder *r = state;
	const struct seen_key key = key_of(origin, call);
	struct seen *s = map_get(&r->seen, &key, sizeof(key));
	bool first = !s;
	int lessons = LESSON_NONE, news;

	if (origin->program >= r->n_programs)
		return LESSON_NONE; /* as in on_event() */
	if (first)
		s = see_first(r, &key);
	if (!s || note_milestones(r, s, origin) < 0)
		return -ENOMEM;
	s->call->count++;
	news = count_arguments(s, call);
	if (news < 0)
		return news;
	r->calls++;
	if (first || news) {
		r->finds++;
		lessons |= LESSON_STACK;
	}
	if (!s->succeeded && s->results < MOST_RESULTS)
		lessons |= LESSON_RESULT;
	return lessons;
}

static int on_program(struct recorder *r, const struct event *e)
{
	struct profile_program **more =
		realloc(r->programs, (r->n_programs + 1) * sizeof(struct profile_program *));

	if (!more)
		return -ENOMEM;
	r->programs = more;
	more[r->n_programs] = profile_program(r->profile, e->program.path, e->program.build_id);
	return more[r->n_programs] ? (r->n_programs++, 0) : -ENOMEM;
}

/* Errnos below 512 are the program's; above are the kernel's own for calls it will restart. */
static int on_result(const struct recorder *r, const struct event *e)
{
	const struct seen_key key = key_of(&e->origin, e->call);
	struct seen *s = map_get(&r->seen, &key, sizeof(key));

	if (!s || (e->result < -511 && e->result > -4096))
		return 0;
	s->results++;
	s->succeeded = e->result >= 0 || e->result <= -4096;
	return profile_call_result(s->call, s->succeeded ? 0 : (int)-e->result, 1);
}

static int on_field(const struct recorder *r, const struct event *e)
{
	const struct seen_key key = key_of(&e->origin, e->call);
	struct seen *s = map_get(&r->seen, &key, sizeof(key));
	const struct argspec *spec = e->field.spec;
	int news = s ? profile_call_value(s->call, spec->index, spec->most, e->field.value, 1) : 0;

	return news < 0 ? news : 0;
}

/* The frames of a stack, a line each, for the caller to free; NULL without memory. */
static char *join_frames(const char *const *frames, size_t n)
{
	size_t size = 1;
	char *joined, *to;

	for (size_t i = 0; i < n; i++)
		size += strlen(frames[i]) + 1;
	joined = to = malloc(size);
	if (!joined)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		if (i)
			*to++ = '\n';
		to = stpcpy(to, frames[i]);
	}
	*to = '\0';
	return joined;
}

static int on_stack(const struct recorder *r, const struct event *e)
{
	const struct seen_key key = key_of(&e->origin, e->call);
	struct seen *s = map_get(&r->seen, &key, sizeof(key));
	auto_free char *joined = NULL;

	if (!s || !e->stack.n)
		return 0;
	joined = join_frames(e->stack.frames, e->stack.n);
	return joined ? profile_call_site(s->call, joined) : -ENOMEM;
}

/* The length of the number that is the first component of PATH, or 0. */
static size_t number_component(const char *path)
{
	size_t n = strspn(path, "0123456789");

	return n && (!path[n] || path[n] == '/') ? n : 0;
}

/*
 * The numbers of processes and threads mean nothing in the next run: /proc/PID of the process
 * itself is written /proc/self, that of another /proc/[pid], and its task/TID task/[tid].
 */
static void without_pid(const char *path, pid_t own, char to[PATH_MAX])
{
	static const char prefix[] = "/proc/", task[] = "/task/";
	const char *rest = path + strlen(prefix), *who;
	size_t n = strncmp(path, prefix, strlen(prefix)) == 0 ? number_component(rest) : 0;

	if (!n) {
		snprintf(to, PATH_MAX, "%s", path);
		return;
	}
	who = atol(rest) == own ? "self" : "[pid]";
	rest += n;
	n = strncmp(rest, task, strlen(task)) == 0 ? number_component(rest + strlen(task)) : 0;
	if (n)
		snprintf(to, PATH_MAX, "%s%s%s[tid]%s", prefix, who, task, rest + strlen(task) + n);
	else
		snprintf(to, PATH_MAX, "%s%s%s", prefix, who, rest);
}

static int on_path(const struct recorder *r, const struct event *e)
{
	struct profile_path *p;
	char path[PATH_MAX];

	without_pid(e->path.path, e->origin.pid, path);
	p = profile_path(r->programs[e->origin.program], e->origin.phase, path);
	if (!p)
		return -ENOMEM;
	p->effects |= e->path.effects;
	p->kinds |= e->path.kind;
	p->count++;
	return 0;
}

static int on_socket(const struct recorder *r, const struct event *e)
{
	struct profile_socket *s =
		profile_socket(r->programs[e->origin.program], e->origin.phase, e->socket.family,
			       e->socket.type, e->socket.protocol);

	return s ? (s->count++, 0) : -ENOMEM;
}

static int on_address(const struct recorder *r, const struct event *e)
{
	struct profile_address *a = profile_address(
		r->programs[e->origin.program], e->origin.phase, e->address.use == ADDRESS_BIND,
		e->address.family, e->address.type, e->address.address, e->address.port);

	return a ? (a->count++, 0) : -ENOMEM;
}

static int on_signal(const struct recorder *r, const struct event *e)
{
	struct profile_signal *s =
		profile_signal(r->programs[e->origin.program], e->origin.phase, e->signal.signal);

	return s ? (s->count++, 0) : -ENOMEM;
}

static int on_peak(const struct recorder *r, const struct event *e)
{
	struct profile_peak *p = profile_peak(r->programs[e->origin.program], e->peak.resource);

	if (!p)
		return -ENOMEM;
	if (e->peak.value > p->value)
		p->value = e->peak.value;
	return 0;
}

static int on_tree(const struct recorder *r, const struct event *e)
{
	profile_tree(r->profile, e->tree.memory, e->tree.tasks);
	return 0;
}

static int on_event(void *state, const struct event *e)
{
	struct recorder *r = state;

	if (e->kind != EVENT_PROGRAM && e->origin.program >= r->n_programs)
		return 0; /* before the first program there is nobody to learn about */
	switch (e->kind) {
	case EVENT_PROGRAM:
		return on_program(r, e);
	case EVENT_LIBRARY:
		return profile_library(r->programs[e->origin.program], e->library.path,
				       e->library.build_id)
			       ? 0
			       : -ENOMEM;
	case EVENT_STACK:
		return on_stack(r, e);
	case EVENT_RESULT:
		return on_result(r, e);
	case EVENT_FIELD:
		return on_field(r, e);
	case EVENT_PATH:
		return on_path(r, e);
	case EVENT_SOCKET:
		return on_socket(r, e);
	case EVENT_ADDRESS:
		return on_address(r, e);
	case EVENT_SIGNAL:
		return on_signal(r, e);
	case EVENT_PEAK:
		return on_peak(r, e);
	case EVENT_TREE:
		return on_tree(r, e);
	case EVENT_LIMIT:
		return profile_limit(r->programs[e->origin.program], e->limit);
	case EVENT_DENIED: /* a policy's doing, not the program's */
	case EVENT_EXCEEDED:
		return 0;
	}
	return 0;
}

struct event_sink recorder_sink(struct recorder *r)
{
	return (struct event_sink){ .state = r, .call = on_call, .event = on_event };
}
