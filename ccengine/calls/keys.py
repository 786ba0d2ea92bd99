"""What one caller has keyed in, each key once, in the order of pressing. Pure.

Asterisk tells a key twice: as the result of the AGI command that it ended, and as an AMI event;
a key that falls between two commands is told by the event alone. Events come in the order of
pressing, so theirs is the order; a result that comes before its event claims it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum

MOST_KEYS = 32
"""Keys kept for what comes next: a long number and some impatience."""
CLAIM_S = 5.0
"""An event later than this is another press of the same key: longer than AMI ever lags."""
ECHO_S = 2.0
"""A result so soon after its event is the same press: Asterisk passes a key of SIP INFO on later
than its event, when nobody waited then. While AMI tells keys, nothing is lost by it: whatever was
pressed has an event of its own."""
HABIT_S = 3.0
"""So soon after the last digit the key that would have ended the number is a habit."""


class Told(Enum):
    """Who has told a key."""

    BY_EVENT = 1
    BY_RESULT = 2
    """Its event is still to come."""
    BY_BOTH = 3


@dataclass(slots=True)
class _Press:
    key: str
    at: float
    told: Told
    void: bool = False
    """Means nothing; here only until it has been told in full."""


@dataclass(frozen=True, slots=True)
class _Owed:
    """Taken before its event has come: that one is swallowed."""

    key: str
    until: float


class Keys:
    """Keys pressed and not yet taken. Clock readings in seconds, never backwards.

    They are taken between commands: while one runs, its result may still claim a key.
    """

    def __init__(self) -> None:
        self._pressed: list[_Press] = []
        self._owed: deque[_Owed] = deque(maxlen=MOST_KEYS)
        self._spent: deque[_Owed] = deque(maxlen=MOST_KEYS)
        """Taken by their events alone: a result soon after is the same press."""
        self._habit = ""
        self._habit_until = 0.0
        self.voided = 0
        """So many keys meant nothing: by habit, or told again."""

    def result(self, key: str, now: float, *, event_comes: bool) -> None:
        """An AGI command was ended by this key. ``event_comes``: AMI is up, and will tell it."""
        self._clear_void(now)
        for press in self._pressed:
            if press.key == key and press.told is Told.BY_EVENT:
                press.told = Told.BY_BOTH
                return
        for spent in self._spent:
            if event_comes and spent.key == key and now <= spent.until:
                self._spent.remove(spent)
                self.voided += 1
                return
        self._add(_Press(key, now, Told.BY_RESULT if event_comes else Told.BY_BOTH), now)

    def event(self, key: str, now: float) -> None:
        """AMI has told this key."""
        self._clear_void(now)
        while self._owed and self._owed[0].until < now:
            self._owed.popleft()
        for owed in self._owed:
            if owed.key == key:
                self._owed.remove(owed)
                return
        waiting = [press for press in self._pressed if self._waits(press, now)]
        for press in waiting:
            if press.key == key:
                press.told = Told.BY_BOTH
                return
        # Events are in order: who still waits for its own was pressed later.
        before = self._pressed.index(waiting[0]) if waiting else None
        self._add(_Press(key, now, Told.BY_EVENT), now, before)

    def take(self, keys: str) -> str:
        """The first of these keys that was pressed; the others stay. Empty: none was."""
        for press in self._pressed:
            if press.key in keys and not press.void:
                self._pressed.remove(press)
                if press.told is Told.BY_RESULT:
                    self._owed.append(_Owed(press.key, press.at + CLAIM_S))
                elif press.told is Told.BY_EVENT:
                    self._spent.append(_Owed(press.key, press.at + ECHO_S))
                return press.key
        return ""

    def in_doubt(self, now: float) -> bool:
        """The event of some key is still to come, and with it perhaps one pressed before."""
        return any(self._waits(press, now) for press in self._pressed)

    def ended(self, key: str, now: float) -> None:
        """A number was full before this key, which usually ends it: if it comes next, and soon,
        it belongs to that number and means nothing."""
        self._habit, self._habit_until = key, now + HABIT_S

    def forget(self) -> None:
        """What was pressed by now counts for nothing."""
        for press in self._pressed:
            if press.told is Told.BY_RESULT:
                self._owed.append(_Owed(press.key, press.at + CLAIM_S))
        self._pressed.clear()
        self._habit = ""

    def __len__(self) -> int:
        return sum(not press.void for press in self._pressed)

    def _clear_void(self, now: float) -> None:
        self._pressed = [
            press for press in self._pressed if not press.void or now <= press.at + CLAIM_S
        ]

    def _waits(self, press: _Press, now: float) -> bool:
        return press.told is Told.BY_RESULT and now <= press.at + CLAIM_S

    def _add(self, press: _Press, now: float, before: int | None = None) -> None:
        habit, self._habit = self._habit, ""
        if habit == press.key and now <= self._habit_until:
            press.void = True
            self.voided += 1
        if len(self._pressed) >= MOST_KEYS:
            if press.told is Told.BY_RESULT:
                self._owed.append(_Owed(press.key, press.at + CLAIM_S))
            return
        self._pressed.insert(len(self._pressed) if before is None else before, press)
