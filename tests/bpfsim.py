# SPDX-License-Identifier: GPL-3.0-or-later
"""What a seccomp filter means: classic BPF over struct seccomp_data, and the kernel's cache rule."""

import collections
import struct

KILL_PROCESS, KILL_THREAD, TRAP, ERRNO, LOG, ALLOW = (
    0x80000000, 0, 0x00030000, 0x00050000, 0x7FFC0000, 0x7FFF0000)
ENOSYS = 38

X86_64, X86, AARCH64 = 0xC000003E, 0x40000003, 0xC00000B7
X32_BIT = 0x40000000

MOST_INSTRUCTIONS = 4096

LD_W_ABS, RET_K, RET_A, JA = 0x20, 0x06, 0x16, 0x05
JEQ, JGT, JGE, JSET, AND = 0x15, 0x25, 0x35, 0x45, 0x54

TESTS = {
    JEQ: lambda a, k: a == k,
    JGT: lambda a, k: a > k,
    JGE: lambda a, k: a >= k,
    JSET: lambda a, k: a & k != 0,
}

Insn = collections.namedtuple("Insn", "code jt jf k")


def seccomp_data(arch, nr, args=(), ip=0):
    """The bytes of struct seccomp_data as words in the machine's order."""
    args = [*args, 0, 0, 0, 0, 0, 0][:6]
    return struct.unpack("=16I", struct.pack("=IIQ6Q", nr & 0xFFFFFFFF, arch, ip,
                                             *(a & (1 << 64) - 1 for a in args)))


class Filter:
    """A filter as `learn emit bpf --raw` writes it."""

    def __init__(self, raw):
        assert len(raw) % 8 == 0 and raw
        self.insns = [Insn(*fields) for fields in struct.iter_unpack("=HBBI", raw)]

    @classmethod
    def of(cls, insns):
        """Of (code, jt, jf, k) tuples."""
        return cls(b"".join(struct.pack("=HBBI", *insn) for insn in insns))

    def __len__(self):
        return len(self.insns)

    def check(self):
        """Asserts what the kernel's bpf_check_classic() and seccomp_check_filter() demand."""
        assert 1 <= len(self) <= MOST_INSTRUCTIONS
        for at, insn in enumerate(self.insns):
            left = len(self) - at - 1
            if insn.code in TESTS:
                assert max(insn.jt, insn.jf) < left, f"instruction {at} jumps out"
            elif insn.code == JA:
                assert insn.k < left, f"instruction {at} jumps out"
            elif insn.code == LD_W_ABS:
                assert insn.k % 4 == 0 and insn.k < 64, f"instruction {at} loads nothing"
            else:
                assert insn.code in (RET_K, RET_A, AND), f"instruction {at}: {insn.code:#x}"
        assert self.insns[-1].code == RET_K

    def run(self, arch, nr, args=(), ip=0):
        """(action, instructions executed)."""
        data = seccomp_data(arch, nr, args, ip)
        at = a = steps = 0
        while True:
            code, jt, jf, k = self.insns[at]
            at += 1
            steps += 1
            if code == LD_W_ABS:
                a = data[k // 4]
            elif code in TESTS:
                at += jt if TESTS[code](a, k) else jf
            elif code == JA:
                at += k
            elif code == AND:
                a &= k
            elif code == RET_K:
                return k, steps
            else:
                raise AssertionError(f"instruction {at - 1}: {code:#x}")

    def action(self, arch, nr, args=(), ip=0):
        return self.run(arch, nr, args, ip)[0]

    def is_cached(self, arch, nr):
        """Whether the kernel remembers the call as allowed: seccomp_is_const_allow() of Linux 6.1.

        It follows the program for this arch and nr, and gives up at whatever depends on more.
        """
        known = {0: nr & 0xFFFFFFFF, 4: arch}
        at = 0
        a = None
        while at < len(self):
            code, jt, jf, k = self.insns[at]
            at += 1
            if code == LD_W_ABS:
                if k not in known:
                    return False
                a = known[k]
            elif code == RET_K:
                return k == ALLOW
            elif code == JA:
                at += k
            elif code in TESTS:
                at += jt if TESTS[code](a, k) else jf
            elif code == AND:
                a &= k
            else:
                return False
        return False
