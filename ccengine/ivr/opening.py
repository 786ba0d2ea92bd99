"""The site file's opening hours, as flows ask for them."""

from __future__ import annotations

from ccengine.clock import moment
from ccengine.ivr.model import IsOpen
from ccengine.site.hours import is_open
from ccengine.site.model import Site


def opening_of(site: Site) -> IsOpen:
    """``is_open(name, now)`` over this site; raises KeyError for hours the site does not have.

    A call keeps the site it began with: hours that change at a reload hold for later calls.
    """

    def holds(name: str, now: float) -> bool:
        return is_open(site.hours[name], site.time_zone, moment(now))

    return holds
