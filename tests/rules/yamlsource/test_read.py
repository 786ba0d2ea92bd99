"""A file's values and places; and all that is refused in it, with line and cure."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccengine.yamlsource.model import BadFileError, Position, Problem
from ccengine.yamlsource.read import MAX_BYTES, MAX_VALUES, _quick_reader, _Reader, load, parse
from ccengine.yamlsource.syntax import SyntaxProblem, events, quick_events

FILE = Path("site.yaml")


def problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(BadFileError) as caught:
        parse(text, FILE)
    return caught.value.problems


def places(text: str) -> list[tuple[int, int]]:
    return [(problem.at.line, problem.at.column) for problem in problems(text)]


def test_values_and_keys_know_their_place() -> None:
    document = parse("queues:\n  sales:\n    agents: [\"1001\", '1002']\n", FILE)
    assert document.value == {"queues": {"sales": {"agents": ["1001", "1002"]}}}
    path = ("queues", "sales", "agents")
    assert document.at((*path, 1)) == Position(line=3, column=22)
    assert document.at_key(path) == Position(line=3, column=5)
    assert document.at((*path, 7, "deeper")) == document.at(path)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0755", "0755"),
        ("1:30", "1:30"),
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("off", "off"),
        ("2026-10-01", "2026-10-01"),
        ("+8613800000001", "+8613800000001"),
        ("0x1f", "0x1f"),
        ("0o17", "0o17"),
        ("1_000", "1_000"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("1e999", "1e999"),
        ("12345678901234567890", "12345678901234567890"),
        ("'7'", "7"),
        ('"true"', "true"),
        ("7", 7),
        ("-7", -7),
        ("0", 0),
        ("1.5", 1.5),
        (".5", 0.5),
        ("2e3", 2000.0),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("|\n  7", "7"),
    ],
)
def test_only_plain_numbers_and_words_are_typed(written: str, value: object) -> None:
    read = parse(f"a: {written}", FILE).value
    assert read == {"a": value}
    assert isinstance(read, dict)
    assert type(read["a"]) is type(value)


def test_keys_are_text_as_written() -> None:
    assert parse("{1001: a, no: b, 007: c, null: d}", FILE).value == {
        "1001": "a",
        "no": "b",
        "007": "c",
        "null": "d",
    }


def test_all_that_is_clever_is_refused_at_once() -> None:
    text = "a: &x [1]\nb: *x\nc: !!python/object/apply:os.system [id]\nd: 1\nd: 2\n"
    assert places(text) == [(1, 4), (2, 4), (3, 4), (5, 1)]
    assert "first in line 4" in problems(text)[3].message
    assert all(problem.cure for problem in problems(text))


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a:\n\tb: 1", 2, "tab"),
        ("a: 1\nb\nc: 2", 2, "colon"),
        ("a: b: c", 1, "colon"),
        (" a: 1\nb: 2", 2, "does not belong"),
        ('a: "x\nb: 1', 1, "never closed"),
        ("a: [1, 2\nb: 3", 1, "not closed"),
        ("a: @home", 1, "cannot begin"),
        ("", 1, "empty"),
        ("# nothing\n", 1, "empty"),
        ("a: 1\n---\nb: 2", 2, "second document"),
        ("a: 1\nb: \x00", 2, "U+0000"),
        ("? [a, b]\n: c", 1, "key must be"),
    ],
)
def test_a_slip_of_the_pen_has_a_line_and_a_cure(text: str, line: int, said: str) -> None:
    (problem,) = problems(text)
    assert problem.at.line == line
    assert said in problem.message
    assert problem.cure
    assert str(problem).startswith(f"site.yaml:{line}:")


@pytest.mark.parametrize(
    "text",
    [
        "[" * 5_000,
        "[" * (MAX_BYTES - 1),
        "{a: " * 60_000,
        "- " * 100_000,
        "? " * 100_000,
        "\n".join(" " * depth + "a:" for depth in range(500)),
        "[" + "a," * 130_000,
        "[" + "[]," * 80_000,
        "&" * 200_000,
        ":" * 250_000,
        "a" * (MAX_BYTES + 1),
        "客" * (MAX_BYTES // 2),
        "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]",
        "x" * 200_000 + ": 1",
    ],
    ids=lambda text: text[:6].strip() + f"…{len(text)}",
)
def test_hostile_text_is_refused_quickly(text: str) -> None:
    began = time.process_time()
    assert problems(text)
    assert time.process_time() - began < 5.0


def test_thirty_two_deep_is_still_read_and_one_more_is_not() -> None:
    assert parse("[" * 32 + "]" * 32, FILE).value
    assert "32" in problems("[" * 33 + "]" * 33)[0].message


def test_a_file_is_read_with_its_mark_and_chinese(tmp_path: Path) -> None:
    path = tmp_path / "flow.yaml"
    path.write_bytes("\ufeffname: 客服\r\n".encode())
    assert load(path).value == {"name": "客服"}


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="No such file"):
        load(tmp_path / "none.yaml")
    with pytest.raises(BadFileError, match="cannot be read"):
        load(tmp_path)
    gbk = tmp_path / "gbk.yaml"
    gbk.write_bytes(b"a: 1\nb: " + "客服".encode("gbk"))
    with pytest.raises(BadFileError, match="not UTF-8") as caught:
        load(gbk)
    assert caught.value.problems[0].at == Position(line=2, column=4)
    big = tmp_path / "big.yaml"
    big.write_bytes(b"# " + b"x" * MAX_BYTES)
    with pytest.raises(BadFileError, match="larger than 256 KiB"):
        load(big)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab: -[]{}'\"\n\t#&*!|>%?,\u5ba20", max_size=60))
def test_any_text_is_either_read_or_refused_with_a_place(text: str) -> None:
    found, read = _outcome(text)
    assert bool(found) != read
    assert all(problem.at.line >= 1 and problem.at.column >= 1 for problem in found)


def _outcome(text: str) -> tuple[tuple[Problem, ...], bool]:
    try:
        parse(text, FILE)
    except BadFileError as error:
        return error.problems, False
    return (), True


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab: -[]{}'\"\n#&*!|>%?,\u5ba20", max_size=60))
def test_what_is_read_quickly_is_what_it_says(text: str) -> None:
    quick = _quick_reader(text, FILE, MAX_VALUES)
    if quick is None:
        return  # then it is read thoroughly anyway
    thorough = _Reader(FILE, events(text), MAX_VALUES)
    try:
        thorough.document()
    except SyntaxProblem:
        return  # libyaml lets some pass that PyYAML does not; what they mean is clear
    assert quick.value == thorough.value
    assert quick.positions == thorough.positions
    assert quick.keys == thorough.keys


def test_libyaml_is_there() -> None:
    assert quick_events("a: 1") is not None
