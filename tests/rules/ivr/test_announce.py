"""What callers in a queue are told, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ccengine.ivr import announce
from ccengine.ivr.waits import Prompt

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("position", "zh", "en"),
    [
        (1, "您是下一位，马上为您接通。", "You are next in line."),
        (2, "您现在排在第二位。", "You are number 2 in line."),
        (12, "您现在排在第十二位。", "You are number 12 in line."),
        (30, "您现在排在第三十位。", "You are number 30 in line."),
        (31, "您前面还有三十位以上", "There are more than 30 callers"),
        (999, "您前面还有三十位以上", "There are more than 30 callers"),
    ],
)
def test_the_position_is_told(position: int, zh: str, en: str) -> None:
    assert announce.queue_position(position, "zh-CN").text.startswith(zh)
    assert announce.queue_position(position, "en").text.startswith(en)


def test_a_position_counts_from_one() -> None:
    with pytest.raises(ValueError, match="counts from 1"):
        announce.queue_position(0, "en")


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (0, "约一分钟", "about 1 minute."),
        (60, "约一分钟", "about 1 minute."),
        (61, "约两分钟", "about 2 minutes."),
        (15 * 60, "约十五分钟", "about 15 minutes."),
        (15 * 60 + 1, "超过十五分钟", "more than 15 minutes."),
    ],
)
def test_the_expected_wait_is_rounded_up_to_minutes(seconds: float, zh: str, en: str) -> None:
    assert zh in announce.expected_wait(seconds, "zh-CN").text
    assert announce.expected_wait(seconds, "en").text.endswith(en)


def test_all_that_can_be_said_is_known_before_the_first_call() -> None:
    known = set(announce.announcements())
    said: set[Prompt] = set()
    for language in ("zh-CN", "en", "fr"):
        said |= {announce.queue_position(place, language) for place in range(1, 50)}
        said |= {announce.expected_wait(float(wait), language) for wait in range(0, 2_000, 7)}
        said |= {
            announce.entering_queue(language),
            announce.nobody_available(language),
            announce.reconnecting(language),
            announce.apology(language),
            announce.goodbye(language),
        }
    assert said <= known
    assert {prompt.language for prompt in known} == {"zh-CN", "en"}


def test_each_system_prompt_is_there_in_each_language() -> None:
    there = {(prompt.name, prompt.language) for prompt in announce.system_prompts()}
    names = {name for name, _ in there}
    assert there == {(name, language) for name in names for language in announce.LANGUAGES}


def test_the_dialplan_finds_every_prompt_it_plays_without_the_engine() -> None:
    dialplan = "".join(
        path.read_text("utf-8") for path in sorted((ROOT / "dialplan").glob("*.conf"))
    )
    played = set(re.findall(r"Gosub\(cc-say,s,1\(([a-z_]+),", dialplan))
    assert played, "the dialplan says nothing by itself: has its way of saying changed?"
    assert played <= {prompt.name for prompt in announce.system_prompts()}


def test_numbers_are_written_as_they_are_said() -> None:
    assert [announce.chinese(n) for n in (1, 9, 10, 11, 20, 21, 99)] == [
        "一", "九", "十", "十一", "二十", "二十一", "九十九",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="1 to 99"):
        announce.chinese(100)
