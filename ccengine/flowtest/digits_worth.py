"""Numbers that a caller could key in: some that a collect step takes, and some that it does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from ccengine.ivr.model import Step
from ccengine.ivr.steps.collect import CollectStep
from ccengine.ivr.steps.digits import DigitsCheck
from ccengine.ivr.waits import CollectWait, Value

MOST_TRIED = 20_000
"""Numbers that are looked at to find one that a check lets pass."""
_ID_CARD = "11010519491231002*"
"""The example of the standard on resident identity numbers."""


def numbers_for(
    wait: CollectWait, step: Step, literals: Sequence[Value], now: float, time_zone: str
) -> tuple[str, ...]:
    """As keyed in: good numbers of several lengths, a bad one, the values that the flow compares
    with."""
    least = step.digits.least if isinstance(step, CollectStep) else 1
    check = step.check if isinstance(step, CollectStep) else None
    named = [
        str(value)
        for value in literals
        if not isinstance(value, bool) and str(value).isdecimal() and len(str(value)) <= wait.most
    ]
    # Conditions ask for lengths too: `len(order_no) == 7`.
    asked = {int(number) for number in named if len(number) < 3}
    lengths = {least, wait.most} | (asked & set(range(least, wait.most)))
    good: dict[int, str] = {}
    bad: list[str] = ["1" * (least - 1)] if least > 1 else []
    for place, number in enumerate(_numbers(least, wait.most, now)):
        if place >= MOST_TRIED or (bad and good.keys() >= lengths):
            break
        if _holds(check, number, now, time_zone):
            if len(number) in lengths or not good:
                good.setdefault(len(number), number)
        elif not bad:
            bad.append(number)
    return tuple(dict.fromkeys([*good.values(), *bad, *named]))


def _holds(check: DigitsCheck | None, number: str, now: float, time_zone: str) -> bool:
    return check is None or check.holds(number.replace("*", "X"), now, time_zone)


def _numbers(least: int, most: int, now: float) -> Iterator[str]:
    """Plain ones first, then what dates, telephones, cards and identity numbers look like."""
    lengths = range(most, least - 1, -1)
    for number in (_ID_CARD, "13900000000", "4111111111111111", *_dates(now)):
        if least <= len(number) <= most:
            yield number
    for length in lengths:
        yield "1" * length
    for length in lengths:
        for front in range(100):
            begin = f"{front:02}"[:length]
            for filler in "05":
                body = begin + filler * (length - len(begin))
                yield body
                yield from (f"{body[:-1]}{last}" for last in "0123456789")


def _dates(now: float) -> Iterator[str]:
    today = datetime.fromtimestamp(now, UTC)
    for days in (-400, 400):
        day = today + timedelta(days=days)
        for form in ("%Y%m%d", "%d%m%Y", "%y%m", "%m%y", "%m%d"):
            yield day.strftime(form)
