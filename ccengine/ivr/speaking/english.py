"""Whole numbers in English, as the words that are said: ``105`` is one hundred and five."""

from __future__ import annotations

from collections.abc import Iterator

HIGHEST = 10**12

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_FIRST = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_UNITS = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (10**3, "thousand"))


def below_hundred(number: int) -> str:
    """0 to 99 as one word: ``twenty-one``."""
    if not 0 <= number <= 99:
        raise ValueError(f"0 to 99, not {number}")
    if number < 20:
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens - 2] + (f"-{_ONES[ones]}" if ones else "")


def ordinal(number: int) -> str:
    """1 to 99 as one word: ``twenty-first``."""
    if not 1 <= number <= 99:
        raise ValueError(f"1 to 99, not {number}")
    front, _, last = below_hundred(number).rpartition("-")
    if last in _FIRST:
        last = _FIRST[last]
    else:
        last = f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th"
    return f"{front}-{last}" if front else last


def words(number: int) -> tuple[str, ...]:
    """0 to 10^12. ``1234`` is one thousand, two hundred, and, thirty-four."""
    if not 0 <= number <= HIGHEST:
        raise ValueError(f"0 to {HIGHEST}, not {number}")
    return tuple(_words(number))


def all_words() -> tuple[str, ...]:
    """All that ``words`` can say."""
    return (
        *(below_hundred(number) for number in range(100)),
        *(f"{ones} hundred" for ones in _ONES[1:10]),
        "and",
        *(name for _, name in _UNITS),
    )


def _words(number: int) -> Iterator[str]:
    begun = False
    for unit, name in _UNITS:
        high, number = divmod(number, unit)
        if high:
            yield from _words(high)
            yield name
            begun = True
    hundreds, rest = divmod(number, 100)
    if hundreds:
        yield f"{_ONES[hundreds]} hundred"
    if rest and (hundreds or begun):
        yield "and"
    if rest or not (hundreds or begun):
        yield below_hundred(rest)
