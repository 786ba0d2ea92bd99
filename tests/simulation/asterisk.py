"""Asterisk's side: channels, Dial, the dialplan's way round a missing engine, and its accounts.

What `dialplan/call.conf` does with tries, leases and the fallback is done here in the same order.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ccengine.acd.inputs import PhoneState
from ccengine.asterisk.accounts import CallAccount
from ccengine.asterisk.config.render import MOST_TRIES, NEXT_LEASE_S
from ccengine.asterisk.events import (
    CallOver,
    ChannelGone,
    Connected,
    FallbackBegan,
    LegBegan,
    LegOver,
)
from ccengine.asterisk.snapshot import ChannelSeen, Snapshot
from ccengine.ids import AgentId, CallId, OfferId
from tests.simulation.agi import SimChannel
from tests.simulation.callers import Caller, Dial, Leg, Talk, Where

if TYPE_CHECKING:
    from tests.simulation.world import World

FALLBACK_AFTER_S = 7
FALLBACK_S = 25.0
"""The fallback's announcement, its queue that nobody serves here, and a voicemail."""
JOINED_S = 0.02
"""From the phone's answer until the two are connected."""
_DIALLED = re.compile(r"PJSIP/(\d+)")
_OFFER = re.compile(r"headers\^1\(([^),^]+)")


class Asterisk:
    """All channels there are. Tells the wire, never the engine, of what happens."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._time = world.time
        self._tell = world.wire.tell
        self.callers: dict[CallId, Caller] = {}
        self.accounts: dict[CallId, CallAccount] = {}
        self._legs = 0

    # -- callers come and go

    def arrive(self, caller: Caller) -> None:
        self.callers[caller.call_id] = caller
        self._try(caller)

    def hang_up(self, caller: Caller) -> None:
        """The caller puts the phone down."""
        if caller.where is not Where.GONE:
            self._channel_ends(caller, by_caller=True)

    def hung_up_by_engine(self, caller: Caller) -> None:
        if caller.talking:
            self._world.checks.broken("I1", "the engine hung up a caller who talks", caller)
        caller.end, caller.account_end = "done", "done"
        self._time.after(0.0, self._end_of_flow, caller)

    def _end_of_flow(self, caller: Caller) -> None:
        if caller.where is not Where.GONE:
            self._channel_ends(caller, by_caller=False)

    def _channel_ends(self, caller: Caller, *, by_caller: bool) -> None:
        dial = caller.dial
        was = caller.where
        caller.where, caller.lease_until = Where.GONE, None
        if dial is not None and not dial.over:
            self._dial_over(caller, dial, "CANCEL", caller_stays=False)
        caller.ended_at = self._time.now
        agi, caller.agi = caller.agi, None
        if agi is not None and was is Where.ENGINE:
            agi.lose()
        # The dialplan's ``h`` runs before the channel is torn down.
        served = caller.variables.get("CC_SERVED") == "1"
        self._tell(
            CallOver(
                call_id=caller.call_id, served=served, end=caller.end, uniqueid=caller.uniqueid
            )
        )
        self._tell(
            ChannelGone(
                channel=caller.channel,
                uniqueid=caller.uniqueid,
                linked_to=caller.uniqueid,
                call_id=caller.call_id,
                agent_id=None,
            )
        )
        del self.callers[caller.call_id]
        self.accounts[caller.call_id] = CallAccount(
            call_id=caller.call_id,
            arrived_at=caller.arrived_wall,
            ended_at=self._world.wall(),
            dnis=caller.dnis,
            trunk="line",
            ani=caller.ani,
            ani_malformed=False,
            end=caller.account_end,
            answered_by=caller.talks[-1].agent_id if caller.talks else None,
        )
        self._world.checks.call_over(caller)

    # -- the dialplan round the engine

    def _try(self, caller: Caller) -> None:
        if caller.where is Where.GONE:
            return
        caller.variables["DIALSTATUS"] = ""
        caller.tries += 1
        caller.tried_at = self._time.now
        engine = self._world.engine
        if engine is None or not engine.accepting:
            self._after_agi(caller)
            return
        caller.where = Where.ENGINE
        caller.held_since = self._time.now
        self.lease(caller, caller.lease_s)
        caller.agi = SimChannel(self, caller)
        engine.connected(caller.agi, caller)

    def connection_closed(self, caller: Caller) -> None:
        """The AGI connection is gone while the channel lives: closed, or its engine fell."""
        caller.agi = None
        if caller.where is Where.ENGINE and (caller.dial is None or caller.dial.over):
            self._time.after(0.001, self._after_agi_if_alone, caller)

    def _after_agi_if_alone(self, caller: Caller) -> None:
        if caller.where is Where.ENGINE and caller.agi is None:
            self._after_agi(caller)

    def _after_agi(self, caller: Caller) -> None:
        caller.lease_until = None
        caller.hung = 0
        caller.where = Where.MUSIC
        if self._time.now - caller.tried_at >= 3:
            caller.lost_at = 0.0
        self._check(caller)

    def _check(self, caller: Caller) -> None:
        caller.where = Where.MUSIC
        if caller.variables.get("CC_DONE") == "1":
            caller.end = caller.account_end = "done"
            self._channel_ends(caller, by_caller=False)
        elif caller.variables.get("CC_SERVED") == "1":
            caller.end = caller.account_end = "served"
            self._channel_ends(caller, by_caller=False)
        elif caller.tries >= MOST_TRIES or (
            caller.lost_at and self._time.now - caller.lost_at >= FALLBACK_AFTER_S
        ):
            self._fall_back(caller)
        else:
            caller.lost_at = caller.lost_at or self._time.now
            caller.lease_s = NEXT_LEASE_S
            self._time.after(0.0 if caller.hung else 1.0, self._try_again, caller)

    def _try_again(self, caller: Caller) -> None:
        if caller.where is Where.MUSIC:
            self._try(caller)

    def _fall_back(self, caller: Caller) -> None:
        caller.where, caller.fell_back = Where.FALLBACK, True
        caller.lease_until = None
        caller.variables["CC_PHASE"] = "fallback"
        caller.end = caller.account_end = "fallback_queue"
        self._tell(FallbackBegan(call_id=caller.call_id))
        self._time.after(FALLBACK_S, self._end_of_flow, caller)

    # -- the lease

    def lease(self, caller: Caller, seconds: float) -> None:
        """0: for ever."""
        if seconds <= 0:
            caller.lease_until = None
            return
        caller.lease_until = self._time.now + seconds
        self._watch_lease(caller)

    def _watch_lease(self, caller: Caller) -> None:
        """One watch is enough while leases are only renewed; a shorter one needs its own."""
        until = caller.lease_until
        if until is not None and not until >= caller.lease_watched_until:
            caller.lease_watched_until = until
            self._time.at(until, self._lease_looked_at, caller, until)

    def _lease_looked_at(self, caller: Caller, watched: float) -> None:
        if watched != caller.lease_watched_until:
            return  # a shorter watch took its place
        caller.lease_watched_until = float("inf")
        if caller.lease_until is not None and caller.lease_until <= self._time.now:
            self.lease_over(caller)
        else:
            self._watch_lease(caller)

    def lease_over(self, caller: Caller) -> None:
        """TIMEOUT(absolute): the channel leaves whatever it does for the dialplan's ``T``."""
        caller.lease_until = None
        if caller.where is not Where.ENGINE:
            return
        if caller.talking:
            self._world.checks.broken("I1", "a lease cut a talk", caller)
        if caller.dial is not None and not caller.dial.over:
            self._dial_over(caller, caller.dial, "CANCEL", caller_stays=False)
        agi, caller.agi = caller.agi, None
        caller.where = Where.MUSIC
        if agi is not None:
            agi.lose()
        caller.hung += 1
        served = caller.variables.get("CC_SERVED") == "1"
        if caller.hung > 1 and not served and caller.variables.get("CC_DONE") != "1":
            self._fall_back(caller)
        else:
            self._check(caller)

    # -- Dial

    def dial(self, caller: Caller, argument: str) -> None:
        phones = _DIALLED.findall(argument)
        seconds = int(argument.split(",")[1])
        found = _OFFER.search(argument)
        if found is None:
            raise AssertionError(f"a Dial without an offer: {argument}")
        dial = Dial(offer_id=OfferId(found[1]), began_at=self._time.now)
        caller.dial = dial
        for phone in phones:
            self._legs += 1
            channel = f"PJSIP/{phone}-{self._legs:08x}"
            leg = Leg(agent_id=AgentId(phone), channel=channel, uniqueid=f"leg.{self._legs}")
            dial.legs.append(leg)
            self._tell(
                LegBegan(
                    caller_uniqueid=caller.uniqueid, agent_id=leg.agent_id, channel=leg.channel
                )
            )
            self._world.people.ring(caller, dial, leg)
        self._time.after(float(seconds), self._rang_out, caller, dial)

    def _rang_out(self, caller: Caller, dial: Dial) -> None:
        if not dial.over and dial.joined is None:
            self._dial_over(caller, dial, "NOANSWER", caller_stays=True)

    def phone_says(self, caller: Caller, dial: Dial, leg: Leg, status: str) -> None:
        """The phone refuses, or cannot be reached: its leg ends, the others ring on."""
        if leg.over or dial.over or dial.joined is not None:
            return
        self._leg_over(caller, leg, status)
        dial.status = status
        if all(other.over for other in dial.legs):
            self._dial_over(caller, dial, status, caller_stays=True)

    def hang_up_leg(self, channel: str) -> None:
        """AMI's Hangup on the engine's word."""
        for caller in tuple(self.callers.values()):
            dial = caller.dial
            for leg in () if dial is None or dial.over else dial.legs:
                if leg.channel != channel or leg.over or dial is None:
                    continue
                if dial.joined is leg:
                    self._world.checks.broken("I1", "the engine hung up a talking agent", caller)
                    self.agent_hangs_up(caller, dial)
                else:
                    self.phone_says(caller, dial, leg, "UNKNOWN")
                return

    def answer(self, caller: Caller, dial: Dial, leg: Leg) -> None:
        """The first phone that answers has the call; the others stop."""
        if leg.over or dial.over or dial.joined is not None:
            return
        dial.joined, dial.status, leg.answered = leg, "ANSWER", True
        for other in dial.legs:
            if other is not leg and not other.over:
                self._leg_over(caller, other, "CANCEL")
        self._tell(
            LegOver(
                caller_uniqueid=caller.uniqueid,
                agent_id=leg.agent_id,
                channel=leg.channel,
                status="ANSWER",
            )
        )
        self._world.people.phone(leg.agent_id, PhoneState.BUSY)
        self._time.after(JOINED_S, self._joined, caller, dial, leg)

    def _joined(self, caller: Caller, dial: Dial, leg: Leg) -> None:
        if dial.over:
            return  # one of the two was gone before they were connected
        dial.connected = True
        self.lease(caller, 0)
        caller.variables["CC_SERVED"] = "1"
        caller.variables["CC_TALKING"] = "1"
        caller.variables["DIALEDPEERNUMBER"] = leg.agent_id
        caller.account_end = "served"
        caller.talks.append(
            Talk(agent_id=leg.agent_id, offer_id=dial.offer_id, began_at=self._time.now)
        )
        self._tell(Connected(call_id=caller.call_id, offer_id=dial.offer_id, agent_id=leg.agent_id))
        self._world.people.talk(caller, dial)

    def agent_hangs_up(self, caller: Caller, dial: Dial) -> None:
        if not dial.over:
            self._dial_over(caller, dial, "ANSWER", caller_stays=True)

    def _leg_over(self, caller: Caller, leg: Leg, status: str) -> None:
        leg.over = True
        self._tell(
            LegOver(
                caller_uniqueid=caller.uniqueid,
                agent_id=leg.agent_id,
                channel=leg.channel,
                status=status,
            )
        )
        self._world.people.leg_over(caller, leg, status)

    def _dial_over(self, caller: Caller, dial: Dial, status: str, *, caller_stays: bool) -> None:
        dial.over, dial.status = True, status
        for leg in dial.legs:
            if not leg.over and leg is not dial.joined:
                self._leg_over(caller, leg, status)
        if dial.joined is not None:
            leg = dial.joined
            leg.over = True
            if dial.connected:
                caller.talks[-1].ended_at = self._time.now
            self._tell(
                ChannelGone(
                    channel=leg.channel,
                    uniqueid=leg.uniqueid,
                    linked_to=caller.uniqueid,
                    call_id=caller.call_id,
                    agent_id=leg.agent_id,
                )
            )
            self._world.people.talk_over(leg.agent_id)
        caller.dial = None
        caller.variables["DIALSTATUS"] = status
        if not caller_stays:
            return
        if caller.variables.get("CC_TALKING") == "1":
            self.lease(caller, 6.0)  # cc-parted
        if caller.agi is not None:
            caller.agi.replied(0, caller.agi.number)
        else:  # its engine fell meanwhile; nobody reads Dial's result
            self._after_agi(caller)

    def reply_later(self, agi: SimChannel, seconds: float) -> None:
        self._time.after(seconds, agi.replied, 0, agi.number)

    def stop_playing(self, channel: str) -> None:
        for caller in self.callers.values():
            if caller.channel == channel and caller.agi is not None and caller.dial is None:
                self._time.after(0.002, caller.agi.replied, 0, caller.agi.number)
                return

    def slow_command(self) -> bool:
        return self._world.dice.random() < self._world.faults.slow_commands

    # -- what can be asked

    def snapshot(self) -> Snapshot:
        seen: list[ChannelSeen] = []
        for caller in self.callers.values():
            dial = caller.dial
            seen.append(
                ChannelSeen(
                    channel=caller.channel,
                    uniqueid=caller.uniqueid,
                    linked_to=caller.uniqueid,
                    call_id=caller.call_id,
                    agent_id=None,
                    bridged=caller.talking,
                )
            )
            for leg in () if dial is None else dial.legs:
                if not leg.over:
                    seen.append(
                        ChannelSeen(
                            channel=leg.channel,
                            uniqueid=leg.uniqueid,
                            linked_to=caller.uniqueid,
                            call_id=caller.call_id,
                            agent_id=leg.agent_id,
                            bridged=dial is not None and dial.connected and leg is dial.joined,
                        )
                    )
        return Snapshot(phones=dict(self._world.people.phones), channels=tuple(seen))
