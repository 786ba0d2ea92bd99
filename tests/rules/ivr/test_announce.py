"""What callers in a queue are told, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ccengine.ivr import announce
from ccengine.ivr.speaking.chinese import below_hundred
from ccengine.ivr.speaking.digits import digits
from ccengine.ivr.waits import Prompt

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("position", "zh", "en"),
    [
        (1, "您是下一位", "You are next in line."),
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
    ("low_s", "high_s", "zh", "en"),
    [
        (180, 360, "预计等待三到六分钟。", "about 3 to 6 minutes."),
        (0, 20, "预计等待不到一分钟。", "less than a minute."),
        (59, 59.9, "预计等待不到一分钟。", "less than a minute."),
        (60, 60, "预计等待约一分钟。", "about 1 minute."),
        (120, 120, "预计等待约两分钟。", "about 2 minutes."),
        (90, 90, "预计等待一到两分钟。", "about 1 to 2 minutes."),
        (20, 60, "预计等待不超过一分钟。", "up to 1 minute."),
        (30, 170, "预计等待不超过三分钟。", "up to 3 minutes."),
        # Between the times that are told both ends go outwards.
        (7 * 60, 9 * 60, "预计等待六到十分钟。", "about 6 to 10 minutes."),
        (600, 901, "预计等待十分钟以上。", "more than 10 minutes."),
        (30, 2_000, "预计等待一分钟以上。", "more than 1 minute."),
        (3_000, 4_000, "预计等待十五分钟以上。", "more than 15 minutes."),
    ],
)
def test_the_expected_wait_is_told_as_an_interval_that_holds(
    low_s: float, high_s: float, zh: str, en: str
) -> None:
    assert announce.expected_wait(low_s, high_s, "zh-CN").text == zh
    assert announce.expected_wait(low_s, high_s, "en").text.endswith(en)


def test_a_number_is_read_back_as_on_the_telephone() -> None:
    said = digits("+86 13800010002", "zh-CN")
    assert "".join(prompt.text for prompt in said) == "八六幺三八零零零幺零零零二"
    assert [prompt.text for prompt in digits("95", "en")] == ["nine", "five"]
    assert said[2].name == "digit_1", "a recorded digit wins over speech"


def test_a_key_is_named_as_people_call_it() -> None:
    assert "请按1" in announce.callback_offer("1", "zh-CN").text
    assert "请按星号键" in announce.callback_offer("*", "zh-CN").text
    assert "press pound" in announce.callback_offer("#", "en").text


def test_all_that_can_be_said_is_known_before_the_first_call() -> None:
    known = set(announce.announcements())
    said: set[Prompt] = set()
    for language in ("zh-CN", "en", "fr"):
        said |= {announce.queue_position(place, language) for place in range(1, 50)}
        said |= {
            announce.expected_wait(float(low), float(low + width), language)
            for low in range(0, 2_000, 17)
            for width in range(0, 2_000, 23)
        }
        said |= set(digits("0123456789", language))
        said |= {
            announce.entering_queue(language),
            announce.nobody_available(language),
            announce.reconnecting(language),
            announce.apology(language),
            announce.goodbye(language),
            announce.callback_number_is(language),
            announce.callback_confirm(language),
            announce.callback_ask_number(language),
            announce.callback_bad_number(language),
            announce.callback_kept_waiting(language),
            announce.callback_arranged(language),
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
    assert [below_hundred(n) for n in (1, 9, 10, 11, 20, 21, 99)] == [
        "一", "九", "十", "十一", "二十", "二十一", "九十九",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="0 to 99"):
        below_hundred(100)
