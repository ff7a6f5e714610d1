# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers with threads, under load, are attached to for five seconds, ten times: no request fails,
none is answered twice or not at all, and afterwards they are as they were. Slow: `make check-long`."""

import http.client
import re
import signal
import socket
import subprocess
import time

import pytest

from conftest import free_port, need
from test_record_attach import (NGINX, Load, attach, attached_for, children, listening,  # noqa: F401
                                started, tasks, wait_until)

pytestmark = pytest.mark.long

ATTACHMENTS, SECONDS = 10, 5
PAGE = b"hello\n" * 1000


def rate(count, seconds=1):
    """How many a second, in the best of three."""
    rates = []
    for _ in range(3):
        before, start = count(), time.monotonic()
        time.sleep(seconds)
        rates.append((count() - before) / (time.monotonic() - start))
    return max(rates)


def attach_again_and_again(attach, pid, count):
    """What is served may be less while it is recorded, and not afterwards."""
    before = rate(count)
    for _ in range(ATTACHMENTS):
        with attached_for(attach, SECONDS, pid):
            pass
        served = count()
        wait_until(lambda: count() > served + 100)
    assert rate(count) > before / 3


class Redis:
    """A connection, and how often its key was counted up."""

    def __init__(self, port):
        self.stream = socket.create_connection(("127.0.0.1", port), 20).makefile("rwb", 0)
        self.key, self.n = b"key:%d" % id(self), 0

    def ask(self, *words):
        self.stream.write(b" ".join(words) + b"\r\n")
        return self.stream.readline()

    def count(self):
        self.n += 1
        assert self.ask(b"INCR", self.key) == b":%d\r\n" % self.n


def test_redis_with_threads_of_its_own(attach, started, tmp_path, tsv, result):
    port = free_port()
    server = started(need("redis-server"), "--port", str(port), "--save", "", "--bind",
                     "127.0.0.1", "--io-threads", "2", "--io-threads-do-reads", "yes",
                     "--appendonly", "yes", "--appendfsync", "everysec",
                     stdout=subprocess.DEVNULL)
    wait_until(lambda: listening(port))
    bench = started(need("redis-benchmark"), "-p", str(port), "-q", "-l", "-c", "20", "-t",
                    "set,get,lpush,lpop,zadd", stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    wait_until(lambda: len(tasks(server.pid)) > 4)
    start = time.monotonic()
    load = Load(lambda: Redis(port), Redis.count, threads=2)
    attach_again_and_again(attach, server.pid, lambda: load.requests)
    load.stop()
    assert bench.poll() is None
    bench.terminate()
    said, _ = bench.communicate(timeout=20)
    assert not re.search(r"error|refused|reset|closed", said, re.I), said
    asked = Redis(port)
    assert asked.ask(b"PING") == b"+PONG\r\n"
    asked.stream.write(b"SHUTDOWN NOSAVE\r\n")
    assert server.wait(timeout=20) == 0
    rows = tsv(tmp_path / "attached.profile")
    calls = {row.call for row in rows}
    assert {"epoll_wait", "read", "write", "futex", "fdatasync"} <= calls
    result(f"redis, {ATTACHMENTS} x -p", 0, "same", len(calls), "-",
           f"{time.monotonic() - start:.1f}")


class Client:
    """A connection that knows the page."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)

    def get(self):
        self.connection.request("GET", "/")
        answer = self.connection.getresponse()
        assert (answer.status, answer.read()) == (200, PAGE)


def test_nginx_with_workers_and_threads_under_wrk(attach, started, public_dir, tmp_path, tsv,
                                                  result):
    wrk, port, config = need("wrk"), free_port(), public_dir / "nginx.conf"
    config.write_text(NGINX.format(dir=public_dir, port=port).replace(
        "access_log off;", "access_log off; sendfile off; aio threads;"))
    (public_dir / "index.html").write_bytes(PAGE)
    server = started(need("nginx"), "-c", config, "-e", public_dir / "error.log",
                     stdout=subprocess.DEVNULL)
    wait_until(lambda: listening(port))
    workers = wait_until(lambda: children(server.pid) if len(children(server.pid)) == 3 else None)
    start = time.monotonic()
    loader = started(wrk, "-t", "2", "-c", "16", "-d", "600s", "--timeout", "10s",
                     f"http://127.0.0.1:{port}/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    load = Load(lambda: Client(port), Client.get, threads=2)
    wait_until(lambda: any(len(tasks(pid)) > 1 for pid in workers))
    attach_again_and_again(attach, server.pid, lambda: load.requests)
    load.stop()
    loader.send_signal(signal.SIGINT)  # asks for the sum
    said, _ = loader.communicate(timeout=20)
    assert int(re.search(r"(\d+) requests in", said)[1]) > 1000, said
    assert not re.search("Socket errors|Non-2xx", said), said
    assert children(server.pid) == workers
    assert not re.search(r"Interrupted|alert|crit|emerg", (public_dir / "error.log").read_text())
    server.send_signal(signal.SIGQUIT)  # ends when all is answered
    assert server.wait(timeout=20) == 0
    calls = {row.call for row in tsv(tmp_path / "attached.profile")}
    assert {"epoll_wait", "recvfrom", "writev", "pread64", "futex"} <= calls
    result(f"nginx, {ATTACHMENTS} x -p", 0, "same", len(calls), "-",
           f"{time.monotonic() - start:.1f}")
