/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TEST run under policies, several at a time, each in processes of its own. */
#include "cli/trials.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "base/file.h"
#include "cli/drift.h"
#include "cli/runs.h"
#include "cli/supervise.h"
#include "cli/untraced.h"
#include "learner/decisions.h"
#include "learner/recorder.h"

/* What TEST writes to 1 and 2, and what the worker, before and check have to say. */
enum { PIPE_OUTPUT, PIPE_ERRORS, PIPE_MESSAGES, N_PIPES };

/* A trial under way, as its worker and we see it. */
struct job {
	const struct test *test;
	const struct trial_spec *spec;
	struct trial_facts *shared; /* written by the worker */
	int profile;		    /* a file in memory, for `seen` */
	int outputs[N_PIPES];	    /* our ends of the pipes */
	int ends[N_PIPES];	    /* and the others */
	struct written written[N_PIPES];
	char line[N_PIPES][WRITTEN_LINE]; /* being written */
	size_t length[N_PIPES];
	pid_t pid;
};

/* ---- the worker ---- */

int trials_apply(const struct units *units, const uint64_t *setting, struct policy *policy)
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

static size_t unit_of_denial(const struct job *job, const struct denial *d)
{
	const struct units *units = job->test->units;
	const uint64_t *setting = job->spec->setting;

	if (!units || !setting)
		return UNIT_NONE;
	if (d->kind == DENIAL_PATH && d->path)
		return units_of_denied_path(units, setting, job->spec->base, d->path);
	if (!d->has_call)
		return UNIT_NONE;
	return units_of_denied_call(units, setting, job->spec->base, d->name, d->call.args);
}

/* The last denial that one of the units explains is taken for the cause of what came after. */
static void note_denials(const struct job *job, const struct denials *denials)
{
	struct trial_facts *f = job->shared;

	f->suspect = UNIT_NONE;
	for (size_t i = 0; i < denials->n; i++) {
		const struct denial *d = denials->list[i];
		size_t unit = unit_of_denial(job, d);

		f->killed |= d->answer.kind == ACTION_KILL;
		f->n_denied++;
		if (unit == UNIT_NONE)
			continue;
		f->suspect = unit;
		snprintf(f->denied, sizeof(f->denied), "%s%s%s", d->name, d->path ? " " : "",
			 d->path ? d->path : "");
	}
}

/* -errno after a message. */
static int hand_over(const struct job *job, struct profile *seen, const struct trace_result *end,
		     int64_t start_ms)
{
	struct profile_run *run = runs_of_command(job->test->command, geteuid());
	auto_fclose FILE *out = fdopen(dup(job->profile), "w");

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

static bool is_success(int status)
{
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int judge(const struct job *job, struct trial_facts *f)
{
	char number[16];
	int status;

	if (!job->test->check)
		return 0;
	snprintf(number, sizeof(number), "%d", f->status);
	setenv("LEARN_STATUS", number, 1);
	status = system(job->test->check);
	f->check_status = is_success(status) ? 0 : WIFEXITED(status) ? WEXITSTATUS(status) : 128;
	return status == -1 ? diag_errno(-errno, "cannot run --check") : 0;
}

static int look_at(const struct job *job, const struct supervised *done, struct profile *seen,
		   int64_t start_ms)
{
	struct trial_facts *f = job->shared;
	int r;

	f->started = done->trace.started;
	f->status = done->trace.status;
	f->timed_out = done->trace.timed_out;
	note_denials(job, &done->denials);
	if (!job->spec->setting && job->spec->watched)
		return hand_over(job, seen, &done->trace, start_ms);
	if (!job->spec->watched || !job->test->undisturbed || profile_is_empty(seen))
		return 0;
	r = drift_find(job->test->undisturbed, seen, &done->denials, f->drift, sizeof(f->drift));
	f->n_drifts = r > 0 ? (unsigned)r : 0;
	return r < 0 ? r : 0;
}

static int run_test(const struct job *job, const struct policy *policy)
{
	auto_close int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct profile *seen = profile_new();
	struct recorder *recorder = seen ? recorder_new(seen) : NULL;
	struct watcher watcher = { .stacks = job->spec->stacks };
	const struct event_sink sink = { .state = &watcher, .call = on_call, .event = on_event };
	const struct supervision supervision = {
		.policy = policy,
		.command = job->test->command,
		.layers = !job->spec->setting	? 0
			  : job->test->untraced ? LAYER_CALLS
						: LAYERS_ALL,
		.input = null,
		.output = job->ends[PIPE_OUTPUT],
		.errors = job->ends[PIPE_ERRORS],
		.timeout_ms = job->test->timeout_ms,
		.alone = true,
		.failures = job->spec->setting && job->spec->watched,
		.rules = job->spec->watched,
		.trace = job->spec->watched ? &sink : NULL,
	};
	struct supervised done;
	int64_t start_ms = runs_now_ms();
	int r;

	if (!recorder)
		return diag(-ENOMEM, "out of memory");
	watcher.recorder = recorder_sink(recorder);
	r = job->test->untraced ? supervise_untraced(&supervision, &done)
				: supervise(&supervision, &done);
	job->shared->duration_ms = (uint64_t)(runs_now_ms() - start_ms);
	if (r < 0)
		return r;
	r = look_at(job, &done, seen, start_ms);
	supervised_clear(&done);
	recorder_free(recorder);
	profile_free(seen);
	return r < 0 ? r : judge(job, job->shared);
}

/*
 * The whole of a trial, in a process that ends afterwards: the policy that was inherited is its
 * own to change.
 */
static int work(const struct job *job, size_t number)
{
	struct policy *policy = (struct policy *)job->test->policy;
	char text[24];
	int r = 0;

	snprintf(text, sizeof(text), "%zu", number);
	setenv("LEARN_JOB", text, 1);
	if (job->test->before) {
		int status = system(job->test->before);

		job->shared->before_failed = !is_success(status);
		if (job->shared->before_failed)
			return 0;
	}
	if (job->spec->setting)
		r = trials_apply(job->test->units, job->spec->setting, policy);
	return r < 0 ? r : run_test(job, policy);
}

__attribute__((noreturn)) static void worker(const struct job *job, size_t number, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	dup2(job->ends[PIPE_MESSAGES], STDOUT_FILENO);
	dup2(job->ends[PIPE_MESSAGES], STDERR_FILENO);
	job->shared->error = work(job, number);
	_exit(0);
}

/* ---- ours ---- */

static void note_written(struct job *job, int which, const char *data, size_t n)
{
	struct written *w = &job->written[which];
	const uint64_t prime = 0x100000001b3;

	w->size += n;
	for (size_t i = 0; i < n; i++) {
		char *line = job->line[which];
		size_t *length = &job->length[which];

		w->hash = (w->hash ^ (unsigned char)data[i]) * prime; /* FNV-1a */
		if (data[i] == '\n') {
			if (*length)
				memcpy(w->line, line, sizeof(w->line));
			memset(line, 0, sizeof(w->line));
			*length = 0;
		} else if (*length < sizeof(w->line) - 1) {
			line[(*length)++] = data[i];
		}
	}
}

/* False at the end. */
static bool read_some(struct job *job, int which)
{
	char data[65536];
	ssize_t n = read(job->outputs[which], data, sizeof(data));

	if (n > 0)
		note_written(job, which, data, (size_t)n);
	if (n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN)))
		return true;
	close(job->outputs[which]);
	job->outputs[which] = -1;
	return false;
}

/* Until the last process of each job has closed its outputs, which its worker is. */
static int read_all(struct job *jobs, size_t n)
{
	auto_free struct pollfd *polls = calloc(n, N_PIPES * sizeof(*polls));
	const size_t pipes = N_PIPES * n;
	size_t open = pipes;

	if (!polls)
		return diag(-ENOMEM, "out of memory");
	while (open) {
		for (size_t i = 0; i < pipes; i++)
			polls[i] = (struct pollfd){ jobs[i / N_PIPES].outputs[i % N_PIPES], POLLIN,
						    0 };
		if (poll(polls, pipes, -1) < 0 && errno != EINTR)
			return diag_errno(-errno, "cannot wait for trials");
		for (size_t i = 0; i < pipes; i++)
			if (polls[i].revents && !read_some(&jobs[i / N_PIPES], (int)(i % N_PIPES)))
				open--;
	}
	return 0;
}

static int start(struct job *job, size_t number)
{
	const uint64_t basis = 0xcbf29ce484222325;
	pid_t parent = getpid();

	job->shared = mmap(NULL, sizeof(*job->shared), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	job->profile = memfd_create("seen", MFD_CLOEXEC);
	if (job->shared == MAP_FAILED || job->profile < 0)
		return diag_errno(-errno, "cannot start a trial");
	*job->shared = (struct trial_facts){ .error = -EIO, .suspect = UNIT_NONE };
	for (int i = 0; i < N_PIPES; i++) {
		int ends[2];

		if (pipe2(ends, O_CLOEXEC) < 0)
			return diag_errno(-errno, "cannot make a pipe");
		job->outputs[i] = ends[0];
		job->ends[i] = ends[1];
		job->written[i].hash = basis;
	}
	job->pid = fork();
	if (job->pid == 0)
		worker(job, number, parent);
	if (job->pid < 0)
		return diag_errno(-errno, "cannot fork");
	for (int i = 0; i < N_PIPES; i++)
		close(take_fd(job->ends[i]));
	return 0;
}

static int read_profile(int fd, struct profile **ret)
{
	auto_free char *name = NULL, *data = NULL;
	size_t size;
	int r;

	if (asprintf(&name, "/proc/self/fd/%d", fd) < 0)
		return -ENOMEM;
	r = read_file(name, PROFILE_MAX_FILE, &data, &size);
	if (r < 0)
		return diag_errno(r, "what was seen undisturbed");
	return profile_parse("what was seen undisturbed", data, size, ret);
}

static int finish(struct job *job, struct trial_facts *facts)
{
	int status, r = 0;

	while (waitpid(job->pid, &status, 0) < 0 && errno == EINTR)
		;
	*facts = *job->shared;
	if (WIFSIGNALED(status))
		r = diag(-EIO, "the process that made a trial was killed by SIG%s",
			 sigabbrev_np(WTERMSIG(status)));
	for (int i = 0; i < N_PIPES; i++)
		if (job->length[i])
			memcpy(job->written[i].line, job->line[i], sizeof(job->line[i]));
	facts->output = job->written[PIPE_OUTPUT];
	facts->errors = job->written[PIPE_ERRORS];
	facts->messages = job->written[PIPE_MESSAGES];
	if (r == 0 && !facts->error && !facts->before_failed && !job->spec->setting &&
	    job->spec->watched && facts->started)
		r = read_profile(job->profile, &facts->seen);
	return r;
}

static void clean(struct job *job)
{
	for (int i = 0; i < N_PIPES; i++) {
		if (job->outputs[i] >= 0)
			close(job->outputs[i]);
		if (job->ends[i] >= 0)
			close(job->ends[i]);
	}
	if (job->profile >= 0)
		close(job->profile);
	if (job->shared && job->shared != MAP_FAILED)
		munmap(job->shared, sizeof(*job->shared));
}

int trials_run(const struct test *test, const struct trial_spec *specs, size_t n,
	       struct trial_facts *facts)
{
	auto_free struct job *jobs = calloc(n, sizeof(*jobs));
	size_t started = 0;
	int r = jobs ? 0 : diag(-ENOMEM, "out of memory");

	for (size_t i = 0; jobs && i < n; i++)
		jobs[i] = (struct job){ .test = test,
					.spec = &specs[i],
					.profile = -1,
					.outputs = { -1, -1, -1 },
					.ends = { -1, -1, -1 } };
	while (r == 0 && started < n) {
		r = start(&jobs[started], started);
		started += r == 0;
	}
	if (r == 0)
		r = read_all(jobs, n);
	for (size_t i = 0; i < started; i++) {
		int finished;

		if (r < 0)
			kill(jobs[i].pid, SIGKILL);
		finished = finish(&jobs[i], &facts[i]);
		r = r < 0 ? r : finished;
	}
	for (size_t i = 0; jobs && i < n; i++)
		clean(&jobs[i]);
	return r;
}
