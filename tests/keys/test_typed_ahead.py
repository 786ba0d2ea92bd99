"""Who knows the way types it: through menus in menus, over what is still being said."""

from __future__ import annotations

import asyncio

import pytest

from tests.keys.conftest import NEXT_HZ
from tests.kit.centre import Centre, Story

pytestmark = pytest.mark.asyncio(loop_scope="session")


def steps(story: Story) -> list[tuple[str, str]]:
    return [(fact["step"], fact["result"]) for fact in story.all("flow.stepped")]


async def ended(centre: Centre, ani: str) -> Story:
    return await centre.story(ani, lambda s: "call.ended" in s.kinds(), within=20)


ARRIVED = [("first", "1"), ("second", "2"), ("third", "0"), ("arrived", "hung_up_by_flow")]


@pytest.mark.parametrize(("seconds", "gap"), [(0.04, 0.04), (0.08, 0.08), (0.1, 0.3)])
async def test_three_menus_by_three_quick_keys(centre: Centre, seconds: float, gap: float) -> None:
    ani = f"1394445{round(gap * 1000):04d}"
    call = await centre.callers.call("4001", ani=ani)
    await call.answered(within=5)
    await centre.asterisk_plays_more(than=0)
    await call.press("120", seconds=seconds, gap=gap)
    assert steps(await ended(centre, ani)) == ARRIVED


async def test_twenty_callers_at_once_all_arrive_and_no_key_counts_twice(centre: Centre) -> None:
    async def one(number: int) -> None:
        ani = f"139444600{number:02d}"
        call = await centre.callers.call("4001", ani=ani)
        await call.answered(within=15)
        await call.press("120", seconds=0.08, gap=0.08)
        await call.ended(within=20)

    await asyncio.gather(*(one(number) for number in range(20)))
    for number in range(20):
        assert steps(await ended(centre, f"139444600{number:02d}")) == ARRIVED


async def test_a_key_during_words_that_none_cuts_is_kept_and_a_fresh_step_forgets(
    centre: Centre,
) -> None:
    call = await centre.callers.call("4012", ani="13944470001")
    await call.answered(within=5)
    await call.hears(NEXT_HZ, within=5)
    await call.press("12", seconds=0.08, gap=0.08)
    story = await ended(centre, "13944470001")
    # the 1 chose; the 2 was typed before the step that takes no keys typed ahead
    assert steps(story)[:3] == [("news", "played"), ("choose", "1"), ("sure", "no_input")]


async def test_after_a_wrong_key_what_was_typed_behind_it_is_forgotten(centre: Centre) -> None:
    call = await centre.callers.call("4012", ani="13944470002")
    await call.answered(within=5)
    await call.hears(NEXT_HZ, within=5)
    await call.press("71", seconds=0.08, gap=0.08)
    await centre.passed("news", ani="13944470002")
    story = await ended(centre, "13944470002")
    assert steps(story)[1] == ("choose", "no_input")
    (chosen,) = (fact for fact in story.all("flow.stepped") if fact["step"] == "choose")
    assert (chosen["invalid"], chosen["no_input"]) == (1, 1)
