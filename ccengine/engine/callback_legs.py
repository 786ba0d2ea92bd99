"""The legs that go out to customers: what Asterisk is told of one, and those found at a start."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ccengine.acd.commands import Offer, Withdraw
from ccengine.acd.rules import CallbackFirst
from ccengine.asterisk.snapshot import ChannelSeen
from ccengine.calls.call_out import OUT
from ccengine.calls.live import LiveCall
from ccengine.calls.mailbox import Mailbox
from ccengine.ids import CallId
from ccengine.journal.facts import CallArrived
from ccengine.site.model import Callback, Trunk


def originate(
    call: LiveCall, callback: Callback, name: str, trunk: Trunk, agent_ring_s: float
) -> Mapping[str, str | tuple[str, ...]]:
    """The action's fields. Its time is the ring of whoever is rung first."""
    shown = trunk.caller_id or ""
    variables = (
        f"CC_REF={call.call_id}",
        f"CC_TRUNK={name}",
        f"CC_DNIS={call.dnis}",
        f"CC_ANI={call.ani}",
        f"CC_SHOWN={shown}",
        f"CC_RINGS={round(callback.ring)}",
        f"CC_QUEUE={call.queue}",
        f"CC_QUEUED_AT={call.queued_at:.3f}",
    )
    customer_first = callback.first is CallbackFirst.CALLER
    fields: dict[str, str | tuple[str, ...]] = {
        "Channel": (
            f"PJSIP/{call.ani}@trunk-{name}" if customer_first else "Local/s@cc-callback-customer/n"
        ),
        "ChannelId": call.uniqueid,
        "Context": "cc-callback",
        "Exten": "s",
        "Priority": "1",
        "Timeout": str(round(1000 * (callback.ring if customer_first else agent_ring_s))),
        "Variable": variables,
        "Async": "true",
    }
    if customer_first and shown:
        fields["CallerID"] = shown
    return fields


def arrived(call: LiveCall) -> CallArrived:
    """The customer is on the line: here its call begins."""
    return CallArrived(
        at=call.arrived_at,
        call_id=call.call_id,
        ani=call.ani,
        dnis=call.dnis,
        trunk=call.trunk,
        ani_verified=True,
        vip_level=call.vip_level,
        customer_id=call.customer.customer_id if call.customer else None,
    )


def untouched(mailbox: Mailbox) -> Offer | None:
    """The offer that still waits in the box of a leg that is gone, and was not withdrawn."""
    offer: Offer | None = None
    while (mail := mailbox.take()) is not None:
        if isinstance(mail, Offer):
            offer = mail
        elif isinstance(mail, Withdraw) and offer is not None and mail.offer_id == offer.offer_id:
            offer = None
    return offer


class LegsLeft:
    """Legs that an engine before this one sent out and that live: nobody is called beside them."""

    def __init__(self) -> None:
        self._by_call: dict[CallId, ChannelSeen] = {}
        self._talks: set[CallId] = set()
        self._gone: set[str] | None = set()
        """Legs that ended before they were looked at, which a slow database makes late."""

    def found(self, channels: Iterable[ChannelSeen]) -> list[ChannelSeen]:
        """Takes them over; gives back those that nobody is on yet, to be hung up.

        A leg that is up has the customer on it, who comes back over FastAGI. The half of a Local
        channel is up before anybody is there: its other half tells whether agent and customer talk.
        """
        gone, self._gone = self._gone or set(), None
        legs = [
            seen
            for seen in channels
            if seen.uniqueid.startswith(OUT) and seen.call_id and seen.uniqueid not in gone
        ]
        halves = {seen.uniqueid.removesuffix(";2"): seen for seen in legs if _is_other(seen)}
        to_end = []
        for seen in legs:
            if seen.call_id is None or _is_other(seen):
                continue
            self._by_call[seen.call_id] = seen
            other = halves.get(seen.uniqueid)
            if other is None and seen.up:
                continue
            if other is not None and seen.bridged and other.bridged:
                self._talks.add(seen.call_id)
                continue
            to_end.append(seen)
        return to_end

    def __contains__(self, call_id: CallId) -> bool:
        return call_id in self._by_call

    def gone(self, uniqueid: str) -> tuple[CallId, bool] | None:
        """Whose leg it was, and whether they talked on it; None: it was none of these."""
        if self._gone is not None and uniqueid.startswith(OUT):
            self._gone.add(uniqueid)
        for call_id, seen in self._by_call.items():
            if seen.uniqueid == uniqueid:
                del self._by_call[call_id]
                talked = call_id in self._talks
                self._talks.discard(call_id)
                return call_id, talked
        return None

    def taken_up(self, call_id: CallId) -> None:
        """It came back, or its talk was found: a live call from now on."""
        self._by_call.pop(call_id, None)
        self._talks.discard(call_id)


def _is_other(seen: ChannelSeen) -> bool:
    return seen.uniqueid.endswith(";2")
