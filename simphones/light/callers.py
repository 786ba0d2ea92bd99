"""Callers from the trunk: each dials, waits as long as it takes, and talks until it is over."""

from __future__ import annotations

import asyncio
import itertools
import uuid

from simphones.light.wire import Address, Wire, address_in
from simphones.sip import SipMessage

_FIRST_NUMBER = 17_000_000_000


class CallRefused(Exception):
    """Asterisk gave the caller an error."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(f"refused with {code}")


class Call:
    """One caller's way. Moments are Unix time; 0: not yet."""

    def __init__(self, wire: Wire, ani: str, dnis: str) -> None:
        self._wire = wire
        self.ani = ani
        self.dnis = dnis
        self.call_id = uuid.uuid4().hex
        self._branch = f"z9hG4bK{self.call_id}"
        self._from = f"<sip:{self.ani}@127.0.0.1:{wire.address[1]}>;tag={self.call_id[:8]}"
        self._contact = f"sip:{self.ani}@127.0.0.1:{wire.address[1]}"
        self._to = f"<sip:{dnis}@127.0.0.1>"
        self._uri = f"sip:{dnis}@127.0.0.1"
        self.invited_at = 0.0
        self.answered_at = 0.0
        self.ended_at = 0.0
        self.refused = 0
        self._hung_up = False
        self._infos = 0
        self._over = asyncio.Event()

    @property
    def is_over(self) -> bool:
        return self._over.is_set()

    def dial(self) -> None:
        lines = self._request("INVITE", 1, "inv")
        lines += [f"Contact: <{self._contact}>", "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE"]
        self.invited_at = self._wire.send(lines, self._wire.sdp)

    def hang_up(self) -> None:
        if self.answered_at and not self._hung_up and not self.is_over:
            self._hung_up = True
            self._wire.send(self._request("BYE", 2 + self._infos, "bye"))

    def press_by_info(self, key: str, *, ms: int = 100) -> float:
        """One key as SIP INFO (application/dtmf-relay), as some gateways tell it."""
        self._infos += 1
        lines = self._request("INFO", 1 + self._infos, f"info{self._infos}")
        body = f"Signal={key}\r\nDuration={ms}\r\n"
        return self._wire.send(lines, body, "application/dtmf-relay")

    async def over(self, within: float) -> None:
        """Until both sides have hung up. Raises ``CallRefused``, ``TimeoutError``."""
        async with asyncio.timeout(within):
            await self._over.wait()
        if self.refused:
            raise CallRefused(self.refused)

    def take(self, message: SipMessage) -> None:
        match message.method:
            case "":
                self._take_answer(message)
            case "BYE":
                self._wire.answer(message, "200 OK", tag="")
                self._end(message.at)
            case "INVITE" | "UPDATE":
                body = self._wire.sdp if message.body else ""
                self._wire.answer(message, "200 OK", tag="", contact=self._contact, body=body)
            case "OPTIONS":
                self._wire.answer(message, "200 OK", tag="")

    def _take_answer(self, message: SipMessage) -> None:
        if message.answers == "BYE":
            self._end(message.at)
        elif message.answers == "INVITE" and message.code >= 300:
            self._to = message.header("To")
            self._wire.send(self._request("ACK", 1, "inv"))
            self.refused = message.code
            self._end(message.at)
        elif message.answers == "INVITE" and message.code >= 200:
            self.answered_at = self.answered_at or message.at
            self._to = message.header("To")
            self._uri = address_in(message.header("Contact"))
            self._wire.send(self._request("ACK", 1, "ack"))
            self._wire.sound.start(self.call_id, message)

    def _end(self, at: float) -> None:
        self.ended_at = self.ended_at or at
        self._wire.sound.stop(self.call_id)
        self._over.set()

    def _request(self, method: str, number: int, branch: str) -> list[str]:
        host, port = self._wire.address
        return [
            f"{method} {self._uri} SIP/2.0",
            f"Via: SIP/2.0/UDP {host}:{port};rport;branch={self._branch}{branch}",
            f"From: {self._from}",
            f"To: {self._to}",
            f"Call-ID: {self.call_id}",
            f"CSeq: {number} {method}",
            "Max-Forwards: 70",
        ]


class Callers:
    """All callers of a run, on one port."""

    def __init__(self, target: Address, *, key_events: bool = True) -> None:
        """``key_events``: the phones can send keys in RTP (RFC 4733), and say so."""
        self.wire = Wire(target, self._take, key_events=key_events)
        self._calls: dict[str, Call] = {}
        self._numbers = itertools.count(_FIRST_NUMBER)

    def call(self, dnis: str, ani: str = "") -> Call:
        """From a number that no other call of the run has, so the ring at the agent tells whose
        it is; or from the given one."""
        call = Call(self.wire, ani or str(next(self._numbers)), dnis)
        self._calls[call.call_id] = call
        call.dial()
        return call

    def _take(self, message: SipMessage) -> None:
        call = self._calls.get(message.header("Call-ID"))
        if call is not None:
            call.take(message)
        elif message.method not in ("", "ACK"):
            self.wire.answer(message, "481 Call/Transaction Does Not Exist", tag="none")
