# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles for other confining tools: AppArmor's parser and firejail take them, minijail's grammar
and the words of landlockconfig are kept, and names of files stay names of files."""

import os
import pwd
import random
import re

import pytest

import minijail
import policies
from conftest import need, need_root, run
from policies import Call, Check, Policy, emit, hexed
from test_emit_filter import small_policy
from test_emit_landlock import (ALL_FS, ALL_NET, ALL_SCOPES, EXECUTE, HOSTILE_NAMES, LIST, READ,
                                WRITE, path_line)
from test_emit_seccomp_formats import HOSTILE, emit_names

# What enum path_effect calls it.
E_READ, E_WRITE, E_EXECUTE, E_LIST, E_CREATE = 1, 2, 4, 8, 32
E_REMOVE, E_METADATA = 1 << 12, 1 << 17
NAMES = [*HOSTILE_NAMES, "@{HOME}", "${HOME}", "$$", "a,b", "#include <x>", "q'uote", "{a,b}",
         "[a-z]", "^x", "~", "trailing\\", "\n}\nprofile evil {", 'x" rw,\n  "/', "\r", "\x01",
         "\nseccomp.drop all", "caf\u00e9"]
HOSTILE_LINES = [f"program {hexed(HOSTILE)}", f"note {hexed(HOSTILE)}",
                 f"note {hexed('include <abstractions/base>')}", f"note {hexed('x' + chr(10) + 'y')}"]


def effect_line(path, effects, directory=False):
    return f"path {hexed(os.fsencode(path))} {ALL_FS} {effects} {int(directory)}"


# ---- AppArmor ----

def parsed(text, tmp_path):
    """What apparmor_parser has understood: [(modes, pattern)], as bytes."""
    parser = need("apparmor_parser")
    (tmp_path / "profile").write_bytes(text)
    done = run([parser, "-Q", "-K", "-d", tmp_path / "profile"])
    assert done.returncode == 0, done.stderr
    compiled = run([parser, "-Q", "-K", tmp_path / "profile"])
    assert compiled.returncode == 0, compiled.stderr
    dump = os.fsencode(done.stdout)
    return dump, re.findall(rb"Mode:\t(\w*):\w*\tName:\t\((.*?)\)\n", dump, re.S)


def pattern(name):
    """A path as AppArmor's parser keeps it: nothing in it matches anything else."""
    return re.sub(rb'([\\?*\[\]{}^])', rb"\\\1", os.fsencode(name))


def test_apparmor_keeps_every_name_as_it_is(tmp_path):
    lines = [f"handled {ALL_FS} 0 0"] + [effect_line(f"/srv/{name}", E_READ) for name in NAMES]
    dump, rules = parsed(emit("\n".join(lines + HOSTILE_LINES), "apparmor"), tmp_path)
    assert sorted(rules) == sorted((b"r", pattern(f"/srv/{name}")) for name in NAMES)
    assert dump.count(b"Name:\t\t") == 1 and b"Name:\t\ttest\n" in dump  # one profile


def test_apparmor_gets_the_modes_that_were_seen(tmp_path):
    text = emit("\n".join([
        f"handled {ALL_FS} 0 0", effect_line("/srv/r", E_READ), effect_line("/srv/w", E_WRITE),
        effect_line("/bin/x", E_EXECUTE), effect_line("/lib/libx.so.1", E_READ),
        effect_line("/srv/dir", E_CREATE | E_WRITE, True), effect_line("/srv/list", E_LIST)]),
        "apparmor")
    rules = {name: "".join(sorted(modes.decode())) for modes, name in parsed(text, tmp_path)[1]}
    assert rules == {b"/srv/r": "r", b"/srv/w": "aw", b"/bin/x": "mrx", b"/lib/libx.so.1": "mr",
                     b"/srv/dir/**": "aw", b"/srv/list": "r",
                     b"/srv/list/": "r"}


def test_apparmor_gives_a_directory_what_was_done_in_it_and_no_more(tmp_path):
    """Who lists reads no file; who makes files lists nothing; who reads data maps no code."""
    text = emit("\n".join([
        f"handled {ALL_FS} 0 0", effect_line("/etc", E_LIST, True),
        effect_line("/etc/ld.so.cache", E_READ), effect_line("/srv/data", E_READ | E_WRITE, True),
        effect_line("/srv/mode", E_METADATA, True), effect_line("/srv/all", E_LIST | E_READ, True),
        effect_line("/opt/code", E_READ, True), f"code {hexed(b'/opt/code/plugin')}",
        effect_line("/srv/plugin", E_READ), f"code {hexed(b'/srv/plugin')}"]), "apparmor")
    rules = {name: "".join(sorted(modes.decode())) for modes, name in parsed(text, tmp_path)[1]}
    assert rules == {
        b"/etc/": "r", b"/etc/**/": "r", b"/etc/ld.so.cache": "r", b"/srv/data/**": "arw",
        b"/srv/mode/": "aw", b"/srv/mode/**": "aw", b"/srv/all/": "r", b"/srv/all/**": "r",
        b"/opt/code/**": "mr", b"/srv/plugin": "mr"}


def test_apparmor_asks_more_of_names_that_are_moved_and_linked(tmp_path):
    """The old name is read, too, and the new one of a link has a mode of its own."""
    paths = [f"handled {ALL_FS} 0 0", effect_line("/srv/in", E_CREATE | E_WRITE | E_REMOVE, True)]
    for calls, modes in (([], "aw"), (["call x86_64 82 rename 1"], "arw"),
                         (["call x86_64 265 linkat 1"], "alw")):
        _, rules = parsed(emit("\n".join(paths + calls), "apparmor"), tmp_path)
        assert [("".join(sorted(m.decode())), name) for m, name in rules] == [(modes, b"/srv/in/**")]


def test_apparmor_gets_sockets_and_limits(tmp_path):
    lines = ["family 2", "family 10", "limit NOFILE 64", "limit CPU 5",
             "limit AS 134217728", "limit CORE 0", "limit NPROC 9", "limit STACK 8388608"]
    assert emit("\n".join(lines), "apparmor").count(b"\tset rlimit ") == 4  # no service's time or memory
    text = emit("\n".join(lines), "apparmor", "lifetime-limits")
    assert text.count(b"\tset rlimit ") == 6
    dump, _ = parsed(text, tmp_path)
    assert re.search(rb"Network: *inet inet6 *\n", dump) or b"Network: inet inet6" in dump
    # A family that has no name there must not be forbidden.
    nameless = emit("family 99\n", "apparmor")
    assert b"\tnetwork,\n" in nameless and parsed(nameless, tmp_path)


def test_apparmor_gets_the_capabilities_that_are_needed_and_no_others(tmp_path):
    dump, _ = parsed(emit("capability 0\ncapability 10\nfamily 2\n", "apparmor"), tmp_path)
    assert re.search(rb"^Capabilities: chown net_bind_service *$", dump, re.M)
    dump, _ = parsed(emit("family 2\n", "apparmor"), tmp_path)
    assert not re.search(rb"^Capabilities: *\w", dump, re.M)


def test_apparmor_lets_local_sockets_through_where_some_were_made_or_it_is_not_known(tmp_path):
    for lines, wanted in (("family 1\n", True), ("family 2\n", False), ("", False),
                          ("call x86_64 41 socket 1\n", True)):
        dump, _ = parsed(emit(lines, "apparmor"), tmp_path)
        assert (b"unix" in dump.replace(b"Network: unix", b"Network:")) == wanted, lines


def test_apparmor_takes_the_profile_of_a_real_program(record, learn, tmp_path):
    for command in (["ls", "-l", "/usr"], ["sh", "-c", "ls | cat >/dev/null"]):
        traced, profile = record(*command)
        assert traced.returncode == 0
        _, rules = parsed(os.fsencode(learn("emit", "apparmor", profile).stdout), tmp_path)
        assert any(b"/ls" in name and b"x" in modes for modes, name in rules)


# ---- firejail ----

@pytest.fixture
def jailed(tmp_path, public_dir):
    """jailed(TEXT, COMMAND...): runs it in firejail under a profile, as an ordinary user."""
    need_root()
    firejail, setpriv = need("firejail", "setpriv")
    user = next((u for u in pwd.getpwall() if 0 < u.pw_uid < 60000), None)
    if not user:
        pytest.skip("no user here but root")

    def go(text, *command):
        profile = public_dir / "test.profile"
        profile.write_bytes(text)
        return run([setpriv, f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups",
                    firejail, "--quiet", f"--profile={profile}", *command])
    probe = go(b"quiet\n", "true")
    if probe.returncode != 0:
        pytest.skip(f"firejail cannot run here: {probe.stderr}{probe.stdout}")
    return go


def test_firejail_runs_a_program_under_its_profile_and_nothing_else(record, learn, jailed):
    traced, profile = record("ls", "-l", "/usr/bin/env")
    text = os.fsencode(learn("emit", "firejail", profile).stdout)
    done = jailed(text, "ls", "-l", "/usr/bin/env")
    assert done.returncode == 0 and done.stdout.split()[-1] == traced.stdout.split()[-1]
    stopped = jailed(text, "uname", "-a")
    assert stopped.returncode != 0 and "Linux" not in stopped.stdout
    errno = os.fsencode(learn("emit", "firejail", "--action=errno:EPERM", profile).stdout)
    assert "not permitted" in jailed(errno, "uname", "-a").stderr


def test_firejail_takes_every_line(jailed):
    policy = small_policy()
    policy.calls += [Call(n) for n in (59, 9, 10, 11, 12, 21, 158, 257, 262, 17, 218, 273, 334, 302,
                                       318, 157)]
    policy.more = [*HOSTILE_LINES, "family 1", "family 2", "family 10", "family 16",
                   "limit NOFILE 64", "limit AS 1073741824", "limit CPU 9", "limit CORE 0",
                   "limit FSIZE 1048576", "limit NPROC 100"]
    assert b"\n#rlimit-cpu 9\n" in emit(policy, "firejail")  # it would end a long session
    text = emit(policy, "firejail", "lifetime-limits")
    done = jailed(text, "true")
    assert done.returncode == 0, done.stderr
    assert "Error" not in done.stderr
    lines = [line for line in text.decode().splitlines() if not line.startswith("#")]
    assert {line.split()[0] for line in lines} == {
        "nonewprivs", "noroot", "seccomp.keep", "seccomp-error-action", "seccomp.block-secondary",
        "protocol", "rlimit-nofile", "rlimit-as", "rlimit-cpu", "rlimit-fsize", "rlimit-nproc"}


# ---- minijail ----

def assert_minijail_decides(policy, seed=0):
    """No more is allowed than the policy allows, and all of it that has no rubbish in words that the
    kernel does not read."""
    jail = minijail.Policy(emit(policy, "minijail").decode())
    clean = {call.number: {c.index: c.width for c in call.checks} for call in policy.calls}
    for arch, nr, args in policy.questions(random.Random(seed)):
        if arch != policies.ARCHES["x86_64"] or nr >= 0x40000000:
            continue
        wanted, got = policy.decide(arch, nr, args), jail.decide(nr, args)
        rubbish = any(width == 32 and args[i] >> 32 for i, width in clean.get(nr, {}).items())
        assert got == wanted or (rubbish and got == jail.default), (nr, args)


@pytest.mark.parametrize("action", ["kill", "trap"])
def test_minijail_decides_as_the_policy_says(action):
    policy = small_policy(action=action)
    policy.newest = 0
    assert_minijail_decides(policy)


@pytest.mark.parametrize("seed", range(4))
def test_minijail_means_random_policies(seed):
    known = emit_names()["x86_64"]
    policy = policies.random_policy(seed, 60, 0.4, most_values=4)
    policy.action, policy.newest = "kill", 0
    policy.calls = [call for call in policy.calls if call.number in known]
    policy.denials = {k: v for k, v in policy.denials.items() if k[1] in known and v != "kill"}
    assert_minijail_decides(policy, seed)


def test_minijail_lets_negative_values_through_in_both_words():
    policy = Policy(calls=[Call(257, 1, [Check(0, 32, {0xFFFFFF9C: 1})])])
    jail = minijail.Policy(emit(policy, "minijail").decode())
    for value in (0xFFFFFF9C, 0xFFFFFFFFFFFFFF9C):
        assert jail.decide(257, (value,)) == policies.bpfsim.ALLOW
    assert jail.decide(257, (0xDFFFFF9C,)) != policies.bpfsim.ALLOW


def test_minijail_has_a_count_for_each_call():
    lines = emit(small_policy(), "minijail", "frequency").decode().splitlines()
    counts = dict(line.split(": ") for line in lines)
    assert counts["read"] == "1000" and counts["rt_sigreturn"] == "0"
    policy = minijail.Policy(emit(small_policy(), "minijail").decode())
    assert {minijail.resolve(name) for name in counts} == {
        n for n, rule in policy.calls.items() if not isinstance(rule, int) or rule >> 16 == 0x7FFF}


def test_no_name_in_a_profile_can_become_a_minijail_rule():
    policy = small_policy()
    plain = minijail.Policy(emit(policy, "minijail").decode()).calls
    policy.more = HOSTILE_LINES
    assert minijail.Policy(emit(policy, "minijail").decode()).calls == plain


# ---- landlockconfig ----

FS = ["execute", "write_file", "read_file", "read_dir", "remove_dir", "remove_file", "make_char",
      "make_dir", "make_reg", "make_sock", "make_fifo", "make_block", "make_sym", "refer",
      "truncate", "ioctl_dev"]
NET = ["bind_tcp", "connect_tcp"]
SCOPES = ["abstract_unix_socket", "signal"]


def bits(words, names):
    assert words and len(set(words)) == len(words) and set(words) <= set(names)
    return sum(1 << names.index(word) for word in words)


def untemplated(parent):
    """`$$` is a dollar sign, `${name}` would be a variable."""
    assert not re.search(r"(?<!\$)(?:\$\$)*\$(?!\$)", parent), parent
    return parent.replace("$$", "$")


def landlockconfig(text):
    """(handled fs, net, scoped, {path: rights}, {(port, right)}), by the schema's rules."""
    tomllib = pytest.importorskip("tomllib")
    config = tomllib.loads(text.decode())
    assert set(config) <= {"ruleset", "path_beneath", "net_port"} and len(config["ruleset"]) == 1
    ruleset = config["ruleset"][0]
    assert set(ruleset) <= {"handled_access_fs", "handled_access_net", "scoped"}
    paths, ports = {}, set()
    for rule in config.get("path_beneath", []):
        assert set(rule) == {"allowed_access", "parent"} and len(rule["parent"]) == 1
        paths[untemplated(rule["parent"][0])] = bits(rule["allowed_access"], FS)
    for rule in config.get("net_port", []):
        assert set(rule) == {"allowed_access", "port"}
        ports.add((rule["port"][0], rule["allowed_access"][0]))
    return (*(bits(ruleset[key], names) if key in ruleset else 0 for key, names in
              (("handled_access_fs", FS), ("handled_access_net", NET), ("scoped", SCOPES))),
            paths, ports)


def test_landlockconfig_has_the_rules_of_the_policy():
    text = emit("\n".join([f"handled {ALL_FS} {ALL_NET} {ALL_SCOPES}",
                           path_line("/usr/bin/x", EXECUTE | READ), "port 80 connect",
                           path_line("/srv", READ | WRITE | LIST | 256, True), "port 443 bind"]),
                "landlockconfig")
    assert landlockconfig(text) == (
        ALL_FS, ALL_NET, ALL_SCOPES, {"/usr/bin/x": EXECUTE | READ,
                                      "/srv": READ | WRITE | LIST | 256},
        {(80, "connect_tcp"), (443, "bind_tcp")})


def test_landlockconfig_keeps_every_name_that_is_text():
    lines = [f"handled {ALL_FS} 0 0"] + [path_line(f"/srv/{name}", READ) for name in NAMES]
    text = emit("\n".join(lines + HOSTILE_LINES), "landlockconfig")
    is_text = [name for name in NAMES if name.isprintable() or name.encode(errors="replace") ==
               os.fsencode(name)]
    assert landlockconfig(text)[3] == {f"/srv/{name}": READ for name in is_text}
    assert text.count(b"# Left out, because TOML has no such bytes") == len(NAMES) - len(is_text) == 1
    assert b"1 path rule whose name is no UTF-8" in text


def test_landlockconfig_refuses_a_policy_that_confines_nothing(learn):
    with pytest.raises(AssertionError, match="confines nothing"):
        emit("handled 0 0 0\n", "landlockconfig")


# ---- names ----

def test_the_list_of_names_is_the_allowed_calls_most_frequent_first():
    lines = emit(small_policy(), "names").decode().splitlines()
    assert lines[:2] == ["read", "write"]
    assert set(lines) == {"read", "write", "close", "exit_group", "rt_sigreturn", "ioctl", "socket",
                          "ptrace", "clone", "fcntl"}
