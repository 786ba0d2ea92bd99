"""Each strategy rings real phones in the order of its plain rule."""

from __future__ import annotations

from typing import Any

import pytest

from simphones.light.callers import Call
from tests.on_asterisk.centre_of_queues import THREE
from tests.on_asterisk.floor import Floor

pytestmark = pytest.mark.asyncio(loop_scope="session")

ONE, TWO, THIRD = THREE


async def _one_after_the_other(floor: Floor, queue: str, calls: int) -> list[str]:
    """Who is rung, when each call ends before the next begins."""
    return [(await floor.served(queue)).extension for _ in range(calls)]


async def _at_once(floor: Floor, queue: str, calls: int) -> list[str]:
    """Who is rung, when each talk goes on while the next call comes."""
    floor.behave(THREE, talk_s=None)
    chosen = []
    for _ in range(calls):
        call = floor.call(queue)
        (ring,) = await floor.rung(call)
        await floor.connected(ring)
        chosen.append(ring.extension)
    for extension in chosen:
        floor.phone(extension).hang_up()
    return chosen


async def test_round_robin_goes_on_after_who_answered_last(floor: Floor) -> None:
    assert await _one_after_the_other(floor, "round_robin", 5) == [ONE, TWO, THIRD, ONE, TWO]
    # The third refuses; the first answers instead, so it is the second's turn.
    floor.behave([THIRD], refuses_with="486 Busy Here")
    call = floor.call("round_robin")
    await floor.over(call)
    assert [ring.extension for ring in floor.rings(call)] == [THIRD, ONE], floor.tell(call)
    assert await _one_after_the_other(floor, "round_robin", 1) == [TWO]


async def test_round_robin_memory_goes_on_after_who_was_rung_last(floor: Floor) -> None:
    assert await _one_after_the_other(floor, "round_robin_memory", 2) == [ONE, TWO]
    # The caller hangs up while the third rings: nobody answered, and still the first is next.
    floor.behave([THIRD], answers_after=None)
    call = floor.call("round_robin_memory")
    (ring,) = await floor.rung(call)
    assert ring.extension == THIRD
    call.hang_up()
    await floor.calm(call)
    assert await _one_after_the_other(floor, "round_robin_memory", 1) == [ONE]


async def test_least_recent_rings_who_has_been_without_a_talk_the_longest(floor: Floor) -> None:
    # The talks of any queue count, and their ends: the third, the first, then the second.
    assert await _at_once(floor, "linear", 3) == [ONE, TWO, THIRD]
    await floor.calm()
    for extension in (THIRD, ONE, TWO):
        await _talk_of(floor, extension)
    assert await _one_after_the_other(floor, "least_recent", 4) == [THIRD, ONE, TWO, THIRD]


async def _talk_of(floor: Floor, extension: str) -> None:
    """This agent, alone of the three, answers; the others refuse."""
    floor.behave(THREE, refuses_with="486 Busy Here")
    floor.behave([extension])
    call = floor.call("linear")
    await floor.over(call)
    floor.behave(THREE)


async def test_fewest_calls_counts_the_answered_calls_of_this_queue(floor: Floor) -> None:
    first = await _one_after_the_other(floor, "fewest_calls", 3)
    assert sorted(first) == list(THREE), "each has one"
    floor.behave([first[0]], refuses_with="486 Busy Here")
    assert len({*await _one_after_the_other_of_two(floor, first[0])}) == 2, "each of two has two"
    floor.behave([first[0]])
    assert await _one_after_the_other(floor, "fewest_calls", 1) == [first[0]]


async def _one_after_the_other_of_two(floor: Floor, who_refuses: str) -> list[str]:
    answered = []
    for _ in range(2):
        call = floor.call("fewest_calls")
        await floor.over(call)
        rang = [ring.extension for ring in floor.rings(call)]
        assert rang[:-1] in ([], [who_refuses]), floor.tell(call)
        answered.append(rang[-1])
    return answered


async def test_linear_rings_the_first_who_is_free(floor: Floor) -> None:
    assert await _one_after_the_other(floor, "linear", 2) == [ONE, ONE]
    assert await _at_once(floor, "linear", 3) == [ONE, TWO, THIRD]


async def test_most_skilled_rings_the_best_who_is_free(floor: Floor) -> None:
    assert await _one_after_the_other(floor, "most_skilled", 2) == [THIRD, THIRD]
    assert await _at_once(floor, "most_skilled", 3) == [THIRD, TWO, ONE]


@pytest.mark.parametrize("queue", ["random", "weighted_random"])
async def test_dice_ring_each_free_agent_once(floor: Floor, queue: str) -> None:
    assert set(await _one_after_the_other(floor, queue, 3)) <= set(THREE)
    assert sorted(await _at_once(floor, queue, 3)) == list(THREE)


async def test_the_next_preference_level_is_rung_when_its_time_has_come(floor: Floor) -> None:
    floor.behave(THREE, talk_s=None)
    first = floor.call("widening")
    (ring,) = await floor.rung(first)
    assert ring.extension == ONE
    second = floor.call("widening")
    (helper,) = await floor.rung(second)
    assert helper.extension == TWO
    story = await _ended(floor, second, helper.extension)
    assert story["waited_s"] >= 1.0, floor.tell(second)
    floor.phone(ONE).hang_up()


async def test_a_skill_is_asked_for_until_its_time_has_come(floor: Floor) -> None:
    floor.behave([THIRD, "2004"], talk_s=None)
    first = floor.call("relaxing")
    (ring,) = await floor.rung(first)
    assert ring.extension == THIRD, "the only one who speaks it so well"
    second = floor.call("relaxing")
    (helper,) = await floor.rung(second)
    assert helper.extension == "2004"
    story = await _ended(floor, second, helper.extension)
    assert story["waited_s"] >= 1.0, floor.tell(second)
    floor.phone(THIRD).hang_up()


async def _ended(floor: Floor, call: Call, extension: str) -> dict[str, Any]:
    await floor.connected(floor.rings(call)[0])
    floor.phone(extension).hang_up()
    return (await floor.story(call)).one("call.answered")


async def test_a_customer_comes_back_to_its_agent(floor: Floor) -> None:
    ani = "13700000001"
    floor.behave([ONE], refuses_with="486 Busy Here")
    first = floor.call("sticky", ani)
    await floor.over(first)
    assert [ring.extension for ring in floor.rings(first)] == [ONE, TWO]
    await floor.story(first)
    floor.behave([ONE])
    again = floor.call("sticky", ani)
    await floor.over(again)
    assert [ring.extension for ring in floor.rings(again)][2:] == [TWO], "linear: else the first"
    by_name = floor.call("last", ani)
    await floor.over(by_name)
    assert [ring.extension for ring in floor.rings(by_name)][3:] == [TWO]


async def test_a_call_for_one_agent_rings_nobody_else(floor: Floor) -> None:
    floor.behave([THIRD], talk_s=None)
    first, second = floor.call("personal"), floor.call("personal")
    (ring,) = await floor.rung(first, second)
    await floor.connected(ring)
    floor.phone(THIRD).hang_up()
    floor.behave([THIRD])
    await floor.over(first, second)
    assert [ring.extension for ring in floor.rings(first, second)] == [THIRD, THIRD]
    await floor.calm(first, second)
