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
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "base/file.h"
#include "cli/rounds.h"
#include "cli/trial.h"

/* A trial under way, as we see it. */
struct job {
	const struct trial_spec *spec;
	struct trial_share *share;
	int profile;	       /* a file in memory, for `seen` */
	int outputs[N_PIPES];  /* our ends of the pipes */
	struct written written[N_PIPES];
	char line[N_PIPES][WRITTEN_LINE]; /* being written */
	size_t length[N_PIPES];
	pid_t pid;
	int pidfd; /* -1: it has ended, or was never begun */
};

/* ---- what is written ---- */

static void note_written(struct job *job, int which, const char *data, size_t n)
{
	struct written *w = &job->written[which];
	char *line = job->line[which];
	size_t *length = &job->length[which];

	w->size += n;
	w->hash = hash_bytes(w->hash, data, n);
	for (size_t i = 0; i < n; i++) {
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

/* False at the end, or where there is nothing now. */
static bool read_some(struct job *job, int which)
{
	char data[65536];
	ssize_t n;

	do
		n = read(job->outputs[which], data, sizeof(data));
	while (n < 0 && errno == EINTR);
	if (n > 0)
		note_written(job, which, data, (size_t)n);
	else if (n == 0 || errno != EAGAIN)
		close(take_fd(job->outputs[which]));
	return n > 0;
}

/* The worker has ended. Whoever else holds its pipes, such as what `before` began, is not heard. */
static void read_rest(struct job *job)
{
	for (int i = 0; i < N_PIPES; i++) {
		while (job->outputs[i] >= 0 && read_some(job, i))
			;
		if (job->outputs[i] >= 0)
			close(take_fd(job->outputs[i]));
	}
	close(take_fd(job->pidfd));
}

/* The pipes of a job, and whether it has ended. */
#define N_POLLS (N_PIPES + 1)

static void hear(struct job *job, const struct pollfd polls[N_POLLS])
{
	for (int i = 0; i < N_PIPES; i++)
		if (polls[i].revents)
			read_some(job, i);
	if (polls[N_PIPES].revents)
		read_rest(job);
}

static int read_all(struct job *jobs, size_t n)
{
	auto_free struct pollfd *polls = calloc(n, N_POLLS * sizeof(*polls));
	size_t alive = n;

	if (!polls)
		return diag(-ENOMEM, "out of memory");
	while (alive) {
		for (size_t i = 0; i < N_POLLS * n; i++) {
			const struct job *job = &jobs[i / N_POLLS];
			const size_t which = i % N_POLLS;

			polls[i] = (struct pollfd){
				which < N_PIPES ? job->outputs[which] : job->pidfd, POLLIN, 0
			};
		}
		if (poll(polls, N_POLLS * n, -1) < 0) {
			if (errno == EINTR)
				continue;
			return diag_errno(-errno, "cannot wait for trials");
		}
		alive = 0;
		for (size_t i = 0; i < n; i++) {
			hear(&jobs[i], &polls[N_POLLS * i]);
			alive += jobs[i].pidfd >= 0;
		}
	}
	return 0;
}

/* ---- a job ---- */

static int make_pipes(struct job *job, int ends[N_PIPES])
{
	for (int i = 0; i < N_PIPES; i++) {
		int both[2];

		if (pipe2(both, O_CLOEXEC) < 0)
			return -errno;
		job->outputs[i] = both[0];
		ends[i] = both[1];
		job->written[i].hash = HASH_BASIS;
		if (fcntl(both[0], F_SETFL, O_NONBLOCK) < 0)
			return -errno;
	}
	return 0;
}

static int start_worker(struct job *job, struct trial_order *order)
{
	job->pid = fork();
	if (job->pid == 0)
		trial_make(order);
	job->pidfd = job->pid < 0 ? -1 : (int)syscall(SYS_pidfd_open, job->pid, 0);
	return job->pidfd < 0 ? -errno : 0;
}

static int start(struct job *job, const struct test *test, size_t number)
{
	struct trial_order order = {
		.test = test,
		.spec = job->spec,
		.number = number,
		.ends = { -1, -1, -1 },
		.starter = getpid(),
	};
	int r;

	job->share = mmap(NULL, sizeof(*job->share), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	job->profile = memfd_create("seen", MFD_CLOEXEC);
	if (job->share == MAP_FAILED || job->profile < 0)
		return diag_errno(-errno, "cannot start a trial");
	job->share->facts = (struct trial_facts){ .error = -EIO, .suspect = UNIT_NONE };
	order.share = job->share;
	order.profile = job->profile;
	r = make_pipes(job, order.ends);
	if (r == 0)
		r = start_worker(job, &order);
	for (int i = 0; i < N_PIPES; i++)
		if (order.ends[i] >= 0)
			close(order.ends[i]);
	return r < 0 ? diag_errno(r, "cannot start a trial") : 0;
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

static int wait_for(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

static int finish(struct job *job, struct trial_facts *facts)
{
	int status = wait_for(job->pid), r = 0;

	if (job->share->anchor > 0)
		wait_for(job->share->anchor);
	*facts = job->share->facts;
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
	for (int i = 0; i < N_PIPES; i++)
		if (job->outputs[i] >= 0)
			close(job->outputs[i]);
	if (job->pidfd >= 0)
		close(job->pidfd);
	if (job->profile >= 0)
		close(job->profile);
	if (job->share && job->share != MAP_FAILED)
		munmap(job->share, sizeof(*job->share));
}

int trials_run(const struct test *test, const struct trial_spec *specs, size_t n,
	       struct trial_facts *facts)
{
	auto_free struct job *jobs = calloc(n, sizeof(*jobs));
	size_t begun = 0;
	int r = jobs ? 0 : diag(-ENOMEM, "out of memory");

	for (size_t i = 0; jobs && i < n; i++)
		jobs[i] = (struct job){ .spec = &specs[i],
					.profile = -1,
					.outputs = { -1, -1, -1 },
					.pid = -1,
					.pidfd = -1 };
	while (r == 0 && begun < n) {
		r = start(&jobs[begun], test, begun);
		begun++;
	}
	if (r == 0)
		r = read_all(jobs, n);
	for (size_t i = 0; i < begun; i++) {
		int finished;

		if (jobs[i].pid < 0)
			continue;
		if (r < 0)
			kill(jobs[i].pid, SIGKILL);
		finished = finish(&jobs[i], &facts[i]);
		r = r < 0 ? r : finished;
	}
	for (size_t i = 0; jobs && i < n; i++)
		clean(&jobs[i]);
	return r;
}
