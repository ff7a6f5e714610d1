# SPDX-License-Identifier: GPL-3.0-or-later
"""A policy that was learnt here runs the program in another world: other clocks, libraries, kernels."""

import json
import platform
import random

import pytest

import profiles
from conftest import SIGSYS_STATUS, SKIPPED, need, run

SOURCE = r"""
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void *thread(void *arg)
{
	return memset(malloc(300000), 1, 300000) ? arg : NULL;
}

static void on_signal(int number)
{
	(void)number;
}

int main(void)
{
	struct timespec now, moment = { 0, 1000 };
	struct timeval tv;
	struct pollfd none = { -1, 0, 0 };
	struct stat st;
	pthread_t id;
	int ends[2];
	char line[64];
	DIR *dir = opendir("/");
	FILE *file = fopen("/proc/self/comm", "re");

	if (!dir || !readdir(dir) || closedir(dir) || !file || !fgets(line, 64, file))
		return 3;
	fclose(file);
	if (clock_gettime(CLOCK_REALTIME, &now) || gettimeofday(&tv, NULL) || time(NULL) < 1)
		return 4;
	signal(SIGUSR1, on_signal);
	raise(SIGUSR1);
	if (stat("/", &st) || access("/", R_OK) || poll(&none, 1, 0) || nanosleep(&moment, NULL))
		return 5;
	if (pthread_create(&id, NULL, thread, NULL) || pthread_join(id, NULL))
		return 6;
	if (pipe(ends) || dup2(ends[0], 20) != 20)
		return 7;
	if (fork() == 0)
		_exit(0);
	wait(NULL);
	printf("done\n");
	return 0;
}
"""


@pytest.fixture
def build(tmp_path):
    """build(COMPILER, OPTIONS...): the program, always at the same path."""
    need("gcc")
    program = tmp_path / "program"

    def built(compiler, *options):
        need(compiler)
        done = run([compiler, *options, "-pthread", "-x", "c", "-o", program, "-"], input=SOURCE)
        assert done.returncode == 0, done.stderr
        return program
    return built


@pytest.fixture
def learnt(build, record):
    program = build("gcc")
    done, profile = record(program)
    assert done.returncode == 0, done.stderr
    return program, profile


@pytest.mark.parametrize("option, status", [((), 0), (("--no-vdso",), SIGSYS_STATUS)])
def test_clocks_may_need_system_calls_elsewhere(learnt, learn, target, tmp_path, option, status):
    program, profile = learnt
    filter = tmp_path / "filter"
    assert learn("emit", "bpf", "--raw", *option, "-o", filter, profile).returncode == 0
    done = run([target("no-vdso"), filter, program])
    if done.returncode == SKIPPED:
        pytest.skip("the vDSO cannot be hidden here")
    assert done.returncode == status, done.stderr


@pytest.mark.parametrize("compiler, options", [("gcc", ["-static"]), ("musl-gcc", ["-static"])])
def test_the_same_source_runs_with_another_c_library(learnt, build, learn, compiler, options):
    program, profile = learnt
    build(compiler, *options)
    done = learn("run", "--portable", profile, "--", program)
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr


def test_musl_as_a_shared_library_needs_its_loader_too(learnt, build, learn):
    program, profile = learnt
    build("musl-gcc")
    loader = f"/lib/ld-musl-{platform.machine()}.so.1"
    done = learn("run", "--portable", f"--allow=path:{loader}:rx", profile, "--", program)
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr


def test_a_kernel_without_clone3_makes_threads_by_clone(learnt, learn, learn_path, target):
    program, profile = learnt
    done = run([target("no-clone3"), learn_path, "run", "--portable", profile, "--", program])
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr


WRITE_EXECUTE = """
#include <sys/mman.h>
int main(void)
{
	void *p = mmap(0, 4096, PROT_READ | PROT_WRITE%s, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return p == MAP_FAILED || mprotect(p, 4096, PROT_READ | PROT_EXEC) ? 1 : 0;
}
"""


def test_memory_writable_and_executable_at_once_is_another_policy(record, learn, tmp_path):
    need("gcc")
    program, profiles = tmp_path / "program", {}
    for extra in ("", " | PROT_EXEC"):
        done = run(["gcc", "-x", "c", "-o", program, "-"], input=WRITE_EXECUTE % extra)
        assert done.returncode == 0, done.stderr
        done, profiles[extra] = record(program)
        assert done.returncode == 0
    # The program on disk is the one that needs both at once.
    assert learn("run", profiles[" | PROT_EXEC"], "--", program).returncode == 0
    assert learn("run", profiles[""], "--", program).returncode == SIGSYS_STATUS
    assert learn("run", "--portable", profiles[""], "--", program).returncode == SIGSYS_STATUS


COMMANDS = [["true"], ["ls", "/"], ["cat", "/etc/passwd"], ["date"], ["id"], ["uname", "-a"],
            ["sh", "-c", "echo $(ls /dev | head -n 3)"], ["env"], ["stat", "/"], ["df", "/"],
            ["sort", "/etc/passwd"], ["sh", "-c", "kill -0 $$; exit 3"], ["seq", "5"]]


def test_fifty_profiles_merge_in_any_order_and_grouping(record, learn, tmp_path):
    parts = [record(*COMMANDS[i % len(COMMANDS)])[1] for i in range(50)]
    order = random.Random(4)

    def merge(name, sources):
        out = tmp_path / name
        done = learn("merge", "-o", out, *sources)
        assert done.returncode == 0, done.stderr
        return out
    whole = merge("whole", parts).read_bytes()
    for turn in range(3):
        order.shuffle(parts)
        assert merge("shuffled", parts).read_bytes() == whole
        cuts = sorted(order.sample(range(1, 50), 3))
        groups = [merge(f"group{i}", parts[a:b])
                  for i, (a, b) in enumerate(zip([0, *cuts], [*cuts, 50]))]
        order.shuffle(groups)
        assert merge("grouped", groups).read_bytes() == whole
    once, twice = (json.loads(text) for text in (whole, merge(
        "twice", [tmp_path / "whole", tmp_path / "shuffled"]).read_bytes()))
    assert profiles.without_counts(once) == profiles.without_counts(twice) and once["runs"] == twice["runs"]
