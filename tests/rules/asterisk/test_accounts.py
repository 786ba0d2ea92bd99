"""Asterisk's own account of calls: rows as it writes them, cut, doubled and hostile."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccengine.asterisk import accounts
from ccengine.ids import CallId

A = "32a5d37f-7329-4cfd-9daa-0699202e27d6"
B = "0f8fad5b-d9cb-469f-a165-70867728950e"


def row(
    call_id: str = A,
    *,
    start: str = "1795357522.435192",
    end: str = "1795357530.5",
    dnis: str = "4001",
    ani: str = "13900000000",
    bad: str = "0",
    how: str = "",
) -> str:
    """As ``asterisk_conf/cdr_custom.conf`` has Asterisk write it."""
    return (
        f'"{call_id}","PJSIP/trunk-carrier-00000000",{start},1795357522.4,{end},"ANSWERED",'
        f'"{dnis}","carrier","{ani}",{bad},"{how}","Dial","PJSIP/1001-00000001"\n'
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "calls.csv"


def test_no_file_no_calls(file: Path) -> None:
    assert accounts.read(file) == {}
    file.touch()
    assert accounts.read(file) == {}


def test_several_rows_of_a_call_are_one_account(file: Path) -> None:
    """Each phone that was dialled has a row; so has what came after the talk."""
    file.write_text(
        row(start="100.5", end="110", how="")
        + row(B, how="voicemail")
        + row(start="100.2", end="111", dnis="", ani="", how="fallback_queue")
        + row(start="111", end="120", how="")
    )
    found = accounts.read(file)
    assert set(found) == {A, B}
    call = found[CallId(A)]
    assert (call.arrived_at, call.ended_at, call.dnis, call.ani) == (
        100.2,
        120.0,
        "4001",
        "13900000000",
    )
    assert (call.end, call.by_fallback) == ("fallback_queue", True)
    assert found[CallId(B)].by_fallback


@pytest.mark.parametrize(
    ("how", "by_fallback"),
    [("", False), ("done", False), ("served", False), ("fallback", True), ("voicemail", True)],
)
def test_who_ended_it(file: Path, how: str, by_fallback: bool) -> None:
    file.write_text(row(how=how))
    assert accounts.read(file)[CallId(A)].by_fallback is by_fallback


@pytest.mark.parametrize("kept", range(1, len(row()) + len(row(B)), 3))
def test_cut_anywhere_the_whole_rows_count(
    file: Path, kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the end of a large file is read; its first row is then a piece of one."""
    file.write_text(row("1" + A[1:], ani='a ""quoted"" number') + row(A) + row(B))
    monkeypatch.setattr(accounts, "READ_MOST_BYTES", kept)
    expected = {A, B} if kept > len(row(A)) + len(row(B)) else {B} if kept > len(row(B)) else set()
    assert set(accounts.read(file)) == expected


def test_a_row_that_is_being_written_waits(file: Path) -> None:
    for length in range(len(row(B)) - 24):
        file.write_text(row(A) + row(B)[:length])
        assert set(accounts.read(file)) == {A}


@pytest.mark.parametrize(
    "line",
    [
        row("no-call-id"),
        row(""),
        row(start="yesterday"),
        row(end=""),
        "\n",
        ",,,,,,,,,,,,\n",
        '"' * 40 + "\n",
        "a,b,c\n",
        row().replace("\n", ',"one more"\n'),
    ],
)
def test_rows_that_are_none_are_passed_over(file: Path, line: str) -> None:
    file.write_text(row(B) + line + row("1" + B[1:]))
    assert {B, "1" + B[1:]} <= set(accounts.read(file)) <= {B, "1" + B[1:], A}
    assert len(accounts.read(file)) == 2


@pytest.mark.parametrize("odd", ["\u2028", "\x85", "\x0b", "\x1c", "\r", "\x00", "\ufeff", '""'])
def test_odd_characters_hide_no_call(file: Path, odd: str) -> None:
    """What a text editor takes for the end of a line is none here."""
    file.write_text(row(A, ani=f"139{odd}0") + row(B), newline="")
    found = accounts.read(file)
    assert set(found) == {A, B}
    assert found[CallId(A)].ani == f"139{odd}0".replace('""', '"')


def test_bytes_that_are_no_text_hide_no_call(file: Path) -> None:
    file.write_bytes(row(A, ani="#").encode().replace(b"#", b"\xd6\xd0\xff") + row(B).encode())
    assert set(accounts.read(file)) == {A, B}


def test_a_quote_without_end_is_no_end_of_the_world(file: Path) -> None:
    """A disk that was full in the middle of a row."""
    file.write_text(row(A) + f'"{B}","PJSIP/x' + "\n" + "x" * 200_000 + "\n" + row(B))
    assert set(accounts.read(file)) == {A, B}
