# SPDX-License-Identifier: GPL-3.0-or-later
"""Help, manual page and completions agree, as all tell of the same tables."""

import re
import subprocess

import pytest

from conftest import environment, need, run


@pytest.fixture(scope="module")
def verbs(learn):
    """{verb: its help}, in the order of `learn --help`."""
    text = learn("--help").stdout
    names = re.findall(r"^  ([a-z]+) +\S", text.split("Verbs:\n")[1].split("\n\n")[0], re.M)
    return {name: learn(name, "--help").stdout for name in names}


def options(text):
    """{'--output': '-o', '--tsv': None ...} from help."""
    rows = re.findall(r"^  (?:(-\w), |    )?(--[a-z][a-z-]*)", text, re.M)
    return {name: letter or None for letter, name in rows}


def test_help_goes_to_stdout_and_succeeds(learn, verbs):
    for words in (["--help"], ["-h"], *([verb, "--help"] for verb in verbs),
                  *([verb, "-h"] for verb in verbs)):
        done = learn(*words)
        assert done.returncode == 0 and done.stderr == "", words
        assert done.stdout.startswith("Usage: learn"), words


def test_help_fits_80_columns(learn, verbs):
    for text in (learn("--help").stdout, *verbs.values()):
        assert max(map(len, text.splitlines())) <= 80


def test_there_are_verbs_and_each_has_its_own_help(verbs):
    assert {"record", "show", "emit", "run", "merge"} <= set(verbs)
    for verb, text in verbs.items():
        assert text.startswith(f"Usage: learn {verb} ")
        assert "--help" in options(text)


def test_version_names_the_release(learn, srcdir):
    version = re.search(r"AC_INIT\(\[learn\], \[([^]]+)\]", (srcdir / "configure.ac").read_text())
    assert learn("--version").stdout == f"learn {version[1]}\n"


def test_the_news_begin_with_this_version(learn, srcdir):
    version = learn("--version").stdout.split()[1]
    headings = re.findall(r"^## (\S+)", (srcdir / "NEWS.md").read_text(), re.M)
    assert headings[0] == version


# ---- the manual page ----

@pytest.fixture(scope="module")
def manual(srcdir):
    """learn(1) with its markup taken out."""
    text = (srcdir / "docs" / "learn.1").read_text()
    text = re.sub(r'^\.\\".*\n', "", text, flags=re.M)
    return re.sub(r"\\f[BIRP]|\\&", "", text).replace("\\-", "-")


def section(manual, verb):
    """What the manual says below the heading of a verb."""
    found = re.search(rf"^\.SS learn {verb}\b.*?(?=^\.S[SH] )", manual, re.M | re.S) \
        or re.search(rf"^\.SS .*learn (?:\[)?{verb}\b.*?(?=^\.S[SH] )", manual, re.M | re.S)
    assert found, f"learn.1 has no heading for {verb}"
    return found[0]


def test_the_manual_has_every_option_of_every_verb_and_no_other(manual, verbs):
    shared = re.search(r"^\.SS Policy options.*?(?=^\.S[SH] )", manual, re.M | re.S)[0]
    for verb, text in verbs.items():
        told = section(manual, verb)
        if "policy options" in told.lower():
            told += shared
        found = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", told))
        assert found - {"--help"} == set(options(text)) - {"--help"}, verb
        for name, letter in options(text).items():
            if letter and letter != "-h":
                assert re.search(rf"(?<!\w){letter}\b", told), (verb, name)


def test_the_manual_has_every_format(formats, manual):
    listed = re.search(r"^\.SH FORMATS.*?(?=^\.SH )", manual, re.M | re.S)[0]
    assert set(re.findall(r"^\.TP\n\.B (\w+)$", listed, re.M)) == formats


def test_the_manual_has_no_mistake_in_its_markup(srcdir):
    man = need("man")
    done = run([man, "--warnings", "-E", "UTF-8", "-l", "-Tutf8", srcdir / "docs" / "learn.1"],
               env={"MANWIDTH": "80"})
    assert done.returncode == 0 and done.stderr == ""
    assert "LEARN(1)" in done.stdout


# ---- completion ----

COMPLETE_BASH = r"""
source "$SCRIPT"
COMP_LINE=$LINE COMP_POINT=${#LINE}
read -ra COMP_WORDS <<<"$LINE"
[[ $LINE == *" " ]] && COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_learn
printf '%s\n' "${COMPREPLY[@]}"
"""


@pytest.fixture(scope="module")
def complete(srcdir, tmp_path_factory, learn_path):
    """complete(LINE): what bash offers for the line's last word."""
    bash = need("bash")
    empty = tmp_path_factory.mktemp("empty")
    (empty / "some.profile").touch()

    def offers(line):
        done = subprocess.run([bash, "--norc", "-c", COMPLETE_BASH], cwd=empty, text=True,
                              env=environment({"SCRIPT": srcdir / "completions" / "bash" / "learn",
                                               "LINE": line}),
                              capture_output=True, timeout=20, check=True)
        assert done.stderr == ""
        return {word.rstrip(" =") for word in done.stdout.splitlines() if word}
    return offers


def test_bash_completes_the_verbs(complete, verbs):
    assert set(verbs) <= complete("learn ")
    assert "show" in complete("learn sh")


def test_bash_completes_the_options_of_each_verb_and_no_other(complete, verbs):
    for verb, text in verbs.items():
        assert complete(f"learn {verb} --") == set(options(text)), verb
    assert complete("learn --") == set(options(verbs["record"])) | {"--version"}


def test_bash_completes_formats_and_files(complete, formats):
    assert formats == complete("learn emit ")
    assert "some.profile" in complete("learn show so")


def test_zsh_completes_the_same_words(srcdir, formats, verbs):
    text = (srcdir / "completions" / "zsh" / "_learn").read_text()
    assert text.startswith("#compdef learn\n")
    for verb, help_text in verbs.items():
        function = re.search(rf"^_learn_{verb}\(\) \{{.*?^\}}", text, re.M | re.S)
        assert function, verb
        body = function[0]
        if "$policy" in body:
            body += re.search(r"^\tpolicy=\(.*?^\t\)", text, re.M | re.S)[0]
        assert set(re.findall(r"--[a-z][a-z-]*", body)) == set(options(help_text)), verb
    assert set(re.search(r":format:\(([\w ]+)\)", text)[1].split()) == formats


def test_zsh_can_read_its_completion(srcdir):
    zsh = need("zsh")
    assert run([zsh, "-n", srcdir / "completions" / "zsh" / "_learn"]).returncode == 0
