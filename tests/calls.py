# SPDX-License-Identifier: GPL-3.0-or-later
"""System calls written as rows, made by tests/targets/call, and what the file system says of them."""

import ctypes
import ctypes.util
import json
import os
import pathlib
import platform
import stat
import subprocess

import pytest

from conftest import environment

AT_EMPTY_PATH = 0x1000
AT_SYMLINK_FOLLOW = 0x400
AT_SYMLINK_NOFOLLOW = 0x100
AT_REMOVEDIR = 0x200
O_PATH = os.O_PATH
CWD = "cwd"

# Calls that may be newer than libseccomp: one number everywhere.
NEWER = {"fchmodat2": 452, "setxattrat": 463, "getxattrat": 464, "listxattrat": 465,
         "removexattrat": 466, "open_tree_attr": 467, "file_getattr": 468, "file_setattr": 469}
# libseccomp hides these behind socketcall.
SOCKETS_32 = {"socket": 359, "bind": 361, "connect": 362, "sendto": 369, "sendmsg": 370,
              "sendmmsg": 345}
ARCHES = {"x86_64": 0xC000003E, "x86": 0x40000003, "aarch64": 0xC00000B7}


def number(name, arch=None):
    """The number of a call."""
    library = ctypes.CDLL("libseccomp.so.2")
    found = library.seccomp_syscall_resolve_name_arch(
        ctypes.c_uint32(ARCHES[arch or platform.machine()]), name.encode())
    if found < 0:
        found = (SOCKETS_32 if arch == "x86" else NEWER).get(name, found)
    if found < 0:
        pytest.skip(f"no {name} on this architecture")
    return found


def words(calls, arch=None):
    """The arguments of tests/targets/call for rows like ("openat", CWD, "s:name", os.O_RDONLY);
    "!openat" may fail, and "%openat" is made by int 0x80."""
    out = []
    for row in calls:
        if out:
            out.append(",")
        name = row[0].lstrip("!%")
        marks = row[0].removesuffix(name)
        out.append(name if name == "ident" else
                   f"{marks}{number(name, 'x86' if '%' in marks else arch)}")
        out += [word if isinstance(word, bytes) else str(word) for word in row[1:]]
    return out


def decode(text):
    """A profile's text form as bytes: \\xHH where it is no UTF-8."""
    out, i, raw = bytearray(), 0, text.encode("utf-8")
    while i < len(raw):
        if raw[i:i + 2] == b"\\x":
            out.append(int(raw[i + 2:i + 4], 16))
            i += 4
        else:
            step = 2 if raw[i:i + 2] == b"\\\\" else 1
            out.append(raw[i + step - 1])
            i += step
    return bytes(out)


def paths_of(profile):
    """{path as bytes: (what was done, what was there)} over all programs and phases."""
    found = {}
    for program in json.loads(profile.read_text(encoding="utf-8"))["programs"]:
        for phase in program["phases"].values():
            for entry in phase.get("paths", []):
                did, were = found.setdefault(decode(entry["path"]), (set(), set()))
                did.update(entry["did"])
                were.update(entry["was"])
    return found


def addresses_of(profile):
    return [entry
            for program in json.loads(profile.read_text(encoding="utf-8"))["programs"]
            for phase in program["phases"].values() for entry in phase.get("addresses", [])]


def tree(top):
    """{path below TOP as bytes: (kind, inode)}: what the file system says."""
    kinds = {stat.S_IFREG: "file", stat.S_IFDIR: "dir", stat.S_IFLNK: "symlink",
             stat.S_IFSOCK: "socket", stat.S_IFIFO: "fifo", stat.S_IFCHR: "char",
             stat.S_IFBLK: "block"}
    found = {}
    for where, dirs, files, fd in os.fwalk(os.fsencode(top)):
        for name in dirs + files:
            st = os.lstat(name, dir_fd=fd)
            found[os.path.join(where, name)] = (kinds[stat.S_IFMT(st.st_mode)], st.st_ino)
    return found


class Made:
    """Calls made under learn in a directory, and the directory before and after."""

    def __init__(self, top, profile, done, before):
        self.done, self.profile, self.before, self.after = done, profile, before, tree(top)
        self.top = os.fsencode(top)
        self.paths = paths_of(profile)
        self.idents = [tuple(int(word) for word in line.split()[1:])
                       for line in done.stdout.decode().splitlines() if line.startswith("ident")]

    def did(self, *effects):
        """The paths below the directory to which one of these was done."""
        return {path for path, (did, _) in self.paths.items()
                if did & set(effects) and path.startswith(self.top + b"/")}

    def new(self, kind):
        """The entries of that kind that are there now and were not before."""
        return {path for path, entry in self.after.items()
                if entry[0] == kind and self.before.get(path) != entry}

    def gone(self, directories):
        return {path for path, entry in self.before.items()
                if (entry[0] == "dir") == directories and self.after.get(path) != entry}


class Maker:
    def __init__(self, learn, target, top):
        self.learn, self.target, self.top = learn, target, top
        self.prefix = []
        self.work = top / "work"
        self.work.mkdir()

    def __call__(self, *calls, options=(), arch=None, target=None, cwd=None):
        profile = self.top / "profile"
        before = tree(self.work)
        argv = [*self.prefix, self.learn, *options, "-o", profile, "--", target or self.target,
                *words(calls, arch)]
        done = subprocess.run(argv, cwd=cwd or self.work, env=environment(), timeout=60,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE)
        assert done.returncode == 0, done.stderr.decode()
        return Made(self.work, profile, done, before)


def identity(path):
    st = os.stat(path)
    return st.st_dev, st.st_ino
