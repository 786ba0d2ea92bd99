"""Who is a VIP: only a caller whose number can be believed."""

from __future__ import annotations

from ccengine.contacts.numbers import normalise_number
from ccengine.site.model import Site


def vip_level(site: Site, ani: str, verified: bool) -> str:
    """The VIP level of a caller, or ``""``.

    ``verified``: the call came by a trusted trunk. A number from anywhere else is only a claim,
    and gives no rights.
    """
    if not verified:
        return ""
    return site.vip_numbers.get(normalise_number(ani), "")


def head_start_s(site: Site, level: str) -> float:
    """Seconds by which a call of this level is placed earlier; 0 for none."""
    found = site.vip_levels.get(level)
    return found.head_start if found else 0.0
