"""Which of the site's times a caller may choose now: open ones, before the callback expires."""

from __future__ import annotations

from ccengine.calls.parts import Floor
from ccengine.clock import moment
from ccengine.site.callback_times import SOONEST_S, callback_time
from ccengine.site.model import Queue


def times_on_offer(queue: Queue, floor: Floor) -> dict[str, tuple[str, float]]:
    """Key -> the time as the site file has it, and its moment by the engine's clock.

    A time keeps its key when one before it is not to be had.
    """
    callback = queue.callback
    if callback is None:
        return {}
    now, found = floor.clock.now(), {}
    for key, time in enumerate(callback.times, 1):
        at = callback_time(time).at(moment(now), floor.site.time_zone).timestamp()
        is_open = queue.hours is None or floor.is_open(queue.hours, at)
        if is_open and SOONEST_S <= at - now <= callback.expires_after:
            found[str(key)] = (time, at)
    return found
