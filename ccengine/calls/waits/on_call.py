"""What carrying out a wait needs: the call, its channel and the rest of the engine."""

from __future__ import annotations

from dataclasses import dataclass

from ccengine.asterisk.agi import AgiChannel
from ccengine.calls.live import LiveCall
from ccengine.calls.parts import Floor


@dataclass(slots=True, kw_only=True)
class OnCall:
    """One call in the hands of its session."""

    call: LiveCall
    channel: AgiChannel
    floor: Floor
    taken_up: bool = False
    """The wait was begun by an earlier connection, or an engine before this one; who carries it
    out clears this."""
    stray_stop: bool = False
    """A sound was told to stop as it ended by itself: the stop may yet cut the next one."""
