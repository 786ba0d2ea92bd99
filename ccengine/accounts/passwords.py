"""Passwords: made, hashed with argon2id and checked, never on the event loop.

A hash costs 64 MiB and a good part of a core, so at most two are made at a time and a bounded
number waits; a flood of logins is turned away before it takes the machine from the calls.
"""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ccengine.accounts.model import BusyError

AT_ONCE = 2
WAITING = 32
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is misread aloud or on paper

_T = TypeVar("_T")


def generate_password() -> str:
    """Four groups of five, 99 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))


class Passwords:
    """Hashes and checks in two threads of its own; ``checked`` counts the checks begun."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._pool = ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="argon2")
        self._room = threading.BoundedSemaphore(AT_ONCE + WAITING)
        self._nobodys = self._hasher.hash(secrets.token_urlsafe(32))
        self.checked = 0

    async def hash(self, password: str) -> str:
        return await self._in_thread(lambda: self._hasher.hash(password))

    async def matches(self, stored: str | None, password: str) -> bool:
        """Whether the password is the stored one; without a stored one the same work, and no.

        So an unknown user costs what a wrong password costs. Raises BusyError when too many
        checks are waiting already.
        """
        self.checked += 1
        right = await self._in_thread(lambda: self._verify(stored or self._nobodys, password))
        return right and stored is not None

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _in_thread(self, work: Callable[[], _T]) -> _T:
        if not self._room.acquire(blocking=False):
            raise BusyError
        future = self._pool.submit(work)
        future.add_done_callback(self._make_room)
        return await asyncio.wrap_future(future)

    def _make_room(self, _: Future[Any]) -> None:
        self._room.release()
