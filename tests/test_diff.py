# SPDX-License-Identifier: GPL-3.0-or-later
"""`learn diff` as a gate: what a program newly needs fails a build, running it again does not."""

import hashlib
import json
import socket
import sys
import threading
import time

import pytest

import profiles
from conftest import free_port, need, run

PROGRAM = """\
import os, socket, sys
open({reads!r}).read()
for port in {ports!r}:
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind(("127.0.0.1", port))
        s.listen()
{more}
"""

SERVER = """\
import os, socket, tempfile, threading
server = socket.create_server(("127.0.0.1", 0))
def serve():
    for n in range(5):
        with server.accept()[0] as client:
            client.sendall(client.recv(10))
threads = [threading.Thread(target=serve) for _ in range(2)]
for thread in threads:
    thread.start()
for n in range(10):
    with socket.create_connection(server.getsockname()) as client:
        client.sendall(b"x" * n + b"y")
        client.recv(10)
for thread in threads:
    thread.join()
with tempfile.NamedTemporaryFile() as file:
    file.write(b"x")
    open("/proc/%d/status" % os.getpid()).read()
"""

REPEATED = {
    "ls": ["{ls}", "-l", "/usr"],
    "git": ["{git}", "-C", "{work}", "status"],
    "python": [sys.executable, "-I", "-S", "-c", "import subprocess; subprocess.run(['true'])"],
    "server": [sys.executable, "-I", "-S", "-c", SERVER],
}


@pytest.fixture
def diff(learn):
    """diff(OLD, NEW): (exit status, {(kind, what)} that is new)."""
    def compared(old, new, *options):
        done = learn("diff", "--json", *options, old, new)
        found = json.loads(done.stdout) if done.stdout else {"added": []}
        return done.returncode, {(need["kind"], need["what"]) for need in found["added"]}
    return compared


@pytest.fixture
def build(record, tmp_path):
    """build(...): the profile of a program that reads files, listens on ports and does more."""
    inside = tmp_path / "inside"
    inside.mkdir(exist_ok=True)
    (inside / "one").write_text("1")

    def made(reads=inside / "one", ports=(), more=""):
        text = PROGRAM.format(reads=str(reads), ports=list(ports), more=more)
        done, profile = record(sys.executable, "-I", "-S", "-c", text)
        assert done.returncode == 0, done.stderr
        return profile
    made.inside = inside
    return made


def test_a_new_call_fails_the_build(build, diff):
    assert diff(build(), build(more="os.getpgid(0)")) == (1, {("call", "getpgid")})


def test_a_new_path_outside_its_directories_fails_the_build(build, diff, tmp_path):
    outside = tmp_path / "outside"
    outside.write_text("2")
    assert diff(build(), build(more=f"open({str(outside)!r})")) == (1, {("path", str(outside))})


def test_a_new_path_inside_a_directory_that_it_fills_passes(build, diff):
    new = build.inside / "new"
    fills = f"open({str(new)!r} + sys.argv[0], 'w').close(); os.unlink({str(new)!r} + sys.argv[0])"
    again = fills.replace(str(new), str(build.inside / "other"))
    assert diff(build(more=fills), build(more=again)) == (0, set())


def test_a_new_port_listened_on_fails_the_build(build, diff):
    one, two = free_port(), free_port()
    assert diff(build(ports=[one]), build(ports=[one, two])) == (1, {("port", f"bind tcp {two}")})


def test_a_new_port_connected_to_fails_the_build(build, diff):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        threading.Thread(target=server.accept, daemon=True).start()
        new = build(more=f"socket.create_connection(('127.0.0.1', {port}))")
    status, found = diff(build(), new)
    assert status == 1 and ("port", f"connect tcp {port}") in found


def test_a_new_value_of_an_argument_fails_the_build(build, diff):
    old, new = (f"import fcntl; fcntl.fcntl(1, fcntl.{cmd})" for cmd in ("F_GETFD", "F_GETFL"))
    both = new + "; fcntl.fcntl(1, fcntl.F_GETLEASE)"
    assert diff(build(more=new), build(more=both)) == (1, {("argument", "fcntl cmd F_GETLEASE")})
    assert diff(build(more=both), build(more=new)) == (0, set())
    assert old != new


def test_a_new_family_fails_the_build(build, diff):
    status, found = diff(build(ports=[0]), build(ports=[0], more="socket.socket(socket.AF_UNIX)"))
    assert status == 1 and ("family", "AF_UNIX") in found


def test_a_new_program_fails_the_build(build, diff):
    true = need("true")
    base = "os.spawnv(os.P_WAIT, {0!r}, [{0!r}])"
    status, found = diff(build(more=base.format(true)),
                         build(more=base.format(true) + ";" + base.format(need("false"))))
    assert status == 1 and "program" in {kind for kind, _ in found}
    assert {what for kind, what in found if kind == "program"} == {need("false")}


def test_a_program_that_is_gone_is_not_called_new(learn, tmp_path):
    other = {**profiles.PROGRAM, "path": "/usr/bin/other"}
    old = profiles.write(tmp_path / "old", profiles.document(programs=[profiles.PROGRAM, other]))
    new = profiles.write(tmp_path / "new", profiles.document())
    done = learn("diff", old, new)
    assert done.returncode == 0, done.stderr
    assert f"1 need gone from {old}:" in done.stdout
    assert "- program   /usr/bin/other  (executed: 5 different calls)" in done.stdout


def limits(peak):
    value = profiles.document()
    value["programs"][0]["peaks"] = {"NOFILE": peak}
    return value


def test_a_peak_past_the_old_limit_is_a_need_and_one_within_its_headroom_is_not(diff, tmp_path):
    old = profiles.write(tmp_path / "old", limits(100))
    assert diff(old, profiles.write(tmp_path / "new", limits(110))) == (0, set())
    assert diff(old, profiles.write(tmp_path / "new", limits(1000))) == (1, {("limit", "NOFILE")})


def test_counts_do_not_matter(build, diff):
    assert diff(build(more="os.getpgid(0)"), build(more="[os.getpgid(0) for _ in range(99)]"))[0] \
        == 0


def test_another_build_is_said_and_is_no_need(learn, tmp_path):
    value = profiles.document()
    old = profiles.write(tmp_path / "old", value)
    value["programs"][0]["build_id"] = "ffff0000"
    new = profiles.write(tmp_path / "new", value)
    done = learn("diff", old, new)
    assert done.returncode == 0 and "another build (0123abcd, now ffff0000)" in done.stdout
    assert json.loads(learn("diff", "--json", old, new).stdout)["rebuilt"] == [
        {"program": "/usr/bin/ls", "old": "0123abcd", "new": "ffff0000"}]


def with_path(tmp_path, name, path):
    value = profiles.document()
    value["programs"][0]["phases"]["main"]["paths"] = [
        {"path": path, "did": ["read"], "was": ["file"], "count": 1}]
    return profiles.write(tmp_path / name, value)


@pytest.mark.parametrize("old, new, same", [
    ("/srv/run/12345/state", "/srv/run/2210/state", True),
    ("/srv/worker-1001.sock", "/srv/worker-31999.sock", True),
    ("/tmp/job.aB3xZ9/in", "/tmp/job.Qm0rT2/in", True),
    ("/srv/secret", "/srv/public", False),
    ("/tmp/secret", "/tmp/public", False),
    ("/srv/config1", "/srv/config2", False),
    ("/srv/secret1", "/srv/public2", False),
    ("/lib/libfoo.so.1", "/lib/libfoo.so.2", False),
    ("/srv/run/12345/state", "/srv/run/12345/other", False),
    ("/srv/run/12345", "/srv/run/2210/state", False),
])
def test_names_that_change_from_run_to_run_are_no_needs_and_all_others_are(
        diff, tmp_path, old, new, same):
    files = with_path(tmp_path, "old", old), with_path(tmp_path, "new", new)
    assert diff(*files) == ((0, set()) if same else (1, {("path", new)}))


def test_text_says_what_is_new_and_what_is_needed_no_more(build, learn):
    old, new = build(), build(more="os.getpgid(0)")
    done = learn("diff", old, new)
    assert "+ call      getpgid  (seen 1x)" in done.stdout
    assert "- call      getpgid" in learn("diff", new, old).stdout
    assert learn("diff", "-q", old, new).stdout == ""
    assert learn("diff", "--program=/no/such", old, new).returncode == 2


def test_an_empty_profile_is_refused_on_either_side(learn, tmp_path):
    empty = profiles.document()
    for program in empty["programs"]:
        program["phases"] = {}
    empty, full = (profiles.write(tmp_path / name, value)
                   for name, value in (("empty", empty), ("full", profiles.document())))
    for pair in ((empty, full), (full, empty)):
        done = learn("diff", *pair)
        assert done.returncode == 2 and "nothing to allow" in done.stderr


@pytest.mark.parametrize("name", REPEATED)
def test_20_runs_of_an_unchanged_program_pass(record, diff, tmp_path, name):
    words = [word.format(work=tmp_path, **{tool: need(tool) for tool in ("ls", "git")})
             if len(word) < 20 else word for word in REPEATED[name]]
    (tmp_path / "index.html").write_text("hello")
    if name == "git":
        assert run([need("git"), "init", "-q", tmp_path]).returncode == 0
    first = None
    for _ in range(20):
        done, profile = record(*words, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        first = first or profile
        assert diff(first, profile) == (0, set())


def test_nothing_of_a_profile_reaches_the_terminal_as_it_is(learn, tmp_path):
    hostile = "/\\xff\u001b]0;x\u0007\n"
    old, new = profiles.document(), profiles.document()
    for value, build_id in ((old, "\u001b[31m"), (new, "\u001b[32m")):
        value["programs"][0].update(path=hostile, build_id=build_id)
    main = new["programs"][0]["phases"]["main"]
    main["paths"].append({"path": hostile, "did": ["read"], "was": ["file"], "count": 1})
    main["addresses"][0].update(address=hostile, port=99)
    old, new = (profiles.write(tmp_path / name, value) for name, value in (("o", old), ("n", new)))
    done = learn("diff", old, new)
    assert done.returncode == 1 and "another build" in done.stdout and "\\x1b]0;x" in done.stdout
    assert "\x1b" not in done.stdout and "\x07" not in done.stdout


def test_twenty_thousand_paths_are_compared_and_explained_in_seconds(learn, tmp_path):
    old, new = profiles.document(), profiles.document()
    for value, names in ((old, "d{}/f{}"), (new, "d{}/g{}")):
        value["programs"][0]["phases"]["main"]["paths"] = [
            {"path": "/srv/" + names.format(i % 317, i), "did": ["read"], "was": ["file"],
             "count": 1} for i in range(20000)]
    old, new = (profiles.write(tmp_path / name, value) for name, value in (("o", old), ("n", new)))
    assert learn("diff", old, new).returncode == 0
    assert learn("explain", new).returncode == 0


def test_tens_of_thousands_of_paths_are_compared_by_the_second(record, learn, tmp_path):
    _, profile = record("true")

    def name(*words):
        digest = hashlib.md5("".join(map(str, words)).encode()).digest()
        return "".join(chr(97 + byte % 26) for byte in digest[:7])

    def with_paths(tag):
        text = json.loads(profile.read_text())
        phase = text["programs"][0]["phases"]["load"]
        paths = [dict(phase["paths"][0], path=f"/{name(tag, i)}/{name(i)}/{name(i, tag)}")
                 for i in range(12000)]
        phase["paths"] = sorted(phase["paths"] + paths, key=lambda entry: entry["path"])
        (tmp_path / tag).write_text(json.dumps(text))
        return tmp_path / tag
    old, new = with_paths("a"), with_paths("b")
    begun = time.monotonic()
    done = learn("diff", old, new)
    assert done.returncode == 1 and done.stdout.count("\n  + path ") == 12000, done.stderr
    assert time.monotonic() - begun < 12


def test_that_refining_took_calls_away_is_said(record, learn, tmp_path):
    _, seen = record("true")
    refined = tmp_path / "refined"
    done = learn("refine", "-q", "--refine=calls", "-o", refined, "--", "true")
    assert done.returncode == 0, done.stderr
    done = learn("diff", refined, refined)
    assert done.returncode == 0
    assert "what refine took away is not compared" in done.stderr
    assert "refine" not in learn("diff", seen, seen).stderr
