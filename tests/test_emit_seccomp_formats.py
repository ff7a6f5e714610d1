# SPDX-License-Identifier: GPL-3.0-or-later
"""The two printed seccomp formats are the same filter: bpf_asm's text byte for byte, libseccomp's C
source in what it decides."""

import functools
import os
import pathlib
import random
import re
import shlex
import struct
import subprocess
import tarfile

import pytest

import bpfsim
import policies
from conftest import BUILDDIR, need, run
from policies import Call, Check, Policy, compiled, emit, hexed
from nine_programs import NINE
from test_emit_filter import small_policy

STRICT = ["-Wall", "-Wextra", "-Werror"]
CC = shlex.split(os.environ.get("CC", "cc"))
HOSTILE = 'a*/ b/* "c" \\ ;d\nld [0]\nExecStart=/bin/false\r#e %n $(f) `g` \udce9 \u202e ??/'.encode(
    "utf-8", "surrogateescape")


# ---- bpf_asm ----

def sources_of_bpf_asm():
    """The three files in the newest linux-source package, by name."""
    wanted = {"bpf_asm.c", "bpf_exp.l", "bpf_exp.y"}
    for archive in sorted(pathlib.Path("/usr/src").glob("linux-source-*.tar.xz"), reverse=True):
        found = {}
        with tarfile.open(archive, "r|xz") as tar:
            for member in tar:
                path = pathlib.PurePath(member.name)
                if path.parts[1:-1] == ("tools", "bpf") and path.name in wanted:
                    found[path.name] = tar.extractfile(member).read()
                    if len(found) == len(wanted):
                        return found
    pytest.skip("no kernel source package (linux-source) with tools/bpf in /usr/src")


@pytest.fixture(scope="session")
def bpf_asm():
    """The path of the kernel's assembler, built once a build directory."""
    flex, bison = need("flex", "bison")
    directory = BUILDDIR / "tests" / "bpf_asm"
    program = directory / "bpf_asm"
    if program.exists():
        return program
    directory.mkdir(parents=True, exist_ok=True)
    for name, data in sources_of_bpf_asm().items():
        (directory / name).write_bytes(data)
    for command in ([flex, "-o", "bpf_exp.lex.c", "bpf_exp.l"],
                    [bison, "-o", "bpf_exp.yacc.c", "-d", "bpf_exp.y"],
                    [*CC, "-w", "-O1", "-D__EXPORTED_HEADERS__", "-I.", "-o", "bpf_asm.new",
                     "bpf_asm.c", "bpf_exp.lex.c", "bpf_exp.yacc.c"]):
        done = run(command, cwd=directory)
        assert done.returncode == 0, done.stderr
    (directory / "bpf_asm.new").rename(program)
    return program


def assembled(bpf_asm, text, tmp_path):
    source = tmp_path / "filter.bpf"
    source.write_bytes(text)
    done = run([bpf_asm, source])
    assert done.returncode == 0 and not done.stderr, done.stderr
    count, *insns = done.stdout.strip().rstrip(",").split(",")
    assert int(count) == len(insns)
    return b"".join(struct.pack("=HBBI", *map(int, insn.split())) for insn in insns)


CASES = [(0, 0, 0), (1, 60, 0.3), (2, 60, 1), (3, 330, 0.1), (4, 450, 0.02)]


@pytest.mark.parametrize("seed, n_calls, checked", CASES)
def test_bpf_asm_assembles_the_text_to_the_very_bytes_of_bpf_raw(bpf_asm, tmp_path, seed, n_calls,
                                                                  checked):
    policy = policies.random_policy(seed, n_calls, checked, arches=("x86_64", "x86"))
    assert assembled(bpf_asm, emit(policy, "bpf_asm"), tmp_path) == emit(policy, "bpf", "raw")


def test_bpf_asm_assembles_jumps_of_any_length(bpf_asm, tmp_path):
    rng = random.Random(1)
    policy = Policy(calls=[
        Call(number, 1000 - number, [Check(index, 64, {rng.getrandbits(64): 1 for _ in range(50)})
                                     for index in range(2)]) for number in range(0, 16, 2)])
    text = emit(policy, "bpf_asm")
    assert b"jmp " in text
    assert assembled(bpf_asm, text, tmp_path) == emit(policy, "bpf", "raw")


def test_no_name_in_a_profile_can_become_an_instruction(bpf_asm, tmp_path):
    policy = small_policy()
    plain = emit(policy, "bpf", "raw")
    policy.more = [f"program {hexed(HOSTILE)}", f"note {hexed(HOSTILE)}"]
    assert assembled(bpf_asm, emit(policy, "bpf_asm"), tmp_path) == plain


# ---- the C header ----

def compile_c(source, output, *options):
    done = run([*CC, *STRICT, "-o", output, source, *options])
    assert done.returncode == 0, done.stderr


def test_the_c_header_is_the_raw_filter(tmp_path):
    policy = policies.random_policy(3, 330, 0.1)
    policy.more = [f"program {hexed(HOSTILE)}"]
    (tmp_path / "test.h").write_bytes(emit(policy, "bpf"))
    (tmp_path / "main.c").write_text('#include <stdio.h>\n#include "test.h"\nint main(void)\n'
                                     '{\n\tfwrite(test_filter, sizeof(test_filter), 1, stdout);\n}\n')
    compile_c(tmp_path / "main.c", tmp_path / "main")
    assert subprocess.run([tmp_path / "main"], stdout=subprocess.PIPE).stdout == emit(
        policy, "bpf", "raw")


# ---- libseccomp ----

HARNESS = """\
#include <seccomp.h>
#include <unistd.h>
static int export_filter(const scmp_filter_ctx ctx)
{
	return seccomp_export_bpf(ctx, STDOUT_FILENO);
}
#define seccomp_load export_filter
#include "emitted.c"
int main(void)
{
	return test_seccomp() != 0;
}
"""


def have_libseccomp():
    if run([*CC, "-x", "c", "-", "-fsyntax-only"], input="#include <seccomp.h>\n").returncode:
        pytest.skip("no seccomp.h (libseccomp-dev) here")


def exported(policy, directory):
    """The filter that the emitted source makes of itself."""
    have_libseccomp()
    (directory / "emitted.c").write_bytes(emit(policy, "libseccomp"))
    (directory / "harness.c").write_text(HARNESS)
    compile_c(directory / "harness.c", directory / "harness", "-lseccomp", "-I", directory)
    done = subprocess.run([directory / "harness"], stdout=subprocess.PIPE, timeout=120)
    assert done.returncode == 0
    return bpfsim.Filter(done.stdout)


def is_past_the_listed(policy, nr):
    """libseccomp has no 'every number above': so much of it is left out, as the text says."""
    return policy.newest and policy.newest + 64 < nr & 0xFFFFFFFF < 0xFFFFFFFF and (
        nr & 0xFFFFFFFF < bpfsim.X32_BIT)


def assert_same_decisions(filter, policy, seed=0):
    for arch, nr, args in policy.questions(random.Random(seed)):
        if arch == bpfsim.X86:  # registers of 32 bits: libseccomp looks no further
            args = tuple(arg & policies.LOW for arg in args)
        if not is_past_the_listed(policy, nr):
            got, wanted = filter.action(arch, nr, args), policy.decide(arch, nr, args)
            assert got == wanted, (hex(arch), nr, [hex(a) for a in args])


@pytest.mark.parametrize("action", policies.ACTIONS)
def test_libseccomp_decides_as_the_policy_says(tmp_path, action):
    policy = small_policy(action=action)
    assert_same_decisions(exported(policy, tmp_path), policy)


@pytest.mark.parametrize("seed", range(6))
def test_libseccomp_means_random_policies(tmp_path, seed):
    policy = policies.random_policy(seed, 50, 0.4, most_values=4)
    # It refuses a rule with the default's answer, which these would need to stand out.
    policy.denials = {key: action for key, action in policy.denials.items()
                      if not (action == policy.action and 0 < policy.newest < key[1])}
    assert_same_decisions(exported(policy, tmp_path), policy, seed)


# On i386 libseccomp lets socketcall(2) and ipc(2) stand for the calls that they multiplex.
MULTIPLEXED = {102, 117, *range(359, 374), *range(393, 403)}


def test_libseccomp_has_rules_for_each_architecture(tmp_path):
    policy = policies.random_policy(7, 60, 0.2, arches=("x86_64", "x86"), most_values=3,
                                    without=MULTIPLEXED)
    policy.newest = 0  # it is listed for the native architecture alone
    for check in (check for call in policy.calls if call.arch == "x86" for check in call.checks):
        check.values = check.values and {v & policies.LOW: n for v, n in check.values.items()}
    # A call that an architecture has not got is no rule: libseccomp knows it by no number.
    known = emit_names()
    policy.calls = [call for call in policy.calls if call.number in known[call.arch]]
    policy.denials = {key: action for key, action in policy.denials.items()
                      if key[1] in known[key[0]]}
    assert_same_decisions(exported(policy, tmp_path), policy)


@functools.lru_cache
def emit_names():
    """{arch: the numbers that libseccomp has a name for}"""
    names = {}
    for arch in ("x86_64", "x86"):
        policy = Policy(calls=[Call(nr, arch=arch) for nr in range(470)])
        text = emit(policy, "libseccomp").decode()
        found = re.findall(r'ALLOW\("([a-z0-9_]+)", (\d+)\)', text)
        names[arch] = {int(nr) for name, nr in found if not name.startswith("syscall_")}
    return names


def test_the_libseccomp_source_orders_calls_by_frequency():
    text = emit(small_policy(), "libseccomp").decode()
    order = re.findall(r'ALLOW(?:_IF)?\("(\w+)"', text)
    assert order.index("read") < order.index("write") < order.index("ioctl") < order.index("close")


def test_no_name_in_a_profile_can_become_c(tmp_path):
    policy = small_policy()
    policy.more = [f"program {hexed(HOSTILE)}", f"note {hexed(HOSTILE)}"]
    assert_same_decisions(exported(policy, tmp_path), policy)


def test_the_libseccomp_launcher_confines_what_it_runs(record, learn, tmp_path):
    have_libseccomp()
    true, uname = need("true", "uname")
    traced, profile = record(true)
    assert traced.returncode == 0
    source, launcher = tmp_path / "launcher.c", tmp_path / "launcher"
    assert learn("emit", "libseccomp", "--main", "-o", source, profile).returncode == 0
    compile_c(source, launcher, "-lseccomp")
    assert run([launcher, true]).returncode == 0
    assert run([launcher, uname]).returncode == -31
    assert run([launcher]).returncode == 125
    assert run([launcher, tmp_path / "none"]).returncode in (127, -31)


@pytest.mark.parametrize("program", NINE, ids=lambda program: program.name)
def test_a_program_works_under_the_compiled_libseccomp_launcher(recording, learn, tmp_path,
                                                                program):
    have_libseccomp()
    recorded = recording(program)
    source, launcher = tmp_path / "launcher.c", tmp_path / "launcher"
    assert learn("emit", "libseccomp", "--main", "-o", source, recorded.profile).returncode == 0
    compile_c(source, launcher, "-lseccomp")
    done = program.run(recorded.work, launcher)
    assert (done.returncode, done.stdout, done.stderr) == (0, recorded.plain.stdout,
                                                           recorded.plain.stderr)


@pytest.mark.parametrize("native", [True, False])
def test_an_empty_policy_is_source_that_compiles(tmp_path, native):
    policy = Policy(action="kill" if native else "errno:ENOSYS", newest=456)
    assert_same_decisions(exported(policy, tmp_path), policy)


# ---- where the filter is put on ----

IN_MAIN = """\
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
int test_seccomp(void);
int main(int argc, char **argv)
{
	int err = test_seccomp();
	if (err < 0) {
		fprintf(stderr, "%s\\n", strerror(-err));
		return 125;
	}
	printf("%d\\n", argc);
	if (argc > 1 && strcmp(argv[1], "open") == 0)
		return open("/etc/ld.so.cache", O_RDONLY | O_CLOEXEC) < 0;
	if (argc > 1 && strcmp(argv[1], "exec") == 0)
		execl("/bin/true", "true", NULL);
	return 0;
}
"""


@pytest.fixture
def in_main(learn, record, tmp_path):
    """in_main(OPTIONS...): a program with the emitted function at the start of main."""
    have_libseccomp()
    (tmp_path / "main.c").write_text(IN_MAIN)
    (tmp_path / "none.c").write_text("int test_seccomp(void);\nint test_seccomp(void)\n"
                                     "{\n\treturn 0;\n}\n")
    # Linked with libseccomp as well, so that what its loading does is in the profile.
    compile_c(tmp_path / "main.c", tmp_path / "plain", tmp_path / "none.c", "-Wl,--no-as-needed",
              "-lseccomp")
    traced, profile = record(tmp_path / "plain")
    assert (traced.returncode, traced.stdout) == (0, "1\n")

    def build(*options):
        done = learn("emit", "libseccomp", "--name=test", *options, "-o", tmp_path / "filter.c",
                     profile)
        assert done.returncode == 0, done.stderr
        compile_c(tmp_path / "main.c", tmp_path / "confined", tmp_path / "filter.c", "-lseccomp")
        return tmp_path / "confined"
    return build


def test_a_function_at_the_start_of_main_allows_what_comes_after_it_alone(in_main, tmp_path):
    program = in_main("--load=main")
    done = run([program])
    assert (done.returncode, done.stdout) == (0, "1\n"), done.stderr
    for what in "open", "exec":  # the loader's call, and the one that started the program
        assert run([program, what]).returncode == -31, what
    text = (tmp_path / "filter.c").read_text()
    assert "first thing in main" in text
    assert '"execve"' not in text and '"openat"' not in text and '"write"' in text
    # Without it the function is for any place, and allows what was done before.
    program = in_main()
    assert run([program, "open"]).returncode == run([program, "exec"]).returncode == 0


def test_load_is_main_or_exec_and_nothing_else(learn, record):
    _, profile = record(need("true"))
    launcher = learn("emit", "libseccomp", "--main", profile).stdout
    assert learn("emit", "libseccomp", "--load=exec", profile).stdout == launcher
    for words, said in ((["--load=never", "libseccomp"], "neither main nor exec"),
                        (["--load=main", "bpf"], "--load is not for bpf"),
                        (["--load=main", "--main", "libseccomp"], "--main a launcher"),
                        (["--load=main", "--phase=serving", "libseccomp"], "serving")):
        done = learn("emit", *words, profile)
        assert done.returncode == 2 and said in done.stderr and not done.stdout, words
