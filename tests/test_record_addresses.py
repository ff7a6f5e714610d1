# SPDX-License-Identifier: GPL-3.0-or-later
"""The addresses that sockets are bound, connected and sent to are recorded."""

import os
import socket
import struct
import subprocess

import pytest

from calls import addresses_of
from conftest import free_port

INET, INET6, UNIX, STREAM, DGRAM = 2, 10, 1, 1, 2
PORT = 9999


def ipv4(address="127.0.0.1", port=PORT, family=INET):
    raw = struct.pack("<H", family) + struct.pack(">H", port) + socket.inet_aton(address) + bytes(8)
    return "b:" + raw.hex(), len(raw)


def ipv6(address, port=PORT):
    raw = struct.pack("<H", INET6) + struct.pack(">HI", port, 0) + \
        socket.inet_pton(socket.AF_INET6, address) + bytes(4)
    return "b:" + raw.hex(), len(raw)


def unix(name):
    raw = struct.pack("<H", UNIX) + name
    return "b:" + raw.hex(), len(raw)


def message(address):
    return f"w:{address[0]}|{address[1]}|0|0|0|0|0"


CASES = {
    "bind": ([("socket", INET, STREAM, 0), ("bind", "r0", *ipv4(port=0))],
             [("bind", "AF_INET", "SOCK_STREAM", "127.0.0.1", 0)]),
    "bind of no family": ([("socket", INET, STREAM, 0), ("bind", "r0", *ipv4("0.0.0.0", 0, 0))],
                          [("bind", "AF_INET", "SOCK_STREAM", "0.0.0.0", 0)]),
    "connect": ([("socket", INET, STREAM, 0), ("!connect", "r0", *ipv4(port=1))],
                [("connect", "AF_INET", "SOCK_STREAM", "127.0.0.1", 1)]),
    "connect by IPv6": ([("socket", INET6, DGRAM, 0), ("!connect", "r0", *ipv6("::1"))],
                        [("connect", "AF_INET6", "SOCK_DGRAM", "::1", PORT)]),
    "IPv4 in IPv6": ([("socket", INET6, DGRAM, 0), ("!connect", "r0", *ipv6("::ffff:127.0.0.1"))],
                     [("connect", "AF_INET6", "SOCK_DGRAM", "::ffff:127.0.0.1", PORT)]),
    "sendto": ([("socket", INET, DGRAM, 0), ("!sendto", "r0", "s:x", 1, 0, *ipv4())],
               [("connect", "AF_INET", "SOCK_DGRAM", "127.0.0.1", PORT)]),
    "sendmsg": ([("socket", INET, DGRAM, 0), ("!sendmsg", "r0", message(ipv4()), 0)],
                [("connect", "AF_INET", "SOCK_DGRAM", "127.0.0.1", PORT)]),
    "sendmmsg": ([("socket", INET, DGRAM, 0),
                  ("!sendmmsg", "r0", message(ipv4()) + "|0|" + message(ipv4(port=7))[2:] + "|0",
                   2, 0)],
                 [("connect", "AF_INET", "SOCK_DGRAM", "127.0.0.1", PORT),
                  ("connect", "AF_INET", "SOCK_DGRAM", "127.0.0.1", 7)]),
    "an abstract name": ([("socket", UNIX, DGRAM, 0), ("bind", "r0", *unix(b"\0learn-test"))],
                         [("bind", "AF_UNIX", "SOCK_DGRAM", "@learn-test", None)]),
    "an abstract name with NUL": ([("socket", UNIX, DGRAM, 0),
                                   ("bind", "r0", *unix(b"\0learn\0test\xff\0"))],
                                  [("bind", "AF_UNIX", "SOCK_DGRAM",
                                    "@learn@test\\xff@", None)]),
    "autobind": ([("socket", UNIX, DGRAM, 0), ("bind", "r0", "b:0100", 2)], []),
    "a disconnect": ([("socket", INET, DGRAM, 0), ("connect", "r0", "b:" + "00" * 16, 16)], []),
    "too short": ([("socket", INET, DGRAM, 0), ("!connect", "r0", ipv4()[0], 8)], []),
    "sending where it was connected": ([("socketpair", UNIX, DGRAM, 0, "b:" + "00" * 8),
                                        ("sendto", 3, "s:x", 1, 0, 0, 0),
                                        ("sendmsg", 3, "w:0|0|0|0|0|0|0", 0)], []),
}


def rows(profile):
    return {(entry["use"], entry["family"], entry["type"], entry["address"], entry.get("port"))
            for entry in addresses_of(profile)}


@pytest.mark.parametrize("name", CASES)
def test_where_a_socket_goes_is_recorded(made, name):
    calls, expected = CASES[name]
    found = rows(made(*calls).profile)
    assert {(*row[:4], row[4] or None) for row in found} == \
        {(*row[:4], row[4] or None) for row in expected}


@pytest.fixture(scope="module")
def call32(srcdir, tmp_path_factory):
    """tests/targets/call as an i386 program."""
    program = tmp_path_factory.mktemp("call32") / "call"
    done = subprocess.run([os.environ.get("CC", "cc"), "-m32", "-D_GNU_SOURCE", "-o", program,
                           srcdir / "tests" / "targets" / "call.c"], capture_output=True)
    if done.returncode != 0:
        pytest.skip("no 32-bit compiler here")
    if subprocess.run([program], capture_output=True).returncode != 0:
        pytest.skip("no 32-bit programs here")
    return program


NARROW = {
    "bind": ([("socket", INET, STREAM, 0), ("bind", "r0", *ipv4(port=0))],
             [("bind", "AF_INET", "SOCK_STREAM", "127.0.0.1")]),
    "sendmsg": ([("socket", INET, DGRAM, 0), ("!sendmsg", "r0", message(ipv4()), 0)],
                [("connect", "AF_INET", "SOCK_DGRAM", "127.0.0.1")]),
    "sendmmsg": ([("socket", INET, DGRAM, 0),
                  ("!sendmmsg", "r0", message(ipv4()) + "|0|" + message(ipv4("127.0.0.2"))[2:] + "|0",
                   2, 0)],
                 [("connect", "AF_INET", "SOCK_DGRAM", "127.0.0.1"),
                  ("connect", "AF_INET", "SOCK_DGRAM", "127.0.0.2")]),
}
# socketcall(2): the number of each call.
DISGUISED = {"socket": 1, "bind": 2, "connect": 3, "sendto": 11, "sendmsg": 16, "sendmmsg": 20}


@pytest.mark.parametrize("name", NARROW)
def test_a_32_bit_program_has_its_structures_read_as_it_has_them(made, call32, name):
    calls, expected = NARROW[name]
    found = rows(made(*calls, arch="x86", target=call32).profile)
    assert {row[:4] for row in found} == set(expected)


def test_a_32_bit_program_may_make_its_calls_in_disguise(made, call32):
    address, length = ipv4()
    done = made(("socketcall", DISGUISED["socket"], f"w:{INET}|{DGRAM}|0"),
                ("!socketcall", DISGUISED["connect"], f"w:r0|{address}|{length}"),
                arch="x86", target=call32)
    assert rows(done.profile) == {("connect", "AF_INET", "SOCK_DGRAM", "127.0.0.1", PORT)}
    assert b"AF_INET" in done.profile.read_bytes()


def test_a_32_bit_program_marks_with_its_arguments_elsewhere(made, call32):
    (made.work / "file").write_text("")
    (made.work / "link").symlink_to("file")
    dont_follow = 4
    done = made(("fanotify_init", 0, 0), ("fanotify_mark", "r0", 1, 2, 0, "cwd", "s:file"),
                ("!fanotify_mark", "r0", 1 | dont_follow, 2, 0, "cwd", "s:link"),
                arch="x86", target=call32)
    assert done.did("watch") == done.after.keys()


def test_the_port_that_the_kernel_was_left_to_choose_is_zero(made):
    port = free_port()
    done = made(("socket", INET, STREAM, 0), ("bind", "r0", *ipv4(port=port)))
    assert {row[4] for row in rows(done.profile)} == {port}

