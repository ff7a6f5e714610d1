# SPDX-License-Identifier: GPL-3.0-or-later
"""What `learn run` says of denials, taken apart."""

import re

from conftest import run


def suggested(done):
    """The last command line that a report suggests."""
    found = re.findall(r"^learn:   to allow it: (.*)$", done.stderr, re.M)
    assert found, done.stderr
    return found[-1]


def type_in(line, **more):
    """Has a shell run a suggested command line, as a person would."""
    return run(["sh", "-c", line], **more)


def denied(done):
    """The calls that were denied, in the order of their reports."""
    return re.findall(r"^learn: (?:probably )?denied: (\w+)\(", done.stderr, re.M)


def without_warnings(text):
    return [line for line in text.splitlines() if not line.startswith("learn: warning: ")]


def careful(script):
    """Python that ends with status 1 at an error, without a word."""
    return f"import mmap, os, sys\ntry: {script}\nexcept OSError: os._exit(1)\n"
