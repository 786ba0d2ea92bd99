"""Agents' phones: registered, they ring a moment, answer, talk a set time and hang up.

That is what they do by themselves; a test may have each ring until it is told, refuse, or be dead.
"""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from simphones.light.registration import Registration
from simphones.light.wire import Address, Wire, address_in, user_in
from simphones.sip import SipMessage

RING_S = 0.03
"""From INVITE to 200, with 180 at once: a headset that answers by itself."""


class RingEnd(StrEnum):
    """Who ended a ring, or the talk that came of it."""

    CANCELLED = "cancelled"  # Asterisk, before it was answered
    HUNG_UP_ON = "hung_up_on"  # Asterisk, after that
    HUNG_UP = "hung_up"  # this phone
    REFUSED = "refused"  # this phone, instead of an answer


@dataclass(slots=True, kw_only=True)
class Ring:
    """An INVITE that came to an agent's phone, and what became of it. Moments are Unix time."""

    at: float
    extension: str
    ani: str
    call_id: str
    offer_id: str
    """Both ccengine's own; empty from app_queue and Dial."""
    answered_at: float = 0.0
    """The 200 left here; 0: it did not."""
    talked: bool = False
    """Asterisk has acknowledged the answer. It does so too when it hangs up at once."""
    ended_at: float = 0.0
    """CANCEL or BYE came, or what this phone sent left; 0: not yet."""
    end: RingEnd | None = None


class Phone:
    """One call at a time: a second one is refused as busy."""

    def __init__(self, wire: Wire, extension: str, secret: str) -> None:
        self._wire = wire
        self.extension = extension
        self._contact = f"sip:{extension}@127.0.0.1:{wire.address[1]}"
        self._registration = Registration(wire, extension, secret, self._contact)
        self.answers_after: float | None = RING_S
        """Seconds; None: it rings until ``pick_up``, ``refuse``, or Asterisk's end."""
        self.refuses_with = ""
        """``486 Busy Here``: instead of ringing."""
        self.is_dead = False
        """Power off: what comes is neither read nor answered."""
        self.talk_s: Callable[[], float | None] = lambda: 0.1
        """None: until ``hang_up``, or Asterisk's end."""
        self.on_ring: Callable[[Ring], None] = lambda _: None
        self.on_free: Callable[[float], None] = lambda _: None
        """Told the moment when this phone's BYE left."""
        self.collisions = 0
        self.rings: list[Ring] = []
        self._invite: SipMessage | None = None
        self._refused = ""
        self._tag = ""
        self._timer: asyncio.TimerHandle | None = None
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def busy(self) -> bool:
        return self._invite is not None

    async def register(self) -> None:
        """Raises ``PhoneNotRegistered``."""
        await self._registration.ask()

    async def idle(self, within: float) -> None:
        """Raises ``TimeoutError``."""
        async with asyncio.timeout(within):
            await self._idle.wait()

    def take(self, message: SipMessage) -> None:
        if self.is_dead:
            return
        match message.method:
            case "":
                if message.answers == "REGISTER":
                    self._registration.take(message)
            case "INVITE":
                self._take_invite(message)
            case "ACK":
                self._take_ack(message)
            case "CANCEL":
                self._take_cancel(message)
            case "BYE":
                self._wire.answer(message, "200 OK", tag=self._tag)
                if self._is_mine(message):
                    self._end(RingEnd.HUNG_UP_ON, message.at)
            case _:
                body = self._wire.sdp if message.body else ""
                self._wire.answer(
                    message, "200 OK", tag=self._tag, contact=self._contact, body=body
                )

    def pick_up(self) -> None:
        """Answer what rings; nothing, when it has just stopped or was answered."""
        invite = self._invite
        if invite is not None and not self.rings[-1].answered_at:
            self._stop_timer()
            self.rings[-1].answered_at = self._answer(invite)

    def refuse(self, status: str) -> None:
        """``603 Decline``; nothing, when it has just stopped or was answered."""
        invite = self._invite
        if invite is not None and not self.rings[-1].answered_at:
            self._end(RingEnd.REFUSED, self._wire.answer(invite, status, tag=self._tag))

    def hang_up(self) -> None:
        """End the talk; nothing, when there is none."""
        invite = self._invite
        if invite is None or not self.rings[-1].answered_at:
            return
        at = self._wire.send(
            [
                f"BYE {address_in(invite.header('Contact'))} SIP/2.0",
                self._wire.via(),
                f"From: {invite.header('To')};tag={self._tag}",
                f"To: {invite.header('From')}",
                f"Call-ID: {invite.header('Call-ID')}",
                "CSeq: 1 BYE",
                "Max-Forwards: 70",
            ]
        )
        # Free from now on: Asterisk may offer the next call before its 200 is read here.
        self._end(RingEnd.HUNG_UP, at)
        self.on_free(at)

    def _take_invite(self, invite: SipMessage) -> None:
        if self._is_mine(invite):
            if ";tag=" in invite.header("To"):
                self._answer(invite)
            return
        if invite.header("Call-ID") == self._refused:
            return  # said again: our answer was late
        if self.busy:
            self.collisions += 1
            self._wire.answer(invite, "486 Busy Here", tag="busy")
            return
        self._invite, self._tag = invite, uuid.uuid4().hex[:12]
        self._idle.clear()
        ring = Ring(
            at=invite.at,
            extension=self.extension,
            ani=user_in(invite.header("From")),
            call_id=invite.header("X-CC-Call-Id"),
            offer_id=invite.header("X-CC-Offer-Id"),
        )
        self.rings.append(ring)
        if self.refuses_with:
            self._refused = invite.header("Call-ID")
            self.refuse(self.refuses_with)
        else:
            self._wire.answer(invite, "180 Ringing", tag=self._tag, contact=self._contact)
            self._later(self.answers_after, self.pick_up)
        self.on_ring(ring)

    def _take_ack(self, ack: SipMessage) -> None:
        if self._is_mine(ack) and self.busy and not self.rings[-1].talked:
            self.rings[-1].talked = True
            self._later(self.talk_s(), self.hang_up)

    def _take_cancel(self, cancel: SipMessage) -> None:
        """One that crossed our 200 changes nothing: Asterisk then hangs up (RFC 3261, 9.2)."""
        self._wire.answer(cancel, "200 OK", tag=self._tag)
        invite = self._invite
        if invite is not None and self._is_mine(cancel) and not self.rings[-1].answered_at:
            self._wire.answer(invite, "487 Request Terminated", tag=self._tag)
            self._end(RingEnd.CANCELLED, cancel.at)

    def _answer(self, invite: SipMessage) -> float:
        at = self._wire.answer(
            invite, "200 OK", tag=self._tag, contact=self._contact, body=self._wire.sdp
        )
        self._wire.sound.start(self.extension, invite)
        return at

    def _end(self, end: RingEnd, at: float) -> None:
        self._stop_timer()
        self.rings[-1].end, self.rings[-1].ended_at = end, at
        self._wire.sound.stop(self.extension)
        self._invite = None
        self._idle.set()
        self._wire.watch.tell()

    def _later(self, seconds: float | None, do: Callable[[], None]) -> None:
        if seconds is not None:
            self._timer = asyncio.get_running_loop().call_later(seconds, do)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None

    def _is_mine(self, message: SipMessage) -> bool:
        invite = self._invite
        return invite is not None and invite.header("Call-ID") == message.header("Call-ID")


class Phones:
    """All agents' phones of a run, on one port."""

    def __init__(self, target: Address) -> None:
        self.wire = Wire(target, self._take)
        self.all: dict[str, Phone] = {}

    async def register(self, extension: str, secret: str) -> None:
        """Raises ``PhoneNotRegistered``."""
        phone = self.all[extension] = Phone(self.wire, extension, secret)
        await phone.register()

    async def idle(self, within: float) -> bool:
        """Whether all phones came to rest in time."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                for phone in self.all.values():
                    await phone.idle(within)
                return True
        return False

    @property
    def collisions(self) -> int:
        """Calls that came to a phone which was not free."""
        return sum(phone.collisions for phone in self.all.values())

    def _take(self, message: SipMessage) -> None:
        if message.method == "":
            who = user_in(message.header("From"))
        elif message.method == "INVITE" and ";tag=" not in message.header("To"):
            who = user_in(message.start)
        else:
            who = user_in(message.header("To"))
        phone = self.all.get(who)
        if phone is not None:
            phone.take(message)
        elif message.method not in ("", "ACK"):
            self.wire.answer(message, "404 Not Found", tag="none")
