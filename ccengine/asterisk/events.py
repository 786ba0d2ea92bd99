"""AMI events that matter, decoded once into values; all others are None and forgotten.

What comes from a caller is never trusted here: agents are known by the name of the channel that
Asterisk itself made (``PJSIP/1001-0000002a``), calls by the id that our dialplan gave them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from panoramisk.message import Message

from ccengine.acd.inputs import PhoneState
from ccengine.asterisk.names import (
    EVENT_CONNECTED,
    EVENT_CUSTOMER,
    EVENT_ENDED,
    EVENT_FALLBACK,
    EVENT_TRANSFERRED,
)
from ccengine.ids import AgentId, CallId, OfferId
from ccengine.journal.facts import OfferResult

_AGENT_CHANNEL: Final = re.compile(r"PJSIP/([0-9]{2,8})-[0-9a-f]{8}")
_CALL_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

PHONE_STATES: Final[Mapping[str, PhoneState]] = {
    "NOT_INUSE": PhoneState.IDLE,
    "INUSE": PhoneState.BUSY,
    "BUSY": PhoneState.BUSY,
    "ONHOLD": PhoneState.BUSY,
    "RINGING": PhoneState.RINGING,
    "RINGINUSE": PhoneState.BUSY,
    "UNAVAILABLE": PhoneState.UNREACHABLE,
    "INVALID": PhoneState.UNREACHABLE,
    "UNKNOWN": PhoneState.UNREACHABLE,
}
"""Asterisk's device states (Asterisk: Device State), folded to what the ACD must know."""

LEG_RESULTS: Final[Mapping[str, OfferResult]] = {
    "BUSY": OfferResult.REFUSED,
    "NOANSWER": OfferResult.MISSED,
    "CANCEL": OfferResult.WITHDRAWN,
    "CHANUNAVAIL": OfferResult.UNREACHABLE,
    "CONGESTION": OfferResult.UNREACHABLE,
    "DONTCALL": OfferResult.REFUSED,
    "TORTURE": OfferResult.REFUSED,
}
"""Dial's result for a leg that was not connected (Asterisk: Application_Dial, DIALSTATUS)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneSeen:
    """An agent's phone changed its state."""

    agent_id: AgentId
    phone: PhoneState


@dataclass(frozen=True, slots=True, kw_only=True)
class LegBegan:
    """Asterisk sent the INVITE to an agent's phone."""

    caller_uniqueid: str
    agent_id: AgentId
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LegOver:
    caller_uniqueid: str
    agent_id: AgentId
    channel: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """Agent and caller are really connected; said by the agent's own leg."""

    call_id: CallId
    offer_id: OfferId
    agent_id: AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldChanged:
    agent_id: AgentId
    linked_to: str
    held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelGone:
    """A channel ended. ``linked_to`` is the caller's unique id, also on the agent's leg.

    ``call_id`` is the dialplan's mark: unique ids can be guessed, this one cannot.
    """

    channel: str
    uniqueid: str
    linked_to: str
    call_id: CallId | None
    agent_id: AgentId | None
    cause: int = 0
    """Q.850: 17 busy, 18 and 19 no answer, 16 a normal end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOver:
    """The dialplan's last word on a call, also when no engine held it."""

    call_id: CallId
    served: bool
    end: str
    """How the dialplan ended it: ``done``, ``served``, ``fallback…``, ``voicemail``, ``early`` (the
    caller hung up before the engine was asked); or empty, when the caller hung up in the engine's
    hands."""
    uniqueid: str = ""
    """Of the channel that says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FallbackBegan:
    """The dialplan could not reach the engine and serves this call by itself from now on."""

    call_id: CallId


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerCalled:
    """A customer who is called back while the agent waits: reached, or why not."""

    call_id: CallId
    reached: bool
    status: str
    """Dial's result when not reached: ``BUSY``, ``NOANSWER``, ``CHANUNAVAIL`` …"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferAnswered:
    """Somebody whom the flow rang and the caller are really connected; said by that leg."""

    call_id: CallId


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyDown:
    """A key is down on one of our channels; whether it counts, ``KeyHeard`` says."""

    uniqueid: str
    call_id: CallId
    """The dialplan's mark, as in ``ChannelGone``; of the caller's channel alone."""
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyHeard:
    """A key was let go: it counts."""

    uniqueid: str
    call_id: CallId
    """As in ``KeyDown``."""
    key: str


PhoneEvent = (
    PhoneSeen
    | KeyDown
    | KeyHeard
    | LegBegan
    | LegOver
    | Connected
    | HoldChanged
    | ChannelGone
    | CallOver
    | FallbackBegan
    | CustomerCalled
    | TransferAnswered
)


def agent_of(channel: str) -> AgentId | None:
    """The agent whose phone this channel is, or None."""
    match = _AGENT_CHANNEL.fullmatch(channel)
    return AgentId(match[1]) if match else None


def call_id_of(text: str) -> CallId | None:
    """The text as a call id, if it is one."""
    return CallId(text) if _CALL_ID.fullmatch(text) else None


def marked(variable: str) -> CallId | None:
    """The call of ``CC_REF=<call id>``, or of the same with ``/<offer id>`` behind it."""
    name, _, value = variable.partition("=")
    return call_id_of(value.partition("/")[0]) if name == "CC_REF" else None


def decode(message: Message) -> PhoneEvent | None:
    """The event as a value, or None when it does not matter or cannot be believed."""
    reader = _READERS.get(message.event)
    return reader(message) if reader else None


def _device(message: Message) -> PhoneEvent | None:
    technology, _, name = message.device.partition("/")
    if technology != "PJSIP" or not re.fullmatch(r"[0-9]{2,8}", name):
        return None
    phone = PHONE_STATES.get(message.state)
    return PhoneSeen(agent_id=AgentId(name), phone=phone) if phone else None


def _dial_begin(message: Message) -> PhoneEvent | None:
    agent_id = agent_of(message.destchannel)
    if agent_id is None or not message.uniqueid:
        return None
    return LegBegan(
        caller_uniqueid=message.uniqueid, agent_id=agent_id, channel=message.destchannel
    )


def _dial_end(message: Message) -> PhoneEvent | None:
    agent_id = agent_of(message.destchannel)
    if agent_id is None or not message.uniqueid:
        return None
    return LegOver(
        caller_uniqueid=message.uniqueid,
        agent_id=agent_id,
        channel=message.destchannel,
        status=message.dialstatus,
    )


def _user_event(message: Message) -> PhoneEvent | None:
    call_id = call_id_of(message.callid)
    if call_id is None:
        return None
    if message.userevent == EVENT_CONNECTED:
        agent_id = agent_of(message.channel)
        if agent_id is None:
            return None
        return Connected(call_id=call_id, offer_id=OfferId(message.offerid), agent_id=agent_id)
    if message.userevent == EVENT_CUSTOMER:
        return CustomerCalled(
            call_id=call_id, reached=message.status == "REACHED", status=message.status
        )
    if message.userevent == EVENT_TRANSFERRED:
        return TransferAnswered(call_id=call_id)
    if message.userevent == EVENT_FALLBACK:
        return FallbackBegan(call_id=call_id)
    if message.userevent == EVENT_ENDED:
        return CallOver(
            call_id=call_id,
            served=message.served == "1",
            end=message.end,
            uniqueid=message.uniqueid,
        )
    return None


def _hold(message: Message) -> PhoneEvent | None:
    agent_id = agent_of(message.channel)
    if agent_id is None:
        return None
    return HoldChanged(agent_id=agent_id, linked_to=message.linkedid, held=message.event == "Hold")


def _key(message: Message) -> PhoneEvent | None:
    call_id = marked(message.chanvariable)
    if call_id is None or not re.fullmatch(r"[0-9*#]", message.digit):
        return None
    what = KeyDown if message.event == "DTMFBegin" else KeyHeard
    return what(uniqueid=message.uniqueid, call_id=call_id, key=message.digit)


def _hangup(message: Message) -> PhoneEvent | None:
    return ChannelGone(
        channel=message.channel,
        uniqueid=message.uniqueid,
        linked_to=message.linkedid,
        call_id=marked(message.chanvariable),
        agent_id=agent_of(message.channel),
        cause=int(message.cause) if message.cause.isdecimal() else 0,
    )


_READERS: Final[Mapping[str, Callable[[Message], PhoneEvent | None]]] = {
    "DeviceStateChange": _device,
    "DialBegin": _dial_begin,
    "DialEnd": _dial_end,
    "UserEvent": _user_event,
    "Hold": _hold,
    "Unhold": _hold,
    "Hangup": _hangup,
    "DTMFBegin": _key,
    "DTMFEnd": _key,
}
