"""Which numbers may be called back, and over which trunk: nothing that the site does not allow."""

from __future__ import annotations

import re

from ccengine.contacts.numbers import normalise_number
from ccengine.site.model import Trunk

_DIALLABLE = re.compile(r"\+?[0-9]{7,20}", re.ASCII)
"""Emergency, carriers' and service numbers are shorter: nobody can have us ring 110."""


def may_call(trunk: Trunk, number: str) -> bool:
    """Whether this number, in its one spelling, begins with an allowed prefix of the trunk.

    An international number is compared with ``00`` in place of its ``+``: so ``1`` allows mobiles
    of mainland China, which are stored without a prefix, and ``001`` allows North America.
    """
    if trunk.outbound is None or not _DIALLABLE.fullmatch(number):
        return False
    if normalise_number(number) != number:
        return False
    compared = "00" + number[1:] if number.startswith("+") else number
    return any(compared.startswith(prefix) for prefix in trunk.allowed)
