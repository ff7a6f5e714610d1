# SPDX-License-Identifier: GPL-3.0-or-later
"""The seccomp filter decides as the policy says, for every call, argument and architecture."""

import functools
import random

import pytest

import bpfsim
import policies
from policies import Call, Check, Policy, compiled, emit

WIDE = 0x1234567800000003


def small_policy(**more):
    return Policy(calls=[
        Call(0, 1000), Call(1, 900), Call(3, 10), Call(231, 1), Call(15),
        Call(16, 50, [Check(1, 32, {0x5401: 40, 0x5413: 10})]),
        Call(41, 5, [Check(0, 32, {1: 1, 2: 4}), Check(1, 32, {0x80801: 5})]),
        Call(101, 1, [Check(0, 64, {0: 1, 16: 2, WIDE: 3})]),
        Call(56, 7, [Check(0, 32, mask=0x00FFFFFF)]),
        Call(72, 7, [Check(2, 64, mask=0xFF00000000000001)]),
    ], denials={("x86_64", 435): "errno:ENOSYS"}, newest=456, **more)


def assert_decides(filter, policy, seed=0):
    for arch, nr, args in policy.questions(random.Random(seed)):
        got, wanted = filter.action(arch, nr, args), policy.decide(arch, nr, args)
        assert got == wanted, (hex(arch), nr, [hex(a) for a in args])


def test_what_was_seen_is_allowed_and_nothing_else():
    policy = small_policy()
    filter = compiled(policy)
    filter.check()
    assert_decides(filter, policy)


@pytest.mark.parametrize("action", policies.ACTIONS)
def test_every_action_is_what_other_calls_get(action):
    policy = small_policy(action=action)
    assert_decides(compiled(policy), policy)


def test_the_high_word_of_an_int_argument_does_not_matter():
    filter = compiled(small_policy())
    for high in (0, 1, 0xFFFFFFFF, 0x80000000):
        args = (3, high << 32 | 0x5401)
        assert filter.action(bpfsim.X86_64, 16, args) == bpfsim.ALLOW
        args = (3, high << 32 | 0x5412)
        assert filter.action(bpfsim.X86_64, 16, args) == bpfsim.KILL_PROCESS


def test_both_words_of_a_wide_argument_matter():
    filter = compiled(small_policy())
    for value, wanted in ((WIDE, bpfsim.ALLOW), (3, bpfsim.KILL_PROCESS),
                          (WIDE ^ 1 << 40, bpfsim.KILL_PROCESS), (16, bpfsim.ALLOW),
                          (1 << 32 | 16, bpfsim.KILL_PROCESS)):
        assert filter.action(bpfsim.X86_64, 101, (value,)) == wanted, hex(value)


def test_x32_and_foreign_architectures_end_the_process_whatever_the_action():
    filter = compiled(small_policy(action="errno:EPERM"))
    for arch, nr in ((bpfsim.X86_64, bpfsim.X32_BIT), (bpfsim.X86_64, bpfsim.X32_BIT | 1),
                     (bpfsim.X86, 1), (bpfsim.AARCH64, 0), (0, 0)):
        assert filter.action(arch, nr) == bpfsim.KILL_PROCESS


def test_numbers_above_the_newest_do_not_exist():
    filter = compiled(small_policy())
    for nr, wanted in ((456, bpfsim.KILL_PROCESS), (457, bpfsim.ERRNO | bpfsim.ENOSYS),
                       (0x3FFFFFFF, bpfsim.ERRNO | bpfsim.ENOSYS)):
        assert filter.action(bpfsim.X86_64, nr) == wanted


def test_an_empty_list_of_calls_allows_nothing():
    policy = Policy(action="errno:EPERM")
    filter = compiled(policy)
    filter.check()
    assert_decides(filter, policy)


def test_a_check_without_values_lets_nothing_through():
    policy = Policy(calls=[Call(0, 1), Call(1, 1, [Check(0, 32, {})]), Call(2, 1, [
        Check(0, 64, {})])])
    assert_decides(compiled(policy), policy)


def test_a_denial_goes_before_a_rule_of_the_same_call():
    policy = Policy(calls=[Call(0, 5), Call(1, 5, [Check(0, 32, {1: 1})])],
                    denials={("x86_64", 0): "errno:ENOSYS", ("x86_64", 1): "errno:EACCES"})
    assert_decides(compiled(policy), policy)


SHAPES = [(0, 0), (1, 1), (7, 1), (60, 0.2), (60, 1), (150, 0.3), (330, 0.1), (450, 0.02)]


@pytest.mark.parametrize("n_calls, checked", SHAPES)
def test_random_policies_mean_what_they_say(n_calls, checked):
    for seed in range(3):
        policy = policies.random_policy(seed, n_calls, checked)
        filter = compiled(policy)
        filter.check()
        assert_decides(filter, policy, seed)


@pytest.mark.parametrize("seed", range(4))
def test_each_architecture_has_its_own_rules(seed):
    policy = policies.random_policy(seed, 40, arches=("x86_64", "x86", "aarch64")[:2 + seed % 2])
    filter = compiled(policy)
    filter.check()
    assert_decides(filter, policy, seed)


def test_jumps_longer_than_255_instructions_arrive():
    """Argument blocks that are each longer than a jump can be."""
    rng = random.Random(1)
    policy = Policy(calls=[
        Call(number, 1000 - number, [
            Check(index, 64, {rng.getrandbits(64): 1 for _ in range(50)}) for index in range(2)])
        for number in range(0, 20, 2)] + [Call(n, 5) for n in range(1, 400, 7) if n % 2])
    filter = compiled(policy)
    filter.check()
    assert len(filter) > 2000
    assert any(insn.code == bpfsim.JA for insn in filter.insns)
    assert_decides(filter, policy)


def test_a_filter_of_more_than_4096_instructions_is_refused():
    rng = random.Random(2)
    policy = Policy(calls=[Call(number, 1, [Check(0, 64, {rng.getrandbits(64): 1
                                                         for _ in range(60)})])
                           for number in range(80)])
    with pytest.raises(AssertionError, match="4096"):
        compiled(policy)


def test_the_policy_itself_decides_so():
    """policy_decide(), which `learn run` explains denials by."""
    for seed in range(4):
        policy = policies.random_policy(seed, 60, 0.5, arches=("x86_64", "x86"))
        asked = [question for question in policy.questions(random.Random(seed))
                 if question[0] in (bpfsim.X86_64, bpfsim.X86, bpfsim.AARCH64)]
        names = {number: name for name, number in policies.ARCHES.items()}
        text = policy.text() + "".join(
            f"ask {names[arch]} {nr} {' '.join(map(str, args))}\n" for arch, nr, args in asked)
        said = policies.emit(text, "decide").decode().split()
        assert len(said) == len(asked)
        for question, got in zip(asked, said):
            assert int(got, 16) == policy.decide(*question), question


# ---- what the kernel remembers ----

def test_the_kernel_remembers_every_call_that_is_allowed_without_checks():
    for n_calls, checked in SHAPES:
        policy = policies.random_policy(5, n_calls, checked, arches=("x86_64", "x86"))
        filter = compiled(policy)
        for call in policy.calls:
            free = all(check.mask is not None and
                       check.mask & (policies.LOW if check.width == 32 else policies.WHOLE)
                       == (policies.LOW if check.width == 32 else policies.WHOLE)
                       for check in call.checks)
            assert filter.is_cached(policies.ARCHES[call.arch], call.number) == free, call


def test_the_cache_rule_is_not_fooled():
    """The emulator itself: what the kernel gives up on."""
    load_nr, allow = (bpfsim.LD_W_ABS, 0, 0, 0), (bpfsim.RET_K, 0, 0, bpfsim.ALLOW)
    programs = {
        (load_nr, allow): True,
        ((bpfsim.LD_W_ABS, 0, 0, 16), allow): False,
        ((bpfsim.LD_W_ABS, 0, 0, 8), allow): False,
        ((bpfsim.RET_K, 0, 0, bpfsim.ALLOW | 1),): False,
        ((bpfsim.RET_K, 0, 0, bpfsim.LOG),): False,
        (load_nr, (bpfsim.JEQ, 1, 0, 7), (bpfsim.LD_W_ABS, 0, 0, 16), allow): True,
        (load_nr, (bpfsim.JEQ, 0, 1, 7), (bpfsim.LD_W_ABS, 0, 0, 16), allow): False,
        (load_nr, (bpfsim.AND, 0, 0, 1), (bpfsim.JA, 0, 0, 0), allow): True,
    }
    for program, wanted in programs.items():
        assert bpfsim.Filter.of(program).is_cached(bpfsim.X86_64, 7) == wanted, program


# ---- how short the way is ----

def expected_instructions(filter, policy):
    total = sum(call.count for call in policy.calls)
    return sum(call.count * filter.run(bpfsim.X86_64, call.number)[1]
               for call in policy.calls) / total


def zipf(seed, n):
    rng = random.Random(seed)
    numbers = rng.sample(range(335), n)
    return Policy(calls=[Call(number, 10**6 // (place + 1) ** 2)
                         for place, number in enumerate(numbers)], newest=456)


@pytest.mark.parametrize("seed", range(3))
def test_no_path_is_longer_than_that_of_a_list_sorted_by_frequency(seed):
    policy = zipf(seed, 60)
    filter = compiled(policy)
    # ld arch, jeq, ld nr, then one test a call, ret
    by_list = sum(call.count * (3 + place + 1 + 1) for place, call in enumerate(policy.calls))
    by_list /= sum(call.count for call in policy.calls)
    assert expected_instructions(filter, policy) <= by_list
    worst = max(filter.run(bpfsim.X86_64, nr)[1] for nr in [*range(600), 0x40000000, 0xFFFFFFFF])
    assert worst <= 18


def optimum(parts):
    """The least weight of tests that tells PARTS ([leaf, weight, is one value]) apart, by trying
    every tree of equal-to and at-least tests."""
    @functools.lru_cache(None)
    def best(state):
        if len({parts[i][0] for i in state}) <= 1:
            return 0.0
        cost = min(best(state[:cut]) + best(state[cut:]) for cut in range(1, len(state)))
        for at, i in enumerate(state):
            if parts[i][2]:
                cost = min(cost, best(state[:at] + state[at + 1:]))
        return cost + sum(parts[i][1] for i in state)
    return best(tuple(range(len(parts))))


@pytest.mark.parametrize("seed", range(24))
def test_the_tree_is_the_cheapest_there_is(seed):
    """Calls with a check are classes of their own, and cost the same behind any tree."""
    rng = random.Random(seed)
    numbers = sorted(rng.sample(range(12), rng.choice([3, 4, 5, 6])))
    policy = Policy(calls=[Call(n, rng.choice([0, 1, 5, 5, 30, 200, 1000])) for n in numbers])
    for call in policy.calls:
        if rng.random() < 0.3:
            call.checks = [Check(1, 32, {0: 1})]
    counts = {call.number: call.count for call in policy.calls}
    checked = {call.number for call in policy.calls if call.checks}
    parts = []
    for number in range(13):
        if number in counts:
            parts.append((number if number in checked else "allow", counts[number], True))
        elif parts and parts[-1][0] == "deny":
            parts[-1] = ("deny", 0, False)
        else:
            parts.append(("deny", 0, number < 12))

    def cost(*options):
        filter = bpfsim.Filter(emit(policy, "bpf", "raw", *options))
        return sum(n * (filter.run(bpfsim.X86_64, number)[1] - 4 - 2 * (number in checked))
                   for number, n in counts.items())
    least = optimum(tuple(parts))
    assert cost("observed") == least, (counts, checked)
    # The default makes small additions, so that what was not seen is not far away.
    assert least <= cost("uncached") <= least + 0.02 * sum(counts.values())
