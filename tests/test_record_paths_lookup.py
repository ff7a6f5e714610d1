# SPDX-License-Identifier: GPL-3.0-or-later
"""The file that is recorded is the file that the kernel went to, whatever led there."""

import os
import socket
import stat

import pytest

from calls import AT_EMPTY_PATH, CWD, identity, paths_of
from conftest import need_mounts, need_root

R, W, PATH, DIRECTORY = os.O_RDONLY, os.O_WRONLY, os.O_PATH, os.O_DIRECTORY
NOFOLLOW, CREAT, EXCL = os.O_NOFOLLOW, os.O_CREAT, os.O_EXCL
NAME_MAX = 255


@pytest.fixture
def yard(made):
    """work/ with files, directories and links of all sorts to walk through."""
    work = made.work
    (work / "dir" / "sub").mkdir(parents=True)
    (work / "other").mkdir()
    (work / "dir" / "file").write_text("text")
    (work / "dir" / "sub" / "deep").write_text("deep")
    (work / "to-file").symlink_to("dir/file")
    (work / "to-file-absolute").symlink_to(work / "dir" / "file")
    (work / "to-dir").symlink_to("dir")
    (work / "to-dir-absolute").symlink_to(work / "dir")
    (work / "dir" / "up").symlink_to("..")
    (work / "chain-1").symlink_to("chain-2")
    (work / "chain-2").symlink_to("other/chain-3")
    (work / "other" / "chain-3").symlink_to("../to-dir-absolute/sub/../file")
    (work / "through-slash").symlink_to("to-dir/")
    (work / "to-self").symlink_to("/proc/self")
    (work / "other" / "named (deleted)").write_text("really")
    return work


OPENED = [
    "dir/file", "./dir/./file", "dir//sub///deep", "dir/../dir/file", "dir/sub/../../dir/file",
    "to-file", "to-file-absolute", "to-dir/file", "to-dir-absolute/sub/deep", "dir/up/dir/file",
    "to-dir/up/to-dir/sub/../file", "chain-1", "through-slash/file", "other/named (deleted)",
    "to-self/cwd/dir/file", "/proc/self/cwd/to-dir/file", "/proc/thread-self/cwd/dir/file",
    "../work/dir/file", "to-dir/sub/../../other/../dir/sub/deep",
]


@pytest.mark.parametrize("path", OPENED)
def test_the_file_that_was_opened_is_recorded_by_its_one_name(made, yard, path):
    done = made(("openat", CWD, f"s:{path}", R), ("ident", "r0"))
    (read,) = done.did("read")
    assert identity(read) == done.idents[0]
    assert os.path.realpath(read) == read


@pytest.mark.parametrize("path", OPENED)
def test_the_same_from_another_directory_by_its_descriptor(made, yard, path):
    done = made(("openat", CWD, f"s:{yard}", DIRECTORY | PATH), ("chdir", "s:/"),
                ("openat", "r0", f"s:{path.replace('self/cwd', 'self/fd/3')}", R), ("ident", "r2"))
    (read,) = done.did("read")
    assert identity(read) == done.idents[0]


@pytest.mark.parametrize("path", ["dir", "dir/", "to-dir", "to-dir/", "to-dir/.", "dir/sub/.."])
def test_a_directory_opened_is_listed(made, yard, path):
    done = made(("openat", CWD, f"s:{path}", R), ("ident", "r0"))
    assert done.did("list") == {os.fsencode(yard / "dir")}
    assert identity(yard / "dir") == done.idents[0]


def test_a_path_that_ends_with_the_mapped_memory_is_read_whole(made, yard):
    done = made(("openat", CWD, "e:dir/file", R), ("ident", "r0"))
    assert [identity(path) for path in done.did("read")] == done.idents


def test_a_pointer_that_leads_nowhere_is_no_path(made, yard):
    done = made(("!openat", CWD, "1", W | CREAT, 0o644), ("!unlinkat", "77", "s:dir/file", 0),
                ("!openat", CWD, "s:", R), ("!openat", "r0", "s:", W))
    assert done.did("write", "create_file", "remove_file", "read") == set()
    assert done.after == done.before


def test_a_name_longer_than_the_kernel_takes_is_no_path(made, yard):
    path = "./" * 2048 + "file"
    component = "x" * (NAME_MAX + 1)
    done = made(("!openat", CWD, f"s:{path}", W | CREAT, 0o644),
                ("!openat", CWD, f"s:{component}", W | CREAT, 0o644))
    assert done.did("write", "create_file", "read") == set()
    assert done.after == done.before


def test_the_longest_names_are_recorded_whole(made, yard):
    path = ("./" * 2048)[:4095 - NAME_MAX - 1] + "/" + "x" * NAME_MAX
    done = made(("openat", CWD, f"s:{path}", W | CREAT, 0o644))
    assert len(path) in (4094, 4095)
    assert done.did("create_file") == done.new("file") != set()


def test_where_the_whole_name_is_too_long_nothing_is_cut_off(made, yard):
    """Twenty directories of 250 bytes: the kernel itself cannot say where one is."""
    steps = [(call, f"s:{'d' * 250}", *mode) for _ in range(20)
             for call, mode in (("mkdir", [0o755]), ("chdir", []))]
    done = made(*steps, ("openat", CWD, "s:file", W | CREAT, 0o644))
    names = done.did("create_dir", "create_file", "write", "chdir")
    assert names and all(os.path.lexists(name) for name in names)


@pytest.mark.parametrize("name", [b"caf\xe9 \xff\xfe", b"two\nlines", b"tab\tand\\slash", b"\x01",
                                  b"\xf0\x9f\x8c\x8d", b"[pid]", b" ", b"x (deleted)"])
def test_any_bytes_are_a_name(made, name):
    done = made(("openat", CWD, b"s:" + name, W | CREAT, 0o644))
    assert done.did("create_file") == done.new("file") == {os.fsencode(made.work) + b"/" + name}


# ---- links at the end ----

@pytest.mark.parametrize("text", ["free", "dir/free", "../work/dir/free", "{work}/dir/free"])
@pytest.mark.parametrize("links", [1, 2])
def test_a_dangling_link_says_where_the_file_is_made(made, yard, text, links):
    (yard / "link-1").symlink_to(text.format(work=yard))
    (yard / "link-2").symlink_to("dir/up/link-1")
    done = made(("openat", CWD, f"s:link-{links}", W | CREAT, 0o644), ("ident", "r0"))
    (path,) = done.did("create_file")
    assert {path} == done.new("file")
    assert identity(path) == done.idents[0]


def test_a_link_is_no_new_file(made, yard):
    """O_EXCL does not follow: EEXIST, dangling or not."""
    (yard / "dangling").symlink_to("free")
    done = made(("!openat", CWD, "s:dangling", W | CREAT | EXCL, 0o644),
                ("!openat", CWD, "s:to-file", W | CREAT | EXCL, 0o644))
    assert done.after == done.before
    assert not done.did("create_file") & {os.fsencode(yard / "free"),
                                          os.fsencode(yard / "dir" / "file")}


def test_a_link_itself_is_opened_with_o_path_and_o_nofollow(made, yard):
    done = made(("openat", CWD, "s:to-file", PATH | NOFOLLOW), ("ident", "r0"))
    (path,) = done.did("handle")
    st = os.lstat(path)
    assert stat.S_ISLNK(st.st_mode) and (st.st_dev, st.st_ino) == done.idents[0]


def test_a_slash_at_the_end_follows_even_so(made, yard):
    done = made(("openat", CWD, "s:to-dir/", PATH | NOFOLLOW), ("ident", "r0"))
    assert [identity(path) for path in done.did("handle")] == done.idents
    assert done.did("handle") == {os.fsencode(yard / "dir")}


def test_links_in_a_circle_lead_nowhere(made, yard):
    (yard / "a").symlink_to("b")
    (yard / "b").symlink_to("a")
    done = made(("!openat", CWD, "s:a", W | CREAT, 0o644))
    assert done.did("write", "create_file") == set()


def test_below_what_is_no_directory_nothing_is_made(made, yard):
    done = made(("!openat", CWD, "s:dir/file/new", W | CREAT, 0o644),
                ("!mkdir", "s:absent/new", 0o755), ("!symlink", "s:x", "s:absent/../new"))
    assert done.did("create_file", "create_dir", "create_symlink") == set()
    assert done.after == done.before


# ---- descriptors and what has lost its name ----

def test_a_descriptor_opened_again_is_the_file_it_was(made, yard):
    done = made(("openat", CWD, "s:dir/file", R), ("openat", CWD, "s:/proc/self/fd/3", W),
                ("openat", CWD, "s:/dev/fd/3", R), ("ident", "r1"), ("ident", "r2"))
    (path,) = done.did("write")
    assert [identity(path)] * 2 == done.idents
    assert done.did("read") == {path}


def test_standard_input_is_the_tracees_not_ours(made, yard):
    done = made(("openat", CWD, "s:dir/file", R), ("dup2", "r0", 0),
                ("openat", CWD, "s:/dev/stdin", W), ("ident", "r2"))
    assert [identity(path) for path in done.did("write")] == done.idents


def test_a_pipe_has_no_name(made, yard):
    done = made(("pipe2", "b:0000000000000000", 0), ("openat", CWD, "s:/proc/self/fd/4", W))
    assert not [path for path in done.paths if b"/fd/" in path or b"pipe" in path]


def test_a_removed_file_opened_by_its_descriptor_keeps_the_name_it_had(made, yard):
    done = made(("openat", CWD, "s:gone", W | CREAT, 0o600), ("unlink", "s:gone"),
                ("openat", CWD, "s:/proc/self/fd/3", R))
    assert done.did("read") == {os.fsencode(yard / "gone")}
    assert not os.path.lexists(yard / "gone")


def test_a_memory_file_has_no_name(made, yard):
    done = made(("memfd_create", "s:memory", 0), ("ftruncate", "r0", 100), ("fchmod", "r0", 0o700),
                ("openat", CWD, "s:/proc/self/fd/3", R))
    assert not [path for path in done.paths if b"memfd" in path]


def test_a_removed_working_directory_has_nothing_in_it(made, yard):
    done = made(("mkdir", "s:gone", 0o755), ("chdir", "s:gone"), ("rmdir", "s:../gone"),
                ("!openat", CWD, "s:new", W | CREAT, 0o644), ("!mkdir", "s:new", 0o755),
                ("!openat", CWD, "s:../dir/file", R))
    assert done.did("create_file") == set()
    assert done.did("create_dir") == done.did("remove_dir") == {os.fsencode(yard / "gone")}


def test_what_a_process_opens_of_its_own_is_proc_self(made, yard):
    done = made(("openat", CWD, "s:/proc/self/status", R), ("openat", CWD, "s:/proc/mounts", R),
                ("openat", CWD, "s:/proc/thread-self/comm", R), ("openat", CWD, "s:to-self/stat", R))
    seen = {path for path, (did, _) in done.paths.items() if path.startswith(b"/proc/")}
    assert seen == {b"/proc/self/status", b"/proc/self/mounts", b"/proc/self/stat",
                    b"/proc/self/task/[tid]/comm"}


def test_another_process_is_any_process(made, yard):
    done = made(("openat", CWD, f"s:/proc/{os.getpid()}/status", R))
    assert b"/proc/[pid]/status" in done.paths


# ---- openat2 ----

NO_XDEV, NO_MAGICLINKS, NO_SYMLINKS, BENEATH, IN_ROOT = 1, 2, 4, 8, 16


def how(flags, resolve, mode=0):
    return "b:" + b"".join(word.to_bytes(8, "little") for word in (flags, mode, resolve)).hex()


@pytest.mark.parametrize("path", ["/file", "/../../sub/deep", "absolute", "climbing", "sub/deep"])
def test_a_path_in_a_root_of_its_own_stays_there(made, yard, path):
    (yard / "dir" / "absolute").symlink_to("/sub/deep")
    (yard / "dir" / "climbing").symlink_to("../../../../sub/deep")
    done = made(("openat", CWD, "s:dir", PATH),
                ("openat2", "r0", f"s:{path}", how(R, IN_ROOT), 24), ("ident", "r1"))
    (read,) = done.did("read")
    assert identity(read) == done.idents[0] and read.startswith(os.fsencode(yard / "dir"))


def test_a_file_is_made_where_the_root_of_the_lookup_says(made, yard):
    (yard / "dir" / "dangling").symlink_to("/sub/new")
    done = made(("openat", CWD, "s:dir", PATH),
                ("openat2", "r0", "s:dangling", how(W | CREAT, IN_ROOT, 0o644), 24))
    assert done.did("create_file") == done.new("file") == {os.fsencode(yard / "dir/sub/new")}


@pytest.mark.parametrize("path,resolve", [
    ("../other/named (deleted)", BENEATH), ("/etc/passwd", BENEATH), ("up/to-file", BENEATH),
    ("up", NO_SYMLINKS), ("up/dir/file", NO_SYMLINKS), ("/proc/self/cwd/dir/file", NO_MAGICLINKS),
    ("/proc/self/status", NO_XDEV)])
def test_what_openat2_refuses_is_not_opened(made, yard, path, resolve):
    done = made(("openat", CWD, "s:dir", PATH),
                ("!openat2", "r0", f"s:{path}", how(R, resolve), 24))
    assert done.did("read", "list") == set()
    assert not {b"/etc/passwd", b"/proc/self/status"} & set(done.paths)


def test_what_openat2_lets_through_is_recorded(made, yard):
    done = made(("openat", CWD, "s:dir", PATH),
                ("openat2", "r0", "s:sub/../file", how(R, BENEATH | NO_SYMLINKS | NO_XDEV), 24),
                ("ident", "r1"))
    assert [identity(path) for path in done.did("read")] == done.idents


def test_a_link_itself_is_opened_by_openat2_too(made, yard):
    done = made(("openat2", CWD, "s:to-file", how(PATH | NOFOLLOW, 0), 24))
    assert done.did("handle") == {os.fsencode(yard / "to-file")}


# ---- other roots ----

@pytest.fixture
def jail(yard):
    need_root()
    root = yard / "jail"
    (root / "etc").mkdir(parents=True)
    (root / "etc" / "motd").write_text("inside")
    (root / "absolute").symlink_to("/etc/motd")
    (root / "etc" / "climbing").symlink_to("../../../../etc/motd")
    (root / "dangling").symlink_to("/etc/made")
    return root


@pytest.mark.parametrize("path", ["/etc/motd", "etc/motd", "absolute", "etc/climbing",
                                  "../../../etc/motd", "/absolute", "etc/../../absolute"])
def test_in_a_chroot_files_are_named_as_the_host_sees_them(made, jail, path):
    done = made(("chroot", f"s:{jail}"), ("chdir", "s:/"), ("openat", CWD, f"s:{path}", R),
                ("ident", "r2"))
    (read,) = done.did("read")
    assert identity(read) == done.idents[0] == identity(jail / "etc" / "motd")
    assert done.did("root") == {os.fsencode(jail)}
    assert b"/etc/motd" not in done.paths


@pytest.mark.parametrize("path", ["dangling", "/dangling", "etc/made", "/etc/made"])
def test_in_a_chroot_files_are_made_there(made, jail, path):
    done = made(("chroot", f"s:{jail}"), ("chdir", "s:/"),
                ("openat", CWD, f"s:{path}", W | CREAT, 0o644))
    assert done.did("create_file") == done.new("file") == {os.fsencode(jail / "etc" / "made")}


def test_a_descriptor_from_before_leads_out_of_a_chroot(made, jail):
    outside = jail.parent / "dir"
    done = made(("openat", CWD, f"s:{outside}", PATH), ("chroot", f"s:{jail}"),
                ("openat", "r0", "s:../to-file", R), ("ident", "r2"),
                ("openat", "r0", "s:file", W), ("ident", "r4"))
    (written,) = done.did("write")
    assert [identity(outside / "file")] * 2 == done.idents == [identity(written)] * 2
    assert done.did("read") == {written}


def test_in_a_mount_namespace_files_are_named_as_they_are_there(made, yard):
    need_mounts()
    newns, bind, private, recursive = 0x20000, 4096, 1 << 18, 16384
    done = made(("unshare", newns), ("mount", "0", "s:/", "0", private | recursive, "0"),
                ("mount", f"s:{yard}/dir", f"s:{yard}/other", "0", bind, "0"),
                ("openat", CWD, "s:other/file", R), ("ident", "r3"),
                ("openat", CWD, f"s:{yard}/other/sub/new", W | CREAT, 0o644))
    assert done.did("read") == {os.fsencode(yard / "other" / "file")}
    assert done.idents == [identity(yard / "dir" / "file")]
    assert done.new("file") == {os.fsencode(yard / "dir" / "sub" / "new")}
    assert done.did("create_file") == {os.fsencode(yard / "other" / "sub" / "new")}
    assert done.did("mount") == {os.fsencode(yard / "dir"), os.fsencode(yard / "other")}


def test_a_mount_that_is_nowhere_attached_gives_no_names(made, yard):
    need_root()
    clone = 1
    done = made(("open_tree", CWD, "s:dir", clone), ("openat", "r0", "s:file", R),
                ("openat", "r0", "s:sub/deep", W))
    assert b"/file" not in done.paths and b"/sub/deep" not in done.paths
    assert done.did("mount") == {os.fsencode(yard / "dir")}


def test_the_name_of_a_socket_is_looked_up_too(made, yard):
    path = yard / "socket"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as server:
        server.bind(str(path))
        (yard / "dir" / "to-socket").symlink_to("../socket")
        address = (1).to_bytes(2, "little") + b"dir/to-socket\0"
        done = made(("socket", 1, 2, 0), ("connect", "r0", "b:" + address.hex(), len(address)))
    assert done.did("connect") == {os.fsencode(path)}


def test_an_empty_path_is_the_descriptor_only_where_asked_for(made, yard):
    done = made(("openat", CWD, "s:to-file", R), ("ident", "r0"),
                ("fchownat", "r0", "s:", -1, -1, AT_EMPTY_PATH),
                ("!fchownat", "r0", "s:", -1, -1, 0))
    (path,) = done.did("metadata")
    assert identity(path) == done.idents[0]
    assert done.paths[path][0] == {"read", "metadata"}


OWN_PLACE = """
import ctypes, os, threading
libc = ctypes.CDLL(None)
os.open("dir", os.O_PATH)                        # 3
def work():
    libc.unshare(0x200 | 0x400)                  # CLONE_FS, CLONE_FILES
    os.chdir("dir")
    os.dup2(os.open("sub", os.O_PATH), 3)
    open("file").close()
    os.open("deep", os.O_WRONLY, dir_fd=3)
thread = threading.Thread(target=work)
thread.start()
thread.join()
os.open("file", os.O_RDWR, dir_fd=3)
open("to-file", "r+").close()
"""


def test_a_thread_may_have_a_directory_and_descriptors_of_its_own(learn, yard, tmp_path):
    done = learn("-o", tmp_path / "p", "--", "/usr/bin/python3", "-ISc", OWN_PLACE, cwd=yard)
    assert done.returncode == 0, done.stderr
    found = {path: did for path, (did, _) in paths_of(tmp_path / "p").items()}
    top = os.fsencode(yard)
    assert found[top + b"/dir/file"] == {"read", "write"}
    assert found[top + b"/dir/sub/deep"] == {"write"}
    assert found[top + b"/dir"] == {"handle", "chdir"}
