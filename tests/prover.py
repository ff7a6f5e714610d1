# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether two filters give the same answer to every input there is: exactly, for all 2^512.

A filter only looks at words of struct seccomp_data, each under a mask, and only compares them with
constants. So the values of a word fall into finitely many classes that no test of either filter
tells apart; one representative of each class is enough. A word is split into its classes only when
one of the filters reads it."""

import bpfsim
from bpfsim import AND, JA, JEQ, JGE, JGT, JSET, LD_W_ABS, RET_K

BITS = range(31, -1, -1)


def predicates(insns):
    """{word offset: {(mask, test, constant)}} of all that the program can ask."""
    states = [set() for _ in range(len(insns) + 1)]
    states[0].add(None)
    asked = {}
    for at, (code, jt, jf, k) in enumerate(insns):
        for a in states[at]:
            if code == LD_W_ABS:
                states[at + 1].add((k, 0xFFFFFFFF))
            elif code == AND:
                states[at + 1].add((a[0], a[1] & k))
            elif code == JA:
                states[at + 1 + k].add(a)
            elif code in (JEQ, JGT, JGE, JSET):
                asked.setdefault(a[0], set()).add((a[1], code, k))
                states[at + 1 + jt].add(a)
                states[at + 1 + jf].add(a)
            else:
                assert code == RET_K, f"instruction {at}: {code:#x}"
    return asked


def interval_classes(constants):
    """Without masks: the constants and what follows each, from 0."""
    edges = {0}
    for k in constants:
        edges |= {k, k + 1}
    return sorted(e for e in edges if e <= 0xFFFFFFFF)


def masked_classes(tests):
    """One value for every combination of answers that some value gives, by reading its bits from
    the highest and keeping of each test how the masked value compares so far (jset: whether a bit
    was hit); equal states are one."""
    tests = sorted(tests)
    states = {(0,) * len(tests): 0}
    for bit in BITS:
        following = {}
        for state, value in states.items():
            for one in (0, 1):
                new = []
                for (mask, code, k), was in zip(tests, state):
                    masked, wanted = one & mask >> bit, k >> bit & 1
                    if was == 0:
                        if code == JSET:
                            was = masked & wanted
                        elif masked != wanted:
                            was = 1 if masked > wanted else -1
                    new.append(was)
                following.setdefault(tuple(new), value | one << bit)
        states = following
    return sorted(states.values())


def classes(tests):
    """Representatives of the values of a word."""
    if all(mask == 0xFFFFFFFF and code != JSET for mask, code, _ in tests):
        return interval_classes(k for _, _, k in tests)
    return masked_classes(tests)


def resume(insns, at, a, known):
    """Runs on; (return value, None) or, at a word that is not known, (None, (at, offset))."""
    while True:
        code, jt, jf, k = insns[at]
        if code == LD_W_ABS:
            if k not in known:
                return None, (at, k)
            a = known[k]
        elif code == JEQ:
            at += jt if a == k else jf
        elif code == JGE:
            at += jt if a >= k else jf
        elif code == JGT:
            at += jt if a > k else jf
        elif code == JSET:
            at += jt if a & k else jf
        elif code == JA:
            at += k
        elif code == AND:
            a &= k
        else:
            return k, None
        at += 1


def differences(one, other, skip=lambda known: False, most=1):
    """([(words, answer, answer)], how many classes were compared); words is {offset: value} of what
    was looked at. SKIP(words) says that a class, as far as it is known, is of no interest."""
    programs = [one.insns, other.insns]
    asked = {}
    for insns in programs:
        for word, tests in predicates(insns).items():
            asked.setdefault(word, set()).update(tests)
    representatives = {word: classes(tests) for word, tests in asked.items()}
    found, compared = [], 0
    todo = [({}, (None, (0, None)), (None, (0, None)))]
    while todo:
        known, *answers = todo.pop()
        if skip(known):
            continue
        waiting = None
        for i, (value, place) in enumerate(answers):
            if place is not None:
                answers[i] = resume(programs[i], place[0], 0, known)
                waiting = answers[i][1] or waiting
        if waiting:
            word = waiting[1]
            for value in representatives.get(word, [0]):
                todo.append(({**known, word: value}, *answers))
            continue
        compared += 1
        if answers[0][0] != answers[1][0]:
            found.append((known, answers[0][0], answers[1][0]))
            if len(found) >= most:
                break
    return found, compared


def mutants(filter, rng, n):
    """N filters that differ from FILTER in one instruction and that the kernel would take."""
    made = []
    while len(made) < n:
        insns = [list(insn) for insn in filter.insns]
        at = rng.randrange(len(insns))
        insn = insns[at]
        kind = rng.choice(["k", "bit", "jt", "jf", "code"])
        if kind == "k":
            insn[3] = (insn[3] + rng.choice([-1, 1])) & 0xFFFFFFFF
        elif kind == "bit":
            insn[3] ^= 1 << rng.randrange(32)
        elif kind == "code" and insn[0] in (JEQ, JGE, JGT, JSET):
            insn[0] = rng.choice([JEQ, JGE, JGT, JSET])
        elif kind in ("jt", "jf") and insn[0] in (JEQ, JGE, JGT, JSET):
            insn[1 if kind == "jt" else 2] = rng.randrange(min(256, len(insns) - at - 1))
        if insn[0] == LD_W_ABS:
            insn[3] = rng.randrange(16) * 4
        mutant = bpfsim.Filter.of(insns)
        try:
            mutant.check()
        except AssertionError:
            continue
        if mutant.insns != filter.insns:
            made.append(mutant)
    return made
