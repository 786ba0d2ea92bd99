"""One spelling for one telephone number, so that a caller is found however the trunk writes it.

The stored form, for a site in mainland China:

* mobile: eleven digits, ``13800000001``, from ``+86 138-0000-0001``, ``0086138…``,
  ``86138…`` and ``0138…`` (the 0 that some exchanges dial before mobiles of elsewhere);
* fixed line: with its area code and 0, ``01012345678``, from ``+86 10 1234 5678``;
* service numbers: as dialled at home, ``4008000000``, ``95000``, also from ``+86 400…``;
* abroad: ``+`` and the digits, ``+12025550123``, also from ``001202…``;
* extensions, short and local numbers: their digits.

Full-width digits count as digits; spaces, hyphens, dots and round brackets are dropped. Anything
else (``anonymous``, a SIP name, more than 20 digits) is no number: the empty string.
"""

from __future__ import annotations

import re
import unicodedata

_SEPARATORS = re.compile(r"[\s\-‐‑‒–—.()/]+")
_NUMBER = re.compile(r"\+?[0-9]{2,20}", re.ASCII)
_MOBILE = re.compile(r"1[3-9][0-9]{9}", re.ASCII)
_SERVICE = re.compile(r"[48]00[0-9]{7}|(?:1|9)[0-9]{2,7}", re.ASCII)
"""400 and 800 numbers, and the short ones: 10086, 12345, 95588, 110."""

_LONGEST = 64
"""Longer texts are no numbers, however many separators they hold."""


def normalise_number(text: str) -> str:
    """The stored form of a number, or ``""`` when there is none in ``text``.

    Never raises; normalising twice changes nothing.
    """
    if len(text) > _LONGEST:
        return ""
    number = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    if not _NUMBER.fullmatch(number):
        return ""
    if number.startswith("00"):
        number = "+" + number[2:]
    if number.startswith("+"):
        return _from_abroad(number[1:])
    if number.startswith("86") and _MOBILE.fullmatch(number[2:]):
        return number[2:]
    if number.startswith("0") and _MOBILE.fullmatch(number[1:]):
        return number[1:]
    return number


def _from_abroad(digits: str) -> str:
    digits = digits.lstrip("0")  # no country code begins with 0: an international prefix too many
    if len(digits) < 2:
        return ""
    if not digits.startswith("86"):
        return "+" + digits
    national = digits[2:].removeprefix("0")
    if len(national) < 2:
        return ""
    if _MOBILE.fullmatch(national) or _SERVICE.fullmatch(national):
        return national
    return normalise_number("0" + national)
