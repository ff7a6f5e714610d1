# SPDX-License-Identifier: GPL-3.0-or-later
"""Paths made of whatever bytes a file name may have: what the consumer of a format reads back is
the same set of paths, or the format says which it cannot carry. Nothing in them becomes a rule."""

import os
import random
import re

import pytest

from conftest import run
from policies import emit
from test_emit_filter import small_policy
from test_emit_profiles import landlockconfig, parsed, pattern
from test_emit_seccomp_formats import compile_c

FS, READ, E_READ, E_WRITE = 0xFFFF, 4, 1, 2
PIECES = [*(bytes([b]) for b in b"\"'\\%$`*?[]{}()^\n\t\r\v#;,~@|&<>!=:+-. ax0"), b"\xff", b"\x80",
          "\u202e".encode(), "\u00e9".encode(), "\U0001f600".encode(), b"*/", b"/*", b"//", b"??/",
          b"%n", b"%%", b"$$", b"${x}", b"\\n", b"\\x41", b"\\\n", b"'''", b'"""', b"\x7f", b"\x01",
          b"\nExecStart=", b",\n\tfile,\n", b"]\n[[path_beneath]]\n", b"include <a>\n"]


def names(seed, n=200):
    """Names of files in /srv, all different."""
    rng, found = random.Random(seed), set()
    while len(found) < n:
        name = b"".join(rng.choices(PIECES, k=rng.randint(1, 12))).replace(b"/", b"|")
        if name not in (b".", b".."):
            found.add(b"/srv/" + name)
    return sorted(found)


def lines_of(paths, effects=E_READ):
    return "\n".join([f"handled {FS} 0 0", *(f"path {path.hex()} {READ} {effects} 0"
                                            for path in paths),
                      *(f"program {path.hex()}" for path in paths[:20]),
                      *(f"note {path.hex()}" for path in paths[:20])]) + "\n"


def is_text(path):
    try:
        path.decode()
    except UnicodeDecodeError:
        return False
    return True


def test_apparmor_reads_back_every_path(tmp_path):
    paths = names(1)
    _, rules = parsed(emit(lines_of(paths), "apparmor"), tmp_path)
    assert sorted(rules) == sorted((b"r", pattern(os.fsdecode(path))) for path in paths)


def test_the_compiler_reads_back_every_path_of_landlock(tmp_path):
    paths = names(2)
    (tmp_path / "emitted.c").write_bytes(emit(lines_of(paths), "landlock"))
    (tmp_path / "main.c").write_text(
        '#include "emitted.c"\n#include <stdio.h>\n#include <string.h>\nint main(void)\n{\n'
        "\tfor (size_t i = 0; paths[i].path; i++)\n"
        "\t\tfwrite(paths[i].path, strlen(paths[i].path) + 1, 1, stdout);\n\treturn 0;\n}\n")
    compile_c(tmp_path / "main.c", tmp_path / "main", "-I", tmp_path)
    out = os.fsencode(run([tmp_path / "main"]).stdout)
    assert out.split(b"\0")[:-1] == paths


def test_landlockconfig_reads_back_every_path_that_is_text_and_says_which_are_not():
    paths = names(3)
    text = emit(lines_of(paths), "landlockconfig")
    wanted = {path for path in paths if is_text(path)}
    assert 50 < len(wanted) < len(paths)
    assert {os.fsencode(path) for path in landlockconfig(text)[3]} == wanted
    assert text.count(b"# Left out, because TOML has no such bytes") == len(paths) - len(wanted)
    assert b"%d path rules whose names are no UTF-8" % (len(paths) - len(wanted)) in text


def systemd_words(value):
    """The words of a list of paths, as systemd.syntax(7) and systemd.unit(5) (specifiers) say."""
    found = []
    for word in re.findall(rb'"((?:[^"\\]|\\.)*)"', value):
        word = re.sub(rb"\\(.)", rb"\1", word)
        assert not re.search(rb"(?<!%)(?:%%)*%(?!%)", word), word
        found.append(word.replace(b"%%", b"%"))
    return found


def test_systemd_reads_back_every_path_that_a_unit_can_name_and_says_which_it_cannot():
    carried = 0
    for seed in range(4, 204):
        path, = names(seed, 1)
        text = emit(lines_of([path], E_WRITE), "systemd")
        written = [word for line in text.splitlines() if line.startswith(b"ReadWritePaths=")
                   for word in systemd_words(line.split(b"=", 1)[1])]
        if written:
            carried += 1
            assert written == [b"-" + path] and is_text(path) and path.decode().isprintable()
        else:
            assert b"no unit file can name it" in text, path
    assert 20 < carried < 180


@pytest.mark.parametrize("form, options", [
    ("bpf", ["raw"]), ("bpf_asm", []), ("bpf", []), ("libseccomp", []), ("minijail", []),
    ("firejail", []), ("systemd", []), ("rlimits", ["sh"]), ("rlimits", ["prlimit"]),
    ("rlimits", ["c"]), ("landlockconfig", []), ("apparmor", []), ("names", []), ("oci", [])])
def test_names_of_programs_and_notes_change_nothing_but_comments(form, options):
    def rules(policy):
        text = emit(policy, form, *options)
        if form == "bpf" and options:
            return text
        text = re.sub(rb"/\*.*?\*/", b"", text, flags=re.S)  # a comment ends where C says so
        return [line for line in text.split(b"\n")
                if line.strip() and not line.lstrip().startswith((b"#", b";", b"//"))
                or line.startswith((b"#define", b"#include"))]
    policy = small_policy()
    policy.more = ["handled 65535 0 0", "path 2f737276 4 1 1", "limit NOFILE 64"]
    plain = rules(policy)
    policy.more += [f"note {path.hex()}" for path in names(9)]
    policy.more += [f"program {path.hex()}" for path in names(10)]
    # AppArmor attaches to a lone program only: it has none here, and 200 there.
    assert rules(policy) == plain
