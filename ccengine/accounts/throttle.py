"""How often an address may guess at an account.

Counts are kept in a fixed number of buckets chosen by a keyed hash of account and address: memory
is bounded whatever is tried, nothing has to be thrown away under attack, and nobody can aim at
another's bucket because the key is drawn anew at each start. Filling other people's buckets by
chance would take hundreds of thousands of guesses in a quarter of an hour, and the password
threads do not do so many.
"""

from __future__ import annotations

import secrets
from collections import deque
from hashlib import blake2b

from ccengine.accounts.model import TooManyGuessesError
from ccengine.clock import Clock

BUCKETS = 1 << 15


class GuessLimit:
    """At most ``guesses`` per account and address within ``window_s`` seconds."""

    def __init__(self, clock: Clock, *, guesses: int = 10, window_s: float = 900.0) -> None:
        self._clock = clock
        self._guesses = guesses
        self._window_s = window_s
        self._key = secrets.token_bytes(16)
        self._buckets: dict[int, deque[float]] = {}

    def take(self, username: str, address: str) -> None:
        """Count a guess before it is checked. Raises TooManyGuessesError, which counts none."""
        now = self._clock.now()
        taken = self._buckets.setdefault(self._bucket(username, address), deque())
        while taken and taken[0] <= now - self._window_s:
            taken.popleft()
        if len(taken) >= self._guesses:
            raise TooManyGuessesError(taken[0] + self._window_s - now)
        taken.append(now)

    def forgive(self, username: str, address: str) -> None:
        """The right password was given: earlier slips do not count."""
        self._buckets.pop(self._bucket(username, address), None)

    def _bucket(self, username: str, address: str) -> int:
        text = f"{username}\0{address}".encode("utf-8", "replace")
        return int.from_bytes(blake2b(text, key=self._key, digest_size=4).digest()) % BUCKETS
