"""The recogniser is another's program: it is bounded in number and in time."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from ccengine.engine.recogniser import AT_ONCE, Recogniser

SCRIPT = """
import pathlib, sys, time
mine = pathlib.Path(sys.argv[1])
mine.with_suffix(".began").touch()
while not mine.with_suffix(".may_end").exists():
    time.sleep(0.01)
print("查余额")
"""


async def heard(recogniser: Recogniser, audio: Path, deadline_s: float = 30.0) -> str:
    return await recogniser.heard(audio, "zh-CN", ["余额"], deadline_s)


async def begun(audios: list[Path]) -> None:
    async with asyncio.timeout(20):
        while not all(audio.with_suffix(".began").exists() for audio in audios):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_one_more_than_four_is_not_understood_and_the_four_are(tmp_path: Path) -> None:
    (tmp_path / "hears.py").write_text(SCRIPT, "utf-8")
    recogniser = Recogniser(f"{sys.executable} {tmp_path / 'hears.py'} {{audio}}")
    audios = [tmp_path / f"{number}.wav" for number in range(AT_ONCE)]
    async with asyncio.TaskGroup() as callers:
        running = [callers.create_task(heard(recogniser, audio)) for audio in audios]
        await begun(audios)
        one_more = tmp_path / "more.wav"
        assert await heard(recogniser, one_more) == ""
        assert not one_more.with_suffix(".began").exists()
        for audio in audios:
            audio.with_suffix(".may_end").touch()
    assert AT_ONCE == 4
    assert [task.result() for task in running] == ["查余额"] * AT_ONCE
    one_more.with_suffix(".may_end").touch()
    assert await heard(recogniser, one_more) == "查余额"


async def test_who_is_late_makes_room(tmp_path: Path) -> None:
    (tmp_path / "hears.py").write_text(SCRIPT, "utf-8")
    recogniser = Recogniser(f"{sys.executable} {tmp_path / 'hears.py'} {{audio}}")
    late = [heard(recogniser, tmp_path / f"{number}.wav", 0.05) for number in range(AT_ONCE)]
    assert await asyncio.gather(*late) == [""] * AT_ONCE
    after = tmp_path / "after.wav"
    after.with_suffix(".may_end").touch()
    assert await heard(recogniser, after) == "查余额"
