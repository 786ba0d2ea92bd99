"""What was written runs again to the same answers; what cannot be read is named with its line."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ccengine.replay.file import JournalFile, JournalFileError
from ccengine.replay.run import Ending, replay
from ccengine.replay.saved import restore, save
from tests.rules.replay.kept import opened, walk, write

WALKS = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
SEEDS = st.integers(0, 2**32)


@WALKS
@given(seed=SEEDS)
def test_any_walk_runs_again_to_the_same_bytes(tmp_path: Path, seed: int) -> None:
    rules, said = walk(seed)
    path, again = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    write(path, rules, said)
    with opened(path) as file, again.open("wb") as out:
        done = replay(file, out)
    assert done.difference is None
    assert done.ending is Ending.CLOSED
    assert done.inputs == len(said)
    kept = path.read_bytes().split(b"\n", 3)[3].splitlines()
    assert again.read_bytes().splitlines() == kept[:-1]


@WALKS
@given(seed=SEEDS)
def test_a_saved_state_goes_on_as_the_acd_would_have(tmp_path: Path, seed: int) -> None:
    rules, said = walk(seed)
    path = tmp_path / "a.jsonl"
    for after in (1, len(said) // 2, len(said) - 1):
        acd = write(path, rules, said, save_after=after)
        with opened(path) as file:
            done = replay(file)
            assert done.difference is None
            assert done.inputs == len(said) - after
            plain = msgspec.json.decode(msgspec.json.encode(save(acd)))
        assert save(restore(plain)) == save(acd)


def test_another_process_with_other_hashes_comes_to_the_same(tmp_path: Path) -> None:
    """An order that hangs on a set's would be another one in each process."""
    for seed in range(3):
        rules, said = walk(seed, steps=300)
        write(tmp_path / f"{seed}.jsonl", rules, said)
        write(tmp_path / f"{seed}-later.jsonl", rules, said, save_after=len(said) // 2)
    program = (
        "import sys, pathlib\n"
        "from ccengine.replay.file import JournalFile\n"
        "from ccengine.replay.run import replay\n"
        "for path in sys.argv[1:]:\n"
        "    with JournalFile(pathlib.Path(path)) as file:\n"
        "        assert replay(file).difference is None, path\n"
    )
    files = [str(path) for path in sorted(tmp_path.iterdir())]
    for hashes in ("1", "77"):
        done = subprocess.run(
            [sys.executable, "-c", program, *files],
            env={**os.environ, "PYTHONHASHSEED": hashes, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr


def test_a_file_cut_anywhere_is_read_to_where_it_was_cut(tmp_path: Path) -> None:
    rules, said = walk(5)
    path, cut = tmp_path / "a.jsonl", tmp_path / "cut.jsonl"
    write(path, rules, said, save_after=20)
    whole = path.read_bytes()
    head = len(b"\n".join(whole.split(b"\n", 3)[:3])) + 1
    dice = random.Random(1)
    for length in sorted(dice.randrange(len(whole)) for _ in range(60)):
        cut.write_bytes(whole[:length])
        if length < head:
            with pytest.raises(JournalFileError):
                opened(cut)
            continue
        with opened(cut) as file:
            done = replay(file)
        assert done.difference is None
        assert done.ending is Ending.CUT
        assert done.inputs == whole[:length].count(b"\n") - 3


def test_a_changed_answer_is_told_with_its_line(tmp_path: Path) -> None:
    rules, said = walk(8)
    path = tmp_path / "a.jsonl"
    write(path, rules, said)
    lines = path.read_bytes().splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if b'"SetTimer"' in line)
    lines[at] = lines[at].replace(b"-t", b"-u")
    path.write_bytes(b"".join(lines))
    with opened(path) as file:
        done = replay(file)
    assert done.difference is not None
    assert done.difference.kept.line == at + 1
    assert done.difference.got != done.difference.kept.answer


def test_a_whole_number_is_the_same_as_one_with_a_point(tmp_path: Path) -> None:
    rules, said = walk(8)
    path = tmp_path / "a.jsonl"
    write(path, rules, said)
    path.write_bytes(path.read_bytes().replace(b":0.0", b":0"))
    with opened(path) as file:
        assert replay(file).difference is None


HEAD = (
    b'{"acd_journal":1,"boot":"b","part":1,"began_at":1.0,"seed":0,"rules":"","because":"start"}\n'
    b"{}\nnull\n"
)


@pytest.mark.parametrize(
    ("lines", "at"),
    [
        (b"", 1),
        (b"\n\n\n", 1),
        (b"\x00" * 50, 1),
        (b"x" * 10_000, 1),
        (HEAD.replace(b'"acd_journal":1', b'"acd_journal":9'), 1),
        (HEAD.replace(b"{}", b"[]"), 2),
        (HEAD.replace(b"null", b"7"), 3),
        (HEAD.replace(b"null", b'{"root":{"r":0},"objects":[]}'), 3),
        (HEAD.replace(b"null", b'{"root":{"g":"os:system"},"objects":[]}'), 3),
        (HEAD.replace(b"null", b'{"root":{"g":"ccengine.acd.core:annotations"},"objects":[]}'), 3),
        (
            HEAD.replace(b"null", b'{"root":{"r":0},"objects":[{"o":"subprocess:Popen","a":{}}]}'),
            3,
        ),
        (
            HEAD.replace(
                b"null",
                b'{"root":{"r":0},"objects":[{"o":"ccengine.acd.core:Acd","a":{"__class__":1}}]}',
            ),
            3,
        ),
        (HEAD.replace(b"null", b"[" * 50_000), 3),
        (HEAD + b"hello\n", 4),
        (HEAD + b'[1.0,"Join",{},[]]\n', 4),
        (HEAD + b'[1.0,"Nothing",{},[]]\n', 4),
        (HEAD + b'[null,"Ready",{"agent_id":"a"},[]]\n', 4),
        (HEAD + b'[1.0,"Ready",{"agent_id":"a"},[]]\n' * 2 + b"[\n", 4 + 2),
    ],
)
def test_a_hostile_file_is_named_with_its_line(tmp_path: Path, lines: bytes, at: int) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(lines)
    with pytest.raises(JournalFileError) as told:
        read_all(path)
    assert told.value.line == at
    assert str(told.value).startswith(f"{path}:{at}: ")


def read_all(path: Path) -> None:
    with opened(path) as file, (path.parent / "out").open("wb") as out:
        replay(file, out)


def test_a_line_has_a_bound(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(HEAD + b"[" + b" " * 100_000)
    with JournalFile(path, line_bytes=5_000) as file, pytest.raises(JournalFileError):
        replay(file)


def test_a_fault_of_the_acd_is_met_again(tmp_path: Path) -> None:
    rules, said = walk(2)
    path = tmp_path / "a.jsonl"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("ccengine.acd.queueing.abandon", broken)
        write(path, rules, said)
        assert b',"KeyError"]' in path.read_bytes()
        with opened(path) as file:
            assert replay(file).difference is None
    with opened(path) as file:
        mended = replay(file)
    assert mended.difference is not None
    assert mended.difference.kept.answer == b'"KeyError"'


def broken(*_: object) -> None:
    raise KeyError("c1")
