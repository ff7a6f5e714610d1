# SPDX-License-Identifier: GPL-3.0-or-later
"""What each call does to a path is recorded, as the file system shows it afterwards."""

import ctypes
import os
import stat
import struct

import pytest

from calls import (AT_EMPTY_PATH, AT_REMOVEDIR, AT_SYMLINK_FOLLOW, AT_SYMLINK_NOFOLLOW, CWD,
                   identity)
from conftest import WITH_QUEUES, need_mounts, need_root

R, W, RW, CREAT, TRUNC = os.O_RDONLY, os.O_WRONLY, os.O_RDWR, os.O_CREAT, os.O_TRUNC
KINDS = {"create_file": "file", "create_dir": "dir", "create_symlink": "symlink",
         "create_socket": "socket", "create_fifo": "fifo", "create_char": "char",
         "create_block": "block"}


@pytest.fixture
def yard(made):
    work = made.work
    for name in ("a", "b"):
        (work / name / "dir").mkdir(parents=True)
        (work / name / "file").write_text(name)
        (work / name / "link").symlink_to("file")
        os.mkfifo(work / name / "fifo")
    return work


def agrees(done):
    """Whether what is recorded as made and removed is what was made and removed."""
    for effect, kind in KINDS.items():
        assert done.did(effect) == done.new(kind), effect
    assert done.did("remove_file") == done.gone(directories=False)
    assert done.did("remove_dir") == done.gone(directories=True)
    assert done.before != done.after
    return True


NOREPLACE, EXCHANGE, WHITEOUT = 1, 2, 4
CHANGES = {
    "creat": [("creat", "s:new", 0o644)],
    "open": [("open", "s:a/new", W | CREAT, 0o644)],
    "mkdir": [("mkdir", "s:new", 0o755)],
    "mkdir with a slash": [("mkdir", "s:a/../new//", 0o755)],
    "mkdirat": [("openat", CWD, "s:a", os.O_PATH), ("mkdirat", "r0", "s:new", 0o755)],
    "mknod of a file": [("mknod", "s:new", stat.S_IFREG | 0o644, 0)],
    "mknod of no type": [("mknod", "s:new", 0o644, 0)],
    "mknod of a pipe": [("mknodat", CWD, "s:new", stat.S_IFIFO | 0o644, 0)],
    "mknod of a socket": [("mknodat", CWD, "s:new", stat.S_IFSOCK | 0o644, 0)],
    "mknod of a character device": [("mknodat", CWD, "s:new", stat.S_IFCHR | 0o644, 0x103)],
    "mknod of a block device": [("mknodat", CWD, "s:new", stat.S_IFBLK | 0o644, 0x700)],
    "symlink": [("symlink", "s:anything", "s:new")],
    "symlinkat": [("openat", CWD, "s:a", R), ("symlinkat", "s:/", "r0", "s:new")],
    "link": [("link", "s:a/file", "s:b/new")],
    "link of a link": [("link", "s:a/link", "s:b/new")],
    "linkat that follows": [("linkat", CWD, "s:a/link", CWD, "s:b/new", AT_SYMLINK_FOLLOW)],
    "linkat of a descriptor": [("openat", CWD, "s:a/fifo", os.O_PATH),
                               ("linkat", "r0", "s:", CWD, "s:b/new", AT_EMPTY_PATH)],
    "linkat through /proc": [("openat", CWD, "s:a/file", os.O_PATH),
                             ("linkat", CWD, "s:/proc/self/fd/3", CWD, "s:a/new",
                              AT_SYMLINK_FOLLOW)],
    "O_TMPFILE given a name": [("openat", CWD, "s:a", RW | os.O_TMPFILE, 0o600),
                               ("linkat", CWD, "s:/proc/self/fd/3", CWD, "s:a/new",
                                AT_SYMLINK_FOLLOW)],
    "rename": [("rename", "s:a/file", "s:b/new")],
    "rename onto a file": [("rename", "s:a/file", "s:b/file")],
    "rename of a link": [("rename", "s:a/link", "s:a/new")],
    "rename of a directory with slashes": [("rename", "s:a/dir/", "s:b/new/")],
    "rename onto a directory": [("renameat", CWD, "s:a/dir", CWD, "s:b/dir")],
    "RENAME_NOREPLACE": [("renameat2", CWD, "s:a/fifo", CWD, "s:new", NOREPLACE)],
    "RENAME_EXCHANGE": [("renameat2", CWD, "s:a/file", CWD, "s:b/dir", EXCHANGE)],
    "unlink": [("unlink", "s:a/link")],
    "unlinkat": [("openat", CWD, "s:a", R), ("unlinkat", "r0", "s:fifo", 0)],
    "unlinkat of a directory": [("unlinkat", CWD, "s:a/dir", AT_REMOVEDIR)],
    "rmdir with slashes": [("rmdir", "s:a/dir///")],
    "bind": [("socket", 1, 1, 0), ("bind", "r0", "b:" + (b"\x01\0a/new\0").hex(), 8)],
    "bind without an end": [("socket", 1, 1, 0), ("bind", "r0", "b:" + (b"\x01\0a/newXX").hex(),
                                                  7)],
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_made_and_removed_is_recorded_so(made, yard, name):
    if "device" in name:
        need_root()
    done = made(*CHANGES[name])
    if name == "O_TMPFILE given a name":
        done.paths.pop(os.fsencode(yard / "a" / "#tmpfile"))
    assert agrees(done)


def test_a_whiteout_is_a_device_left_behind(made, yard):
    need_root()
    done = made(("!renameat2", CWD, "s:a/file", CWD, "s:a/new", WHITEOUT))
    if done.before == done.after:
        pytest.skip("this file system knows no whiteouts")
    assert agrees(done)


CROSSINGS = {"rename": "rename", "link": "link"}


@pytest.mark.parametrize("call", CROSSINGS)
def test_only_from_one_directory_to_another_is_something_referred(made, yard, call):
    done = made((call, "s:a/file", "s:a/near"), (call, "s:b/file", "s:a/far"))
    assert done.did("refer") == {os.fsencode(yard / "b" / "file"), os.fsencode(yard / "a" / "far")}


IN_VAIN = {
    "RENAME_NOREPLACE": ("renameat2", CWD, "s:a/file", CWD, "s:b/file", NOREPLACE),
    "RENAME_EXCHANGE": ("renameat2", CWD, "s:a/file", CWD, "s:new", EXCHANGE),
    "link": ("link", "s:a/file", "s:b/file"),
    "rename from nowhere": ("rename", "s:absent/file", "s:new"),
    "rename to nowhere": ("rename", "s:a/file", "s:absent/new"),
    "AT_EMPTY_PATH not given": ("linkat", 0, "s:", CWD, "s:new", 0),
    "bind where nothing is": ("bind", 0, "b:" + (b"\x01\0absent/new\0").hex(), 13),
}


@pytest.mark.parametrize("name", IN_VAIN)
def test_what_cannot_succeed_whatever_the_policy_is_not_recorded(made, yard, name):
    call, *args = IN_VAIN[name]
    done = made(("!" + call, *args))
    assert done.before == done.after
    assert not done.did(*KINDS, "remove_file", "remove_dir", "refer")


def test_a_removed_entry_is_the_link_not_what_it_leads_to(made, yard):
    done = made(("unlink", "s:a/link"))
    assert done.did("remove_file") == {os.fsencode(yard / "a" / "link")}


# ---- calls that change or use what is there ----

SETXATTR = ["s:user.learn", "s:value", 5, 0]
XATTR_ARGS = "w:s:value|5"
Q_QUOTAON = 0x800002 << 8
USES = {
    "truncate": ([("truncate", "s:a/link", 0)], "truncate", "a/file"),
    "ftruncate": ([("openat", CWD, "s:a/file", W), ("ftruncate", "r0", 0)], "truncate", "a/file"),
    "O_TRUNC": ([("openat", CWD, "s:a/link", W | TRUNC)], "truncate", "a/file"),
    "chmod": ([("chmod", "s:a/link", 0o600)], "metadata", "a/file"),
    "fchmod": ([("openat", CWD, "s:a/file", R), ("fchmod", "r0", 0o600)], "metadata", "a/file"),
    "fchmodat": ([("fchmodat", CWD, "s:a/link", 0o600)], "metadata", "a/file"),
    "fchmodat2": ([("!fchmodat2", CWD, "s:a/link", 0o600, AT_SYMLINK_NOFOLLOW)], "metadata",
                  "a/link"),
    "chown": ([("chown", "s:a/link", -1, -1)], "metadata", "a/file"),
    "lchown": ([("lchown", "s:a/link", -1, -1)], "metadata", "a/link"),
    "fchown": ([("openat", CWD, "s:a/file", R), ("fchown", "r0", -1, -1)], "metadata", "a/file"),
    "fchownat": ([("fchownat", CWD, "s:a/link", -1, -1, AT_SYMLINK_NOFOLLOW)], "metadata",
                 "a/link"),
    "utime": ([("utime", "s:a/link", 0)], "metadata", "a/file"),
    "utimes": ([("utimes", "s:a/link", 0)], "metadata", "a/file"),
    "futimesat": ([("openat", CWD, "s:a/file", R), ("futimesat", "r0", 0, 0)], "metadata",
                  "a/file"),
    "utimensat": ([("utimensat", CWD, "s:a/link", 0, AT_SYMLINK_NOFOLLOW)], "metadata", "a/link"),
    "utimensat of a descriptor": ([("openat", CWD, "s:a/link", R), ("utimensat", "r0", 0, 0, 0)],
                                  "metadata", "a/file"),
    "utimensat of an empty path": ([("openat", CWD, "s:a", os.O_PATH),
                                    ("utimensat", "r0", "s:", 0, AT_EMPTY_PATH)], "metadata", "a"),
    "setxattr": ([("!setxattr", "s:a/link", *SETXATTR)], "metadata", "a/file"),
    "lsetxattr": ([("!lsetxattr", "s:a/link", *SETXATTR)], "metadata", "a/link"),
    "fsetxattr": ([("openat", CWD, "s:a/file", R), ("!fsetxattr", "r0", *SETXATTR)], "metadata",
                  "a/file"),
    "setxattrat": ([("!setxattrat", CWD, "s:a/link", AT_SYMLINK_NOFOLLOW, "s:user.learn",
                     XATTR_ARGS, 16)], "metadata", "a/link"),
    "setxattrat of a descriptor": ([("openat", CWD, "s:a/file", R),
                                    ("!setxattrat", "r0", 0, AT_EMPTY_PATH, "s:user.learn",
                                     XATTR_ARGS, 16)], "metadata", "a/file"),
    "removexattr": ([("!removexattr", "s:a/link", "s:user.learn")], "metadata", "a/file"),
    "lremovexattr": ([("!lremovexattr", "s:a/link", "s:user.learn")], "metadata", "a/link"),
    "fremovexattr": ([("openat", CWD, "s:a/file", R), ("!fremovexattr", "r0", "s:user.learn")],
                     "metadata", "a/file"),
    "removexattrat": ([("!removexattrat", CWD, "s:a/link", AT_SYMLINK_NOFOLLOW, "s:user.learn")],
                      "metadata", "a/link"),
    "file_setattr": ([("!file_setattr", CWD, "s:a/link", "b:" + "00" * 24, 24,
                       AT_SYMLINK_NOFOLLOW)], "metadata", "a/link"),
    "chdir": ([("chdir", "s:a/dir/../dir")], "chdir", "a/dir"),
    "fchdir": ([("openat", CWD, "s:b", R), ("fchdir", "r0")], "chdir", "b"),
    "chroot": ([("chroot", "s:a/")], "root", "a"),
    "inotify": ([("inotify_init1", 0), ("inotify_add_watch", "r0", "s:a/link", 2)], "watch",
                "a/file"),
    "inotify of a link": ([("inotify_init1", 0),
                           ("inotify_add_watch", "r0", "s:a/link", 0x02000002)], "watch", "a/link"),
    "fanotify": ([("fanotify_init", 0, 0), ("fanotify_mark", "r0", 1, 2, CWD, "s:a/link")],
                 "watch", "a/file"),
    "fanotify of a link": ([("fanotify_init", 0x200, 0),
                            ("!fanotify_mark", "r0", 5, 2, CWD, "s:a/link")], "watch", "a/link"),
    "fanotify of a descriptor": ([("fanotify_init", 0, 0), ("openat", CWD, "s:b/file", R),
                                  ("fanotify_mark", "r0", 1, 2, "r1", 0)], "watch", "b/file"),
    "acct": ([("!acct", "s:a/link")], "write", "a/file"),
    "swapon": ([("!swapon", "s:a/link", 0)], "write", "a/file"),
    "swapoff": ([("!swapoff", "s:a/link")], "write", "a/file"),
    "quotactl": ([("!quotactl", Q_QUOTAON, "s:/dev/zero", 0, "s:a/link")], "write", "a/file"),
    "uselib": ([("!uselib", "s:a/link")], "execute", "a/file"),
    "BPF_OBJ_GET": ([("!bpf", 7, "w:s:a/link|0|0", 24)], "read", "a/file"),
    "BPF_OBJ_PIN": ([("!bpf", 6, "w:s:a/new|0|0", 24)], "create_file", "a/new"),
    "mount": ([("unshare", 0x20000), ("mount", "s:tmpfs", "s:a/dir", "s:tmpfs", 0, "0")], "mount",
              "a/dir"),
    "umount": ([("!umount2", "s:a/link", 8)], "mount", "a/link"),
    "fspick": ([("!fspick", CWD, "s:a/link", 2)], "mount", "a/link"),
    "fspick of a descriptor": ([("openat", CWD, "s:a/dir", os.O_PATH),
                                ("!fspick", "r0", "s:", 8)], "mount", "a/dir"),
    "open_tree": ([("open_tree", CWD, "s:a/link", 0)], "mount", "a/file"),
    "open_tree of a link": ([("open_tree", CWD, "s:a/link", AT_SYMLINK_NOFOLLOW)], "mount",
                            "a/link"),
    "open_tree of a descriptor": ([("openat", CWD, "s:a/dir", os.O_PATH),
                                   ("open_tree", "r0", "s:", AT_EMPTY_PATH)], "mount", "a/dir"),
    "open_tree_attr": ([("!open_tree_attr", CWD, "s:a/link", AT_SYMLINK_NOFOLLOW, 0, 0)], "mount",
                       "a/link"),
    "mount_setattr": ([("!mount_setattr", CWD, "s:a/link", AT_SYMLINK_NOFOLLOW, "b:" + "00" * 32,
                        32)], "mount", "a/link"),
    "move_mount": ([("open_tree", CWD, "s:a/dir", 1), ("unshare", 0x20000),
                    ("!move_mount", "r0", "s:", CWD, "s:b/link", 4)], "mount", "b/link"),
    "fsconfig of a path": ([("fsopen", "s:tmpfs", 0),
                            ("!fsconfig", "r0", 3, "s:source", "s:a/link", CWD)], "mount",
                           "a/file"),
    "fsconfig of a descriptor": ([("openat", CWD, "s:a/dir", os.O_PATH), ("fsopen", "s:tmpfs", 0),
                                  ("!fsconfig", "r1", 4, "s:source", "s:", "r0")], "mount",
                                 "a/dir"),
    "connect": ([("socket", 1, 2, 0), ("!connect", "r0", "b:" + (b"\1\0a/link\0").hex(), 9)],
                "connect", "a/file"),
    "sendto": ([("socket", 1, 2, 0),
                ("!sendto", "r0", "s:x", 1, 0, "b:" + (b"\1\0a/link\0").hex(), 9)], "connect",
               "a/file"),
    "sendmsg": ([("socket", 1, 2, 0),
                 ("!sendmsg", "r0", "w:b:" + (b"\1\0a/link\0").hex() + "|9|0|0|0|0|0", 0)],
                "connect", "a/file"),
    "sendmmsg": ([("socket", 1, 2, 0),
                  ("!sendmmsg", "r0", "w:0|0|0|0|0|0|0|0|b:" + (b"\1\0b/link\0").hex() +
                   "|9|0|0|0|0|0", 2, 0)], "connect", "b/file"),
}
ROOT_ONLY = ("chroot", "mount", "umount", "open_tree", "move_mount", "fsconfig", "fanotify",
             "acct", "swap", "fspick", "pivot")


@pytest.mark.parametrize("name", USES)
def test_what_a_call_does_is_recorded_at_what_it_does_it_to(made, yard, name):
    calls, effect, path = USES[name]
    if name.startswith(ROOT_ONLY):
        need_root()
    if name in ("mount", "move_mount"):
        need_mounts()
    done = made(*calls)
    expected = {os.fsencode(yard / path)}
    if name in ("move_mount",):
        expected.add(os.fsencode(yard / "a" / "dir"))  # open_tree's
    assert done.did(effect) == expected


def test_times_of_a_descriptor_change_where_that_is_recorded(made, yard):
    done = made(("openat", CWD, "s:a/link", R),
                ("utimensat", "r0", 0, "b:" + struct.pack("qqqq", 1, 0, 2, 0).hex(), 0))
    (path,) = done.did("metadata")
    assert os.stat(path).st_mtime == 2


def test_a_bind_mounts_source_is_recorded_and_the_word_for_a_file_system_is_not(made, yard):
    need_mounts()
    (yard / "tmpfs").mkdir()
    done = made(("unshare", 0x20000), ("mount", "0", "s:/", "0", 1 << 18 | 16384, "0"),
                ("mount", "s:a/dir", "s:b/dir", "0", 4096, "0"),
                ("mount", "s:tmpfs", "s:a/dir", "s:tmpfs", 0, "0"))
    assert done.did("mount") == {os.fsencode(yard / name) for name in ("a/dir", "b/dir")}


def test_pivot_root_has_two_paths(made, yard):
    need_mounts()
    done = made(("unshare", 0x20000), ("mount", "0", "s:/", "0", 1 << 18 | 16384, "0"),
                ("mount", f"s:{yard}/a", f"s:{yard}/a", "0", 4096, "0"),
                ("pivot_root", f"s:{yard}/a", f"s:{yard}/a/dir"), ("chdir", "s:/"),
                ("openat", CWD, "s:file", R))
    assert done.did("root") == {os.fsencode(yard / name) for name in ("a", "a/dir")}
    assert b"/file" in done.paths  # as it is called in the namespace


@pytest.mark.parametrize("flags, here, there", [
    (0, "a/link", "b/link"), (0x01, "a/file", "b/link"), (0x10, "a/link", "b/file"),
    (0x04, "a/dir", "b/link"), (0x40, "a/link", "b/dir")])
def test_a_mount_is_moved_by_names_links_or_descriptors(made, yard, flags, here, there):
    need_root()
    done = made(("openat", CWD, "s:a/dir", os.O_PATH), ("openat", CWD, "s:b/dir", os.O_PATH),
                ("!move_mount", *(["r0", "s:"] if flags & 0x04 else [CWD, "s:a/link"]),
                 *(["r1", "s:"] if flags & 0x40 else [CWD, "s:b/link"]), flags))
    assert done.did("mount") == {os.fsencode(yard / here), os.fsencode(yard / there)}


def test_a_file_opened_by_its_handle_is_recorded(made, yard):
    need_root()
    # A file's handle stays the same: asked for here, opened under learn.
    handle = ctypes.create_string_buffer(bytes([128, 0, 0, 0]) + bytes(4 + 128))
    path = os.fsencode(yard / "a" / "file")
    if ctypes.CDLL(None).name_to_handle_at(-100, path, handle, ctypes.byref(ctypes.c_int()), 0):
        pytest.skip("no handles on this file system")
    done = made(("openat", CWD, "s:a", R),
                ("open_by_handle_at", "r0", "b:" + handle.raw.hex(), W), ("ident", "r1"))
    assert [identity(path) for path in done.did("write")] == done.idents


def test_a_message_queue_is_a_file_where_queues_are_mounted(made, yard):
    name = f"learn-test-{os.getpid()}"
    path = os.fsencode(f"/dev/mqueue/{name}")
    need_root()
    made.prefix = WITH_QUEUES
    done = made(("mq_open", f"s:{name}", RW | CREAT, 0o600, 0), ("ident", "r0"),
                ("openat", CWD, b"s:" + path, R), ("ident", "r2"), ("mq_unlink", f"s:{name}"))
    assert done.idents[0] == done.idents[1]
    assert done.paths[path][0] == {"read", "write", "create_file", "remove_file"}


def test_o_tmpfile_is_a_file_made_in_the_directory(made, yard):
    done = made(("openat", CWD, "s:a", RW | os.O_TMPFILE, 0o600))
    assert done.paths[os.fsencode(yard / "a" / "#tmpfile")][0] == {"create_file", "read", "write"}
    assert done.before == done.after


def test_what_is_not_executed_as_it_is_a_link_is_not_recorded_as_executed(made, yard):
    done = made(("!execveat", CWD, "s:a/link", 0, 0, AT_SYMLINK_NOFOLLOW))
    assert os.fsencode(yard / "a" / "file") not in done.did("execute")


NOTHING = {
    "FAN_MARK_FLUSH": [("fanotify_init", 0, 0), ("!fanotify_mark", "r0", 0x80, 0, CWD, "s:a/file")],
    "a command without a path": [("fsopen", "s:tmpfs", 0),
                                 ("!fsconfig", "r0", 1, "s:source", "s:a/dir", 0)],
}


@pytest.mark.parametrize("name", NOTHING)
def test_what_is_not_looked_up_is_not_recorded(made, yard, name):
    need_root()
    assert made(*NOTHING[name]).did("watch", "mount") == set()


def test_a_source_that_is_not_looked_at_is_not_recorded(made, yard):
    """Mounted anew with other flags (MS_REMOUNT), where MS_BIND says that they are the mount's."""
    need_mounts()
    done = made(("unshare", 0x20000), ("!mount", "s:a/dir", "s:b/dir", "0", 4096 | 32, "0"))
    assert done.did("mount") == {os.fsencode(yard / "b" / "dir")}


def test_noise_above_a_command_is_not_taken_for_another(made, yard):
    need_root()
    done = made(("fsopen", "s:tmpfs", 0), ("!fsconfig", "r0", 3 | 1 << 40, "s:source", "s:a/dir", CWD))
    assert done.did("mount") == {os.fsencode(yard / "a" / "dir")}


# ---- executing ----

@pytest.fixture
def program(yard):
    """A script in #!: whose interpreter is a script again."""
    for name, interpreter in (("one", "/bin/sh"), ("two", yard / "one"), ("three", yard / "two")):
        (yard / name).write_text(f"#! {interpreter} -\n")
        (yard / name).chmod(0o755)
    (yard / "to-three").symlink_to("three")
    return yard


@pytest.mark.parametrize("call", [
    [("execve", "s:to-three", "w:s:x", "w:0")], [("execveat", CWD, "s:to-three", "w:s:x", "w:0", 0)],
    [("openat", CWD, "s:three", os.O_PATH),
     ("execveat", "r0", "s:", "w:s:x", "w:0", AT_EMPTY_PATH)]])
def test_each_script_of_a_chain_is_executed(made, program, call):
    done = made(*call)
    assert done.did("execute") == {os.fsencode(program / name) for name in ("one", "two", "three")}
    assert os.fsencode(os.path.realpath("/bin/sh")) in done.paths


def test_a_chain_of_scripts_as_the_command_itself(made, program):
    done = made(target=program / "to-three")
    assert done.did("execute") == {os.fsencode(program / name) for name in ("one", "two", "three")}


def test_a_program_in_memory_has_no_path(made, yard):
    program = open("/bin/true", "rb").read()
    (yard / "image").write_bytes(program)
    done = made(("memfd_create", "s:image", 0), ("openat", CWD, "s:image", R),
                ("sendfile", "r0", "r1", 0, len(program)),
                ("execveat", "r0", "s:", "w:s:x", "w:0", AT_EMPTY_PATH))
    assert not [path for path in done.paths if b"memfd" in path]
