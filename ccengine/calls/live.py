"""A call that is up: what the engine knows of it between its INVITE and its last fact."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field

from ccengine.acd.rules import CallbackFirst
from ccengine.calls.call_out import OUT, CallOut
from ccengine.calls.keypad import Keypad
from ccengine.calls.keys import MOST_KEYS
from ccengine.calls.mailbox import Mailbox
from ccengine.calls.taken_up import StayBefore
from ccengine.desk.pop import CustomerCard, PastCall, PathStep, SuggestedArticle
from ccengine.ids import AgentId, CallId, OfferId, QueueId
from ccengine.ivr.engine import FlowRun
from ccengine.journal.facts import HangupBy

MOST_EARLY = 200
"""Channels whose keys are kept until their call is ours: a moment, or never (the fallback's)."""
MOST_OVER = 10_000
"""Calls remembered as over: what is late is late by seconds, or by as long as an engine hung."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndHeard:
    """The dialplan's last word on a call that nobody held then."""

    end: str
    """How the dialplan ended it, in its own words."""
    served: bool


@dataclass(slots=True, kw_only=True)
class LiveCall:
    """Written only by the call's own session and by the phone events about it."""

    call_id: CallId
    uniqueid: str
    channel: str
    ani: str
    dnis: str
    trunk: str
    ani_verified: bool
    ani_malformed: bool
    vip_level: str
    language: str
    arrived_at: float

    customer: CustomerCard | None = None
    history: tuple[PastCall, ...] = ()
    articles: tuple[SuggestedArticle, ...] = ()
    path: tuple[PathStep, ...] = ()
    question: str = ""
    """What it wants, in words, as its flow has said on the way into the queue."""

    run: FlowRun | None = None
    """The flow it is in; None for a call adopted in its talk."""
    last_agent: AgentId | None = None
    """Who last talked with this customer, as far as its history shows."""
    queue: QueueId | None = None
    queued_at: float = 0.0
    queue_told: bool = False
    """The journal already says that it entered this queue (before a restart)."""
    stay_before: StayBefore = field(default_factory=StayBefore)
    """What it has been through there since."""
    in_queue: bool = False
    """Joined, and neither served nor released yet."""
    offer_id: OfferId | None = None
    stopped_offer: OfferId | None = None
    """The last offer whose ring we have stopped: an answer to it that is told later is void."""
    stopped_at: float = 0.0
    """When that was, by the event loop's clock."""
    legs: dict[AgentId, str] = field(default_factory=dict)
    """Channels of the phones that ring for this call now."""
    agent_id: AgentId | None = None
    """The agent connected now."""
    transferred_at: float | None = None
    """Since when it talks with somebody whom its flow rang."""
    transferred: bool = False
    """It has talked so."""
    talked_with: AgentId | None = None
    """The agent of its last talk."""
    talked_in: QueueId | None = None
    """And the queue of it."""
    served: bool = False
    abandoned: bool = False
    asks_for_callback: bool = False
    """Its keys answer the questions about that; it stands in no line."""
    to_be_called_back: bool = False
    """It left the queue for a callback that stands in line in its stead."""
    finished: bool = False
    """The flow came to its own end."""
    held_since: float | None = None
    hold_s: float = 0.0
    last_step: str = ""
    dialplan_served: bool = False
    """The dialplan's last word: an agent was connected, whether we heard of it or not."""
    answered_by: AgentId | None = None
    """The phone that took the last ring; its agent is not connected yet."""
    dialplan_end: str = ""
    """How the dialplan ended the call, in its own words."""
    ended_by: HangupBy = HangupBy.UNKNOWN
    closed: bool = False
    may_be_recorded: bool = False
    """A recorder was begun, by this engine or perhaps by one before it."""
    session: bool = True
    """A FastAGI connection holds it now."""
    sessions: int = 0
    """So many connections have held it."""

    call_out: CallOut | None = None
    """A customer who is called back, and not a caller."""
    mailbox: Mailbox = field(default_factory=Mailbox)
    keypad: Keypad = field(default_factory=Keypad)
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    """Asterisk said that the caller's channel is no more."""

    @property
    def is_callback(self) -> bool:
        """We called it; also when an engine before this one did."""
        return self.uniqueid.startswith(OUT)

    @property
    def unreached(self) -> bool:
        """A customer who is called back and is not there yet."""
        return self.call_out is not None and not self.call_out.reached

    @property
    def waits_for_agent_first(self) -> bool:
        """The customer's phone is rung when an agent has answered, and none has."""
        out = self.call_out
        return self.unreached and out is not None and out.first is CallbackFirst.AGENT

    def end_hold(self, now: float) -> None:
        if self.held_since is not None:
            self.hold_s += now - self.held_since
            self.held_since = None


class LiveCalls:
    """All calls that are up, by their own id and by Asterisk's id of the caller's channel."""

    def __init__(self) -> None:
        self._over: OrderedDict[CallId, None] = OrderedDict()
        self._ended_unheld: OrderedDict[str, EndHeard] = OrderedDict()
        self._early_keys: OrderedDict[str, str] = OrderedDict()
        self._by_id: dict[CallId, LiveCall] = {}
        self._by_uniqueid: dict[str, LiveCall] = {}

    def add(self, call: LiveCall) -> None:
        self._by_id[call.call_id] = call
        self._by_uniqueid[call.uniqueid] = call
        for key in self._early_keys.pop(call.uniqueid, ""):
            call.keypad.release(key)

    def key_before(self, uniqueid: str, key: str) -> None:
        """Pressed before this channel's call was handed to us: it is typed ahead."""
        keys = self._early_keys.get(uniqueid, "") + key
        self._early_keys[uniqueid] = keys[:MOST_KEYS]
        if len(self._early_keys) > MOST_EARLY:
            self._early_keys.popitem(last=False)

    def remove(self, call: LiveCall) -> None:
        self._by_id.pop(call.call_id, None)
        self._by_uniqueid.pop(call.uniqueid, None)
        self.end_told(call.call_id)

    def end_told(self, call_id: CallId) -> None:
        """This engine has told the end of a call, whether it held it or not."""
        self._over[call_id] = None
        if len(self._over) > MOST_OVER:
            self._over.popitem(last=False)

    def is_over(self, call_id: CallId) -> bool:
        """This engine has told its end: what still comes about it is late."""
        return call_id in self._over

    def ended_unheld(self, uniqueid: str, end: str, *, served: bool) -> None:
        """Asterisk told the end of this channel, and nobody held its call: it was never handed to
        us, or it was, and we have not read of it yet. That comes by another connection."""
        self._ended_unheld[uniqueid] = EndHeard(end=end, served=served)
        if len(self._ended_unheld) > MOST_OVER:
            self._ended_unheld.popitem(last=False)

    def end_heard(self, uniqueid: str) -> EndHeard | None:
        """What Asterisk told of this channel's end before its call was held."""
        return self._ended_unheld.get(uniqueid)

    def get(self, call_id: CallId) -> LiveCall | None:
        return self._by_id.get(call_id)

    def by_uniqueid(self, uniqueid: str) -> LiveCall | None:
        return self._by_uniqueid.get(uniqueid)

    def __iter__(self) -> Iterator[LiveCall]:
        return iter(list(self._by_id.values()))

    def __len__(self) -> int:
        return len(self._by_id)
