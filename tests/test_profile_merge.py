# SPDX-License-Identifier: GPL-3.0-or-later
"""Merging: the evidence of many runs, in any order, ends in the same file."""

import itertools
import json

import pytest

import profiles
from conftest import need


def program(path, calls, **more):
    return {"path": path, "build_id": "", **more,
            "phases": {"main": {"calls": {"x86_64": calls}}}}


def ioctl(first, n, sites=()):
    return {"name": "ioctl", "number": 16, "count": n,
            "args": [{"index": 1, "values": [{"value": hex(v), "count": 1}
                                             for v in range(first, first + n)]}],
            "sites": [[site] for site in sites]}


def run(second, **more):
    return {**profiles.RUN, "start": f"2026-11-22T07:05:{second:02}.000Z", **more}


PARTS = [
    profiles.document(runs=[run(1)]),
    profiles.document(runs=[run(2), run(1)], programs=[
        program("/bin/a", [ioctl(0, 40, ["f1", "f3", "f5", "f7", "f9"])],
                peaks={"NOFILE": 7, "AS": 9}),
        program("/bin/b", [{"name": "read", "number": 0, "count": 2**63 - 1}])]),
    profiles.document(runs=[run(3, complete=False)], programs=[
        program("/bin/a", [ioctl(30, 40, ["f0", "f2", "f4", "f6", "f8"]),
                           {"name": "newcall", "number": 1000, "count": 1}],
                peaks={"NOFILE": 9, "CPU": 1}),
        program("/bin/b", [{"name": "read", "number": 0, "count": 2}])]),
    profiles.document(runs=[], programs=[
        program("/bin/a", [{"name": "syscall_1000", "number": 1000, "count": 1}],
                limits=["cut short"])]),
]


@pytest.fixture
def files(tmp_path):
    return [profiles.write(tmp_path / f"part-{i}", part) for i, part in enumerate(PARTS)]


@pytest.fixture
def merged(learn, tmp_path):
    """merged(FILES...): the path of their merge."""
    numbers = itertools.count()

    def merge(*inputs):
        output = tmp_path / f"merged-{next(numbers)}"
        done = learn("merge", "-o", output, *inputs)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        return output
    return merge


def test_any_order_gives_the_same_bytes(merged, files):
    texts = {merged(*order).read_bytes() for order in itertools.permutations(files)}
    assert len(texts) == 1


def test_any_grouping_gives_the_same_bytes(merged, files):
    a, b, c, d = files
    texts = {merged(*inputs).read_bytes() for inputs in (
        (a, b, c, d),
        (merged(a, b), merged(c, d)),
        (merged(merged(merged(a, b), c), d),),
        (a, merged(b, merged(c, d))),
        (merged(d, a), merged(c, b)))}
    assert len(texts) == 1


def test_counts_are_summed_sets_joined_and_the_larger_peak_kept(merged, files):
    value = json.loads(merged(*files).read_text(encoding="utf-8"))
    assert value["complete"] is False
    assert [r["start"][17:19] for r in value["runs"]] == ["01", "02", "03"]
    a, b, _ = value["programs"]
    assert a["peaks"] == {"CPU": 1, "NOFILE": 9, "AS": 9} and a["limits"] == ["cut short"]
    calls = {call["name"]: call for call in a["phases"]["main"]["calls"]["x86_64"]}
    assert set(calls) == {"ioctl", "newcall"} and calls["newcall"]["count"] == 2
    assert calls["ioctl"]["count"] == 80
    assert [site[0] for site in calls["ioctl"]["sites"]] == [f"f{i}" for i in range(8)]
    # 70 values are past the bound of 64.
    assert calls["ioctl"]["args"][0]["many"] is True
    assert b["phases"]["main"]["calls"]["x86_64"][0]["count"] == 2**63 - 1


def test_a_profile_merged_with_itself_gains_counts_only(merged, files):
    for file in files:
        once = json.loads(merged(file).read_text(encoding="utf-8"))
        twice = json.loads(merged(file, file).read_text(encoding="utf-8"))
        assert profiles.without_counts(once) == profiles.without_counts(twice)
        assert len(once["runs"]) == len(twice["runs"])


# ---- two recordings ----

SAME = {
    "one process": ["cat", "/etc/passwd"],
    "a directory": ["ls", "-l", "/usr"],
    "processes one after the other": [
        "dash", "-c", "cd /; for i in 1 2 3; do ls >/dev/null; done; (umask 1; exit 3); kill -0 $$"],
    "its own /proc": ["dash", "-c", "cat /proc/self/status /proc/$$/stat >/dev/null"],
    "an interpreter": ["/usr/bin/python3", "-I", "-S", "-c",
                       "import os, subprocess; subprocess.run(['true']); os.stat('/proc/self')"],
}
MEASURED = {"runs": ["start", "duration_ms"], "tree": ["memory"], "peaks": ["CPU", "RSS", "RTTIME"]}


def without_measurements(file):
    value = json.loads(file.read_text(encoding="utf-8"))
    for holder, names in [*((run, "runs") for run in value["runs"]), (value["tree"], "tree"),
                          *((p["peaks"], "peaks") for p in value["programs"])]:
        for name in MEASURED[names]:
            holder.pop(name, None)
    return profiles.text(value)


@pytest.mark.parametrize("name", SAME)
def test_two_recordings_of_the_same_are_the_same_bytes_but_for_what_the_schema_lists(
        record, srcdir, name):
    need(SAME[name][0])
    texts = set()
    for _ in range(3):
        done, file = record(*SAME[name])
        assert done.returncode in (0, 1), done.stderr
        texts.add(without_measurements(file))
    assert len(texts) == 1
    schema = json.loads((srcdir / "docs" / "profile.schema.json").read_text())
    for part in ("runs.start, runs.duration_ms, tree.memory", "CPU, RSS and RTTIME"):
        assert part in schema["description"]


def test_programs_with_another_build_id_stay_apart(merged, tmp_path):
    one, two = ({**profiles.PROGRAM, "build_id": build_id} for build_id in ("aa", "bb"))
    paths = [profiles.write(tmp_path / name, profiles.document(programs=[p]))
             for name, p in (("one", one), ("two", two))]
    value = json.loads(merged(*paths).read_text(encoding="utf-8"))
    assert [p["build_id"] for p in value["programs"]] == ["aa", "bb"]


def test_a_call_gets_the_name_that_one_of_the_profiles_knows(merged, tmp_path):
    def file(name, number):
        return profiles.write(tmp_path / name, profiles.document(programs=[
            program("/bin/a", [{"name": name, "number": number, "count": 1}])]))
    for made_up, real, number in (("syscall_0", "read", 0), ("syscall_999", "alpha", 999),
                                  ("syscall_999", "zulu", 999)):
        for order in ((made_up, real), (real, made_up)):
            text = merged(*(file(name, number) for name in order)).read_text()
            assert f'"{real}"' in text and made_up not in text, order


def test_one_wrong_profile_among_many_writes_nothing(learn, files, tmp_path):
    wrong = profiles.write(tmp_path / "wrong", "{")
    done = learn("merge", "-o", tmp_path / "output", files[0], wrong, files[1])
    assert done.returncode == 2 and done.stderr.startswith(f"learn: {wrong}:1:")
    assert not (tmp_path / "output").exists()


@pytest.mark.parametrize("words, said", [
    (["profile"], "merge: needs --output=FILE"),
    (["-o", "output"], "merge: expected at least one PROFILE"),
])
def test_a_merge_needs_an_output_and_an_input(learn, tmp_path, words, said):
    done = learn("merge", *words, cwd=tmp_path)
    assert done.returncode == 2 and said in done.stderr
    assert not list(tmp_path.iterdir())
