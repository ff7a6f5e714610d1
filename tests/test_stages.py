# SPDX-License-Identifier: GPL-3.0-or-later
"""After which event most calls are never needed again, told from a recording that did not ask."""

import json
import re

import pytest

import profiles
from conftest import need, run

SERVER = """\
import os, socket, time
time.sleep(0.001)
s = socket.socket()
s.bind(("127.0.0.1", 0))
s.listen()
child = os.fork()
if child == 0:
    c = socket.create_connection(s.getsockname())
    c.sendall(b"x" * 9)
    os.getppid()
    os._exit(0)
c, _ = s.accept()
while c.recv(4):
    pass
os.waitpid(child, 0)
os.umask(0o22)
"""
COMMANDS = {
    "server": ["/usr/bin/python3", "-I", "-S", "-c", SERVER],
    "shell": ["dash", "-c", "cd /; (cd /usr; ls >/dev/null; umask 1); ulimit -n; echo a | cat; cd /"],
}


def calls_of(document, phases=("load", "main", "serving")):
    """{program: {(arch, call): [record, ...]}}"""
    found = {}
    for program in document["programs"]:
        mine = found.setdefault(program["path"], {})
        for phase in phases:
            for arch, calls in program["phases"].get(phase, {}).get("calls", {}).items():
                for call in calls:
                    mine.setdefault((arch, call["name"]), []).append(call)
    return found


def made_after(calls, events):
    return {key for key, records in calls.items()
            for record in records if set(record.get("after", ())) & set(events)}


FORKS = {"fork", "vfork", "clone", "clone3"}
CLAIM = re.compile(r"^  (\d+) of (\d+) calls are not needed after the first (\S+),$", re.M)


@pytest.mark.parametrize("command", COMMANDS)
def test_what_comes_after_an_event_is_what_a_recording_from_that_event_on_has(record, command):
    need(COMMANDS[command][0])
    done, profile = record(*COMMANDS[command])
    assert done.returncode == 0, done.stderr
    document = json.loads(profile.read_text())
    events = sorted({e for p in document["programs"] for e in p.get("after", {})} - {"forked"})
    assert len(events) >= (5 if command == "server" else 1)
    for event in events:
        done, again = record(*COMMANDS[command], options=[f"--phase-at={event}"])
        assert done.returncode == 0, done.stderr
        serving = calls_of(json.loads(again.read_text()), ["serving"])
        for path, calls in calls_of(document).items():
            own = made_after(calls, [event])
            forks = any(name in FORKS for _, name in own)
            most = made_after(calls, [event, "forked"]) if forks else own
            really = set(serving.get(path, {}))
            assert own <= really <= most, (event, path, own - really, really - most)


def test_show_names_the_event_and_how_many_calls_a_second_filter_drops(learn, record):
    done, profile = record(*COMMANDS["server"])
    assert done.returncode == 0, done.stderr
    claims = CLAIM.findall(learn("show", profile).stdout)
    assert claims and len(claims) <= 3
    for dropped, total, event in claims:
        done, again = record(*COMMANDS["server"], options=[f"--phase-at={event}"])
        assert done.returncode == 0, done.stderr
        text = learn("show", again).stdout
        assert f"  {dropped} of {total} calls are not needed when it serves" in text, (event, text)


def test_who_asks_for_a_phase_that_was_not_recorded_is_told_what_would_begin_it(learn, record):
    done, profile = record(*COMMANDS["server"])
    dropped, total, event = CLAIM.findall(learn("show", profile).stdout)[0]
    done = learn("emit", "oci", "--phase=serving", profile)
    assert done.returncode != 0 and done.stdout == ""
    assert f"--phase-at={event} " in done.stderr and f"{dropped} of {total} calls" in done.stderr


def test_an_event_at_the_very_end_is_not_what_is_named(learn, record):
    need("/usr/bin/python3")
    work = "import os, socket\ns = socket.socket()\ns.bind(('127.0.0.1', 0))\n" \
           "for i in range(900): os.getppid()\nos.umask(1)\n" \
           "if os.fork() == 0: os._exit(0)\nos.wait()\n"
    _, profile = record("/usr/bin/python3", "-I", "-S", "-c", work)
    claims = CLAIM.findall(learn("show", profile).stdout)
    assert claims[0][2] == "bind" and any(event == "wait4" for _, _, event in claims)


# ---- what is remembered of processes, from logs where their numbers can be chosen ----

@pytest.fixture
def imported(learn, tmp_path):
    """imported(LINES): what was made after what: {call: events}."""
    def calls(*lines):
        (tmp_path / "log").write_text("".join(line + "\n" for line in lines))
        done = learn("import", "-o", tmp_path / "profile", tmp_path / "log")
        assert done.returncode == 0, done.stderr
        return {name: set().union(*(set(r.get("after", ())) for r in records))
                for mine in calls_of(json.loads((tmp_path / "profile").read_text())).values()
                for (_, name), records in mine.items()}
    return calls


START = '10 execve("/bin/x", ["x"], 0x7ffc /* 1 var */) = 0'


def test_a_call_is_after_the_first_time_of_an_event_and_the_event_after_itself(imported):
    calls = imported(START, "10 getpid() = 10", "10 listen(3, 5) = 0", "10 getppid() = 1",
                     "10 listen(4, 5) = 0", "10 exit_group(0) = ?")
    assert calls["getpid"] == set() and calls["getppid"] == {"listen"} == calls["listen"]


def test_a_forked_process_is_known_as_one_until_it_executes_a_program(imported):
    calls = imported(START, "10 listen(3, 5) = 0", "10 fork() = 11", "11 getppid() = 10",
                     "11 bind(3, {sa_family=AF_UNSPEC}, 2) = 0", "11 getuid() = 0",
                     '11 execve("/bin/y", ["y"], 0x7ffc /* 1 var */) = 0', "11 getgid() = 0",
                     "11 exit_group(0) = ?", "10 getpid() = 10", "10 exit_group(0) = ?")
    assert calls["fork"] == {"listen"} == calls["getpid"]
    assert calls["getppid"] == {"forked"} and calls["getuid"] == {"forked", "bind"}
    assert calls["getgid"] == set()


def test_a_process_number_that_is_used_again_is_another_process(imported):
    calls = imported(START, "10 fork() = 11", "11 listen(3, 5) = 0", "11 exit_group(0) = ?",
                     "11 +++ exited with 0 +++", "10 fork() = 11", "11 getuid() = 0",
                     "11 exit_group(0) = ?", "10 exit_group(0) = ?")
    assert calls["getuid"] == {"forked"}


# ---- older files, merging ----

def test_a_profile_without_the_order_of_calls_names_no_event(learn, record, tmp_path):
    _, profile = record(*COMMANDS["server"])
    assert CLAIM.search(learn("show", profile).stdout)
    old = json.loads(profile.read_text())
    for program in old["programs"]:
        del program["ordered"]
        program.pop("after", None)
        for records in calls_of({"programs": [program]}).popitem()[1].values():
            for call in records:
                call.pop("after", None)
    (tmp_path / "old").write_text(json.dumps(old))
    assert not CLAIM.search(learn("show", tmp_path / "old").stdout)
    sums = []
    for order in ([profile, tmp_path / "old"], [tmp_path / "old", profile]):
        done = learn("merge", "-o", tmp_path / "both", *order)
        assert done.returncode == 0, done.stderr
        sums.append((tmp_path / "both").read_bytes())
        assert not CLAIM.search(learn("show", tmp_path / "both").stdout)
    assert sums[0] == sums[1]


def test_every_event_of_the_schema_is_read_and_no_other(learn, srcdir, tmp_path):
    schema = json.loads((srcdir / "docs" / "profile.schema.json").read_text())
    names = schema["$defs"]["call"]["properties"]["after"]["items"]["enum"]
    pattern, = schema["$defs"]["program"]["properties"]["after"]["patternProperties"]
    assert pattern == f"^(?:{'|'.join(names)})$"
    value = profiles.document()
    value["programs"][0]["after"] = {name: 2 for name in names}
    profiles.main_calls(value)[0]["after"] = names
    done = learn("merge", "-o", tmp_path / "same", profiles.write(tmp_path / "one", value))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "same").read_text() == profiles.text(value)
    for place in (value["programs"][0]["after"], profiles.main_calls(value)[0]["after"]):
        if isinstance(place, dict):
            place["fork"] = 1
        else:
            value["programs"][0]["after"].pop("fork")
            place.append("fork")
        done = run([learn("--version").args[0], "show", profiles.write(tmp_path / "bad", value)])
        assert done.returncode != 0 and "after" in done.stderr, done.stderr
