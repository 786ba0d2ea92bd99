"""When a waiting caller is told what: one thing after another, with music between them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ccengine.site.model import Queue

FIRST_PLACE_S = 1.0
"""The place is told a moment after the entry: with an agent free it would only be cut."""
QUIET_S = 10.0
"""Music between two things told by the clock."""


class Subject(Enum):
    PLACE = "place"  # position and expected wait
    MESSAGE = "message"
    CALLBACK = "callback"  # the offer of one


@dataclass(slots=True, kw_only=True)
class Due:
    """Seconds of the event loop's clock."""

    subject: Subject
    at: float
    every: float
    message: str = ""
    """Its name in the queue's messages."""


class WaitingWords:
    """One caller's timetable in one queue."""

    def __init__(self, queue: Queue, now: float) -> None:
        self._quiet_until = now
        self._due: list[Due] = []
        self.moved(queue, now)

    def moved(self, queue: Queue, now: float) -> None:
        """This queue's words from now on. The place keeps its turn."""
        places = [due for due in self._due if due.subject is Subject.PLACE]
        self._due = []
        if queue.announce_every is not None and (queue.announce_position or queue.announce_wait):
            at = places[0].at if places else now + FIRST_PLACE_S
            self._due.append(Due(subject=Subject.PLACE, at=at, every=queue.announce_every))
        self._due += [
            Due(subject=Subject.MESSAGE, at=now + said.every, every=said.every, message=name)
            for name, said in queue.messages.items()
            if said.every is not None
        ]
        callback = queue.callback
        if callback is not None and callback.offer_every is not None:
            every = callback.offer_every
            self._due.append(Due(subject=Subject.CALLBACK, at=now + every, every=every))

    @property
    def next_at(self) -> float:
        """When the next thing is to be told; never, for a queue that is silent."""
        earliest = min((due.at for due in self._due), default=float("inf"))
        return max(earliest, self._quiet_until)

    def take(self, now: float) -> Due:
        """What has been due the longest; its next turn is counted from now."""
        due = min(self._due, key=lambda due: due.at)
        due.at = now + due.every
        return due

    def spoken(self, now: float) -> None:
        """Something has just been told, by the clock or by a rule."""
        self._quiet_until = now + QUIET_S
