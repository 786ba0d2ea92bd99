"""People rung for a flow: extensions of the site, or an outside number that its list allows.

As an offer it is a Dial on the caller's own channel: Asterisk owns ringing and talk, and should the
engine die meanwhile, the two still talk. A phone that the ACD rings or that talks is passed over,
and while one rings here the ACD does not offer it a call.
"""

from __future__ import annotations

import structlog

from ccengine.acd.inputs import PhoneChanged, PhoneState
from ccengine.asterisk.agi import CallerGoneError
from ccengine.asterisk.names import CALL_REJECTED, Variable
from ccengine.calls.offer import AFTER_RING_S, LONGEST_TALK_S
from ccengine.calls.waits.on_call import OnCall
from ccengine.contacts.numbers import normalise_number
from ccengine.ids import AgentId
from ccengine.ivr.answers import Transferred, TransferResult
from ccengine.ivr.waits import TransferWait
from ccengine.journal.facts import CallTransferred, TransferBegan

log = structlog.get_logger(__name__)

MOST_TOLD = 40
"""Characters of a target that a flow was given and that is none."""
_RESULTS = {
    "ANSWER": TransferResult.NO_ANSWER,  # answered, and gone before they were connected
    "BUSY": TransferResult.BUSY,
    "NOANSWER": TransferResult.NO_ANSWER,
    "CANCEL": TransferResult.NO_ANSWER,
}


async def transfer(wait: TransferWait, on: OnCall) -> Transferred:
    """Raises CallerGoneError; the journal is told all the same."""
    if await _talked_before(on):
        return Transferred(result=TransferResult.ANSWERED)
    if wait.kind == "outside":
        return Transferred(result=await _outside(wait, on))
    result = TransferResult.UNREACHABLE
    for targets in [wait.targets] if wait.order == "all" else [(one,) for one in wait.targets]:
        tried = await _extensions(targets, wait, on)
        if tried is TransferResult.ANSWERED:
            return Transferred(result=tried)
        result = _plainer(result, tried)
    return Transferred(result=result)


async def _talked_before(on: OnCall) -> bool:
    """The talk outlived the engine that began it: nobody is rung a second time."""
    taken_up, on.taken_up = on.taken_up, False
    if not taken_up or await on.channel.get(Variable.TRANSFERRED) != "1":
        return False
    began = [fact for fact in await on.floor.story(on.call) if isinstance(fact, TransferBegan)]
    on.call.transferred = True
    await _apart(on)
    talk_s = max(0.0, on.floor.clock.now() - began[-1].at) if began else 0.0
    _tell(on, began[-1].to if began else "", TransferResult.ANSWERED, rang_s=0.0, talk_s=talk_s)
    return True


async def _outside(wait: TransferWait, on: OnCall) -> TransferResult:
    given = wait.targets[0] if wait.targets else ""
    number = normalise_number(given)
    why = on.floor.may_transfer(on.call, number)
    rules = on.floor.site.transfers
    if why or rules is None:
        log.warning("transfer.refused", call_id=on.call.call_id, why=why)
        told = number or given[:MOST_TOLD]
        _tell(on, told, TransferResult.NOT_ALLOWED, rang_s=0.0, talk_s=0.0, why=why)
        return TransferResult.NOT_ALLOWED
    shown = on.floor.site.trunks[rules.trunk].caller_id
    showing = f"b(cc-transfer^outside^1({shown}))" if shown is not None else ""
    longest = f"L({int(rules.longest * 1000)})"
    phones = f"PJSIP/{number}@trunk-{rules.trunk}"
    return await _ring(number, phones, f"{longest}{showing}", wait, on)


async def _extensions(targets: tuple[str, ...], wait: TransferWait, on: OnCall) -> TransferResult:
    known = [one for one in targets if one in on.floor.site.agents]
    state = {one: on.floor.phone_free(one) for one in known}
    free = [one for one in known if state[one]]
    if not free:
        busy = any(state[one] is False for one in known)
        result = TransferResult.BUSY if busy else TransferResult.UNREACHABLE
        _tell(on, ",".join(targets), result, rang_s=0.0, talk_s=0.0)
        return result
    for one in free:
        # Asterisk says so itself in a moment; in it the ACD must not choose this agent.
        on.floor.submit(PhoneChanged(agent_id=AgentId(one), phone=PhoneState.RINGING))
    on.floor.record(
        TransferBegan(
            at=on.floor.clock.now(), call_id=on.call.call_id, to=",".join(free), outside=False
        )
    )
    phones = "&".join(f"PJSIP/{one}" for one in free)
    return await _ring(",".join(free), phones, "b(cc-offer^headers^1)", wait, on)


async def _ring(
    to: str, phones: str, options: str, wait: TransferWait, on: OnCall
) -> TransferResult:
    call, channel, clock = on.call, on.channel, on.floor.clock
    seconds = max(1, round(wait.ring_s))
    sound = f"m({wait.music})" if wait.music else "r"
    began, call.transferred_at = clock.now(), None
    # Its connection may be gone at the end of the talk: what a dialplan would do then stands there.
    await channel.set(Variable.TRANSFERRED, "0")
    await channel.lease(seconds + AFTER_RING_S)
    try:
        await channel.transfer(
            f"{phones},{seconds},ig{sound}U(cc-transferred){options}", LONGEST_TALK_S
        )
        answered = await channel.get(Variable.TRANSFERRED) == "1"
    except CallerGoneError:
        result = TransferResult.ANSWERED if call.transferred_at else TransferResult.NO_ANSWER
        call.transferred = call.transferred or result is TransferResult.ANSWERED
        _told_apart(on, to, result, began)
        raise
    if answered:
        call.transferred = True
        result = TransferResult.ANSWERED
        peer = await channel.get(Variable.DIALED_PEER)
        to = peer if peer in to.split(",") else to
    else:
        status = await channel.get(Variable.DIALSTATUS)
        declined = await channel.get(Variable.HANGUP_CAUSE) == CALL_REJECTED
        result = _RESULTS.get(status, TransferResult.UNREACHABLE)
        result = TransferResult.BUSY if declined else result
    await _apart(on)
    _told_apart(on, to, result, began)
    return result


async def _apart(on: OnCall) -> None:
    """What the leg has left on the channel is over, or it would pass for the next talk's."""
    await on.channel.set(Variable.TALKING, "0")
    await on.channel.set(Variable.TRANSFERRED, "0")


def _told_apart(on: OnCall, to: str, result: TransferResult, began: float) -> None:
    now, connected = on.floor.clock.now(), on.call.transferred_at
    on.call.transferred_at = None
    if connected is None:
        # Answered all the same: the AMI link was down, and nobody told when.
        _tell(on, to, result, rang_s=now - began, talk_s=0.0)
    else:
        _tell(on, to, result, rang_s=connected - began, talk_s=now - connected)


def _tell(
    on: OnCall, to: str, result: TransferResult, *, rang_s: float, talk_s: float, why: str = ""
) -> None:
    on.floor.record(
        CallTransferred(
            at=on.floor.clock.now(),
            call_id=on.call.call_id,
            to=to,
            result=result.value,
            rang_s=round(max(0.0, rang_s), 3),
            talk_s=round(max(0.0, talk_s), 3),
            why=why,
        )
    )


_PLAINER = (TransferResult.UNREACHABLE, TransferResult.BUSY, TransferResult.NO_ANSWER)


def _plainer(one: TransferResult, other: TransferResult) -> TransferResult:
    """Of a group: somebody rang out, else somebody was busy, else nobody was there."""
    return max(one, other, key=_PLAINER.index)
