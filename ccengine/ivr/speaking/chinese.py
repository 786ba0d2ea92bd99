"""Whole numbers in Mandarin, as the words in which they are said.

``10001`` is 一万零一: four places make a group (万, 亿), and a gap of zeros is said once.
"""

from __future__ import annotations

from collections.abc import Iterator

DIGITS = "零一二三四五六七八九"
WAN, YI = 10**4, 10**8
HIGHEST = 10**12


def below_hundred(number: int) -> str:
    """0 to 99 as one word: 12 is 十二, 30 is 三十."""
    if not 0 <= number <= 99:
        raise ValueError(f"0 to 99, not {number}")
    tens, ones = divmod(number, 10)
    front = "" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return front + (DIGITS[ones] if ones or not tens else "")


def words(number: int) -> tuple[str, ...]:
    """0 to 10^12. ``1234`` is 一千 二百 三十四."""
    if not 0 <= number <= HIGHEST:
        raise ValueError(f"0 to {HIGHEST}, not {number}")
    return tuple(_words(number, leading=True))


def counted(number: int) -> tuple[str, ...]:
    """Before what is counted 2 is 两: 两元, but 十二元."""
    return ("两",) if number == 2 else words(number)


def all_words() -> tuple[str, ...]:
    """All that ``words`` and ``counted`` can say."""
    return (
        *(below_hundred(number) for number in range(100)),
        *(f"一{below_hundred(number)}" for number in range(10, 20)),
        *(f"{digit}百" for digit in DIGITS[1:]),
        *(f"{_thousands(digit)}千" for digit in range(1, 10)),
        *("两", "万", "亿"),
    )


def _words(number: int, *, leading: bool) -> Iterator[str]:
    for unit, name in ((YI, "亿"), (WAN, "万")):
        high, rest = divmod(number, unit)
        if high:
            yield from ("两",) if high == 2 else _words(high, leading=leading)
            yield name
            if rest:
                if rest < unit // 10:
                    yield "零"
                yield from _words(rest, leading=False)
            return
    yield from _group(number, leading=leading)


def _group(number: int, *, leading: bool) -> Iterator[str]:
    """Below 10,000. ``leading``: nothing was said before it, so that 12 is 十二, not 一十二."""
    thousands, rest = divmod(number, 1000)
    if thousands:
        yield f"{_thousands(thousands)}千"
        if not rest:
            return
        if rest < 100:
            yield "零"
    hundreds, rest = divmod(rest, 100)
    if hundreds:
        yield f"{DIGITS[hundreds]}百"
        if not rest:
            return
        if rest < 10:
            yield "零"
    word = below_hundred(rest)
    front = "一" if 10 <= rest < 20 and not (leading and number < 100) else ""
    yield front + word


def _thousands(digit: int) -> str:
    return "两" if digit == 2 else DIGITS[digit]
