# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles written by hand, for tests that need no traced program."""

import copy
import json
import re

RUN = {
    "command": ["ls", "-l", "/tmp/caf\u00e9 \\xff\n"], "cwd": "/root",
    "start": "2026-11-22T07:05:00.123Z", "duration_ms": 1234, "exit": 0, "signal": None,
    "kernel": "6.18.5", "arch": "x86_64", "tool": "learn 0.1", "uid": 0, "complete": True,
}

PROGRAM = {
    "path": "/usr/bin/ls", "build_id": "0123abcd", "ordered": True,
    "limits": ["a child installed a filter of its own"],
    "libraries": [{"path": "/usr/lib/libc.so.6", "build_id": ""}],
    "peaks": {"NPROC": 3, "NOFILE": 12, "AS": 123456789, "99": 5},
    "after": {"forked": 7, "listen": 5},
    "phases": {
        "load": {
            "calls": {"x86_64": [{"name": "read", "number": 0, "count": 2}]},
            "paths": [{"path": "/etc/ld.so.cache", "did": ["read"], "was": ["file"], "count": 1}],
        },
        "main": {
            "calls": {
                "x86": [{"name": "exit", "number": 1, "count": 1}],
                "x86_64": [
                    {"name": "read", "number": 0, "count": 9},
                    {"name": "ioctl", "number": 16, "count": 5,
                     "results": {"ok": 3, "ENOTTY": 2, "599": 1},
                     "after": ["forked", "listen"],
                     "args": [{"index": 1, "name": "request", "values": [
                         {"value": "0x5401", "name": "TCGETS", "count": 2},
                         {"value": "0x5413", "name": "TIOCGWINSZ", "count": 3}]}],
                     "sites": [["libc.so.6!ioctl+0x1f", "ls!main+0x2"],
                               ["libc.so.6!tcgetattr+0x4"]]},
                    {"name": "prctl", "number": 157, "count": 99,
                     "args": [{"index": 0, "name": "option", "many": True,
                               "or": "0xff", "and": "0x0"}]},
                ],
                "0xc0000102": [{"name": "syscall_7", "number": 7, "count": 1}],
            },
            "paths": [{"path": "/tmp/\\xff\u001b[31m\t", "did": ["read", "write", "create_file"],
                       "was": ["missing", "file"], "count": 3}],
            "sockets": [{"family": "AF_INET", "type": "SOCK_STREAM", "protocol": 6, "count": 1},
                        {"family": "77", "type": "99", "protocol": -1, "count": 0}],
            "addresses": [{"use": "bind", "family": "AF_INET", "type": "SOCK_STREAM",
                           "address": "127.0.0.1", "port": 8080, "count": 1},
                          {"use": "connect", "family": "AF_UNIX", "type": "SOCK_STREAM",
                           "address": "@abstract", "port": 0, "count": 1}],
            "signals": [{"signal": "SIGTERM", "count": 1}, {"signal": "34", "count": 2}],
        },
    },
}


def document(runs=(RUN,), programs=(PROGRAM,)):
    """A fresh document, to be changed at will."""
    return copy.deepcopy({
        "format": "learn-profile", "version": 1,
        "complete": all(run["complete"] for run in runs),
        "runs": list(runs), "programs": list(programs)})


def text(value):
    """The document in the canonical form, if its order is."""
    dumped = json.dumps(value, indent=1, ensure_ascii=False)
    return re.sub(r"\\u00[0-9a-f]{2}", lambda e: "\\u" + e[0][2:].upper(), dumped) + "\n"


def write(path, value):
    """Writes a document, or text as it is; returns the path."""
    path.write_text(value if isinstance(value, str) else text(value), encoding="utf-8")
    return path


def main_calls(value):
    """The x86_64 calls of the first program's main phase."""
    return value["programs"][0]["phases"]["main"]["calls"]["x86_64"]


def without_counts(value):
    """A document's sets: what merging it with itself must not change."""
    if isinstance(value, dict):
        return {k: without_counts(v) for k, v in value.items()
                if k not in ("count", "results") and not (k == "after" and isinstance(v, dict))}
    if isinstance(value, list):
        return [without_counts(v) for v in value]
    return value
