# SPDX-License-Identifier: GPL-3.0-or-later
"""minijail's policy files as minijail0(5) and tools/parser.py of its sources have them: only what
the grammar says is read, and what it means can be asked."""

import ctypes
import ctypes.util
import re

import bpfsim

TOKENS = re.compile(r"""
    (?P<comment>\#.*) | (?P<space>\s+) | (?P<default>@default\b) |
    (?P<number>-?0[xX][0-9a-fA-F]+|-?[0-9]+) | (?P<and>&&) | (?P<or>\|\|) |
    (?P<op>\bin\b|==) | (?P<colon>:) | (?P<argument>\barg[0-5]\b) | (?P<return>\breturn\b) |
    (?P<action>\b(?:allow|kill-process|kill-thread|kill|trap|log)\b) |
    (?P<name>[a-zA-Z_][a-zA-Z_0-9]*)""", re.X)


def tokens(line):
    """[(kind, text)] of a line; all of it must be tokens."""
    found, at = [], 0
    while at < len(line):
        match = TOKENS.match(line, at)
        assert match, f"no token at {at}: {line!r}"
        at = match.end()
        if match.lastgroup not in ("comment", "space"):
            found.append((match.lastgroup, match.group()))
    return found


def resolve(name):
    lib = ctypes.CDLL(ctypes.util.find_library("seccomp"))
    number = lib.seccomp_syscall_resolve_name(name.encode())
    assert number != -1, f"no system call {name!r}"
    return number


class Policy:
    def __init__(self, text):
        self.default = bpfsim.KILL_PROCESS
        self.calls = {}  # number: a list of clauses, or an action
        for line in text.splitlines():
            found = tokens(line)
            if found and found[0][0] == "default":
                assert [kind for kind, _ in found] == ["default", "action"]
                self.default = {"trap": bpfsim.TRAP, "kill": bpfsim.KILL_PROCESS}[found[1][1]]
            elif found:
                self.statement(found)

    def statement(self, found):
        (kind, name), (colon, _), *rest = found
        # "kill" is also a call.
        assert (kind == "name" or name == "kill") and colon == "colon"
        number = resolve(name)
        assert number not in self.calls, f"{name} twice"
        if rest[0][0] == "argument":
            self.calls[number] = self.expression(rest)
        elif rest[0][0] == "return":
            assert len(rest) == 2 and rest[1][0] == "number"
            self.calls[number] = bpfsim.ERRNO | int(rest[1][1], 0)
        else:
            assert len(rest) == 1
            self.calls[number] = {"1": bpfsim.ALLOW, "allow": bpfsim.ALLOW, "trap": bpfsim.TRAP,
                                  "kill": bpfsim.KILL_PROCESS}[rest[0][1]]

    @staticmethod
    def expression(found):
        clauses = [[]]
        while found:
            (a, argument), (o, op), (n, number), *found = found
            assert (a, o, n) == ("argument", "op", "number")
            clauses[-1].append((int(argument[3:]), op, int(number, 0) & (1 << 64) - 1))
            if found:
                (kind, _), *found = found
                assert kind in ("and", "or") and found
                if kind == "or":
                    clauses.append([])
        return clauses

    def decide(self, nr, args):
        rule = self.calls.get(nr, self.default)
        if not isinstance(rule, list):
            return rule
        for clause in rule:
            if all(args[i] == v if op == "==" else args[i] & ~v == 0 for i, op, v in clause):
                return bpfsim.ALLOW
        return self.default
