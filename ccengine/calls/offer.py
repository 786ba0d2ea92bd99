"""One offer carried out: the pop on the page, then the ring, then the conversation.

The offer is a Dial on the caller's own channel, so Asterisk itself owns ringing, cancelling and
bridging; should the engine die meanwhile, the two still talk (docs/adr/0002).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from ccengine.acd.commands import Offer
from ccengine.acd.inputs import Answered, Input, Leave, OfferClosed, TalkOver
from ccengine.asterisk.agi import AgiChannel, CallerGoneError
from ccengine.asterisk.events import LEG_RESULTS
from ccengine.asterisk.names import CALL_REJECTED, ON_CONNECT, ON_OFFER, Variable
from ccengine.calls.live import LiveCall
from ccengine.calls.parts import Floor
from ccengine.calls.whisper import Whisper, whisper_of
from ccengine.desk.pop import Pop
from ccengine.ids import AgentId, OfferId
from ccengine.ivr.answers import QueueLeft, QueueResult
from ccengine.journal.facts import (
    AbandonReason,
    CallbackResult,
    HangupBy,
    OfferResult,
    PopDelivered,
)
from ccengine.site.personal import queue_of

log = structlog.get_logger(__name__)

LONGEST_TALK_S = 4 * 3600.0
"""A Dial that has not come back after so long is given up; Asterisk ends the call."""
LOOK_EVERY_S = 0.05
STOPS_WITHIN_S = 2.0
"""A hang-up of ours is carried out long before, or (the link is down) not at all: what ends later
was a talk, and another ended it."""
AFTER_RING_S = 6.0
"""When a ring came to nothing a hung engine holds the caller no longer than this. For a ring that
is answered the agent's leg ends the lease (``cc-connect``), so that no talk is ever cut."""


def pop_of(call: LiveCall, offer: Offer) -> Pop:
    """The card for this offer, from what is already known: nothing is looked up here."""
    return Pop(
        offer_id=offer.offer_id,
        call_id=call.call_id,
        agents=offer.agents,
        queue=offer.queue,
        ani=call.ani,
        ani_verified=call.ani_verified,
        dnis=call.dnis,
        language=call.language,
        vip_level=call.vip_level,
        customer=call.customer,
        path=call.path,
        question=call.question,
        waited_s=max(0.0, offer.decided_at - call.queued_at),
        history=call.history,
        articles=call.articles,
        decided_at=offer.decided_at,
    )


def dial_argument(offer: Offer, music: str, whisper: Whisper | None = None) -> str:
    """Dial's argument: phones, seconds, options.

    ``i`` refuses the phone's own forwarding, ``g`` lets the call go on in its flow when the agent
    hangs up, ``m`` keeps the music; no transfer by the caller (no ``t``, ``T``).
    """
    phones = "&".join(f"PJSIP/{agent}" for agent in offer.agents)
    seconds = _ring_s(offer)
    heard = "" if whisper is None else f"^{whisper.zh}^{whisper.en}"
    connect = f"U({ON_CONNECT}^{offer.offer_id}{heard})"
    options = f"b({ON_OFFER}({offer.offer_id})){connect}m({music})ig"
    return f"{phones},{seconds},{options}"


def _ring_s(offer: Offer) -> int:
    return max(1, round(offer.ring_timeout_s))


async def carry_out(
    offer: Offer, call: LiveCall, channel: AgiChannel, floor: Floor, exit_keys: str = ""
) -> QueueLeft | None:
    """How the stay in the queue ended by this offer, a talk included; None: the call waits on.

    One of ``exit_keys`` stops the ringing and leads out of the queue; in a talk it does nothing.

    Raises:
        CallerGoneError: the caller hung up meanwhile; the session's end says what that means.
    """
    call.offer_id = offer.offer_id
    call.legs.clear()
    # Before anything is awaited: a reload that takes the queue away withdraws the offer first.
    rules = queue_of(floor.site, offer.queue)
    music = rules.music if rules is not None else "default"
    whisper = whisper_of(offer.queue, rules, floor.sounds)
    argument = dial_argument(offer, music, whisper)
    heard_s = whisper.seconds if whisper is not None else 0.0
    # While the page is waited for Asterisk is told how long the ring may take.
    leasing = asyncio.create_task(channel.lease(_ring_s(offer) + heard_s + AFTER_RING_S))
    try:
        shown = await floor.show_pop(pop_of(call, offer))
        await leasing
    finally:
        leasing.cancel()  # without effect, but when the session itself is stopped
    floor.record(
        *(
            PopDelivered(
                at=floor.clock.now(),
                call_id=call.call_id,
                offer_id=offer.offer_id,
                agent_id=agent_id,
                latency_ms=latency_ms,
                before_ring=True,
            )
            for agent_id, latency_ms in shown.items()
        )
    )
    if call.mailbox.take_withdrawal(offer.offer_id):
        floor.submit(OfferClosed(offer_id=offer.offer_id, result=OfferResult.WITHDRAWN))
        return None
    if key := call.mailbox.take_key(exit_keys):
        return leave_by_key(key, call, floor)
    served_before = call.served
    dial = asyncio.create_task(channel.execute("Dial", argument, LONGEST_TALK_S))
    try:
        stopped = await _until_over(dial, offer, call, floor, exit_keys)
        await dial
    finally:
        dial.cancel()  # without effect, but when the session itself is stopped
    if isinstance(stopped, QueueLeft):
        await _forget_answer(call, channel, served_before=served_before)
        return stopped
    if stopped and await _cut_apart(offer, call, channel, floor, served_before=served_before):
        return None
    if await _outcome(offer, call, channel, floor, withdrawn=stopped):
        return QueueLeft(result=QueueResult.SERVED)
    return None


def leave_by_key(key: str, call: LiveCall, floor: Floor) -> QueueLeft:
    """The caller wants out of the queue; an offer that runs is withdrawn."""
    call.in_queue = False
    floor.submit(Leave(call_id=call.call_id, reason=AbandonReason.EXIT_KEY))
    return QueueLeft(result=QueueResult.KEY, key=key)


async def _until_over(
    dial: asyncio.Task[int], offer: Offer, call: LiveCall, floor: Floor, exit_keys: str
) -> QueueLeft | bool:
    """Wait for Dial to end; stop the ringing when the ACD or the caller wants it.

    True when the ACD did; the way out when the caller pressed its key.
    """
    mailbox = call.mailbox
    withdrawn, left = False, None
    stopped: set[str] = set()
    dial.add_done_callback(lambda _: mailbox.ring())
    while not dial.done():
        withdrawn = mailbox.take_withdrawal(offer.offer_id) or withdrawn
        if call.agent_id is None and left is None and (key := mailbox.take_key(exit_keys)):
            left = leave_by_key(key, call, floor)
            withdrawn = mailbox.take_withdrawal(offer.offer_id) or withdrawn
        # Answered meanwhile: what the ACD withdraws is a ring, never a talk. But who left by key
        # is out of the line already, and must not be talked with any more.
        if left is not None or (withdrawn and call.agent_id is None):
            for leg in set(call.legs.values()) - stopped:
                stopped.add(leg)
                call.stopped_offer = offer.offer_id
                call.stopped_at = asyncio.get_running_loop().time()
                await floor.hang_up(leg)
        if withdrawn or left is not None or mailbox.urgent:
            # Legs that Asterisk has yet to tell of, or mail for later: it stays in the box.
            await asyncio.wait({dial}, timeout=LOOK_EVERY_S)
        else:
            await mailbox.urgent_arrival(LONGEST_TALK_S)
    return left or withdrawn


async def _forget_answer(call: LiveCall, channel: AgiChannel, *, served_before: bool) -> None:
    """An agent who answered in the moment of the key: the ACD has dropped it, and so do we."""
    call.legs.clear()
    call.agent_id, call.served = None, served_before
    if await channel.get(Variable.SERVED) == "1":
        await channel.set(Variable.TALKING, "0")
        await channel.set(Variable.SERVED, "0")


async def _cut_apart(
    offer: Offer, call: LiveCall, channel: AgiChannel, floor: Floor, *, served_before: bool
) -> bool:
    """The agent answered in the moment in which we stopped the ring, and our own hang-up cut the
    two apart again: no talk for the caller, who waits on where it stood."""
    long_ago = asyncio.get_running_loop().time() - call.stopped_at > STOPS_WITHIN_S
    if call.stopped_offer != offer.offer_id or long_ago or call.unreached:
        return False
    if call.agent_id is None and await channel.get(Variable.SERVED) != "1":
        return False
    log.warning("offer.cut_apart", call_id=call.call_id, offer_id=offer.offer_id)
    await channel.set(Variable.TALKING, "0")
    await channel.set(Variable.SERVED, "0")
    if call.agent_id is not None:
        end_talk(call, floor, HangupBy.SYSTEM)
    else:
        floor.submit(OfferClosed(offer_id=offer.offer_id, result=OfferResult.WITHDRAWN))
    call.legs.clear()
    call.offer_id, call.served = None, served_before
    return True


async def _outcome(
    offer: Offer, call: LiveCall, channel: AgiChannel, floor: Floor, *, withdrawn: bool
) -> bool:
    # The event of it is proof enough; without one the variable is asked for.
    served = call.agent_id is not None or await channel.get(Variable.SERVED) == "1"
    if served and call.unreached:
        # The agent left while the customer's phone rang.
        if call.call_out is not None and call.call_out.result is CallbackResult.FAILED:
            call.call_out.result = CallbackResult.NO_AGENT
        await channel.hang_up()
        raise CallerGoneError
    if served:
        # First of all, or the lease over a talk's end would cut what the flow says next.
        await channel.set(Variable.TALKING, "0")
        if call.agent_id is None:
            # The AMI link was down when they were connected; the agent's leg is our witness.
            log.warning("offer.connected_unseen", call_id=call.call_id, offer_id=offer.offer_id)
            peer = await channel.get(Variable.DIALED_PEER)
            agent_id = AgentId(peer) if peer in offer.agents else offer.agents[0]
            begin_talk(call, floor.submit, offer.offer_id, agent_id)
        end_talk(call, floor, HangupBy.AGENT)
        await _next_one_first()
        return True
    status = await channel.get(Variable.DIALSTATUS)
    if withdrawn:
        result = OfferResult.WITHDRAWN
    elif status == "ANSWER" or await _declined(status, channel):
        # Answered but never connected: the agent hung up in the whisper.
        result = OfferResult.REFUSED
    else:
        result = LEG_RESULTS.get(status, OfferResult.UNREACHABLE)
    floor.submit(OfferClosed(offer_id=offer.offer_id, result=result))
    call.legs.clear()
    return False


async def _declined(status: str, channel: AgiChannel) -> bool:
    """Whether the phone said 603: Dial tells it as a phone that is not there, its leg's end as a
    ring that was missed; only the cause is right."""
    if status not in ("CHANUNAVAIL", "NOANSWER"):
        return False
    return await channel.get(Variable.HANGUP_CAUSE) == CALL_REJECTED


def begin_talk(
    call: LiveCall, submit: Callable[[Input], None], offer_id: OfferId, agent_id: AgentId
) -> None:
    """Agent and caller are connected. A customer who is called back has to be there first."""
    if call.call_out is not None and not call.call_out.reached:
        call.call_out.agent_there = (offer_id, agent_id)
        return
    call.agent_id = call.talked_with = agent_id
    call.talked_in = call.queue
    call.served = True
    call.in_queue = False
    call.hold_s = 0.0
    submit(Answered(offer_id=offer_id, agent_id=agent_id))


def end_talk(call: LiveCall, floor: Floor, by: HangupBy) -> None:
    """Agent and caller are apart: wrap-up begins for the agent."""
    call.end_hold(floor.clock.now())
    floor.submit(TalkOver(call_id=call.call_id, by=by, hold_s=call.hold_s))
    call.agent_id = None
    call.in_queue = False


async def _next_one_first() -> None:
    """Two turns of the event loop: whoever is offered to this agent now takes the offer out of its
    mailbox, and its pop leaves. What is left of this call is in no hurry."""
    for _ in range(2):
        await asyncio.sleep(0)
