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
#include <stdio.h>
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
static APART int say(const char *word)
{
	return puts(word) < 0;
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
	return middle(1, 2, 022) + look("/etc/passwd") + say("said") == 0;
}
"""

OWN = ("innermost", "middle", "compare", "handle", "say", "look", "main")


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
            and frame.split("!")[1] in OWN]


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


# ---- musl's C library, whose functions have no records ----

@pytest.fixture(scope="module")
def musl_gcc():
    return [need("musl-gcc")]


CHAINS = ((["umask"], "umask", ["innermost", "middle", "main"]),
          (["open", "openat"], "open", ["look", "main"]),
          (["sched_yield"], "sched_yield", ["compare", "main"]),
          (["writev"], "puts", ["say", "main"]),
          (["getppid"], "getppid", ["handle", "main"]))


@pytest.mark.parametrize("how", [
    ["-static", "-O2"], ["-static", "-O0"], ["-O2"], ["-O0"],
    ["-static", "-Os", "-no-pie", "-fno-omit-frame-pointer"],
    ["-static", "-O2", "-fno-asynchronous-unwind-tables", "-fno-unwind-tables"],
    ["-O1", "-fno-asynchronous-unwind-tables", "-fno-unwind-tables", "-fno-plt"],
], ids=" ".join)
def test_calls_through_musl_name_the_chain_that_the_source_has(record, musl_gcc, tmp_path, how):
    program = compiled(tmp_path / "small", *musl_gcc, *how)
    done, profile = record(program)
    assert done.returncode == 0, done.stderr
    for calls, function, chain in CHAINS:
        for stack in functions_at(profile, "x86_64", *calls):
            assert own(stack, "small") == chain, (calls, stack)
            at = stack.index(f"small!{chain[0]}")
            assert function in [frame.split("!")[-1] for frame in stack[:at]], stack


def test_no_function_of_a_go_program_is_left_out(record, tmp_path):
    """Go's linker writes no .eh_frame, and the functions that make calls have no frame pointer."""
    go = need("go")
    (tmp_path / "chain.go").write_text("""
        package main
        import "syscall"
        //go:noinline
        func innermost(n int) int { return syscall.Umask(n) }
        //go:noinline
        func middle(n int) int { return innermost(n) + 1 }
        func main() { println(middle(022)) }
        """)
    done = run([go, "build", "-o", "chain", "chain.go"], cwd=tmp_path, timeout=120,
               env={"GOCACHE": tmp_path / "cache", "GOFLAGS": "-mod=mod", "HOME": tmp_path})
    assert done.returncode == 0, done.stderr
    done, profile = record(tmp_path / "chain")
    assert done.returncode == 0, done.stderr
    (stack,) = functions_at(profile, "x86_64", "umask")
    functions = [frame.split("!")[1] for frame in stack]
    at = functions.index("main.innermost")
    assert functions[at:at + 3] == ["main.innermost", "main.middle", "main.main"]


@pytest.mark.parametrize("how", ["-O2", "-O0"])
def test_a_call_in_assembly_code_names_who_made_it(record, tmp_path, how):
    """A function without a record in a program that has them: whom a frame pointer skips."""
    source = tmp_path / "bare.c"
    source.write_text("""
        __attribute__((noinline)) long bare(long number, long argument);
        __asm__("bare: push %rbx; sub $64, %rsp; mov %rdi, %rax; mov %rsi, %rdi; syscall;"
                "test %rax, %rax; js 1f; add $64, %rsp; pop %rbx; ret; 1: ud2");
        __attribute__((noinline)) int innermost(int n) { return (int)bare(95, n) + 1; }
        __attribute__((noinline)) int middle(int n) { return innermost(n) + 1; }
        int main(void) { return middle(022) < 0; }
        """)
    done = run([*os.environ.get("CC", "cc").split(), how, "-o", tmp_path / "bare", source])
    assert done.returncode == 0, done.stderr
    done, profile = record(tmp_path / "bare")
    assert done.returncode == 0, done.stderr
    (stack,) = functions_at(profile, "x86_64", "umask")
    assert stack[1:4] == ["bare!innermost", "bare!middle", "bare!main"]
