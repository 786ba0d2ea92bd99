"""AMI bytes to messages: panoramisk's protocol with its faults cured, in this one place.

Cured here (each has a test in ``tests/rules/asterisk/test_ami_wire.py``):

* text cut between packets: bytes are kept until the message is whole, then decoded once;
* a second ``Event:`` or a repeated header raised inside panoramisk and killed the link: the first
  value wins, and an event that repeats a header is dropped, since Asterisk sends none such;
* ``Event: Shutdown`` closed the link on the word of any event: only the socket decides;
* unanswered actions were queued to be sent again after a reconnect: nothing is ever sent twice,
  whoever waits learns that the outcome is unknown;
* a message without end grew for ever: it has a bound.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from panoramisk.actions import Action
from panoramisk.ami_protocol import AMIProtocol
from panoramisk.message import Message

MAX_MESSAGE_BYTES = 256 * 1024


class LinkDownError(ConnectionError):
    """The AMI link is not up: the action was not sent."""


class OutcomeUnknownError(ConnectionError):
    """The link broke, or the deadline passed, with the action on its way: it may have happened."""


class ActionRefusedError(Exception):
    """Asterisk answered the action with an error; its words are the text."""


class _Heard(Message):  # type: ignore[misc]
    """panoramisk's message with its headers put in place at once, not each by two calls."""

    def __init__(self, store: dict[str, tuple[str, str]]) -> None:
        self._store = store
        self.manager = None

    def __getattr__(self, name: str) -> str:
        found = self.__dict__["_store"].get(name.lower())
        return "" if found is None else str(found[1])


def parse_message(block: bytes) -> Message | None:
    """One message of the wire; None for what is none, or for an event that cannot be believed."""
    store: dict[str, tuple[str, str]] = {}
    repeated = False
    for line in block.decode("utf-8", "replace").split("\r\n"):
        key, colon, value = line.partition(":")
        key = key.strip()
        name = key.lower()
        if not colon or not name:
            continue
        if name in store:
            repeated = True
            continue
        store[name] = (key, value.removeprefix(" "))
    if "response" in store or ("event" in store and not repeated):
        store["content"] = ("content", "")
        return _Heard(store)
    return None


class CuredProtocol(AMIProtocol):  # type: ignore[misc]
    """One AMI connection. ``on_event`` gets each event in order; ``on_lost`` is called once."""

    def __init__(
        self, on_event: Callable[[Message], None], on_lost: Callable[[Exception | None], None]
    ) -> None:
        self._on_event = on_event
        self._on_lost = on_lost
        self._buffer = bytearray()
        self.closed = False
        self.dropped_events = 0
        self.last_heard = 0.0
        self.banner: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.encoding = "utf-8"

    def data_received(self, data: bytes) -> None:
        self.last_heard = asyncio.get_running_loop().time()
        self._buffer += data
        if not self.banner.done():
            end = self._buffer.find(b"\r\n")
            if end < 0:
                self._bound()
                return
            self.banner.set_result(self._buffer[:end].decode("ascii", "replace"))
            del self._buffer[: end + 2]
        start = 0
        while (end := self._buffer.find(b"\r\n\r\n", start)) >= 0:
            block = bytes(self._buffer[start:end])
            start = end + 4
            self._take(block)
        if start:
            del self._buffer[:start]
        self._bound()

    def _bound(self) -> None:
        if len(self._buffer) > MAX_MESSAGE_BYTES:
            self._buffer.clear()
            self.transport.abort()

    def _take(self, block: bytes) -> None:
        message = parse_message(block)
        if message is None:
            self.dropped_events += 1
            return
        action = self.responses.get(message.id) if message.id else None
        if action is not None:
            # A list that is refused has one answer and no end to wait for.
            if not message.success and not action.future.done():
                action.future.set_result(message)
            elif not action.add_message(message):
                return
            self.responses.pop(action.id, None)
        elif "event" in message and "response" not in message:
            self._on_event(message)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.closed:
            return
        self.closed = True
        if not self.banner.done():
            self.banner.set_exception(ConnectionResetError("AMI closed before its banner"))
            self.banner.exception()
        pending = {action.id: action for action in self.responses.values()}
        self.responses.clear()
        for action in pending.values():
            if not action.future.done():
                action.future.set_exception(OutcomeUnknownError("the AMI link was lost"))
                # Whoever waits gets it; when nobody does any more, that is no fault of theirs.
                action.future.add_done_callback(lambda future: future.exception())
        self._on_lost(exc)

    def close(self) -> None:
        """Close from our side; ``on_lost`` follows."""
        self.transport.abort()

    def forget(self, action: Action) -> None:
        """Nobody waits for this answer any more."""
        self.responses.pop(action.id, None)

    def submit(self, fields: dict[str, Any], *, as_list: bool) -> Action:
        """Write an action that has passed the gate, and register for its answer."""
        action = Action(fields, as_list=as_list)
        self.responses[action.id] = action
        self.transport.write(str(action).encode("utf-8"))
        return action
