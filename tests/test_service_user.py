# SPDX-License-Identifier: GPL-3.0-or-later
"""learn service finish --unprivileged: what starts as root and becomes a user is started as that
user, if it works so."""

import pytest

from test_service_live import Host, host  # noqa: F401: a fixture

DAEMON = """#!/usr/bin/python3 -IS
import os, signal, socket, sys

secret = open("/srv/own/secret").read()
if "refuses" in sys.argv and os.geteuid():
    sys.exit("I insist on being root")
log = open("/var/log/own/log", "a")
listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", 81))
listener.listen()
with open("/run/own.pid", "w") as file:
    print(os.getpid(), file=file)
os.makedirs("/run/own", exist_ok=True)
if os.geteuid() == 0:
    os.chown("/run/own", 1, 1)
    os.setgroups([4])
    os.setgid(1)
    os.setuid(1)
open("/run/own/made", "w").close()

def end(*_):
    try:
        os.unlink("/run/own.pid")
    finally:
        os._exit(0)

signal.signal(signal.SIGTERM, end)
while True:
    client, _ = listener.accept()
    print("asked", file=log, flush=True)
    client.sendall(f"{os.getuid()} {os.getgid()}".encode())
    client.close()
"""
ASK = "python3 -c 'import socket; print(socket.create_connection((\"127.0.0.1\", 81), 5).recv(9))'"
ASK = f"until {ASK}; do sleep 0.1; done 2>/dev/null"
OWNERS = "stat -c '%u:%g %a %n' /var/log/own /var/log/own/log /srv/own/secret"


@pytest.fixture
def own(host):  # noqa: F811
    """A recorded service that starts as root, with a low port and files that are root's."""
    host.sh("mkdir -p /srv/own /var/log/own && cat >/opt/own && chmod 755 /opt/own && cd /srv/own "
            "&& echo secret >secret && chgrp adm secret && chmod 640 secret; rm -f "
            "/var/log/own/log", input=DAEMON)

    def start(*words):
        host.unit("own.service", f"[Service]\nType=exec\nExecStart=!/opt/own {' '.join(words)}\n")
        host.sh("systemctl start own")
        host.sh(f"{ASK}; systemctl stop own; {OWNERS}")
        host.before = host.tree(), host.sh(OWNERS).stdout
        host.sh("systemctl start own")
        host.learn("start", "--settle=0", "own")
        host.sh(ASK)
        return host
    yield start
    host.learn("reset", "own")
    host.sh("systemctl stop own; rm -rf /opt/own /srv/own /var/log/own /run/own")


def finish(host, *options, verify=ASK, **keywords):  # noqa: F811
    return host.learn("finish", "--unprivileged", "--settle=1", *options,
                      *([f"--verify={verify}"] if "--apply" in options else []), "own", **keywords)


def check_is_as_before(host):  # noqa: F811
    host.learn("reset", "own")
    assert "b'1 1'" in host.sh(ASK).stdout
    host.sh("systemctl stop own")
    assert (host.tree(), host.sh(OWNERS).stdout) == host.before


def check_refused(host, option, message):  # noqa: F811
    done = finish(host, option, check=False)
    assert done.returncode == 2 and message in done.stderr


def test_it_is_started_as_the_user_with_all_that_this_takes(own):
    host = own()
    check_refused(host, "--dry-run", "which --dry-run does not")
    check_refused(host, "--no-restart", "it does not go with --no-restart")
    check_refused(host, "--user", "that user's already")
    done = finish(host, "--apply")
    for line in ("User=daemon", "Group=daemon", "SupplementaryGroups=adm", "RuntimeDirectory=own",
                 "AmbientCapabilities=CAP_NET_BIND_SERVICE",
                 "CapabilityBoundingSet=CAP_NET_BIND_SERVICE", "ExecStart=/opt/own",
                 'ExecStopPost=+-/bin/rm -f "/run/own.pid"'):
        assert f"\n{line}\n" in done.stdout, done.stdout
    status = host.sh("cat /proc/$(systemctl show -P MainPID own)/status").stdout
    assert "\nUid:\t1\t1\t1\t1\n" in status and "\nGroups:\t1 4 \n" in status
    assert "\nCapEff:\t0000000000000400\n" in status  # 1 << CAP_NET_BIND_SERVICE
    assert "b'1 1'" in host.sh(ASK).stdout
    owner = host.sh("stat -c %U /var/log/own/log /run/own.pid /run/own").stdout.split()
    assert owner == ["daemon"] * 3
    host.sh("systemctl stop own; test ! -e /run/own.pid; systemctl start own; sleep 0.3")
    # What only root did gets the kernel's own answer, and is not allowed.
    assert "setuid:EPERM" in done.stdout and "\nPrivateUsers" not in done.stdout
    check_is_as_before(host)


@pytest.mark.long
def test_it_stays_so_when_it_is_recorded_again(own):
    host = own()
    finish(host, "--apply")
    host.learn("start", "--settle=0", "own")
    status = host.sh("cat /proc/$(systemctl show -P MainPID own)/status").stdout
    assert "\nUid:\t1\t" in status and "\nSeccomp_filters:\t0\n" in status
    host.sh(ASK)
    done = host.learn("finish", "--apply", "--settle=1", f"--verify={ASK}", "own")
    assert "\nUser=daemon\n" in done.stdout and "is tried" not in done.stderr
    assert host.filters("own") > 0
    assert "\nUser=daemon\n" in host.learn("finish", "--dry-run", "own").stdout
    check_is_as_before(host)


@pytest.mark.parametrize("words, verify, said", [
    pytest.param(["refuses"], ASK, "it said: I insist on being root", marks=pytest.mark.long,
                 id="refuses"),
    pytest.param([], "test \"$(systemctl show -P User own)\" != daemon",
                 "does not do as daemon what it is for", marks=pytest.mark.long, id="verify"),
])
def test_where_it_does_not_work_it_is_confined_as_root_and_told_why(own, words, verify, said):
    host = own(*words)
    done = finish(host, "--apply", verify=verify, check=False)
    assert done.returncode == 1
    assert said in done.stderr and "own.service goes on to start as root" in done.stderr
    assert host.show("own", "User") == "" and host.filters("own") > 0
    assert "\nUser=" not in done.stdout and "CAP_SETUID" in done.stdout
    assert host.sh(OWNERS).stdout == host.before[1]
    assert "b'1 1'" in host.sh(ASK).stdout
    check_is_as_before(host)


@pytest.mark.long
def test_it_is_only_looked_at_without_apply(own):
    host = own()
    done = finish(host)
    assert "\nUser=daemon\n" in done.stdout
    assert host.show("own", "User") == "" and host.filters("own") == 0
    assert host.sh(OWNERS).stdout == host.before[1]
    check_is_as_before(host)


@pytest.mark.long
def test_a_crash_while_it_is_tried_is_put_right_by_reset(own):
    host = own()
    host.sh("/opt/learn service finish --apply --unprivileged --settle=9 own >/srv/said 2>&1 &\n"
            "p=$!\n"
            "until [ \"$(systemctl show -P User own)\" = daemon ]; do sleep 0.1; done\n"
            "sleep 1; kill -9 $p")
    assert host.sh("stat -c %U /var/log/own/log").stdout == "daemon\n"
    check_is_as_before(host)
