# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON for container engines has the shape of the runtime specification, means what the policy
says once libseccomp has it, and crun runs programs under it."""

import ctypes
import ctypes.util
import json
import random
import sys
import tempfile

import pytest

import bpfsim
import policies
from conftest import SIGSYS_STATUS, SRCDIR, need, need_root, run
from policies import Call, Policy, emit
from nine_programs import NINE
from test_emit_filter import small_policy
from test_emit_seccomp_formats import MULTIPLEXED, assert_same_decisions, emit_names

ACTIONS = {"SCMP_ACT_KILL_PROCESS": bpfsim.KILL_PROCESS, "SCMP_ACT_TRAP": bpfsim.TRAP,
           "SCMP_ACT_ERRNO": bpfsim.ERRNO, "SCMP_ACT_LOG": bpfsim.LOG,
           "SCMP_ACT_ALLOW": bpfsim.ALLOW}
ARCHES = {"SCMP_ARCH_X86_64": bpfsim.X86_64, "SCMP_ARCH_X86": bpfsim.X86,
          "SCMP_ARCH_AARCH64": bpfsim.AARCH64}
COMPARISONS = {"SCMP_CMP_EQ": 4, "SCMP_CMP_MASKED_EQ": 7}
BADARCH = 2  # enum scmp_filter_attr


class Comparison(ctypes.Structure):
    """struct scmp_arg_cmp"""
    _fields_ = [("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64),
                ("b", ctypes.c_uint64)]


def assert_shape(profile):
    """What config-linux.md says of linux.seccomp: keys, types, and what goes with what."""
    assert set(profile) <= {"defaultAction", "defaultErrnoRet", "architectures", "syscalls"}
    assert profile["defaultAction"] in ACTIONS
    assert ("defaultErrnoRet" in profile) == (profile["defaultAction"] == "SCMP_ACT_ERRNO")
    assert profile["architectures"] and set(profile["architectures"]) <= set(ARCHES)
    for entry in profile["syscalls"]:
        assert set(entry) <= {"names", "action", "errnoRet", "args"}
        assert entry["names"] and all(isinstance(name, str) for name in entry["names"])
        assert ("errnoRet" in entry) == (entry["action"] == "SCMP_ACT_ERRNO")
        for arg in entry.get("args", [{"index": 0, "value": 0, "op": "SCMP_CMP_EQ"}]):
            assert set(arg) <= {"index", "value", "valueTwo", "op"}
            assert 0 <= arg["index"] <= 5 and arg["op"] in COMPARISONS
            assert 0 <= arg["value"] < 1 << 64 and 0 <= arg.get("valueTwo", 0) < 1 << 64


def library():
    name = ctypes.util.find_library("seccomp")
    if not name:
        pytest.skip("no libseccomp here")
    found = ctypes.CDLL(name)
    found.seccomp_init.restype = ctypes.c_void_p
    return found


def loaded(profile):
    """The filter that a runtime makes of the profile."""
    lib = library()

    def action(entry, key, errno):
        return ACTIONS[entry[key]] | entry.get(errno, 0)
    ctx = ctypes.c_void_p(lib.seccomp_init(action(profile, "defaultAction", "defaultErrnoRet")))
    assert lib.seccomp_attr_set(ctx, BADARCH, bpfsim.KILL_PROCESS) == 0
    for arch in profile["architectures"]:
        assert lib.seccomp_arch_add(ctx, ARCHES[arch]) in (0, -17)
    for entry in profile["syscalls"]:
        args = [Comparison(a["index"], COMPARISONS[a["op"]], a["value"], a.get("valueTwo", 0))
                for a in entry.get("args", [])]
        for name in entry["names"]:
            number = lib.seccomp_syscall_resolve_name(name.encode())
            assert number != -1, name
            assert lib.seccomp_rule_add_array(ctx, action(entry, "action", "errnoRet"), number,
                                              len(args), (Comparison * len(args))(*args)) == 0
    with tempfile.TemporaryFile() as file:
        assert lib.seccomp_export_bpf(ctx, file.fileno()) == 0
        file.seek(0)
        filter = bpfsim.Filter(file.read())
    lib.seccomp_release(ctx)
    return filter


def oci(policy):
    profile = json.loads(emit(policy, "oci"))
    assert_shape(profile)
    return profile


OWN = [Call(3, 1), Call(59, 1)]  # close and execve: what a runtime itself calls


@pytest.mark.parametrize("action", policies.ACTIONS)
def test_a_runtime_that_reads_it_decides_as_the_policy_says(action):
    policy = small_policy(action=action)
    policy.calls.append(Call(59, 1))
    policy.newest = 0  # the format has no rule for all newer numbers
    assert_same_decisions(loaded(oci(policy)), policy)


@pytest.mark.parametrize("seed", range(6))
def test_random_policies_mean_what_they_say(seed):
    known = emit_names()["x86_64"]
    policy = policies.random_policy(seed, 60, 0.4, most_values=4, without={3, 59})
    policy.calls = [call for call in policy.calls if call.number in known] + OWN
    policy.denials = {key: action for key, action in policy.denials.items() if key[1] in known}
    policy.newest = 0
    assert_same_decisions(loaded(oci(policy)), policy, seed)


def test_two_architectures_share_their_names():
    policy = policies.random_policy(3, 40, 0, arches=("x86_64", "x86"), without=MULTIPLEXED)
    profile = oci(policy)
    assert profile["architectures"] == ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"]


def test_values_of_64_bits_survive():
    policy = Policy(calls=[Call(101, 1, [policies.Check(0, 64, {0xFEDCBA9876543210: 1})]),
                           Call(9, 1, [policies.Check(3, 64, mask=7)])])
    text = emit(policy, "oci").decode()
    assert str(0xFEDCBA9876543210) in text and str((1 << 64) - 8) in text


# ---- programs under it, and under the other forms of the filter ----

@pytest.fixture
def contained(tmp_path):
    """contained(PROFILE): the words that run a command in a container under an OCI profile."""
    need_root()
    crun = need("crun", "unshare")[0]

    def words(profile):
        return [sys.executable, "-B", SRCDIR / "tests" / "containers.py", crun, profile]
    empty = tmp_path / "empty.json"
    empty.write_text(json.dumps({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": []}))
    if run([*words(empty), "true"]).returncode != 0:
        pytest.skip("crun cannot make a container here: " + run([*words(empty), "true"]).stderr)
    return words


def bubblewrapped(raw):
    """The words that run a command under a raw filter."""
    return ["sh", "-c", f'exec {need("bwrap")} --dev-bind / / --seccomp 9 -- "$@" 9<"{raw}"', "sh"]


@pytest.mark.parametrize("program", NINE, ids=lambda program: program.name)
def test_a_program_works_in_a_container_under_its_profile(recording, learn, contained, tmp_path,
                                                          program):
    recorded, profile = recording(program), tmp_path / "profile.json"
    assert learn("emit", "oci", "-o", profile, recorded.profile).returncode == 0
    done = program.run(recorded.work, *contained(profile))
    assert (done.returncode, done.stdout, done.stderr) == (0, recorded.plain.stdout,
                                                           recorded.plain.stderr)


def test_a_container_is_stopped_at_what_was_not_seen(record, learn, contained, tmp_path):
    _, recorded = record(need("true"))
    profile = tmp_path / "profile.json"
    learn("emit", "oci", "-o", profile, recorded)
    assert run([*contained(profile), "true"]).returncode == 0
    assert run([*contained(profile), "uname"]).returncode == SIGSYS_STATUS
    learn("emit", "oci", "--action=errno:EACCES", "-o", profile, recorded)
    done = run([*contained(profile), "mkdir", tmp_path / "new"])
    assert done.returncode not in (0, SIGSYS_STATUS) and not (tmp_path / "new").exists()


@pytest.mark.parametrize("program", NINE, ids=lambda program: program.name)
def test_a_program_works_in_bubblewrap_under_its_raw_filter(recording, learn, tmp_path, program):
    need_root()
    recorded, raw = recording(program), tmp_path / "filter"
    assert learn("emit", "bpf", "--raw", "-o", raw, recorded.profile).returncode == 0
    done = program.run(recorded.work, *bubblewrapped(raw))
    assert (done.returncode, done.stdout, done.stderr) == (0, recorded.plain.stdout,
                                                           recorded.plain.stderr)


def test_bubblewrap_stops_what_was_not_seen(record, learn, tmp_path):
    need_root()
    _, recorded = record(need("true"))
    learn("emit", "bpf", "--raw", "-o", tmp_path / "filter", recorded)
    words = bubblewrapped(tmp_path / "filter")
    assert run([*words, "true"]).returncode == 0
    assert run([*words, "uname"]).returncode == SIGSYS_STATUS
