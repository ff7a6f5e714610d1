# SPDX-License-Identifier: GPL-3.0-or-later
"""The seccomp formats are one filter: proven for all inputs, and the proof notices any change."""

import random
import time

import pytest

import bpfsim
import policies
import prover
from conftest import run
from policies import Call, Check, Policy, compiled, emit
from nine_programs import NINE
from test_emit_command import newest_known
from test_emit_filter import small_policy
from test_emit_seccomp_formats import (HARNESS, assembled, bpf_asm, compile_c,  # noqa: F401
                                       exported, have_libseccomp)


def past_the_listed(newest):
    """libseccomp has no 'every number above': what is past those that are listed is left out."""
    return lambda known: newest and newest + 64 < known.get(0, 0) < bpfsim.X32_BIT


def assert_equal(one, other, skip=lambda known: False):
    found, compared = prover.differences(one, other, skip)
    assert not found, [{hex(k): hex(v) for k, v in found[0][0].items()}, *map(hex, found[0][1:])]
    assert compared > 10


@pytest.fixture(scope="module")
def raw_of(learn, tmp_path_factory):
    """raw_of(PROFILE): the filter that `learn emit bpf --raw` writes."""
    path = tmp_path_factory.mktemp("raw") / "filter"

    def read(profile, *options):
        done = learn("emit", "bpf", "--raw", *options, "-o", path, profile)
        assert done.returncode == 0, done.stderr
        return bpfsim.Filter(path.read_bytes())
    return read


@pytest.mark.parametrize("program", NINE, ids=lambda program: program.name)
def test_the_three_formats_of_a_real_program_are_equal(recording, learn, raw_of, bpf_asm,  # noqa: F811
                                                       tmp_path, program):
    have_libseccomp()
    profile = recording(program).profile
    raw = raw_of(profile)
    text = learn("emit", "bpf_asm", profile).stdout.encode("utf-8", "surrogateescape")
    assert_equal(raw, bpfsim.Filter(assembled(bpf_asm, text, tmp_path)))
    for tune in ("uncached", "cached", "observed"):
        assert_equal(raw, raw_of(profile, f"--tune={tune}"))
    source = learn("emit", "libseccomp", "--name=test", profile)
    (tmp_path / "emitted.c").write_text(source.stdout)
    (tmp_path / "harness.c").write_text(HARNESS)
    compile_c(tmp_path / "harness.c", tmp_path / "harness", "-lseccomp", "-I", tmp_path)
    with open(tmp_path / "exported", "wb") as out:
        assert run([tmp_path / "harness"], stdout=out).returncode == 0
    assert_equal(raw, bpfsim.Filter((tmp_path / "exported").read_bytes()),
                 past_the_listed(int(newest_known(source.stdout) or 0)))


@pytest.mark.parametrize("seed", range(3))
def test_libseccomp_is_the_raw_filter_for_random_policies(tmp_path, seed):
    policy = policies.random_policy(seed, 50, 0.4, most_values=4)
    policy.denials = {key: action for key, action in policy.denials.items()
                      if not (action == policy.action and 0 < policy.newest < key[1])}
    assert_equal(compiled(policy), exported(policy, tmp_path), past_the_listed(policy.newest))


def test_a_pair_is_proven_in_a_tenth_of_a_second(tmp_path):
    policy = policies.random_policy(1, 60, 0.2, most_values=4)
    policy.denials, policy.newest = {}, 0
    one, other = compiled(policy), exported(policy, tmp_path)
    took = []
    for _ in range(5):  # the best: other things run beside a test
        start = time.process_time()
        assert_equal(one, other)
        took.append(time.process_time() - start)
    assert min(took) < 0.1


# ---- the prover itself ----

def brute_force(one, other, policy, rng):
    """Whether some question about the policy gets different answers."""
    return any(one.action(*question) != other.action(*question)
               for question in policy.questions(rng))


@pytest.mark.parametrize("seed", range(2))
def test_every_change_of_one_instruction_that_matters_is_found(seed):
    rng = random.Random(seed)
    policy = small_policy()
    filter = compiled(policy)
    changed = 0
    for mutant in prover.mutants(filter, rng, 60):
        found, _ = prover.differences(filter, mutant)
        for words, wanted, got in found:  # a witness is one
            data = [words.get(offset, 0) for offset in range(0, 64, 4)]
            args = [data[4 + 2 * i] | data[5 + 2 * i] << 32 for i in range(6)]
            ip = data[2] | data[3] << 32
            assert filter.action(data[1], data[0], args, ip) == wanted
            assert mutant.action(data[1], data[0], args, ip) == got
        if not found:
            assert not brute_force(filter, mutant, policy, random.Random(1))
        changed += bool(found)
    assert changed > 30


def test_the_classes_of_a_masked_word_are_all_that_can_be():
    rng = random.Random(4)
    for _ in range(30):
        tests = {(rng.choice([0xFF, 0xF0, 0x3C]), rng.choice([bpfsim.JEQ, bpfsim.JGE, bpfsim.JGT,
                                                              bpfsim.JSET]), rng.getrandbits(8))
                 for _ in range(5)}

        def answers(value):
            return tuple(bpfsim.TESTS[code](value & mask, k) for mask, code, k in sorted(tests))
        got = {answers(value) for value in prover.classes(tests)}
        assert got == {answers(value) for value in range(1024)}


def test_equal_is_not_said_of_what_differs_in_one_value():
    policy = small_policy()
    other = small_policy()
    other.calls[7].checks[0].values[3] = 1
    found, _ = prover.differences(compiled(policy), compiled(other))
    assert found and found[0][0][0] == 101
    assert emit(policy, "bpf", "raw") != emit(other, "bpf", "raw")


# ---- as large as filters get ----

def near_the_limit(seed):
    """A policy whose filter the kernel just takes, and its filter."""
    rng = random.Random(seed)
    calls = []
    for number in rng.sample(range(450), 120):
        checks = [Check(index, 64, {rng.getrandbits(64): rng.choice([1, 50]) for _ in range(30)})
                  for index in range(rng.choice([1, 1, 2]))] if rng.random() < 0.6 else []
        policy = Policy(calls=[*calls, Call(number, int(rng.paretovariate(0.5)) % 9999, checks)],
                        newest=456, action="errno:EPERM")
        filter = compiled(policy) if len(calls) > 25 and checks else None
        if filter and len(filter) > 3600:
            return policy, filter
        calls = policy.calls
    raise AssertionError("never so large")


def test_a_filter_near_the_limit_of_the_kernel_is_what_the_assembler_makes_of_its_text(
        bpf_asm, tmp_path):  # noqa: F811
    policy, filter = near_the_limit(1)
    filter.check()
    assert 3600 < len(filter) <= 4096 and any(insn.code == bpfsim.JA for insn in filter.insns)
    assert assembled(bpf_asm, emit(policy, "bpf_asm"), tmp_path) == emit(policy, "bpf", "raw")
    rng = random.Random(1)
    for call in policy.calls:
        asked = [(0,) * 6]
        if call.checks:  # the first values of all, and each but one of a good set
            good = [0] * 6
            for check in call.checks:
                good[check.index] = rng.choice(list(check.values))
            asked += [tuple(good), *(tuple(v ^ (i == check.index) << bit for i, v in
                                          enumerate(good))
                                     for check in call.checks for bit in (0, 31, 32, 63))]
        for args in asked:
            assert filter.action(bpfsim.X86_64, call.number, args) == policy.decide(
                bpfsim.X86_64, call.number, args)


@pytest.mark.parametrize("seed", range(2))
def test_a_large_policy_is_the_same_in_raw_assembler_and_libseccomp(bpf_asm, tmp_path,  # noqa: F811
                                                                     seed):
    policy = policies.random_policy(seed, 300, 0.15, most_values=5)
    policy.denials = {key: action for key, action in policy.denials.items()
                      if not (action == policy.action and 0 < policy.newest < key[1])}
    raw = compiled(policy)
    assert len(raw) > 300
    assert_equal(raw, bpfsim.Filter(assembled(bpf_asm, emit(policy, "bpf_asm"), tmp_path)))
    assert_equal(raw, exported(policy, tmp_path), past_the_listed(policy.newest))


def test_every_change_that_matters_is_found_in_a_large_filter():
    rng = random.Random(7)
    policy = policies.random_policy(2, 120, 0.3, most_values=5)
    filter = compiled(policy)
    questions = list(policy.questions(random.Random(1)))
    wanted = [filter.action(*question) for question in questions[::3]]
    changed = 0
    for mutant in prover.mutants(filter, rng, 25):
        found, _ = prover.differences(filter, mutant)
        changed += bool(found)
        if not found:
            assert [mutant.action(*question) for question in questions[::3]] == wanted
    assert changed > 12
