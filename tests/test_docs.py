# SPDX-License-Identifier: GPL-3.0-or-later
"""What the documents point to is there."""

import re

import pytest

ROW = re.compile(r"^\| (?!what \||---)(.*) \| (.*) \|$", re.M)
TEST = re.compile(r"`(test_\w+\.py)(?:::(test_\w+))?`")


@pytest.fixture(scope="module")
def rows(srcdir):
    """{what is handled: [(file, test or "")]} of docs/tested.md."""
    return {what: TEST.findall(tests)
            for what, tests in ROW.findall((srcdir / "docs" / "tested.md").read_text())}


def test_every_row_names_tests_and_nothing_else(rows, srcdir):
    assert len(rows) > 80
    text = (srcdir / "docs" / "tested.md").read_text()
    assert len(rows) == len([line for line in text.splitlines() if line.startswith("| ")]) - \
        2 * text.count("| --- |")
    for _, tests in ROW.findall(text):
        assert TEST.sub("", tests).strip() == "" and TEST.search(tests), tests


def test_every_test_that_is_named_exists(rows, srcdir):
    gone = []
    for file, test in {named for tests in rows.values() for named in tests}:
        path = srcdir / "tests" / file
        if not path.exists() or (test and f"\ndef {test}(" not in path.read_text()):
            gone.append((file, test))
    assert not gone


def test_what_is_long_is_marked_so_in_the_table(rows, srcdir):
    for what, tests in rows.items():
        files = {file for file, _ in tests}
        long = [file for file in files
                if "\npytestmark = pytest.mark.long" in (srcdir / "tests" / file).read_text()]
        assert not long or "*long*" in what, what


def test_documents_point_to_files_that_exist(srcdir):
    """Names of files of this project, in backquotes."""
    gone = []
    for document in [srcdir / "README.md", *sorted((srcdir / "docs").glob("*.md"))]:
        for name in re.findall(r"`((?:docs|bench|tests|lib|tracer|learner|emitter|enforcer|importer|"
                               r"refiner|service|samples|cli)/[\w./-]+)`", document.read_text()):
            if "NAME" not in name and not (srcdir / name).exists():
                gone.append((document.name, name))
    assert not gone
