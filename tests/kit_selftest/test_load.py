"""Many calls by one SIPp."""

from __future__ import annotations

from simphones.load import Load, put
from tests.kit_selftest.conftest import Floor


async def test_every_call_of_a_load_is_made_and_counted(floor: Floor) -> None:
    load = Load(dnis="300", calls=20, rate=20, at_once=10, talk=0.5)

    result = await put(load, target=floor.target)

    assert (result.made, result.succeeded, result.failed) == (20, 20, 0)
    assert 0 < result.most_at_once <= 10
    assert result.seconds > 0.5


async def test_calls_that_the_far_side_ends_succeed_too(floor: Floor) -> None:
    result = await put(Load(dnis="400", calls=3, rate=10, at_once=3, talk=30), target=floor.target)

    assert (result.succeeded, result.failed) == (3, 0)
