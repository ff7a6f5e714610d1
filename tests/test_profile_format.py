# SPDX-License-Identifier: GPL-3.0-or-later
"""The profile's file: canonical, described by its schema, and strict about everything else."""

import json
import os
import re
import subprocess

import pytest

import profiles

# ---- a validator for the part of JSON Schema 2020-12 that the schema uses ----

TYPES = {
    "object": lambda v: isinstance(v, dict),
    "array": lambda v: isinstance(v, list),
    "string": lambda v: isinstance(v, str),
    "boolean": lambda v: isinstance(v, bool),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "null": lambda v: v is None,
}


def holds_type(schema, names, value, root):
    return any(TYPES[name](value) for name in ([names] if isinstance(names, str) else names))


def holds_reference(schema, reference, value, root):
    return holds(root["$defs"][reference.removeprefix("#/$defs/")], value, root)


def holds_properties(schema, properties, value, root):
    return not isinstance(value, dict) or all(
        holds(properties[key], value[key], root) for key in value if key in properties)


def holds_patterns(schema, patterns, value, root):
    return not isinstance(value, dict) or all(
        holds(patterns[p], value[key], root) for key in value for p in patterns if re.search(p, key))


def holds_no_more(schema, more, value, root):
    assert more is False
    return not isinstance(value, dict) or all(
        key in schema.get("properties", {}) or
        any(re.search(p, key) for p in schema.get("patternProperties", {})) for key in value)


def holds_dependent(schema, dependent, value, root):
    return not isinstance(value, dict) or all(
        key not in value or set(needs) <= set(value) for key, needs in dependent.items())


KEYWORDS = {
    "type": holds_type,
    "$ref": holds_reference,
    "properties": holds_properties,
    "patternProperties": holds_patterns,
    "additionalProperties": holds_no_more,
    "dependentRequired": holds_dependent,
    "required": lambda s, names, v, r: not isinstance(v, dict) or set(names) <= set(v),
    "items": lambda s, item, v, r: not isinstance(v, list) or all(holds(item, x, r) for x in v),
    "enum": lambda s, values, v, r: v in values,
    "const": lambda s, value, v, r: type(v) is type(value) and v == value,
    "pattern": lambda s, p, v, r: not isinstance(v, str) or bool(re.search(p, v)),
    "minimum": lambda s, low, v, r: not TYPES["integer"](v) or v >= low,
    "maximum": lambda s, high, v, r: not TYPES["integer"](v) or v <= high,
    "oneOf": lambda s, all_, v, r: sum(holds(one, v, r) for one in all_) == 1,
    "allOf": lambda s, all_, v, r: all(holds(one, v, r) for one in all_),
}
REMARKS = {"$schema", "$id", "$defs", "title", "description"}


def holds(schema, value, root):
    assert set(schema) <= set(KEYWORDS) | REMARKS, set(schema)
    return all(KEYWORDS[key](schema, schema[key], value, root)
               for key in schema if key in KEYWORDS)


@pytest.fixture(scope="module")
def schema(srcdir):
    return json.loads((srcdir / "docs" / "profile.schema.json").read_text(encoding="utf-8"))


@pytest.fixture
def rewritten(learn, tmp_path):
    """rewritten(DOCUMENT): the text that learn writes after reading the document."""
    def again(value):
        source = profiles.write(tmp_path / "source", value)
        done = learn("merge", "-o", tmp_path / "again", source)
        assert done.returncode == 0, done.stderr
        return (tmp_path / "again").read_text(encoding="utf-8")
    return again


# ---- the canonical form ----

def test_a_canonical_profile_is_written_as_it_was_read(rewritten):
    assert rewritten(profiles.document()) == profiles.text(profiles.document())


def test_an_empty_profile_is_a_profile(rewritten):
    empty = profiles.document(runs=(), programs=())
    assert rewritten(empty) == profiles.text(empty)


def shuffled(value):
    """The same document with members and lists the other way round."""
    if isinstance(value, dict):
        return {key: shuffled(value[key]) for key in reversed(value)}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [shuffled(item) for item in reversed(value)]
    return value


def test_order_and_white_space_leave_no_trace(rewritten):
    other = json.dumps(shuffled(profiles.document()), separators=(",", ":"))
    assert rewritten(other) == profiles.text(profiles.document())


def test_entries_that_stand_twice_are_added_up(rewritten):
    twice = profiles.document()
    twice["programs"] *= 2
    twice["runs"] *= 2
    once = json.loads(rewritten(twice))
    assert len(once["programs"]) == 1 and len(once["runs"]) == 1
    counts = {call["name"]: call["count"] for call in profiles.main_calls(once)}
    assert counts == {"read": 18, "ioctl": 10, "prctl": 198}


def test_empty_sections_are_left_out(rewritten):
    value = profiles.document()
    value["programs"][0].update(limits=[], libraries=[], peaks={})
    value["programs"][0]["phases"]["main"].update(paths=[], calls={}, sockets=[])
    value["programs"][0]["phases"]["serving"] = {}
    program = json.loads(rewritten(value))["programs"][0]
    assert not {"limits", "libraries", "peaks"} & set(program)
    assert set(program["phases"]) == {"load", "main"}
    assert set(program["phases"]["main"]) == {"addresses", "signals"}


def test_numbers_become_the_names_they_have(rewritten):
    value = profiles.document()
    main = value["programs"][0]["phases"]["main"]
    main["sockets"] = [{"family": "2", "type": "1", "protocol": 6, "count": 1}]
    main["signals"] = [{"signal": "15", "count": 1}]
    profiles.main_calls(value)[1]["results"] = {"2": 1}
    again = json.loads(rewritten(value))
    main = again["programs"][0]["phases"]["main"]
    assert main["sockets"][0]["family"] == "AF_INET"
    assert main["sockets"][0]["type"] == "SOCK_STREAM"
    assert main["signals"][0]["signal"] == "SIGTERM"
    assert profiles.main_calls(again)[1]["results"] == {"ENOENT": 1}


def test_values_past_the_bound_become_many(rewritten):
    value = profiles.document()
    profiles.main_calls(value)[1]["args"][0]["values"] = [
        {"value": hex(0x100 + i), "count": 1} for i in range(65)]
    arg = profiles.main_calls(json.loads(rewritten(value)))[1]["args"][0]
    assert arg == {"index": 1, "name": "request", "many": True, "or": "0x17f", "and": "0x100"}


def test_counts_stop_at_the_largest_integer(rewritten):
    value = profiles.document()
    profiles.main_calls(value)[0]["count"] = 2**63 - 1
    value["programs"] *= 2
    assert profiles.main_calls(json.loads(rewritten(value)))[0]["count"] == 2**63 - 1


# ---- the schema ----

def test_what_learn_writes_is_as_the_schema_says(rewritten, schema):
    written = json.loads(rewritten(profiles.document()))
    assert holds(schema, written, schema)


def test_fields_in_memory_are_read_and_written(rewritten, schema):
    document = profiles.document()
    profiles.main_calls(document).append({
        "name": "openat2", "number": 437, "count": 2,
        "fields": [
            {"name": "how.flags", "values": [
                {"value": "0x80000", "name": "O_RDONLY|O_CLOEXEC", "count": 2}]},
            {"name": "how.resolve", "many": True, "or": "0xff", "and": "0x0"}]})
    assert holds(schema, document, schema)
    assert rewritten(document) == profiles.text(document)


def test_a_recorded_profile_is_as_the_schema_says(record, schema):
    done, profile = record("true")
    assert done.returncode == 0, done.stderr
    assert holds(schema, json.loads(profile.read_text(encoding="utf-8")), schema)


SAMPLE = 11  # one change of so many, to be quick; coprime to the number of other values
# What may stand in a value's place.
OTHERS = [None, True, -1, 2**63 - 1, 0.5, "", "x", "\\", "0x1g", "-", [], {}, [7], {"x": 7}]


def mutations(value, path=()):
    """Every way to change one thing: a value, a member missing, an unknown member."""
    yield from ((path, other) for other in OTHERS)
    if isinstance(value, dict):
        yield path, {**value, "unknown": 1}
        for key in value:
            yield path, {k: v for k, v in value.items() if k != key}
            yield from mutations(value[key], path + (key,))
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from mutations(item, path + (i,))


def changed(value, path, other):
    if not path:
        return other
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(value[path[0]], path[1:], other)
    return copy


def test_the_reader_takes_what_the_schema_takes(learn_path, schema, tmp_path):
    """A sample of all ways to change one thing in a profile that has every section."""
    document = profiles.document()
    differ = []
    for number, (path, other) in enumerate(list(mutations(document))[::SAMPLE]):
        value = changed(document, path, other)
        file = profiles.write(tmp_path / "mutant", json.dumps(value))
        done = subprocess.run([learn_path, "show", "--tsv", file], capture_output=True, text=True,
                              timeout=10)
        assert done.returncode in (0, 2), (number, done.stderr)
        if (done.returncode == 0) != holds(schema, value, schema):
            differ.append((path, other, done.stderr))
    assert not differ


# ---- refusals ----

def set_count(value):
    profiles.main_calls(value)[2]["count"] = -1


def set_name(value):
    profiles.main_calls(value)[0]["name"] = "execve"


def set_arg(value):
    profiles.main_calls(value)[1]["args"][0]["values"][1]["value"] = 7


def set_bits(value):
    profiles.main_calls(value)[2]["args"][0].update({"or": "0x1", "and": "0x2"})


def set_phase(value):
    value["programs"][0]["phases"]["teething"] = {}


def set_arch(value):
    value["programs"][0]["phases"]["main"]["calls"]["pdp11"] = []


def set_effect(value):
    value["programs"][0]["phases"]["main"]["paths"][0]["did"].append("frobnicate")


def set_escape(value):
    value["programs"][0]["path"] = "\\q"


def set_date(value):
    value["runs"][0]["start"] = "2026-02-30T00:00:00.000Z"


def set_key(value):
    value["programs"][0]["\x1b[31m"] = 1


def drop_runs(value):
    del value["runs"]


@pytest.mark.parametrize("change, said", [
    (set_count, "programs[0].phases.main.calls.x86_64[2].count: expected a non-negative integer"),
    (set_name, "programs[0].phases.main.calls.x86_64[0].name: execve is call 59 there, not 0"),
    (set_arg, "programs[0].phases.main.calls.x86_64[1].args[0].values[1].value: expected a string"),
    (set_bits, "programs[0].phases.main.calls.x86_64[2].args[0]: 'and' has bits that 'or' has not"),
    (set_phase, "programs[0].phases.teething: unknown phase"),
    (set_arch, "programs[0].phases.main.calls.pdp11: unknown architecture"),
    (set_effect, "programs[0].phases.main.paths[0].did[3]: unknown word 'frobnicate'"),
    (set_escape, "programs[0].path: has a backslash"),
    (set_date, "runs[0].start: expected a time like"),
    (set_key, "programs[0].\\x1b[31m: unknown key"),
    (drop_runs, "runs: is missing"),
])
def test_a_wrong_value_is_refused_with_its_place(learn, tmp_path, change, said):
    value = profiles.document()
    change(value)
    done = learn("show", profiles.write(tmp_path / "wrong", value))
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith(f"learn: {tmp_path}/wrong: {said}"), done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("text, said", [
    ("", ": is empty: not a profile"),
    ("[]", ": is no learn profile"),
    ('{"format": "other"}', ": is no learn profile"),
    ('{"format": "learn-profile", "version": 7, "new": 1}',
     ": is version 7; this learn reads version 1"),
    ('{\n "format": "learn-profile",\n "version": oops\n}', ":3:"),
    ('{"format": "learn-profile", "format": "learn-profile"}', ":1:"),
    ("[" * 100000, ":1:"),
    ('{"version": ' + "9" * 400 + "}", ":1:"),
    ("\0", ":1:"),
])
def test_what_is_no_profile_is_refused(learn, tmp_path, text, said):
    done = learn("show", profiles.write(tmp_path / "wrong", text))
    assert done.returncode == 2
    assert done.stderr.startswith(f"learn: {tmp_path}/wrong{said}"), done.stderr
    assert done.stderr.count("\n") == 1


def test_every_truncation_is_refused(learn_path, tmp_path):
    whole = profiles.text(profiles.document()).encode()
    for length in range(0, len(whole) - 2, 97):
        (tmp_path / "cut").write_bytes(whole[:length])
        done = subprocess.run([learn_path, "show", tmp_path / "cut"], capture_output=True,
                              timeout=10)
        assert done.returncode == 2, length


def test_a_missing_file_and_a_directory_are_refused(learn, tmp_path):
    done = learn("show", tmp_path / "absent")
    assert (done.returncode, done.stderr) == (
        2, f"learn: {tmp_path}/absent: No such file or directory\n")
    done = learn("show", tmp_path)
    assert (done.returncode, done.stderr) == (2, f"learn: {tmp_path}: Is a directory\n")


def test_a_file_past_the_bound_is_refused(learn, tmp_path):
    with open(tmp_path / "huge", "wb") as huge:
        huge.truncate((256 << 20) + 1)
    done = learn("show", tmp_path / "huge")
    assert (done.returncode, done.stderr) == (2, f"learn: {tmp_path}/huge: File too large\n")


# ---- replacing files ----

@pytest.fixture
def profile(tmp_path):
    return profiles.write(tmp_path / "profile", profiles.document())


@pytest.mark.parametrize("text", ["Dear diary\n", "{}", '{"format": "other"}', "[1,"])
def test_a_file_that_is_no_profile_is_not_replaced(learn, profile, tmp_path, text):
    output = profiles.write(tmp_path / "diary", text)
    done = learn("merge", "-o", output, profile)
    assert (done.returncode, done.stderr) == (
        2, f"learn: {output}: exists and is no learn profile: not replaced\n")
    assert output.read_text() == text


@pytest.mark.parametrize("text", ["", '{"format": "learn-profile", "version": 9}'])
def test_an_empty_file_and_any_profile_are_replaced(learn, profile, tmp_path, text):
    output = profiles.write(tmp_path / "old", text)
    assert learn("merge", "-o", output, profile).returncode == 0
    assert output.read_text(encoding="utf-8") == profile.read_text(encoding="utf-8")


def test_the_output_may_be_an_input(learn, profile):
    before = profile.read_text(encoding="utf-8")
    assert learn("merge", "-o", profile, profile).returncode == 0
    assert profile.read_text(encoding="utf-8") == before


def test_a_failed_write_leaves_the_old_profile_and_no_other_file(learn, profile, tmp_path):
    """A limit on file sizes stands for a full disk."""
    output = profiles.write(tmp_path / "output", profiles.document(runs=()))
    before = output.read_bytes()
    done = learn("merge", "-o", output, profile, preexec_fn=limit_file_size)
    assert done.returncode == 2
    assert done.stderr == f"learn: cannot write '{output}': File too large\n"
    assert output.read_bytes() == before
    assert sorted(os.listdir(tmp_path)) == ["output", "profile"]


def limit_file_size():
    import resource
    import signal
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))


def test_a_profile_goes_to_a_device_too(learn, profile):
    done = learn("merge", "-o", "/dev/stdout", profile)
    assert (done.returncode, done.stdout) == (0, profile.read_text(encoding="utf-8"))
    done = learn("merge", "-o", "/dev/full", profile)
    assert (done.returncode, done.stderr) == (
        2, "learn: cannot write '/dev/full': No space left on device\n")


def test_a_profile_is_read_from_standard_input(learn, profile):
    done = learn("show", "--tsv", "-", input=profile.read_bytes())
    assert done.returncode == 0 and "/usr/bin/ls\tmain\tx86_64\tioctl\t5\n" in done.stdout
    done = learn("show", "-", input="")
    assert done.stderr == "learn: standard input: is empty: not a profile\n"
