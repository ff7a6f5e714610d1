# SPDX-License-Identifier: GPL-3.0-or-later
"""Inspected arguments have the names that the system's own headers give their values."""

import fcntl
import mmap
import resource
import signal
import socket
import sys
import termios

import pytest

# name: (what Python does, the names that the report must have for it).
CALLS = {
    "fcntl": ("fcntl.fcntl(0, fcntl.F_GETFL); fcntl.fcntl(0, fcntl.F_GETLEASE)",
              {fcntl.F_GETFL: "F_GETFL", fcntl.F_GETLEASE: "F_GETLEASE"}),
    "ioctl": ("fcntl.ioctl(pty, termios.TIOCGWINSZ, bytes(8)); "
              "fcntl.ioctl(pty, termios.FIONREAD, bytes(8))",
              {termios.TIOCGWINSZ: "TIOCGWINSZ", termios.FIONREAD: "FIONREAD"}),
    "mmap": ("mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)",
             {mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC: "PROT_READ|PROT_WRITE|PROT_EXEC"}),
    "socket": ("socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
               {socket.AF_NETLINK: "AF_NETLINK",
                socket.SOCK_RAW | socket.SOCK_CLOEXEC: "SOCK_RAW|SOCK_CLOEXEC"}),
    "kill": ("os.kill(os.getpid(), signal.SIGCONT)", {signal.SIGCONT: "SIGCONT"}),
    "prlimit64": ("resource.getrlimit(resource.RLIMIT_MEMLOCK)",
                  {resource.RLIMIT_MEMLOCK: "RLIMIT_MEMLOCK"}),
    "setsockopt": ("socket.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)",
                   {socket.IPPROTO_TCP: "IPPROTO_TCP"}),
}


@pytest.fixture(scope="module")
def report(learn, tmp_path_factory):
    profile = tmp_path_factory.mktemp("argspecs") / "profile"
    script = "import fcntl, mmap, os, pty, resource, signal, socket, termios\n"
    script += "pty = pty.openpty()[1]\n"
    script += "\n".join(does for does, _ in CALLS.values())
    done = learn("-o", profile, "--", sys.executable, "-I", "-c", script)
    assert done.returncode == 0, done.stderr
    return learn("show", profile).stdout


@pytest.mark.parametrize("call", CALLS)
def test_a_value_is_shown_by_its_name(report, call):
    words = set(report.replace(",", " ").split())
    assert set(CALLS[call][1].values()) <= words
