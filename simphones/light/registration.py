"""A phone tells Asterisk where it is, with its password."""

from __future__ import annotations

import asyncio
import hashlib
import re
import uuid

from simphones.light.wire import Wire
from simphones.sip import SipMessage

_LIMIT = 10.0
_TRIES = 3


class PhoneNotRegistered(Exception):
    """Asterisk did not take this phone."""


class Registration:
    def __init__(self, wire: Wire, extension: str, secret: str, contact: str) -> None:
        self._wire = wire
        self._extension = extension
        self._secret = secret
        self._contact = contact
        self._taken = asyncio.Event()
        self._sequence = 0

    async def ask(self) -> None:
        """Raises ``PhoneNotRegistered``."""
        self._send("")
        try:
            async with asyncio.timeout(_LIMIT):
                await self._taken.wait()
        except TimeoutError:
            raise PhoneNotRegistered(self._extension) from None

    def take(self, answer: SipMessage) -> None:
        if answer.code == 401 and self._sequence < _TRIES:
            self._send(self._credentials(answer.header("WWW-Authenticate")))
        elif answer.code == 200:
            self._taken.set()

    def _send(self, credentials: str) -> None:
        self._sequence += 1
        me = f"<sip:{self._extension}@127.0.0.1>"
        lines = [
            "REGISTER sip:127.0.0.1 SIP/2.0",
            self._wire.via(),
            f"From: {me};tag={self._extension}",
            f"To: {me}",
            f"Call-ID: register-{self._extension}",
            f"CSeq: {self._sequence} REGISTER",
            f"Contact: <{self._contact}>",
            "Expires: 600",
            "Max-Forwards: 70",
        ]
        self._wire.send([*lines, *([f"Authorization: {credentials}"] if credentials else [])])

    def _credentials(self, challenge: str) -> str:
        """RFC 7616 with MD5 and qop=auth, which is what Asterisk asks for."""
        asked = dict(re.findall(r'(\w+)="?([^",]*)"?', challenge))
        user, uri, once = self._extension, "sip:127.0.0.1", uuid.uuid4().hex
        who = _md5(f"{user}:{asked['realm']}:{self._secret}")
        proof = _md5(f"{who}:{asked['nonce']}:00000001:{once}:auth:{_md5(f'REGISTER:{uri}')}")
        opaque = f', opaque="{asked["opaque"]}"' if "opaque" in asked else ""
        return (
            f'Digest username="{user}", realm="{asked["realm"]}", nonce="{asked["nonce"]}", '
            f'uri="{uri}", response="{proof}", algorithm=MD5, qop=auth, nc=00000001, '
            f'cnonce="{once}"{opaque}'
        )


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
