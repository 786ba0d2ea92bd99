"""Which numbers a customer may be called back at.

Whoever rings us can key in any number, so a site says by prefix what may be called at its cost;
and nobody can have us ring 110.
"""

from __future__ import annotations

from ccengine.contacts.numbers import normalise_number
from ccengine.site.callback import may_call
from ccengine.site.model import Trunk

LEAST_DIGITS = 7
"""Emergency, carriers' and service numbers are shorter."""


def callable_number(text: str, trunk: Trunk) -> str:
    """The number in its one spelling, or empty when it is none or must not be called."""
    number = normalise_number(text)
    return number if len(number) >= LEAST_DIGITS and may_call(trunk, number) else ""
