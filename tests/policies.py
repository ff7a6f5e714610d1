# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies for tests: their meaning said once more in Python, and the way to learn's emitters."""

import dataclasses
import random
import subprocess

import pytest

import bpfsim
from conftest import BUILDDIR, environment

ARCHES = {"x86_64": bpfsim.X86_64, "x86": bpfsim.X86, "aarch64": bpfsim.AARCH64}
ACTIONS = {"kill": bpfsim.KILL_PROCESS, "trap": bpfsim.TRAP, "log": bpfsim.LOG,
           "errno:EPERM": bpfsim.ERRNO | 1, "errno:ENOSYS": bpfsim.ERRNO | bpfsim.ENOSYS,
           "errno:EACCES": bpfsim.ERRNO | 13}
LOW = 0xFFFFFFFF
WHOLE = (1 << 64) - 1


@dataclasses.dataclass
class Check:
    index: int
    width: int
    values: dict = None  # value: count
    mask: int = None

    def holds(self, value):
        value &= LOW if self.width == 32 else WHOLE
        return value in self.values if self.mask is None else value & ~self.mask == 0

    def line(self):
        if self.mask is not None:
            return f"mask {self.index} {self.width} {self.mask:#x}"
        values = " ".join(f"{v:#x}={n}" for v, n in self.values.items())
        return f"values {self.index} {self.width} {values}"

    def edges(self):
        """Values at which the answer may change, with and without rubbish in the high word."""
        if self.mask is not None:
            near = {0, self.mask, *(1 << bit for bit in range(self.width))}
        else:
            near = {0, 1, LOW, *(v + d for v in self.values for d in (-1, 0, 1))}
        near |= {v ^ 1 << 31 for v in near}
        near |= {v ^ high for v in near for high in (1 << 32, 1 << 63, 0xDEADBEEF << 32)}
        return sorted(v & WHOLE for v in near)


@dataclasses.dataclass
class Call:
    number: int
    count: int = 0
    checks: list = dataclasses.field(default_factory=list)
    arch: str = "x86_64"
    name: str = "-"  # its own


@dataclasses.dataclass
class Policy:
    calls: list = dataclasses.field(default_factory=list)
    denials: dict = dataclasses.field(default_factory=dict)  # (arch, number): action
    action: str = "kill"
    newest: int = 0
    native: str = "x86_64"
    more: list = dataclasses.field(default_factory=list)  # further lines

    def text(self):
        lines = [f"action {self.action}", f"newest {self.newest}"]
        for call in self.calls:
            lines.append(f"call {call.arch} {call.number} {call.name} {call.count}")
            lines += [check.line() for check in call.checks]
        lines += [f"denial {arch} {nr} - {action}"
                  for (arch, nr), action in self.denials.items()]
        return "\n".join(lines + self.more) + "\n"

    def arches(self):
        return {self.native, *(call.arch for call in self.calls)}

    def decide(self, arch, nr, args=(0,) * 6):
        """The action for a call: what lib/policy/policy.h says in words."""
        nr &= LOW
        name = next((n for n in self.arches() if ARCHES[n] == arch), None)
        if name is None:
            return bpfsim.KILL_PROCESS
        if nr == LOW:
            return ACTIONS[self.action]
        if name == "x86_64" and nr >= bpfsim.X32_BIT:
            return bpfsim.KILL_PROCESS
        if (name, nr) in self.denials:
            return ACTIONS[self.denials[name, nr]]
        for call in self.calls:
            if (call.arch, call.number) == (name, nr):
                allowed = all(check.holds(args[check.index]) for check in call.checks)
                return bpfsim.ALLOW if allowed else ACTIONS[self.action]
        if self.newest and nr > self.newest:
            return bpfsim.ERRNO | bpfsim.ENOSYS
        return ACTIONS[self.action]

    def questions(self, rng, most=2000):
        """(arch, nr, args) that tell every rule from its neighbours."""
        numbers = [*range(600), 0x3FFFFFFF, 0x40000000, 0x40000001, 0x400001FF, 0x7FFFFFFF,
                   0x80000000, 0xBFFFFFFF, 0xC0000000, 0xFFFFFFFE, 0xFFFFFFFF]
        for arch in [*ARCHES.values(), 0]:
            for nr in numbers:
                yield arch, nr, (0,) * 6
                yield arch, nr, tuple(rng.getrandbits(64) for _ in range(6))
        for call in self.calls:
            if not call.checks:
                continue
            edges = [check.edges() for check in call.checks]
            good = [next((e for e in edges[i] if check.holds(e)), 0)
                    for i, check in enumerate(call.checks)]
            for i, check in enumerate(call.checks):
                for edge in edges[i]:  # one argument varies, the others pass
                    args = [rng.getrandbits(64) for _ in range(6)]
                    for k, other in enumerate(call.checks):
                        args[other.index] = edge if k == i else good[k]
                    yield ARCHES[call.arch], call.number, tuple(args)
            for _ in range(20):
                args = [0] * 6
                for k, other in enumerate(call.checks):
                    args[other.index] = rng.choice(edges[k])
                yield ARCHES[call.arch], call.number, tuple(args)


def random_check(rng, index, most_values=40):
    width = rng.choice([32, 32, 32, 64])
    limit = LOW if width == 32 else WHOLE

    def value():
        small = rng.choice([8, 16, 32, width])
        return rng.getrandbits(small) & limit
    if rng.random() < 0.3:
        return Check(index, width, mask=rng.choice([0, limit, 7, value(), value() & 0xFFFF]))
    some = min(rng.choice([1, 1, 2, 5, 40]), most_values)
    return Check(index, width, {value(): rng.choice([1, 10, 100000]) for _ in range(some)})


def random_policy(seed, n_calls, checked=0.2, arches=("x86_64",), most_values=40, without=()):
    rng = random.Random(seed)
    known = [number for number in range(470) if number not in without]
    policy = Policy(action=rng.choice([*ACTIONS]),
                    newest=rng.choice([0, 0, 300, 456, 470]))
    for arch in arches:
        for number in rng.sample(known, n_calls):
            checks = []
            if rng.random() < checked:
                indexes = sorted(rng.sample(range(6), rng.choice([1, 1, 2, 3])))
                checks = [random_check(rng, index, most_values) for index in indexes]
            policy.calls.append(Call(number, int(rng.paretovariate(0.4)) % 10**6, checks, arch))
        for number in rng.sample(known, rng.choice([0, 5, 40])):
            if not any((c.arch, c.number) == (arch, number) for c in policy.calls):
                policy.denials[arch, number] = rng.choice(["errno:ENOSYS", "errno:EACCES", "kill"])
    return policy


def emit(policy, form, *options):
    """Bytes of a policy (or of the text of one) in a format, by learn's own emitters."""
    tool = BUILDDIR / "tests" / "tools" / "emit_policy"
    if not tool.exists():
        pytest.fail(f"{tool} is not built: make check builds it")
    text = policy if isinstance(policy, str) else policy.text()
    done = subprocess.run([tool, form, *options], input=text.encode(), env=environment(),
                          capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def compiled(policy):
    """The policy's filter."""
    return bpfsim.Filter(emit(policy, "bpf", "raw"))


def hexed(text):
    """A string as the policy text has it."""
    return (text.encode() if isinstance(text, str) else text).hex()
