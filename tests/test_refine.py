# SPDX-License-Identifier: GPL-3.0-or-later
"""learn refine: what a test can do without, and that what is left is needed."""

import json
import os
import random
import re
import signal
import subprocess
import time

import pytest

from conftest import environment, need
from refinements import allowed, decisions, refine, runs, small_dir  # pylint: disable=unused-import


def removals(path):
    """The words of --deny for each rule that was found to be needed."""
    for (about, name, detail), d in decisions(path, "needed").items():
        if about == "call":
            yield name
        elif about == "argument" and "=" in detail:
            yield f"{name}:{detail.replace('|', '+')}"
        elif about == "path" and not detail:
            yield f"path:{name}:rwxcd"
        elif about == "family":
            yield f"family:{name}"


def check_each_rule(learn, result, test, cwd=None):
    """Runs the test under the result three times, and without each rule: it fails, or does not do
    what it did."""
    runs = [learn("run", result, "--", *test, cwd=cwd) for _ in range(3)]
    assert [r.returncode for r in runs] == [0, 0, 0], runs[0].stderr
    good = runs[0].stdout
    words = list(removals(result))
    assert len(words) > 10
    drifted = {d["name"] for d in decisions(result, "needed").values() if "passed, but" in d["why"]}
    for word in words:
        done = learn("run", result, f"--deny={word}", "--", *test, cwd=cwd)
        if done.returncode == 0 and done.stdout == good:
            assert word.split(":")[0] in drifted or word.split(":")[1] in drifted, word


def test_each_rule_that_is_left_is_needed_by_ls(learn, refine, small_dir):
    done, result = refine("ls", small_dir)
    assert "Dropped" in done.stdout and "Needed" in done.stdout
    before = set(learn("emit", "--no-decisions", "names", result).stdout.split())
    assert allowed(learn, result) < before
    check_each_rule(learn, result, ["ls", small_dir])


@pytest.mark.long
@pytest.mark.parametrize("test", [
    ["ls", "-l", "/etc"], ["lua5.4", "-e", "print(1)"], ["sqlite3", ":memory:", "select 1"],
    ["python3", "-I", "-S", "-c", "print(1)"], ["git", "--version"],
], ids=lambda test: test[0])
def test_each_rule_that_is_left_is_needed(learn, refine, test):
    need(test[0])
    _, result = refine(*test, timeout=1800)
    before = set(learn("emit", "--no-decisions", "names", result).stdout.split())
    assert allowed(learn, result) < before
    check_each_rule(learn, result, test)


def test_the_evidence_is_not_touched(learn, refine, small_dir, tmp_path):
    evidence = tmp_path / "evidence"
    test = ["ls", small_dir]
    assert learn("-o", evidence, "--", *test).returncode == 0
    done = learn("refine", "-q", "--refine=calls", "-o", tmp_path / "refined", evidence, "--",
                 *test, timeout=120)
    assert done.returncode == 0, done.stderr
    before, after = (json.loads((tmp_path / n).read_text()) for n in ("evidence", "refined"))
    assert after.pop("decisions")
    assert before == after


def test_every_decision_carries_its_evidence(refine, small_dir):
    _, result = refine("ls", small_dir, options=["-q", "--refine=calls,limits"])
    found = decisions(result)
    for d in found.values():
        assert "round " in d["why"] or "--unsafe" in d["why"] or "each time" in d["why"], d
    assert found["call", "rseq", ""]["answer"] == "errno:ENOSYS"
    assert "denied in round" in found["call", "getdents64", ""]["why"]
    assert any(d["verdict"] == "lowered" for d in found.values())


@pytest.mark.parametrize("call", ["setuid", "getrandom", "mprotect"])
def test_a_call_whose_failure_no_test_sees_is_kept(learn, refine, target, call):
    if call == "setuid" and os.geteuid() != 0:
        pytest.skip("only root can become another user")
    test = [target("careless"), call]
    _, result = refine(*test, options=["-q", "--refine=calls"])
    kept = decisions(result, "needed")["call", call, ""]
    assert "--unsafe" in kept["why"]
    assert call in allowed(learn, result)


def test_a_call_that_nobody_expects_to_fail_is_kept(refine, target):
    """With -1 for its own number a program may signal all others."""
    _, result = refine(target("careless"), "number", options=["-q", "--refine=calls"])
    assert "nobody checks" in decisions(result, "needed")["call", "getpid", ""]["why"]
    assert "nobody checks" in decisions(result, "needed")["call", "set_tid_address", ""]["why"]


def test_a_path_whose_absence_no_test_sees_is_kept(refine, target):
    options = ["-q", "--refine=paths", "--allow-drift"]
    _, safe = refine(target("careless"), "device", options=options, name="safe")
    assert "be guessed" in decisions(safe, "needed")["path", "/dev/urandom", ""]["why"]
    _, unsafe = refine(target("careless"), "device", options=[*options, "--unsafe"], name="unsafe")
    assert "--unsafe, though" in decisions(unsafe, "dropped")["path", "/dev/urandom", ""]["why"]


@pytest.mark.parametrize("call", ["setuid", "getrandom"])
def test_unsafe_drops_it_and_says_so(learn, refine, target, call):
    if call == "setuid" and os.geteuid() != 0:
        pytest.skip("only root can become another user")
    test = [target("careless"), call]
    done, result = refine(*test, options=["--refine=calls", "--unsafe"])
    dropped = decisions(result, "dropped")["call", call, ""]
    assert "--unsafe, though" in dropped["why"]
    assert "--unsafe, though" in done.stdout
    assert call not in allowed(learn, result)


def rounds_of(done):
    return int(done.stdout.split(" undisturbed, ")[1].split()[0])


@pytest.mark.long
def test_runs_grow_with_the_answer_and_not_with_the_question(refine, target):
    used = {}
    for n, k in [(16, 2), (63, 2), (63, 8)]:
        done, result = refine(target("some-calls"), n, k, 7, options=["--refine=calls"],
                              name=f"r{n}.{k}")
        used[n, k] = rounds_of(done)
    assert used[63, 2] - used[16, 2] <= 12
    assert used[63, 8] - used[63, 2] <= 6 * 5


def test_a_run_that_falls_back_to_something_else_is_no_pass(refine, target):
    test = [target("careless"), "fallback"]
    options = ["-q", "--refine=calls"]
    _, careful = refine(*test, options=options, name="careful")
    assert "/usr" in decisions(careful, "needed")["call", "getxattr", ""]["why"]
    _, bold = refine(*test, options=[*options, "--allow-drift"], name="bold")
    assert ("call", "getxattr", "") in decisions(bold, "dropped")


# ---- capabilities ----

need_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has capabilities")


@need_root
def test_of_several_capabilities_those_are_left_that_are_needed(learn, refine, tmp_path):
    theirs = tmp_path / "theirs"
    theirs.write_text("")
    test = ["sh", "-c", f"chown 65534 {theirs} && nice -n 5 true"]
    done, result = refine(*test, options=["--refine=caps", f"--before=chown 0 {theirs}"])
    needed = decisions(result, "needed", "capability")
    assert set(needed) == {("capability", "CAP_CHOWN", "")}
    assert "denied in round" in needed["capability", "CAP_CHOWN", ""]["why"]
    assert ("capability", "CAP_SYS_NICE", "") in decisions(result, "dropped", "capability")
    assert "capabilities " in done.stdout and " -> 1\n" in done.stdout
    assert "--unsafe, though" not in done.stdout
    os.chown(theirs, 0, -1)
    assert learn("run", result, "--", *test).returncode == 0
    os.chown(theirs, 0, -1)
    assert learn("run", "--deny=capability:CAP_CHOWN", result, "--", *test).returncode != 0


@need_root
def test_a_capability_that_no_call_speaks_for_is_found_by_trying(learn, refine, tmp_path):
    (tmp_path / "read-only").touch(mode=0o444)
    test = ["sh", "-c", f"test -w {tmp_path}/read-only"]
    _, result = refine(*test, options=["-q", "--refine=caps"])
    assert set(decisions(result, about="capability")) == {("capability", "CAP_DAC_OVERRIDE", "")}
    assert learn("run", result, "--", *test).returncode == 0
    assert "CAP_DAC_OVERRIDE" in learn("explain", result, "CAP_DAC_OVERRIDE").stdout
    denied = "--deny=capability:CAP_DAC_OVERRIDE"
    assert learn("run", denied, result, "--", *test).returncode == 1
    done, _ = refine(*test, options=["-q", "--refine=caps", denied], status=2, name="denied")
    assert "fails under the policy as it is" in done.stderr


@need_root
@pytest.mark.parametrize("options, why", [
    ([], "new error EPERM of setuid"),
    (["--allow-drift"], "--unsafe"),
    (["--allow-drift", "--unsafe"], None),
], ids=["drift is a failure", "guarded", "unsafe"])
def test_a_capability_that_makes_safe_is_kept(refine, target, options, why):
    _, result = refine(target("careless"), "setuid", options=["-q", "--refine=caps", *options])
    verdict = "needed" if why else "dropped"
    found = decisions(result, verdict)["capability", "CAP_SETUID", ""]
    assert (why or "--unsafe, though") in found["why"]


# ---- judges ----

def test_a_check_of_its_own_judges(refine, tmp_path, small_dir):
    made = tmp_path / "made"
    test = ["sh", "-c", f"echo x >{made}"]
    options = ["-q", "--refine=paths", f"--before=rm -f {made}", f"--check=grep -q x {made}"]
    _, result = refine(*test, options=options)
    assert any(name == str(tmp_path) for _, name, _ in decisions(result, "needed", "path"))


def test_a_test_may_pass_by_another_status(refine):
    _, result = refine("sh", "-c", "exit 3", options=["-q", "--refine=calls", "--expect=3"])
    assert ("call", "exit_group", "") in decisions(result, "needed")


def test_a_test_that_fails_undisturbed_is_refused(refine, tmp_path):
    done, result = refine("sh", "-c", "echo broken >&2; exit 3", status=2)
    assert "must pass undisturbed" in done.stderr and "broken" in done.stderr
    assert not result.exists()


def test_a_policy_that_does_not_cover_the_test_is_refused(learn, tmp_path, small_dir):
    learn("-o", tmp_path / "true", "--", "true")
    done = learn("refine", "-o", tmp_path / "refined", tmp_path / "true", "--", "ls", small_dir)
    assert done.returncode == 2
    assert "fails under the policy as it is" in done.stderr


def test_a_test_that_differs_each_time_is_told_apart_from_one_that_fails(refine, tmp_path):
    # Too few letters to be known as a temporary name.
    test = ["sh", "-c", f"d=$(mktemp -d {tmp_path}/own.XXX) && : >$d/it && cat $d/it && rm -r $d"]
    done, _ = refine(*test, status=2)
    assert "nothing is taken away yet, and TEST passed, but: new " in done.stderr
    assert "--allow-drift" in done.stderr and "fails under" not in done.stderr
    refine(*test, options=["-q", "--refine=caps", "--allow-drift"], name="drifting")


def test_four_random_letters_are_a_temporary_name(learn, refine, tmp_path):
    """Known by what the undisturbed runs had; a suffix that people choose is none."""
    (tmp_path / "kept.conf").write_text("kept")
    test = ["sh", "-c", f"d=$(mktemp -d {tmp_path}/own.XXXX) && cat {tmp_path}/kept.conf >$d/it && "
                        f"cat $d/it && rm -r $d"]
    # Four of five names show that they are random: that none does three times in a row is rare.
    for attempt in ("first", "second", "third"):
        done = learn("refine", "-q", "--refine=caps", "-o", tmp_path / attempt, "--", *test)
        if done.returncode == 0:
            break
    assert done.returncode == 0, done.stderr
    assert learn("run", tmp_path / attempt, "--", *test).stdout == "kept"


def test_what_a_test_leaves_running_is_killed(refine, tmp_path):
    pids = tmp_path / "pids"
    test = ["sh", "-c", f"setsid sleep 300 >/dev/null 2>&1 & sleep 0.2; echo $! >>{pids}"]
    refine(*test, options=["-q", "--refine=net"])
    left = set(pids.read_text().split())
    assert len(left) > 3
    deadline = time.monotonic() + 10
    while any(runs(pid) for pid in left):
        assert time.monotonic() < deadline
        time.sleep(0.05)


# ---- tests that are not reliable ----

def flaky(tmp_path, times):
    """A script that fails each time that the count of its runs is a multiple of TIMES."""
    script = tmp_path / "flaky.sh"
    script.write_text(f"read n <{tmp_path}/n; n=$((n + 1)); echo $n >{tmp_path}/n\n"
                      f"[ $((n % {times})) != 0 ]\n")
    (tmp_path / "n").write_text("0\n")
    return script


def test_a_test_that_fails_one_time_in_three_is_refused(refine, tmp_path):
    done, result = refine("sh", flaky(tmp_path, 3), status=2, options=["--refine=calls"])
    assert "reliable" in done.stderr
    assert not result.exists()


def test_what_stood_in_the_way_of_an_unreliable_test_is_named(refine, tmp_path):
    """It leaves something behind, for which it asks more in the end: --before is the way out."""
    script = tmp_path / "leaves.sh"
    script.write_text(f"echo >>{tmp_path}/n; n=0; while read line; do n=$((n + 1)); done "
                      f"<{tmp_path}/n\n[ $n -lt 7 ] || (exit 0)\n")
    done, _ = refine("sh", script, status=2,
                     options=["-q", "--refine=calls", "--action=errno:EPERM"])
    assert "not reliable" in done.stderr and "--before" in done.stderr
    assert re.search(r"TEST exited \d+ .*\(denied: (v?fork|clone3?)\b", done.stderr), done.stderr


def test_a_test_that_fails_one_time_in_five_makes_no_wrong_policy(learn, tmp_path):
    test = ["sh", flaky(tmp_path, 5)]
    done = learn("refine", "-o", tmp_path / "refined", "--refine=calls", "--", *test, timeout=120)
    if done.returncode:
        assert "reliable" in done.stderr
        return
    (tmp_path / "n").write_text("0\n")
    for _ in range(4):
        assert learn("run", tmp_path / "refined", "--", *test).returncode == 0


def test_with_retries_it_is_refined(learn, refine, tmp_path):
    script = flaky(tmp_path, 7)
    _, result = refine("sh", script, options=["-q", "--refine=calls", "--retries=2"])
    (tmp_path / "n").write_text("0\n")
    assert learn("run", result, "--", "sh", script).returncode == 0
    assert "read" in allowed(learn, result)


# ---- broken off ----

def comparable(path):
    return json.loads(path.read_text())["decisions"]


def killed_refinements(learn_path, words, times, seed):
    chance = random.Random(seed)
    for _ in range(times):
        p = subprocess.Popen([learn_path, *map(str, words)], env=environment(),
                             stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.05, 0.5))
        p.send_signal(signal.SIGKILL)
        p.wait()


def resumes(learn, learn_path, tmp_path, test, times):
    whole, pieces = tmp_path / "whole", tmp_path / "pieces"
    options = ["--refine=calls,paths"]
    assert learn("refine", "-q", *options, "-o", whole, "--", *test, timeout=300).returncode == 0
    words = ["refine", *options, "-o", pieces, "--", *test]
    killed_refinements(learn_path, words, times, 1)
    done = learn(*words, timeout=300)
    assert done.returncode == 0, done.stderr
    assert [(d["name"], d.get("detail"), d["verdict"], d.get("answer"), d["why"])
            for d in comparable(pieces)] == \
        [(d["name"], d.get("detail"), d["verdict"], d.get("answer"), d["why"])
         for d in comparable(whole)]
    assert sorted(p.name for p in tmp_path.glob("pieces*")) == ["pieces"]


def test_killed_at_any_moment_it_goes_on_to_the_same_result(learn, learn_path, tmp_path, target):
    resumes(learn, learn_path, tmp_path, [target("some-calls"), "12", "3", "3"], 5)


@pytest.mark.long
def test_killed_twenty_times_it_goes_on_to_the_same_result(learn, learn_path, tmp_path, small_dir):
    resumes(learn, learn_path, tmp_path, ["ls", "-l", small_dir], 20)


def test_a_budget_gives_the_best_so_far_and_more_goes_on(learn, refine, target):
    test = [target("some-calls"), "30", "10", "3"]
    done, result = refine(*test, options=["--refine=calls", "--budget=25"])
    assert "budget" in done.stdout
    assert learn("run", result, "--", *test).returncode == 0
    some = decisions(result, "dropped")
    done, result = refine(*test, options=["--refine=calls"])
    assert "going on after round" in done.stderr
    assert set(some) <= set(decisions(result, "dropped"))


@need_root
def test_a_capability_that_was_not_tried_and_nothing_needs_is_left_out(learn, refine):
    done, result = refine("true", options=["--budget=2"])
    assert "capabilities were not tried: left out" in done.stdout
    dropin = learn("emit", "systemd", result).stdout.splitlines()
    assert "CapabilityBoundingSet=" in dropin
    assert "not in the policy" in learn("explain", result, "CAP_SYS_ADMIN").stdout


def test_what_is_left_of_another_refinement_is_not_taken(refine, target):
    refine(target("some-calls"), 20, 3, 1, options=["--refine=calls", "--budget=3"])
    done, _ = refine(target("some-calls"), 21, 3, 1, options=["--refine=calls"], status=2)
    assert "refining something else" in done.stderr


def test_side_by_side_gives_the_same_result(refine, target):
    test = [target("some-calls"), 14, 3, 5]
    _, one = refine(*test, options=["-q", "--refine=calls"], name="one")
    _, four = refine(*test, options=["-q", "--refine=calls", "--jobs=4"], name="four")
    verdicts = [{key: (d["verdict"], d.get("answer")) for key, d in decisions(path).items()}
                for path in (one, four)]
    assert verdicts[0] == verdicts[1]


# ---- what other verbs make of it ----

def test_merged_with_new_evidence_what_was_dropped_is_allowed_again(learn, refine, tmp_path,
                                                                    small_dir):
    test = ["ls", small_dir]
    _, result = refine(*test, options=["-q", "--refine=calls"])
    dropped = {name for _, name, _ in decisions(result, "dropped", "call")}
    seen = {name for name in dropped if name in ("rseq", "set_robust_list")}
    assert seen and not seen & allowed(learn, result)
    learn("-o", tmp_path / "new", "--", *test)
    done = learn("merge", "-o", tmp_path / "both", result, tmp_path / "new")
    assert done.returncode == 0
    assert seen <= allowed(learn, tmp_path / "both")
    learn("merge", "-o", tmp_path / "twice", result, result)
    assert allowed(learn, tmp_path / "twice") == allowed(learn, result)


def test_a_persons_own_word_outranks_what_was_found_out(learn, refine, small_dir):
    _, result = refine("ls", small_dir, options=["-q", "--refine=calls"])
    assert "rseq" not in allowed(learn, result)
    assert "rseq" in learn("emit", "--allow=rseq", "names", result).stdout.split()
    assert "rseq" in learn("emit", "--no-decisions", "names", result).stdout.split()


def test_show_and_explain_tell_what_was_found_out(learn, refine, small_dir):
    _, result = refine("ls", small_dir, options=["-q", "--refine=calls"])
    shown = learn("show", result).stdout
    assert "\nDone without (learn refine):\n" in shown
    assert "\n  rseq (errno:ENOSYS): round " in shown
    dropped = learn("explain", result, "rseq")
    assert dropped.returncode == 0 and "without it: TEST passed" in dropped.stdout
    needed = " ".join(learn("explain", result, "getdents64").stdout.split())
    assert "needed: denied in round" in needed


def test_diff_compares_what_programs_did_not_what_was_decided(learn, refine, tmp_path, small_dir):
    """A gate on a refined profile lets an unchanged program pass."""
    _, result = refine("ls", small_dir, options=["-q", "--refine=calls"])
    assert "rseq" not in learn("emit", "names", result).stdout.split()
    learn("-o", tmp_path / "same", "--", "ls", small_dir)
    learn("-o", tmp_path / "more", "--", "ls", "-l", small_dir)
    assert learn("diff", result, result).returncode == 0
    assert learn("diff", result, tmp_path / "same").returncode == 0
    assert learn("diff", result, tmp_path / "more").returncode == 1


@pytest.mark.parametrize("decision, message", [
    ({"about": "call", "name": "x", "verdict": "maybe", "covers": 1, "why": ""}, "verdict"),
    ({"about": "thing", "name": "x", "verdict": "needed", "covers": 1, "why": ""}, "about"),
    ({"about": "call", "name": "x", "verdict": "needed", "covers": -1, "why": ""}, "covers"),
])
def test_a_decision_that_is_none_is_refused(learn, record, decision, message):
    _, profile = record("true")
    content = json.loads(profile.read_text())
    content["decisions"] = [decision]
    profile.write_text(json.dumps(content))
    done = learn("show", profile)
    assert done.returncode == 2 and f"decisions[0].{message}" in done.stderr


@pytest.mark.parametrize("words, message", [
    ([], "--output"), (["-o", "x"], "TEST"), (["-o", "x", "--jobs=0", "true"], "--jobs"),
    (["-o", "x", "--budget=3d", "true"], "--budget"),
    (["-o", "x", "--refine=c", "true"], "--refine"),
    (["-o", "x", "--stdout=other", "true"], "--stdout"), (["-o", "x", "--expect=256", "true"], "256"),
])
def test_what_is_asked_wrongly_is_said(learn, tmp_path, words, message):
    done = learn("refine", *words, cwd=tmp_path)
    assert done.returncode == 2 and message in done.stderr
