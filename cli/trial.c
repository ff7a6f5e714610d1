/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One trial: TEST run under a policy, watched and judged, in a process that ends afterwards. */
#include "cli/trial.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "cli/drift.h"
#include "cli/runs.h"
#include "cli/supervise.h"
#include "cli/untraced.h"
#include "learner/decisions.h"
#include "learner/recorder.h"

/* ---- what is seen ---- */

/* All results are asked for, so that no error goes unseen. */
struct watcher {
	struct event_sink recorder;
	bool stacks;
};

static int on_call(void *state, const struct event_origin *origin, const struct event_call *call)
{
	const struct watcher *w = state;
	int lessons = w->recorder.call(w->recorder.state, origin, call);

	if (lessons < 0)
		return lessons;
	return (w->stacks ? lessons : lessons & ~LESSON_STACK) | LESSON_RESULT;
}

static int on_event(void *state, const struct event *event)
{
	const struct watcher *w = state;

	return w->recorder.event(w->recorder.state, event);
}

static size_t unit_of_denial(const struct trial_order *order, const struct denial *d,
			     const uint64_t *base)
{
	const struct units *units = order->test->units;
	const uint64_t *setting = order->spec->setting;

	if (!units || !setting)
		return UNIT_NONE;
	if (d->kind == DENIAL_PATH && d->path)
		return units_of_denied_path(units, setting, base, d->path);
	if (!d->has_call)
		return UNIT_NONE;
	return units_of_denied_call(units, setting, base, d->name, d->call.args);
}

/* The last denial that one of the units explains is taken for the cause of what came after. */
static void note_denials(const struct trial_order *order, const struct denials *denials)
{
	struct trial_facts *f = &order->share->facts;

	f->suspect = UNIT_NONE;
	for (size_t i = 0; i < denials->n; i++) {
		const struct denial *d = denials->list[i];
		size_t unit = unit_of_denial(order, d, order->spec->base);

		if (d->answer.kind == ACTION_KILL)
			snprintf(f->killed, sizeof(f->killed), "%s", d->name);
		f->n_denied++;
		if (unit != UNIT_NONE)
			f->suspect = unit;
		else if (unit_of_denial(order, d, NULL) != UNIT_NONE)
			continue; /* it was denied in the runs before, which passed */
		snprintf(f->denied, sizeof(f->denied), "%s%s%s", d->name, d->path ? " " : "",
			 d->path ? d->path : "");
	}
}

/* -errno after a message. */
static int hand_over(const struct trial_order *order, struct profile *seen,
		     const struct trace_result *end, int64_t start_ms)
{
	struct profile_run *run = runs_of_command(order->test->command, geteuid());
	auto_fclose FILE *out = fdopen(dup(order->profile), "w");

	if (!run || !out || profile_add_run(seen, run) < 0)
		return diag(-ENOMEM, "out of memory");
	run->start_ms = start_ms;
	run->duration_ms = runs_now_ms() - start_ms;
	run->exit_status = end->exit_status;
	run->signal = end->signal;
	run->complete = end->complete;
	if (profile_print(seen, out) < 0 || fflush(out) != 0)
		return diag_errno(-EIO, "cannot keep what was seen");
	return 0;
}

/* ---- the run ---- */

static bool is_success(int status)
{
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int judge(const struct trial_order *order, struct trial_facts *f)
{
	char number[16];
	int status;

	if (!order->test->check)
		return 0;
	snprintf(number, sizeof(number), "%d", f->status);
	setenv("LEARN_STATUS", number, 1);
	status = system(order->test->check);
	f->check_status = is_success(status) ? 0 : WIFEXITED(status) ? WEXITSTATUS(status) : 128;
	return status == -1 ? diag_errno(-errno, "cannot run --check") : 0;
}

static int look_at(const struct trial_order *order, const struct supervised *done,
		   struct profile *seen, int64_t start_ms)
{
	struct trial_facts *f = &order->share->facts;
	int r;

	f->started = done->trace.started;
	f->status = done->trace.status;
	f->timed_out = done->trace.timed_out;
	note_denials(order, &done->denials);
	if (!order->spec->setting && order->spec->watched)
		return hand_over(order, seen, &done->trace, start_ms);
	if (!order->spec->watched || !order->test->undisturbed || profile_is_empty(seen))
		return 0;
	r = drift_find(order->test->undisturbed, seen, &done->denials, f->drift, sizeof(f->drift));
	f->n_drifts = r > 0 ? (unsigned)r : 0;
	return r < 0 ? r : 0;
}

/* What is in a file can be read again by each run; anything else is there only once. */
static int open_input(void)
{
	struct stat st;
	const bool file = fstat(STDIN_FILENO, &st) == 0 && S_ISREG(st.st_mode);

	return open(file ? "/proc/self/fd/0" : "/dev/null", O_RDONLY | O_CLOEXEC);
}

static int run_test(const struct trial_order *order, const struct policy *policy, pid_t group)
{
	auto_close int input = open_input();
	struct profile *seen = profile_new();
	struct recorder *recorder = seen ? recorder_new(seen) : NULL;
	struct watcher watcher = { .stacks = order->spec->stacks };
	const struct event_sink sink = { .state = &watcher, .call = on_call, .event = on_event };
	const struct supervision supervision = {
		.policy = policy,
		.command = order->test->command,
		.layers = order->spec->setting ? LAYERS_ALL : 0,
		.input = input,
		.output = order->ends[PIPE_OUTPUT],
		.errors = order->ends[PIPE_ERRORS],
		.timeout_ms = order->test->timeout_ms,
		.alone = true,
		.soon = order->spec->watched,
		.group = group,
		.guardian = order->starter,
		.failures = order->spec->setting && order->spec->watched,
		.rules = order->spec->watched,
		.trace = order->spec->watched ? &sink : NULL,
	};
	struct supervised done;
	int64_t start_ms = runs_now_ms();
	int r;

	if (!recorder)
		return diag(-ENOMEM, "out of memory");
	watcher.recorder = recorder_sink(recorder);
	r = order->test->untraced ? supervise_untraced(&supervision, &done)
				: supervise(&supervision, &done);
	order->share->facts.duration_ms = (uint64_t)(runs_now_ms() - start_ms);
	if (r < 0)
		return r;
	r = look_at(order, &done, seen, start_ms);
	supervised_clear(&done);
	recorder_free(recorder);
	profile_free(seen);
	return r < 0 ? r : judge(order, &order->share->facts);
}

/* Takes out of POLICY what SETTING says. 0 or -errno after a message. */
static int apply(const struct units *units, const uint64_t *setting, struct policy *policy)
{
	struct profile *decided = profile_new();
	int r = decided ? 0 : -ENOMEM;

	for (size_t i = 0; i < units->n && r == 0; i++)
		if (unit_is_set(units, setting, i))
			r = unit_decide(&units->list[i], setting[i], "tried", decided);
	if (r == 0)
		r = decisions_apply(decided, 0, NULL, policy);
	profile_free(decided);
	return r == -ENOMEM ? diag_errno(r, "cannot compute the policy") : r;
}

/*
 * The whole of a trial, in a process that ends afterwards: the policy that was inherited is its
 * own to change.
 */
static int work(const struct trial_order *order, pid_t group)
{
	struct policy *policy = (struct policy *)order->test->policy;
	char text[24];
	int r = 0;

	snprintf(text, sizeof(text), "%zu", order->number);
	setenv("LEARN_JOB", text, 1);
	if (order->test->before) {
		int status = system(order->test->before);

		order->share->facts.before_failed = !is_success(status);
		if (order->share->facts.before_failed)
			return 0;
	}
	if (order->spec->setting)
		r = apply(order->test->units, order->spec->setting, policy);
	return r < 0 ? r : run_test(order, policy, group);
}

/* ---- the process ---- */

__attribute__((noreturn)) static void be_anchor(const struct trial_order *order, int tie)
{
	char byte = 0;

	for (int i = 0; i < N_PIPES; i++)
		close(order->ends[i]);
	if (setpgid(0, 0) == 0 && write(tie, &byte, 1) == 1)
		while (read(tie, &byte, 1) < 0 && errno == EINTR)
			;
	_exit(0);
}

/*
 * A process group for TEST: what it sends to its own (kill(2), 0) is not for us. Its leader is
 * neither TEST, for which setsid(2) would fail, nor a child of ours, for which supervise() would
 * wait: a process that does nothing and ends with us. Its number, or -errno after a message.
 */
static pid_t make_group(const struct trial_order *order)
{
	int ends[2];
	char byte;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return diag_errno(-errno, "cannot make a socket");
	pid = (pid_t)syscall(SYS_clone, CLONE_PARENT | SIGCHLD, NULL, NULL, NULL, NULL);
	if (pid == 0) {
		close(ends[0]);
		be_anchor(order, ends[1]);
	}
	close(ends[1]);
	if (pid < 0)
		return diag_errno(-errno, "cannot fork");
	order->share->anchor = pid;
	return read(ends[0], &byte, 1) == 1 ? pid : diag_errno(-EIO, "cannot make a group");
}

void trial_make(const struct trial_order *order)
{
	pid_t group;

	/* Without ptrace nothing ends TEST with us: we are to see to that. */
	prctl(PR_SET_PDEATHSIG, order->test->untraced ? 0 : SIGKILL);
	if (getppid() != order->starter)
		_exit(1);
	dup2(order->ends[PIPE_MESSAGES], STDOUT_FILENO);
	dup2(order->ends[PIPE_MESSAGES], STDERR_FILENO);
	setsid();
	group = make_group(order);
	order->share->facts.error = group < 0 ? (int)group : work(order, group);
	_exit(0);
}
