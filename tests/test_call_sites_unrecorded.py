# SPDX-License-Identifier: GPL-3.0-or-later
"""Call sites of programs that libunwind cannot walk through: 32-bit ones, and musl's C library."""

import json
import os
import platform
import re
import shutil

import pytest

from conftest import SKIPPED, need, run

pytestmark = pytest.mark.skipif(platform.machine() != "x86_64", reason="these are x86 programs")

# Each call is made in one place, which is known.
SOURCE = r"""
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#define APART __attribute__((noinline, noclone))

static APART int innermost(int mask)
{
	volatile char large[3000];

	large[mask] = 1;
	return (int)umask((mode_t)mask) + large[mask];
}
static APART int middle(int a, int b, int c)
{
	volatile int kept = a + b;

	return innermost(c) + kept;
}
static APART int compare(const void *a, const void *b)
{
	return sched_yield() + *(const int *)a - *(const int *)b;
}
static APART void handle(int number)
{
	if (getppid() == number)
		abort();
}
static APART int look(const char *file)
{
	int fd = open(file, O_RDONLY);

	return fd < 0 ? fd : close(fd) + 1;
}
int main(void)
{
	int numbers[2] = { 2, 1 };

	signal(SIGUSR1, handle);
	raise(SIGUSR1);
	qsort(numbers, 2, sizeof(*numbers), compare);
	return middle(1, 2, 022) + look("/etc/passwd") == 0;
}
"""


def compiled(path, *words):
    source = path.parent / "chain.c"
    source.write_text(SOURCE)
    done = run([*words, "-D_GNU_SOURCE", "-o", path, source])
    assert done.returncode == 0, done.stderr
    return path


def functions_at(profile, arch, *calls):
    """Who made the first of these calls that was made in main: names where there are some."""
    found = [site for program in json.loads(profile.read_text())["programs"]
             for entry in program["phases"]["main"]["calls"][arch]
             for call in calls if entry["name"] == call for site in entry.get("sites", ())]
    assert found, calls
    return [[re.sub(r"\+0x[0-9a-f]+$", "", frame) for frame in site] for site in found]


def own(stack, program):
    """The frames in the program's own functions."""
    return [frame.split("!")[1] for frame in stack if frame.startswith(program + "!")
            and frame.split("!")[1] in ("innermost", "middle", "compare", "handle", "look", "main")]


# ---- 32-bit programs ----

@pytest.fixture(scope="module")
def gcc_m32(tmp_path_factory):
    """Words that compile a 32-bit program."""
    words = [*os.environ.get("CC", "cc").split(), "-m32"]
    probe = tmp_path_factory.mktemp("m32") / "probe"
    source = probe.with_suffix(".c")
    source.write_text("#include <stdlib.h>\nint main(void) { return 0; }\n")
    if not shutil.which(words[0]) or run([*words, "-o", probe, source]).returncode != 0:
        pytest.skip("no compiler or C library for 32-bit programs here")
    if run([probe]).returncode != 0:
        pytest.skip("32-bit programs do not run here")
    return words


@pytest.mark.parametrize("how", [
    ["-O2"], ["-O0"], ["-O2", "-static"], ["-O1", "-fno-omit-frame-pointer", "-no-pie"],
    ["-Os", "-mpreferred-stack-boundary=2", "-static", "-Wl,--eh-frame-hdr"],
    ["-O1", "-static-pie"],
], ids=" ".join)
def test_calls_of_a_32_bit_program_name_the_chain_that_its_source_has(
        record, gcc_m32, tmp_path, how):
    program = compiled(tmp_path / "narrow", *gcc_m32, *how)
    done, profile = record(program)
    assert done.returncode == 0, done.stderr
    for calls, chain in ((["umask"], ["innermost", "middle", "main"]),
                         (["open", "openat"], ["look", "main"]),
                         (["sched_yield"], ["compare", "main"]),
                         (["getppid"], ["handle", "main"])):
        for stack in functions_at(profile, "x86", *calls):
            assert own(stack, "narrow") == chain, (calls, stack)
            assert stack[-1] == "narrow!_start"
    (stack,) = functions_at(profile, "x86", "umask")
    at = stack.index("narrow!innermost")
    assert stack[at - 1].endswith("!umask") and stack[at:at + 3] == [
        "narrow!innermost", "narrow!middle", "narrow!main"]


def test_what_made_a_call_of_a_32_bit_program_is_explained(record, learn, gcc_m32, tmp_path):
    done, profile = record(compiled(tmp_path / "narrow", *gcc_m32, "-O2"))
    assert done.returncode == 0, done.stderr
    done = learn("explain", profile, "umask")
    assert done.returncode == 0, done.stderr
    assert re.search(r"!umask\+\S+\n\s+narrow!innermost\+\S+\n\s+narrow!middle\+", done.stdout)


def test_a_stripped_32_bit_program_has_module_and_offset(record, gcc_m32, tmp_path):
    need("strip")
    program = compiled(tmp_path / "narrow", *gcc_m32, "-O2", "-s")
    done, profile = record(program)
    assert done.returncode == 0, done.stderr
    (stack,) = functions_at(profile, "x86", "umask")
    assert len([frame for frame in stack if frame == "narrow"]) == 4, stack


def test_a_32_bit_call_of_a_64_bit_program_names_who_made_it(record, target):
    if run([target("int80")]).returncode == SKIPPED:
        pytest.skip("no 32-bit system calls here")
    done, profile = record(target("int80"))
    assert done.returncode == 0, done.stderr
    (stack,) = functions_at(profile, "x86", "getpid")
    assert stack[0] == "int80!main" and stack[-1] == "int80!_start"
