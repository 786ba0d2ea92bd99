"""Agents' phones: registered, they ring a moment, answer, talk a set time and hang up."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from bench.wire import Address, Wire, address_in, user_in
from simphones.sip import SipMessage

RING_S = 0.03
"""From INVITE to 200, with 180 at once: a headset that answers by itself."""
_REGISTER_LIMIT = 10.0


class PhoneNotRegistered(Exception):
    """Asterisk did not take this phone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """An INVITE that came to an agent's phone."""

    at: float
    extension: str
    ani: str
    call_id: str
    offer_id: str
    """Both ccengine's own; empty from app_queue and Dial."""


class Phone:
    """One at a time: a second call is refused as busy."""

    def __init__(self, wire: Wire, extension: str, secret: str) -> None:
        self._wire = wire
        self.extension = extension
        self._secret = secret
        self._contact = f"sip:{extension}@127.0.0.1:{wire.address[1]}"
        self.talk_s: Callable[[], float] = lambda: 0.1
        self.on_ring: Callable[[Ring], None] = lambda _: None
        self.on_free: Callable[[float], None] = lambda _: None
        """Told the moment when this phone's BYE left."""
        self.collisions = 0
        self.busy = False
        self._registered = asyncio.Event()
        self._sequence = 0
        self._invite: SipMessage | None = None
        self._tag = ""
        self._timer: asyncio.TimerHandle | None = None
        self._idle = asyncio.Event()
        self._idle.set()

    async def register(self) -> None:
        """Raises ``PhoneNotRegistered``."""
        self._ask_registration("")
        try:
            async with asyncio.timeout(_REGISTER_LIMIT):
                await self._registered.wait()
        except TimeoutError:
            raise PhoneNotRegistered(self.extension) from None

    async def idle(self, within: float) -> None:
        """Raises ``TimeoutError``."""
        async with asyncio.timeout(within):
            await self._idle.wait()

    def take(self, message: SipMessage) -> None:
        match message.method:
            case "":
                self._take_answer(message)
            case "INVITE":
                self._take_invite(message)
            case "ACK":
                if self._is_mine(message) and self._timer is None and self.busy:
                    self._timer = asyncio.get_running_loop().call_later(
                        self.talk_s(), self._hang_up
                    )
            case "CANCEL":
                self._wire.answer(message, "200 OK", tag=self._tag)
                if self._invite is not None and self._is_mine(message):
                    self._wire.answer(self._invite, "487 Request Terminated", tag=self._tag)
                    self._end()
            case "BYE":
                self._wire.answer(message, "200 OK", tag=self._tag)
                if self._is_mine(message):
                    self._end()
            case _:
                body = self._wire.sdp if message.body else ""
                self._wire.answer(
                    message, "200 OK", tag=self._tag, contact=self._contact, body=body
                )

    def _take_invite(self, invite: SipMessage) -> None:
        if self._is_mine(invite):
            if ";tag=" in invite.header("To"):
                self._answer(invite)
            return
        if self.busy:
            self.collisions += 1
            self._wire.answer(invite, "486 Busy Here", tag="busy")
            return
        self.busy, self._invite, self._tag = True, invite, uuid.uuid4().hex[:12]
        self._idle.clear()
        self._wire.answer(invite, "180 Ringing", tag=self._tag, contact=self._contact)
        self._timer = asyncio.get_running_loop().call_later(RING_S, self._pick_up, invite)
        self.on_ring(
            Ring(
                at=invite.at,
                extension=self.extension,
                ani=user_in(invite.header("From")),
                call_id=invite.header("X-CC-Call-Id"),
                offer_id=invite.header("X-CC-Offer-Id"),
            )
        )

    def _pick_up(self, invite: SipMessage) -> None:
        self._timer = None
        self._answer(invite)

    def _answer(self, invite: SipMessage) -> None:
        self._wire.answer(
            invite, "200 OK", tag=self._tag, contact=self._contact, body=self._wire.sdp
        )
        self._wire.sound.start(self.extension, invite)

    def _hang_up(self) -> None:
        invite = self._invite
        if invite is None:
            return
        at = self._wire.send(
            [
                f"BYE {address_in(invite.header('Contact'))} SIP/2.0",
                self._via(),
                f"From: {invite.header('To')};tag={self._tag}",
                f"To: {invite.header('From')}",
                f"Call-ID: {invite.header('Call-ID')}",
                "CSeq: 1 BYE",
                "Max-Forwards: 70",
            ]
        )
        # Free from now on: Asterisk may offer the next call before its 200 is read here.
        self._end()
        self.on_free(at)

    def _end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._wire.sound.stop(self.extension)
        self._timer, self._invite, self.busy = None, None, False
        self._idle.set()

    def _is_mine(self, message: SipMessage) -> bool:
        invite = self._invite
        return invite is not None and invite.header("Call-ID") == message.header("Call-ID")

    def _take_answer(self, message: SipMessage) -> None:
        if message.answers != "REGISTER":
            return
        if message.code == 401 and self._sequence < 3:
            self._ask_registration(self._credentials(message.header("WWW-Authenticate")))
        elif message.code == 200:
            self._registered.set()

    def _ask_registration(self, credentials: str) -> None:
        self._sequence += 1
        me = f"<sip:{self.extension}@127.0.0.1>"
        lines = [
            "REGISTER sip:127.0.0.1 SIP/2.0",
            self._via(),
            f"From: {me};tag={self.extension}",
            f"To: {me}",
            f"Call-ID: register-{self.extension}",
            f"CSeq: {self._sequence} REGISTER",
            f"Contact: <{self._contact}>",
            "Expires: 600",
            "Max-Forwards: 70",
        ]
        self._wire.send([*lines, *([f"Authorization: {credentials}"] if credentials else [])])

    def _via(self) -> str:
        host, port = self._wire.address
        return f"Via: SIP/2.0/UDP {host}:{port};rport;branch=z9hG4bK{uuid.uuid4().hex}"

    def _credentials(self, challenge: str) -> str:
        """RFC 7616 with MD5 and qop=auth, which is what Asterisk asks for."""
        asked = dict(re.findall(r'(\w+)="?([^",]*)"?', challenge))
        user, uri, once = self.extension, "sip:127.0.0.1", uuid.uuid4().hex
        who = _md5(f"{user}:{asked['realm']}:{self._secret}")
        proof = _md5(f"{who}:{asked['nonce']}:00000001:{once}:auth:{_md5(f'REGISTER:{uri}')}")
        opaque = f', opaque="{asked["opaque"]}"' if "opaque" in asked else ""
        return (
            f'Digest username="{user}", realm="{asked["realm"]}", nonce="{asked["nonce"]}", '
            f'uri="{uri}", response="{proof}", algorithm=MD5, qop=auth, nc=00000001, '
            f'cnonce="{once}"{opaque}'
        )


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


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
