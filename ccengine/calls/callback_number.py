"""Which numbers a customer may be called back at.

Whoever rings us can key in any number, so a site says by prefix what may be called at its cost.
"""

from __future__ import annotations

from ccengine.contacts.numbers import normalise_number
from ccengine.site.callback import may_call
from ccengine.site.model import Trunk


def callable_number(text: str, trunk: Trunk) -> str:
    """The number in its one spelling, or empty when it is none or must not be called."""
    number = normalise_number(text)
    return number if may_call(trunk, number) else ""
