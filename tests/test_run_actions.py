# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens to a denied call, wherever it is made, and what `learn run` says of it."""

import json
import os
import platform
import re
import subprocess
import sys
import textwrap

import pytest

from conftest import SIGSYS_STATUS, SKIPPED, environment, need, need_root, run
from denials import careful, denied, suggested, type_in
from programs import PROGRAMS

BY_NAME = {program.name: program for program in PROGRAMS}
PYTHON = [sys.executable, "-I", "-S", "-B", "-c"]
ACTIONS = ["kill", "trap", "errno:EPERM", "log"]


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_does_the_same_with_and_without_somebody_who_watches(recording, learn_path,
                                                                       action):
    program = BY_NAME["ls"]
    recorded = recording(program)
    options = [f"--action={action}", "--deny=getdents64"]
    watched = program.run(recorded.work, learn_path, "run", *options, recorded.profile, "--")
    alone = program.run(recorded.work, learn_path, "run", *options, "--exec", recorded.profile,
                        "--")
    assert denied(watched) == ["getdents64"] and not denied(alone)
    status = alone.returncode if alone.returncode >= 0 else 128 - alone.returncode
    assert (watched.returncode, watched.stdout) == (status, alone.stdout)


def test_nobody_is_left_behind_by_exec(record, learn_path, learn):
    script = ["sh", "-c", "echo $PPID"]
    _, profile = record(*script)
    for options, same in (([], False), (["--exec"], True)):
        with subprocess.Popen([learn_path, "run", *options, profile, "--", *script],
                              stdout=subprocess.PIPE, env=environment(), text=True,
                              stderr=subprocess.DEVNULL) as process:
            told = process.communicate()[0]
        assert (told.strip() == str(os.getpid())) == same


def test_exec_says_what_cannot_be_executed(record, learn, tmp_path):
    _, profile = record("true")
    for command, status in (("no-such-program", 127), (tmp_path, 126), ("mkdir", 126)):
        done = learn("run", "--exec", profile, "--", command)
        assert done.returncode == status, done.stderr
        assert str(command) in done.stderr or command == "mkdir"


STORM = """
    import ctypes, os, sys
    call = ctypes.CDLL(None, use_errno=True).syscall
    if len(sys.argv) > 1:
        for i in range(int(sys.argv[1])):
            assert call(104) == -1 and ctypes.get_errno() == 1  # getgid
    """


def test_a_storm_of_denials_is_told_once_and_counted(record, learn):
    if platform.machine() != "x86_64":
        pytest.skip("the call is x86-64's")
    script = [sys.executable, "-I", "-S", "-B", "-c", textwrap.dedent(STORM)]
    _, profile = record(*script)
    done = learn("run", "--action=errno:EPERM", "--deny=getgid", profile, "--", *script, "20000")
    assert done.returncode == 0, done.stderr
    assert denied(done) == ["getgid"]
    assert re.search(r"^learn: denied 2000\d times: getgid", done.stderr, re.M)


# ---- odd places ----

PLACES = r"""
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
static void caught(int signal, siginfo_t *info, void *context)
{
	(void)context;
	dprintf(1, "caught %d %d %d\n", signal, info->si_code, info->si_syscall == SYS_getgid);
}
static void handler(int signal)
{
	(void)signal;
	syscall(SYS_getgid);
}
static void *thread(void *arg)
{
	syscall(SYS_getgid);
	return arg;
}
int main(int argc, char **argv)
{
	struct sigaction action = { .sa_sigaction = caught, .sa_flags = SA_SIGINFO };
	const char *place = argc > 1 ? argv[1] : "all";
	int all = strcmp(place, "all") == 0, status = 0;
	pthread_t id;
	if ((all || !strcmp(place, "handler")) && signal(SIGUSR1, handler) != SIG_ERR)
		raise(SIGUSR1);
	if (all || !strcmp(place, "thread")) {
		pthread_create(&id, NULL, thread, NULL);
		pthread_join(id, NULL);
	}
	if (all || !strcmp(place, "child")) {
		if (fork() == 0)
			_exit(syscall(SYS_getgid) == 0 ? 0 : 3);
		wait(&status);
		dprintf(1, "child %d %d\n", WIFSIGNALED(status) ? WTERMSIG(status) : 0,
			WIFEXITED(status) ? WEXITSTATUS(status) : 0);
	}
	if (all || !strcmp(place, "catch")) {
		sigaction(SIGSYS, &action, NULL);
		syscall(SYS_getgid);
	}
	if (all && argc == 1)
		execl("/proc/self/exe", "again", "nothing", NULL);
	if (!strcmp(place, "exec"))
		execl("/proc/self/exe", "again", "thread", NULL);
	return 0;
}
"""


@pytest.fixture(scope="module")
def places(tmp_path_factory, learn):
    """A program that asks for its group at many places, and the profile of that."""
    directory = tmp_path_factory.mktemp("places")
    done = run([need("gcc"), "-pthread", "-x", "c", "-o", directory / "program", "-"],
               input=PLACES)
    assert done.returncode == 0, done.stderr
    done = learn("-o", directory / "profile", "--", directory / "program")
    assert done.returncode == 0, done.stderr
    return directory


@pytest.mark.parametrize("place, function", [
    ("handler", "handler"), ("thread", "thread"), ("child", "main"), ("catch", "main"),
    ("exec", "thread")])
@pytest.mark.parametrize("action, got, status", [
    ("kill", "was killed", SIGSYS_STATUS), ("trap", "got SIGSYS", SIGSYS_STATUS),
    ("errno:EPERM", "got EPERM", 0), ("log", "went on", 0)])
def test_a_denial_is_reported_wherever_it_happens(
        places, learn, place, function, action, got, status):
    done = learn("run", "-q", f"--action={action}", "--deny=getgid", places / "profile", "--",
                 places / "program", place)
    told = re.findall(r"^learn: denied: (\w+)\(\) in process \d+ \((\S+)\)(?:, thread \d+)?, "
                      r"which (.*)$", done.stderr, re.M)
    assert told == [("getgid", str(places / "program"), got)], done.stderr
    assert re.search(rf"^learn:         program!{function}\+0x", done.stderr, re.M), done.stderr
    # Who waits for a child, or catches the signal, lives on.
    lives = place == "child" or (place == "catch" and action == "trap")
    assert done.returncode == (0 if lives else status)
    if place == "child":
        wanted = {"kill": "31 0", "trap": "31 0", "errno:EPERM": "0 3", "log": "0 0"}[action]
        assert done.stdout == f"child {wanted}\n"
    elif place == "catch":
        assert done.stdout == ("caught 31 1 1\n" if action == "trap" else "")


X32 = 0x40000000


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the numbers are x86-64's")
@pytest.mark.parametrize("number, ends", [
    (437, "-38"),           # openat2
    (425, "-38"),           # io_uring_setup
    (435, "-38"),           # clone3
    (5000, "-38"),
    (X32 + 1, "killed"),    # write
    (X32 + 520, "killed"),  # execve, x32's own
    (X32 + 5000, "killed"),
    (-1, "denied"),
    ((1 << 32) + 104, "denied"),  # the kernel sees the lower half: getgid
], ids=str)
@pytest.mark.parametrize("action", ["kill", "errno:EPERM"])
def test_there_is_no_way_around_a_policy(record, learn, target, number, ends, action):
    _, profile = record(target("call"), "102", "1", "b:00", "1")
    done = learn("run", "-q", f"--action={action}", profile, "--", target("call"),
                 f"!{number}", "1", "b:00", "1")
    if ends == "killed" or (ends == "denied" and action == "kill"):
        assert (done.returncode, done.stdout) == (SIGSYS_STATUS, "")
        assert len(denied(done)) == 1 or "denied: syscall_-1(" in done.stderr, done.stderr
    else:
        assert (done.returncode, done.stdout) == (0, f"0 {-1 if ends == 'denied' else ends}\n")


LEADERLESS = r"""
#include <pthread.h>
#include <unistd.h>
static void *thread(void *arg)
{
	usleep(100000);
	return arg && getgid() == 0 ? NULL : arg;
}
int main(void)
{
	pthread_t id;
	pthread_create(&id, NULL, thread, &id);
	pthread_exit(NULL);
}
"""


def test_a_denial_in_a_process_whose_first_thread_has_ended_has_its_place(record, learn, tmp_path):
    program = tmp_path / "program"
    done = run([need("gcc"), "-pthread", "-x", "c", "-o", program, "-"], input=LEADERLESS)
    assert done.returncode == 0, done.stderr
    _, profile = record(program)
    done = learn("run", "--deny=getgid", profile, "--", program)
    assert re.search(r"denied: getgid\(\) in process \d+ \(%s\), thread" % program, done.stderr), \
        done.stderr
    assert re.search(r"from: libc\S*!getgid\+0x", done.stderr), done.stderr


def test_a_32_bit_call_is_denied_and_the_profile_can_be_taught(record, learn, target, tmp_path):
    done, profile = record(target("int80"))
    if done.returncode == SKIPPED:
        pytest.skip("no 32-bit calls here")
    text = json.loads(profile.read_text())
    for program in text["programs"]:
        for phase in program["phases"].values():
            phase["calls"].pop("x86", None)
    profile.write_text(json.dumps(text))
    done = learn("run", profile, "--", target("int80"))
    assert done.returncode == SIGSYS_STATUS
    assert re.search(r"denied: \w+\(.*\) \[x86\] in process", done.stderr), done.stderr
    line = re.search(r"to add what the program does to the profile: (.*)", done.stderr)[1]
    taught = type_in(line)
    assert taught.returncode == 0, taught.stderr
    done = learn("run", profile, "--", target("int80"))
    assert done.returncode == 0, done.stderr


def test_a_file_that_was_replaced_is_found_out(record, learn, tmp_path):
    file = tmp_path / "file"
    file.write_text("old")
    script = [*PYTHON, careful("open(sys.argv[1]).close(); "
                               "len(sys.argv) < 3 or os.replace(sys.argv[2], sys.argv[1]); "
                               "open(sys.argv[1]).close()")]
    _, profile = record(*script, file)
    (tmp_path / "new").write_text("new")
    options = ["--paths=exact", f"--allow=path:{tmp_path}/:cd", "--allow=rename"]
    done = learn("run", *options, profile, "--", *script, file, tmp_path / "new")
    assert done.returncode == 1 and "holds for the file that was there" in done.stderr, done.stderr
    (tmp_path / "new").write_text("new")
    done = type_in(suggested(done))
    assert done.returncode == 0, done.stderr


# ---- capabilities ----

CAPABILITIES = ["sed", "-n", "s/^Cap\\(Prm\\|Eff\\|Bnd\\):\t//p", "/proc/self/status"]


def test_root_keeps_the_capabilities_that_were_needed_and_no_others(record, learn):
    need_root()
    _, profile = record(*CAPABILITIES)

    def sets(*options):
        done = learn("run", *options, profile, "--", *CAPABILITIES)
        assert done.returncode == 0, done.stderr
        return [int(word, 16) for word in done.stdout.split()]
    assert sets() == [0, 0, 0]
    assert sets("--allow=capability:CAP_NET_RAW") == [1 << 13] * 3
    assert sets("--layers=calls,files,limits") == [int(word, 16) for word in
                                                   run(CAPABILITIES).stdout.split()]


def test_a_service_that_gives_up_root_works_with_what_is_left(record, learn):
    need_root()
    command = [need("setpriv"), "--reuid=65534", "--regid=65534", "--clear-groups", "id", "-u"]
    recorded, profile = record(*command)
    done = learn("run", profile, "--", *command)
    assert (done.returncode, done.stdout) == (0, recorded.stdout) == (0, "65534\n"), done.stderr


@pytest.mark.parametrize("layers, status", [("calls", SIGSYS_STATUS), ("files,limits", 0)])
def test_layers_are_enforced_one_by_one(recording, learn_path, layers, status):
    program = BY_NAME["ls"]
    done = program.run(recording(program).work, learn_path, "run", "--deny=getdents64",
                       f"--layers={layers}", recording(program).profile, "--")
    assert done.returncode == status, done.stderr


def test_a_layer_that_there_is_not_is_refused(recording, learn):
    profile = recording(BY_NAME["ls"]).profile
    for layers in ("", "calls,", "filters", "calls,,files"):
        done = learn("run", f"--layers={layers}", profile, "--", "ls")
        assert done.returncode == 125 and "none of calls, files" in done.stderr
