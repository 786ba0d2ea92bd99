"""Which numbers may be called back, and over which trunk: nothing that the site does not allow."""

from __future__ import annotations

import re
from collections.abc import Collection

from ccengine.contacts.numbers import normalise_number
from ccengine.site.model import Trunk

_DIALLABLE = re.compile(r"\+?[0-9]{7,20}", re.ASCII)
"""Emergency, carriers' and service numbers are shorter: nobody can have us ring 110."""


_MOBILE = re.compile(r"1[3-9][0-9]{9}", re.ASCII)
"""All else of that length that begins with 1 is dear, or a carrier's prefix before any number."""
ABROAD = "00"


def may_call(trunk: Trunk, number: str) -> bool:
    """Whether calls go out by this trunk, and this number is on its list (``allowed``)."""
    return trunk.outbound is not None and allowed(number, trunk.allowed)


def allowed(number: str, prefixes: Collection[str]) -> bool:
    """Whether this number, in its one spelling, begins with one of these prefixes.

    An international number is compared with ``00`` in place of its ``+``, and only with prefixes
    that say so themselves: ``1`` allows mobiles of mainland China, ``0`` its fixed lines, ``001``
    North America, and nothing but ``00`` the whole world.
    """
    if not _DIALLABLE.fullmatch(number):
        return False
    if normalise_number(number) != number:
        return False
    if number.startswith("+"):
        return any(
            prefix.startswith(ABROAD) and (ABROAD + number[1:]).startswith(prefix)
            for prefix in prefixes
        )
    if number.startswith("1") and not _MOBILE.fullmatch(number):
        return False
    return any(number.startswith(prefix) for prefix in prefixes)
