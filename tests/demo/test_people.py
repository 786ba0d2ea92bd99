"""Who calls the demo."""

from __future__ import annotations

import random
from collections import Counter

from demo.people import Plan, plan


def crowd(seed: int, size: int = 400) -> list[Plan]:
    dice = random.Random(seed)
    return [plan(dice) for _ in range(size)]


def test_the_same_seed_brings_the_same_people() -> None:
    assert crowd(1) == crowd(1)
    assert crowd(1) != crowd(2)


def test_every_way_through_the_menu_is_taken() -> None:
    main = [caller for caller in crowd(1) if caller.dnis == "4001"]
    keys = Counter(key for caller in main for _wait, key in caller.keys)

    assert set(keys) == {"1", "2", "3", "0", "7", "9"}
    assert keys["1"] > keys["0"] > keys["7"]


def test_vips_and_known_customers_are_among_them() -> None:
    numbers = Counter(caller.ani for caller in crowd(1))

    assert numbers["13800000001"] > 5
    assert numbers["13800000002"] > 5
    assert numbers["13800000003"] > 0
    assert sum(number.startswith("139") for number in numbers) > 150


def test_some_leave_in_the_menu_some_leave_the_queue_soon_and_most_wait() -> None:
    through_menu = [caller for caller in crowd(1) if caller.dnis == "4001"]

    assert any(caller.patience == 0 and not caller.keys for caller in through_menu)
    assert any(0 < caller.patience < 12 for caller in through_menu)
    assert sum(caller.patience >= 40 for caller in through_menu) > len(through_menu) / 2


def test_the_bank_the_parcels_and_the_city_are_called_too() -> None:
    numbers = Counter(caller.dnis for caller in crowd(1))

    assert set(numbers) == {"4001", "4002", "4003", "4004", "4005"}
    assert numbers["4001"] > sum(numbers[hotline] for hotline in ("4003", "4004", "4005"))
