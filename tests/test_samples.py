# SPDX-License-Identifier: GPL-3.0-or-later
"""The samples are fresh: what is in the tree is what learn makes today."""

import platform
import re

import pytest

from conftest import free_port, need, need_root, run


def outputs(srcdir):
    lines = (srcdir / "samples" / "nginx" / "outputs").read_text().splitlines()
    return [line.split() for line in lines if line and not line.startswith("#")]


@pytest.fixture
def sample(srcdir):
    return srcdir / "samples" / "nginx"


@pytest.fixture
def serve(sample, public_dir):
    """serve(PREFIX...): runs nginx through the sample's script below PREFIX, on one port."""
    need_root()
    need("nginx", "bash")
    words = [sample / "serve.sh", public_dir / "server", str(free_port())]
    return lambda *prefix: run([*words, *prefix], timeout=120)


def test_every_format_is_in_the_sample(formats, srcdir):
    assert {words[1] for words in outputs(srcdir)} == formats


def test_every_emitted_file_is_what_learn_emits_today(learn, sample, srcdir, tmp_path):
    if platform.machine() != "x86_64":
        pytest.skip("the sample was recorded on x86_64")
    for file, *words in outputs(srcdir):
        done = learn("emit", *words, "-o", tmp_path / file, sample / "nginx.profile")
        assert done.returncode == 0, done.stderr
        assert (tmp_path / file).read_bytes() == (sample / file).read_bytes(), file


def test_the_sample_tells_nothing_of_the_machine_it_was_made_on(sample):
    text = (sample / "nginx.profile").read_text()
    homes = re.findall(r'"(/(?:home|root|work|tmp|build|mnt)/[^"]*)"', text)
    assert not homes


def kinds_of_calls(rows):
    """{(program, call)}, programs by their last name, without what depends on timing alone."""
    return {(row.program.rpartition("/")[2], row.call) for row in rows} - \
        {("nginx", "restart_syscall")}


def test_the_server_recorded_today_makes_the_calls_of_the_sample(serve, learn_path, tsv, sample,
                                                                 tmp_path):
    if platform.machine() != "x86_64":
        pytest.skip("the sample was recorded on x86_64")
    done = serve(learn_path, "-q", "-o", tmp_path / "profile", "--")
    assert (done.returncode, done.stdout) == (0, "200 requests answered\n"), done.stderr
    assert kinds_of_calls(tsv(tmp_path / "profile")) == kinds_of_calls(tsv(sample / "nginx.profile"))


def test_the_server_answers_every_request_under_the_policy_learned_from_it(serve, learn_path,
                                                                           tmp_path):
    done = serve(learn_path, "-q", "-o", tmp_path / "profile", "--")
    assert done.returncode == 0, done.stderr
    done = serve(learn_path, "run", tmp_path / "profile", "--")
    assert (done.returncode, done.stdout) == (0, "200 requests answered\n"), done.stderr


def test_record_makes_every_file_of_the_sample(sample, learn_path, public_dir, tmp_path, srcdir):
    need_root()
    need("nginx", "bash")
    done = run([sample / "record.sh", tmp_path, public_dir / "server", str(free_port())],
               env={"LEARN": learn_path}, timeout=120)
    assert done.returncode == 0, done.stderr
    made = {path.name for path in tmp_path.iterdir()}
    assert made == {"nginx.profile", *(words[0] for words in outputs(srcdir))}
