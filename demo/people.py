"""Who calls, and what they mean to do: drawn from one seed."""

from __future__ import annotations

import random
from dataclasses import dataclass

from ccengine.seeds.load import example_customers


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One caller's intentions. All times are seconds."""

    ani: str
    dnis: str
    keys: tuple[tuple[float, str], ...]
    """Waits so long, then presses this."""
    patience: float
    """Hangs up if nobody talks by so long after the last key; 0: hangs up in the menu."""
    talk: float | None
    """Hangs up so long after an agent has answered; None: leaves that to the agent."""


def plan(dice: random.Random) -> Plan:
    """One caller in four is a VIP or a known customer; one in ten speaks English."""
    ani = _number(dice)
    talk = dice.uniform(6.0, 20.0) if dice.random() < 0.4 else None
    if dice.random() < 0.1:
        # The second number leads straight into the queue.
        return Plan(ani=ani, dnis="4002", keys=(), patience=dice.uniform(40, 120), talk=talk)
    if dice.random() < _HOTLINES:
        errand = dice.choice(_ERRANDS)
        # The main menu comes after the greeting and the offer of English.
        keys = (
            (dice.uniform(11.0, 14.0), errand.keys[0]),
            *((8.0, key) for key in errand.keys[1:]),
        )
        patience = dice.uniform(*errand.patience)
        return Plan(ani=ani, dnis=errand.dnis, keys=keys, patience=patience, talk=talk)
    aim = dice.choices(_AIMS, weights=[aim.weight for aim in _AIMS])[0]
    return Plan(
        ani=ani,
        dnis="4001",
        keys=_keys(dice, aim.key),
        patience=dice.uniform(*aim.patience),
        talk=talk,
    )


def _number(dice: random.Random) -> str:
    kind = dice.random()
    if kind < 0.12:
        return dice.choice(("13800000001", "13800000002"))
    if kind < 0.45:
        numbers = [number for customer in example_customers() for number in customer["numbers"]]
        return str(dice.choice(numbers))
    return f"139{dice.randrange(10**8):08d}"


@dataclass(frozen=True, slots=True)
class _Aim:
    weight: int
    key: str
    patience: tuple[float, float]


_AIMS = (
    _Aim(30, "1", (60, 180)),  # sales
    _Aim(28, "2", (60, 180)),  # support
    _Aim(10, "0", (60, 180)),  # an operator
    _Aim(10, "3", (20, 40)),  # hears the answer and hangs up
    _Aim(10, "2", (4, 12)),  # leaves the queue soon
    _Aim(8, "", (0, 0)),  # hangs up in the menu
    _Aim(4, "7", (40, 90)),  # presses what is not there, and is given to a person
)


_HOTLINES = 0.2
"""Part of the others who call the bank, the parcels or the city."""


@dataclass(frozen=True, slots=True)
class _Errand:
    """``keys``: what is pressed, each when it is asked for."""

    dnis: str
    keys: tuple[str, ...]
    patience: tuple[float, float]


_ERRANDS = (
    _Errand("4003", ("1", "62220001#", "123456#", "1"), (15, 25)),  # hears the balance
    _Errand("4003", ("9",), (60, 120)),  # has lost a card
    _Errand("4004", ("1", "2000000001#"), (15, 25)),  # where is my parcel
    _Errand("4004", ("1", "2000000003#", "2"), (15, 25)),  # has it brought again
    _Errand("4004", ("0",), (60, 120)),
    _Errand("4005", ("1",), (20, 40)),  # hears the answer
    _Errand("4005", ("0",), (60, 120)),
)


def _keys(dice: random.Random, key: str) -> tuple[tuple[float, str], ...]:
    keys = []
    english = dice.random() < 0.1
    if english:
        keys.append((dice.uniform(2.0, 5.0), "9"))
    if key:
        # The menu comes after the greeting, which those who press 9 cut short.
        keys.append((dice.uniform(3.0, 7.0) if english else dice.uniform(10.0, 15.0), key))
    return tuple(keys)
