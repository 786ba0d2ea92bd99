"""Numbers, ordinals and money in either language, as words."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from ccengine.ivr.speaking import chinese, english
from ccengine.ivr.values import as_number, as_text
from ccengine.ivr.waits import Value

ENGLISH = "en"

_HUNDREDTH = Decimal("0.01")


def number(value: Value, language: str) -> tuple[str, ...] | None:
    """``-3.5`` is 负三点五; None for what is no number, or beyond 10^12."""
    read = _decimal(value)
    return None if read is None else tuple(_number(read, language))


def ordinal(value: Value, language: str) -> tuple[str, ...] | None:
    """``21`` is 第二十一, twenty-first; None for what is no whole number from 1."""
    read = _decimal(value)
    if read is None or read < 1 or read != int(read):
        return None
    if language != ENGLISH:
        return ("第", *chinese.words(int(read)))
    hundreds, rest = divmod(int(read), 100)
    if not rest:
        return ("number", *english.words(int(read)))
    if not hundreds:
        return (english.ordinal(rest),)
    return (*english.words(hundreds * 100), "and", english.ordinal(rest))


def money(value: Value, language: str) -> tuple[str, ...] | None:
    """Yuan, rounded to a fen: ``100.05`` is 一百元零五分, one hundred point zero five yuan.

    A sum written for people (``¥1,234.50``) is read as well; None for what is none.
    """
    if isinstance(value, str):
        value = value.strip().lstrip("¥￥").replace(",", "")
    read = _decimal(value)
    if read is None:
        return None
    read = read.quantize(_HUNDREDTH, ROUND_HALF_UP)
    if language != ENGLISH:
        return tuple(_chinese_money(read))
    whole = read == int(read)
    return (*_number(Decimal(int(read)) if whole else read, language, places=2), "yuan")


def all_numbers(language: str) -> tuple[str, ...]:
    if language == ENGLISH:
        return (*english.all_words(), "minus", "point")
    return (*chinese.all_words(), "负", "点")


def all_ordinals(language: str) -> tuple[str, ...]:
    if language == ENGLISH:
        ordinals = tuple(english.ordinal(place) for place in range(1, 100))
        return (*english.all_words(), *ordinals, "number")
    return (*chinese.all_words(), "第")


def all_money(language: str) -> tuple[str, ...]:
    units = ("yuan",) if language == ENGLISH else ("元", "角", "分")
    return (*all_numbers(language), *units)


def _decimal(value: Value) -> Decimal | None:
    known = as_number(value)
    if known is None or abs(known) > chinese.HIGHEST:
        return None
    return Decimal(as_text(known))


def _number(read: Decimal, language: str, places: int = 0) -> Iterator[str]:
    words = english.words if language == ENGLISH else chinese.words
    minus, point = ("minus", "point") if language == ENGLISH else ("负", "点")
    if read < 0:
        yield minus
    whole, _, after = f"{abs(read):f}".partition(".")
    yield from words(int(whole))
    after = after.rstrip("0").ljust(places if after.strip("0") else 0, "0")
    if after:
        yield point
        for digit in after:
            yield from words(int(digit))


def _chinese_money(read: Decimal) -> Iterator[str]:
    if read < 0:
        yield "负"
    yuan, rest = divmod(int(abs(read) * 100), 100)
    jiao, fen = divmod(rest, 10)
    if yuan or not rest:
        yield from (*chinese.counted(yuan), "元")
    if jiao:
        yield from (*chinese.counted(jiao), "角")
    if fen:
        if yuan and not jiao:
            yield "零"
        yield from (*chinese.words(fen), "分")
