# SPDX-License-Identifier: GPL-3.0-or-later
"""Coverage: what a program did, against what its code and its libraries could do."""

import platform
import re

import pytest

from conftest import need, run

pytestmark = pytest.mark.skipif(platform.machine() != "x86_64", reason="only x86-64 code is read")

HEAD = re.compile(r"^(/\S+): (\d+) of (\d+) calls within reach were exercised$", re.M)


@pytest.fixture
def coverage(learn):
    def shown(profile, *options):
        done = learn("show", "--coverage", *options, profile)
        assert done.returncode == 0, done.stderr
        return done.stdout
    return shown


COMMANDS = {
    "dash": ["dash", "-c", "echo $(ls /) | cat >/dev/null; kill -0 $$; ulimit -n >/dev/null"],
    "git": ["git", "version", "--build-options"],
    "sqlite3": ["sqlite3", ":memory:", "create table t(a); insert into t values(1); select * "
                "from t"],
    "tar": ["tar", "cf", "/dev/null", "/usr/include/linux"],
    "python3": ["python3", "-c", "import threading, tempfile, socket, subprocess\n"
                "t = threading.Thread(target=print); t.start(); t.join()\n"
                "subprocess.run(['true']); tempfile.TemporaryFile()\n"
                "s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen()"],
}


@pytest.mark.parametrize("program", COMMANDS)
def test_what_a_program_does_is_within_its_reach(record, coverage, program):
    need(program)
    done, profile = record(*COMMANDS[program])
    assert done.returncode == 0, done.stderr
    text = coverage(profile)
    found = HEAD.findall(text)
    assert found and all(0 < int(seen) < int(all) for _, seen, all in found)
    assert "no way to it was found" not in text, text


def test_what_was_not_done_is_listed_with_what_leads_there(record, coverage):
    done, profile = record("dash", "-c", ":")
    assert done.returncode == 0
    text = coverage(profile)
    assert re.search(r"^  execve +the launch", text, re.M) or "execve" not in text
    assert re.search(r"^  wait4 +wait3, imported by dash$", text, re.M), text
    assert not re.search(r"^  (ptrace|mount|reboot) ", text, re.M)


def test_a_file_that_was_changed_since_is_not_taken_for_what_ran(learn, record, coverage,
                                                                 tmp_path):
    need("gcc")
    program = tmp_path / "program"
    build = ["gcc", "-Wl,--build-id", "-x", "c", "-o", program, "-"]
    assert run(build, input="int main(void) { return 0; }").returncode == 0
    _, profile = record(program)
    assert "More may be" not in coverage(profile)
    assert run(build, input="int main(void) { return 1 - 1 + main != 0; }").returncode == 0
    assert "was changed since" in " ".join(coverage(profile).split())
    program.unlink()
    assert "cannot be read any more" in " ".join(coverage(profile).split())


CLOCK = """
#include <stdio.h>
#include <time.h>
#include <sys/time.h>
int main(void) { %s; return 0; }
"""


@pytest.mark.parametrize("code, allowed", [("struct timeval t; gettimeofday(&t, 0)", True),
                                           ("(void)0", False)])
def test_clock_calls_are_implied_for_who_can_make_them(learn, record, tmp_path, code, allowed):
    need("gcc")
    program = tmp_path / "program"
    done = run(["gcc", "-x", "c", "-o", program, "-"], input=CLOCK % code)
    assert done.returncode == 0, done.stderr
    _, profile = record(program)
    policy = learn("emit", "libseccomp", profile).stdout
    assert ('"gettimeofday"' in policy) == allowed
    assert '"getcpu"' not in policy
    program.unlink()  # now it cannot be told
    policy = learn("emit", "libseccomp", profile).stdout
    assert '"gettimeofday"' in policy and '"getcpu"' in policy


I386 = 'void _start(void) { __asm__ volatile("int $0x80" :: "a"(1), "b"(0)); for (;;) {} }'


def test_of_a_program_of_another_architecture_nothing_is_claimed(record, coverage, tmp_path):
    need("gcc")
    program = tmp_path / "program"
    done = run(["gcc", "-m32", "-nostdlib", "-static", "-no-pie", "-x", "c", "-o", program, "-"],
               input=I386)
    if done.returncode != 0 or run([program]).returncode != 0:
        pytest.skip("programs for i386 cannot be made or run here")
    done, profile = record(program)
    assert done.returncode == 0, done.stderr
    text = coverage(profile)
    assert f"{program}: what is within its reach is not known" in text
    assert "architecture that is not understood" in " ".join(text.split())
    assert not HEAD.search(text) and "NOT SEEN" not in text
