# SPDX-License-Identifier: GPL-3.0-or-later
"""A real systemd of its own for tests, and the seccomp filters of a live process. Root only."""

import contextlib
import ctypes
import os
import struct
import subprocess
import tempfile
import time

import pytest

import bpfsim
from conftest import environment, need, need_root, run

# Process 1 of new namespaces: a system manager that sees the host's files, and whose own changes to
# them go to memory. $1 is a directory to build that in, $2 one that all see there, and units as
# /run/share.
START = """
mount --make-rprivate / && mount -t tmpfs tmpfs "$1" && cd "$1" &&
mkdir upper work root &&
mount -t overlay overlay -o lowerdir=/,upperdir="$1/upper",workdir="$1/work" root && cd root &&
mount --rbind /dev dev && mount -t proc proc proc && mount -t sysfs sysfs sys &&
mount -t tmpfs tmpfs tmp && chmod 1777 tmp && mount -t tmpfs -o mode=755 tmpfs run &&
mkdir -p run/lock run/systemd/system run/share && mount --bind "$2" run/share &&
mkdir -p ".$2" && mount --bind "$2" ".$2" &&
mount -t tmpfs -o mode=1777 tmpfs dev/shm &&
mount -t cgroup2 none sys/fs/cgroup &&
ln -s /dev/null run/systemd/system/systemd-udevd.service &&
pivot_root . mnt && umount -l /mnt || exit 1
container=other exec /lib/systemd/systemd --system --unit=basic.target
"""


class Manager:
    def __init__(self, pid):
        self.pid = pid

    def inside(self, *command, **options):
        """Runs a command next to the manager."""
        return run(["nsenter", "-t", str(self.pid), "-m", "-p", "-u", "-i", "-C", "-n", *command],
                   **options)

    def write(self, path, text):
        done = self.inside("sh", "-c", f"mkdir -p $(dirname {path}) && cat >{path}", input=text)
        assert done.returncode == 0, done.stderr

    def main_process(self, unit):
        """The process of a unit, by its number out here."""
        wanted = self.inside("systemctl", "show", "-P", "MainPID", unit).stdout.strip()
        for entry in os.listdir("/proc"):
            with contextlib.suppress(OSError):
                with open(f"/proc/{entry}/status") as status:
                    numbers = [line.split()[1:] for line in status if line.startswith("NSpid:")]
                if numbers and len(numbers[0]) > 1 and numbers[0][-1] == wanted and same_space(
                        entry, self.pid):
                    return int(entry)
        raise AssertionError(f"{unit} has no process {wanted}")


def same_space(one, other):
    return os.readlink(f"/proc/{one}/ns/pid") == os.readlink(f"/proc/{other}/ns/pid")


def child_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as children:
        return next(iter(map(int, children.read().split())), None)


@contextlib.contextmanager
def own_cgroup():
    """A control group for one manager, so that several do not share the groups of their units."""
    with open("/proc/mounts") as mounts:
        tops = [line.split()[1] for line in mounts if line.split()[2] == "cgroup2"]
    path = os.path.join(tops[0], f"learn-test-{os.getpid()}-{time.monotonic_ns()}") if tops else ""
    with contextlib.suppress(OSError):
        os.mkdir(path)
    try:
        yield path
    finally:
        for _ in range(50):  # until the last of its processes has gone
            for directory, _, _ in os.walk(path, topdown=False):
                with contextlib.suppress(OSError):
                    os.rmdir(directory)
            if not os.path.exists(path):
                break
            time.sleep(0.1)


@contextlib.contextmanager
def manager(share=None):
    """A manager with the host's files and a network of its own (with lo alone); SHARE is what its
    units see as /run/share."""
    need_root()
    need("unshare", "nsenter", "systemctl", "pivot_root")
    if not os.path.exists("/lib/systemd/systemd"):
        pytest.skip("no systemd here")
    with tempfile.TemporaryDirectory(prefix="learn-systemd-") as top, own_cgroup() as group:
        unshare = subprocess.Popen(
            ["sh", "-c", 'echo $$ >"$0/cgroup.procs"; exec "$@"', group,
             "unshare", "-p", "-m", "-u", "-i", "-C", "-n", "--fork", "--kill-child",
             "sh", "-c", START, "sh", top, share or top],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=environment())
        try:
            for _ in range(300):
                time.sleep(0.1)
                pid = child_of(unshare.pid)
                state = pid and Manager(pid).inside("systemctl", "is-system-running").stdout
                if state and ("running" in state or "degraded" in state):
                    break
            else:
                pytest.skip("systemd does not come up in namespaces here")
            yield Manager(pid)
        finally:
            unshare.kill()
            unshare.wait()


# ---- ptrace(2) ----

SEIZE, INTERRUPT, DETACH, GET_FILTER = 0x4206, 0x4207, 17, 0x420C
LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
LIBC.ptrace.restype = ctypes.c_long


def filters_of(pid):
    """The filters of a live process, the last one put on first."""
    found = []
    assert LIBC.ptrace(SEIZE, pid, None, None) == 0, os.strerror(ctypes.get_errno())
    assert LIBC.ptrace(INTERRUPT, pid, None, None) == 0
    os.waitpid(pid, 0)
    try:
        while (n := LIBC.ptrace(GET_FILTER, pid, len(found) or None, None)) > 0:
            buffer = ctypes.create_string_buffer(8 * n)
            assert LIBC.ptrace(GET_FILTER, pid, len(found) or None, buffer) == n
            found.append(bpfsim.Filter(buffer.raw))
    finally:
        LIBC.ptrace(DETACH, pid, None, None)
    return found


def decide(filters, arch, nr, args=()):
    """What a stack of filters answers: the strictest, and of equals the last one put on."""
    answers = [filter.action(arch, nr, args) for filter in filters]
    return min(answers, key=lambda action: struct.unpack(
        "i", struct.pack("I", action & 0xFFFF0000))[0])


