"""The spool keeps facts on disk in their order, within its bound, through crashes."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccengine.journal.entry import Entry, entry
from ccengine.journal.spool import Spool, SpoolFullError
from tests.data.stories import START, arrived


def entries(first: int, last: int) -> list[Entry]:
    return [entry(f"boot-{n:09d}", START, arrived(f"call-{n}")) for n in range(first, last)]


def read_all(spool: Spool, batch: int = 7) -> list[str]:
    ids = []
    while found := spool.read(batch):
        ids += [item.fact_id for item in found]
        spool.done()
    return ids


def opened(folder: Path, **bounds: int) -> Spool:
    spool = Spool(folder, **bounds)
    spool.open()
    return spool


def test_facts_come_out_in_order_and_once_over_many_files(tmp_path: Path) -> None:
    spool = opened(tmp_path, segment_bytes=2_000)
    for n in range(0, 100, 10):
        spool.append(entries(n, n + 10))
    assert len(list(tmp_path.glob("facts-*"))) > 5
    assert read_all(spool) == [item.fact_id for item in entries(0, 100)]
    assert spool.is_empty
    assert list(tmp_path.iterdir()) == []


def test_what_was_read_but_not_done_is_read_again(tmp_path: Path) -> None:
    spool = opened(tmp_path)
    spool.append(entries(0, 10))
    assert len(spool.read(4)) == 4
    assert [item.fact_id for item in spool.read(4)] == [item.fact_id for item in entries(0, 4)]


def test_facts_may_come_while_others_are_read(tmp_path: Path) -> None:
    spool = opened(tmp_path)
    spool.append(entries(0, 3))
    assert len(spool.read(10)) == 3
    spool.append(entries(3, 6))
    spool.done()
    assert read_all(spool) == [item.fact_id for item in entries(3, 6)]


def test_the_next_engine_finds_them_and_goes_on_behind_them(tmp_path: Path) -> None:
    opened(tmp_path).append(entries(0, 5))
    spool = opened(tmp_path)
    assert not spool.is_empty
    spool.append(entries(5, 8))
    assert read_all(spool) == [item.fact_id for item in entries(0, 8)]


def test_a_line_torn_by_a_crash_is_put_aside_and_the_rest_is_read(tmp_path: Path) -> None:
    opened(tmp_path).append(entries(0, 5))
    file = next(tmp_path.glob("facts-*"))
    file.write_bytes(file.read_bytes()[:-20])
    spool = opened(tmp_path)
    spool.append(entries(5, 7))
    ids = [item.fact_id for item in [*entries(0, 4), *entries(5, 7)]]
    assert read_all(spool) == ids
    assert (tmp_path / "damaged.jsonl").read_bytes().count(b"\n") == 1


def test_a_full_spool_refuses_and_keeps_what_it_has(tmp_path: Path) -> None:
    spool = opened(tmp_path, max_bytes=2_000)
    spool.append(entries(0, 5))
    with pytest.raises(SpoolFullError, match="of 2000 bytes"):
        spool.append(entries(5, 20))
    assert read_all(spool) == [item.fact_id for item in entries(0, 5)]
    spool.append(entries(5, 8))
    assert read_all(spool) == [item.fact_id for item in entries(5, 8)]
