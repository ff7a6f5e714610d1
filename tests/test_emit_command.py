# SPDX-License-Identifier: GPL-3.0-or-later
"""`learn emit` as a command: formats, files, failures, and the golden files of every format."""

import os
import pty
import re
import resource
import shutil
import subprocess

import pytest

import policies
from conftest import SRCDIR, environment, sanitized

GOLDEN = SRCDIR / "tests" / "golden"
CASES = sorted(path.stem for path in GOLDEN.glob("*.profile"))
# Every way to write a format: (golden suffix, words after `learn emit`).
WAYS = [
    ("apparmor", ["apparmor"]),
    ("bpf", ["bpf"]),
    ("bpf_asm", ["bpf_asm"]),
    ("firejail", ["firejail"]),
    ("landlock", ["landlock"]),
    ("landlock-main", ["landlock", "--main"]),
    ("landlockconfig", ["landlockconfig"]),
    ("libseccomp", ["libseccomp"]),
    ("libseccomp-main", ["libseccomp", "--main"]),
    ("minijail", ["minijail"]),
    ("minijail-frequency", ["minijail", "--as=frequency"]),
    ("names", ["names"]),
    ("oci", ["oci"]),
    ("rlimits-c", ["rlimits", "--as=c"]),
    ("rlimits-prlimit", ["rlimits", "--as=prlimit"]),
    ("rlimits-sh", ["rlimits", "--as=sh"]),
    ("systemd", ["systemd"]),
]


def newest_known(text):
    """The newest call that the libseccomp behind a text knew: it decides about ENOSYS rules."""
    found = re.search(r"newer than number (\d+)", text)
    return found and found.group(1)


@pytest.fixture(scope="session")
def profile():
    return GOLDEN / "server.profile"


def test_there_are_golden_files_of_every_format(formats):
    assert CASES
    assert formats == {words[0] for _, words in WAYS}


@pytest.mark.parametrize("suffix, words", WAYS)
@pytest.mark.parametrize("case", CASES)
def test_the_output_is_the_golden_file(learn, case, suffix, words):
    if os.uname().machine != "x86_64":
        pytest.skip("the golden files are of x86_64")
    newest = newest_known(learn("emit", "libseccomp", GOLDEN / f"{case}.profile").stdout)
    if newest != newest_known((GOLDEN / f"{case}.libseccomp").read_text()):
        pytest.skip(f"this libseccomp knows calls up to {newest}, another than the golden files'")
    done = learn("emit", *words, GOLDEN / f"{case}.profile")
    assert done.returncode == 0, done.stderr
    wanted = (GOLDEN / f"{case}.{suffix}").read_bytes().decode("utf-8", "surrogateescape")
    assert done.stdout == wanted, "tests/golden/update.sh makes the golden files anew"


def test_every_golden_file_belongs_to_a_case_and_a_way():
    suffixes = {suffix for suffix, _ in WAYS} | {"profile"}
    for path in GOLDEN.iterdir():
        assert path.name == "update.sh" or path.suffix[1:] in suffixes, path


def carried_by(text):
    """{kind of rule: formats that can say it} of `learn emit --list`."""
    rows, kind = {}, None
    for line in text.split("FORMATS THAT CAN SAY IT\n")[1].splitlines():
        kind = line[:23].strip() or kind
        rows.setdefault(kind, set()).update(line[23:].split())
    return rows


def test_the_list_has_every_format_with_what_it_can_express(learn, formats):
    done = learn("emit", "--list")
    assert done.returncode == 0
    for name in formats:
        assert re.search(rf"^{name} +\.\w+ +\w", done.stdout, re.M), name
    assert max(map(len, done.stdout.splitlines())) <= 80
    rows = carried_by(done.stdout)
    assert len(rows) == 14 and set().union(*rows.values()) == formats, done.stdout
    assert rows["ports"] == {"landlock", "landlockconfig"}
    assert rows["newer calls"] == {"bpf", "bpf_asm", "libseccomp"}
    assert "apparmor" in rows["capabilities"] and "apparmor" not in rows["calls"]


WHOLE = """\
newest 456
action errno:EPERM
call x86_64 0 read 5
call x86_64 16 ioctl 5
values 1 32 0x5401=1
call x86 3 read 5
denial x86_64 435 clone3 errno:ENOSYS
handled 0xffff 3 3
path 2f746d702fe9 4 1 0
port 80 bind
family 2
capability 10
limit NOFILE 99
"""
LOSSES = {"calls": "3 system calls", "arguments": "1 argument rule",
          "answers": "1 call with an answer of its own", "default answer": "that is no kill",
          "architectures": "1 rule for one architecture alone", "newer calls": "newer than the newest known",
          "written paths": "1 path rule", "read paths": "as to reading and executing",
          "paths in any bytes": "name is no UTF-8", "ports": "1 port rule", "scopes": "2 rules on reaching processes outside",
          "families": "1 address family", "capabilities": "1 capability",
          "limits": "1 resource limit"}


def test_what_the_list_has_not_of_a_format_is_said_of_a_policy_that_has_it(learn, formats):
    """Every cell of the table, by the comment at the top of what is written."""
    rows = carried_by(learn("emit", "--list").stdout)
    within = {"answers": "calls", "default answer": "calls", "architectures": "calls",
              "newer calls": "calls", "read paths": "written paths",
              "paths in any bytes": "read paths"}
    for name in formats - {"oci", "names"}:  # which have no comments
        lines = policies.emit(WHOLE, name).decode("utf-8", "surrogateescape").splitlines()
        for kind, loss in LOSSES.items():
            if kind in within and name not in rows[within[kind]]:
                continue  # said of the whole
            said = any(line.endswith(loss) for line in lines)
            assert said == (name not in rows[kind]), (name, kind, lines)


def test_what_a_format_cannot_express_is_said_once_and_in_its_text(learn, profile):
    done = learn("emit", "rlimits", profile)
    losses = [line for line in done.stderr.splitlines() if "cannot express" in line]
    assert len(losses) == 1
    assert re.search(r"rlimits cannot express \d+ system calls, .*path rules", losses[0])
    for part in losses[0].split("cannot express ")[1].split(", "):
        assert f" *   {part}\n" in done.stdout


def test_options_may_stand_before_and_after_the_operands(learn, profile, tmp_path):
    outputs = []
    for words in (["-o", "x", "bpf", profile], ["bpf", "-o", "x", profile],
                  ["bpf", profile, "-o", "x"], ["bpf", profile, "--output=x"],
                  ["-o", "x", "--", "bpf", profile]):
        assert learn("emit", *words, cwd=tmp_path).returncode == 0, words
        outputs.append((tmp_path / "x").read_text())
        (tmp_path / "x").unlink()
    assert len(set(outputs)) == 1 and outputs[0] == learn("emit", "bpf", profile).stdout


def test_the_name_is_that_of_the_file_unless_given(learn, profile, tmp_path):
    shutil.copy(profile, tmp_path / "9-of my.server.profile")
    assert "\nint _9_of_my_server_seccomp(void)" in learn(
        "emit", "libseccomp", tmp_path / "9-of my.server.profile").stdout
    assert "\nint other_seccomp(void)" in learn("emit", "libseccomp", "--name=other",
                                                profile).stdout
    for name in ("", "9", "a b", "a;b", "ä"):
        assert learn("emit", "libseccomp", f"--name={name}", profile).returncode == 2


def test_a_policy_option_changes_the_output(learn, profile):
    plain = learn("emit", "systemd", profile).stdout
    assert "SystemCallErrorNumber=EACCES\n" in learn("emit", "systemd", "--action=errno:EACCES",
                                                     profile).stdout
    assert "SystemCallErrorNumber=\n" in plain
    assert "ioctl" not in learn("emit", "bpf_asm", "--deny=ioctl", profile).stdout


@pytest.mark.parametrize("words", [
    [], ["bpf"], ["bpf", "{profile}", "more"], ["nonsense", "{profile}"],
    ["bpf_asm", "--raw", "{profile}"], ["bpf", "--main", "{profile}"],
    ["systemd", "--as=sh", "{profile}"], ["minijail", "--as=sh", "{profile}"], ["bpf", "--nonsense", "{profile}"],
    ["bpf", "{profile}", "--action=nonsense"], ["bpf", "/nowhere/at/all"],
])
def test_a_mistake_is_one_clear_message_and_no_output(learn, profile, words):
    done = learn("emit", *(word.format(profile=profile) for word in words))
    assert done.returncode == 2 and done.stderr.startswith("learn: ") and not done.stdout


def test_an_output_that_cannot_be_written_is_a_failure(learn, profile, tmp_path):
    full = learn("emit", "bpf", profile, "-o", "/dev/full")
    assert full.returncode == 2 and "/dev/full" in full.stderr
    nowhere = learn("emit", "bpf", profile, "-o", tmp_path / "no" / "file")
    assert nowhere.returncode == 2 and str(tmp_path / "no" / "file") in nowhere.stderr
    with open("/dev/full", "wb") as out:
        done = learn("emit", "-q", "bpf", profile, stdout=out)
    assert done.returncode == 2
    assert done.stderr == "learn: cannot write to standard output: No space left on device\n"


def test_a_failure_leaves_the_old_file(learn, profile, tmp_path):
    output = tmp_path / "old"
    output.write_text("old")
    assert learn("emit", "rlimits", "--as=csh", profile, "-o", output).returncode == 2
    assert output.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["old"]


def test_a_policy_replaces_no_profile(learn, profile, tmp_path):
    evidence = tmp_path / "evidence"
    shutil.copy(profile, evidence)
    before = evidence.read_bytes()
    (tmp_path / "link").symlink_to(evidence)
    for name in ("evidence", "link"):
        done = learn("emit", "bpf", evidence, "-o", tmp_path / name)
        assert done.returncode == 2 and "is a learn profile: not replaced" in done.stderr
    assert evidence.read_bytes() == before
    old = tmp_path / "old"
    old.write_text("older output")
    assert learn("emit", "names", evidence, "-o", old).returncode == 0
    assert "older" not in old.read_text()


def test_binary_is_not_written_to_a_terminal(learn_path, profile):
    leader, terminal = pty.openpty()
    try:
        done = subprocess.run([learn_path, "emit", "bpf", "--raw", profile], stdout=terminal,
                              stderr=subprocess.PIPE, env=environment(), timeout=60)
    finally:
        os.close(terminal)
    os.close(leader)
    assert done.returncode == 2 and b"terminal" in done.stderr


def test_the_raw_filter_is_what_bwrap_loads(learn_path, profile):
    done = subprocess.run([learn_path, "emit", "bpf", "--raw", profile], capture_output=True,
                          env=environment(), timeout=60)
    assert done.returncode == 0 and len(done.stdout) % 8 == 0 and done.stdout


def test_a_policy_of_330_calls_is_emitted_in_a_second():
    if sanitized():
        pytest.skip("a build with sanitizers is slower")
    policy = policies.random_policy(1, 330, 0.05)
    took = []
    for _ in range(3):  # in CPU time, the best of three: other things run beside a test
        start = resource.getrusage(resource.RUSAGE_CHILDREN)
        policies.emit(policy, "bpf", "raw")
        end = resource.getrusage(resource.RUSAGE_CHILDREN)
        took.append(end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime)
    assert min(took) < 1


def test_quiet_leaves_out_warnings_and_not_what_the_format_cannot_express(record, learn):
    _, profile = record("ls", "/")
    said = learn("emit", "landlock", profile).stderr
    quiet = learn("emit", "-q", "landlock", profile).stderr
    assert "learn: warning: " in said and "warning" not in quiet
    assert "landlock cannot express" in quiet and quiet in said


def test_who_could_put_a_narrower_filter_on_later_is_told_when(learn, srcdir):
    profile = srcdir / "samples" / "nginx" / "nginx.profile"
    for words in (["libseccomp"], ["bpf"], ["bpf_asm", "--tune=cached"]):
        done = learn("emit", *words, profile)
        assert re.search(r"^learn: hint: after its first (\w+) nginx does not need \d+ of \d+ calls"
                         r": record it with --phase-at=\1, and --phase=serving", done.stderr, re.M)
    for words in (["oci"], ["bpf", "-q"], ["libseccomp", "--main"], ["bpf", "--phase=main"],
                  ["libseccomp", "--load=main"], ["bpf", "--raw"]):
        done = learn("emit", *words, "-o", "/dev/null", profile)
        assert "hint" not in done.stderr, words


def test_a_format_warns_of_what_it_carries_alone(record, learn):
    """Of a directory that is listed as a whole, who confines reading; of a service, who writes."""
    _, profile = record("ls", "/etc")
    wide = "/etc: the rule covers everything below"
    for name in ("landlock", "apparmor"):
        done = learn("emit", name, profile)
        assert f"warning: {wide}" in done.stderr and wide in done.stdout, name
    for name in ("systemd", "bpf", "rlimits", "names"):
        done = learn("emit", name, profile)
        assert "warning" not in done.stderr and "Notes:" not in done.stdout, name
    done = learn("emit", "systemd", GOLDEN / "server.profile")
    assert "/run: the rule covers everything below" in done.stderr  # ReadWritePaths=-/run
