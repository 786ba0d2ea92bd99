"""Why these agents are rung for this call: all terms of one choice, at the moment it is made.

Read from the floor before anything changes by the choice. It looks at every agent of the queue,
so it is made only when somebody asks: for ``why``, not on each call.
"""

from __future__ import annotations

from ccengine.acd.explanation import AgentTerms, CallTerms, Explanation, Why, WhyBehind
from ccengine.acd.floor import Floor
from ccengine.acd.inputs import PhoneState
from ccengine.acd.line import NOBODY, Choice, Line
from ccengine.acd.needs import skill_sum
from ccengine.acd.order import standing_s, turn_of
from ccengine.acd.ranking import ranked, why_ahead
from ccengine.acd.state import Agent, Call
from ccengine.acd.strategies.plan import NEVER
from ccengine.ids import AgentId, OfferId
from ccengine.journal.facts import AgentState


def explain(
    floor: Floor, call: Call, choice: Choice, offer_id: OfferId, freed: Agent | None
) -> Explanation:
    """``freed``: the agent who became free and looked for a call; None: the call looked."""
    line = call.line
    ranks = ranked(line, call, choice, floor.now)
    agents = [_agent(floor, call, choice, agent_id, ranks) for agent_id in line.members]
    agents.sort(key=lambda a: (a.why is not Why.CHOSEN, a.rank is None, a.rank or 0, a.place))
    return Explanation(
        at=floor.now,
        rules=floor.rules.version,
        offer_id=offer_id,
        queue=line.queue,
        strategy=line.rules.strategy.value,
        chosen=choice.agents,
        call=_call(floor, call, WhyBehind.CHOSEN, "it is the call of this offer"),
        position=line.position(call.place, floor.now),
        freed=None if freed is None else freed.agent_id,
        agents=tuple(agents),
        calls=() if freed is None else _competing(floor, call, freed),
    )


def explain_wait(floor: Floor, call: Call) -> Explanation:
    """Why nobody is rung for this call, which waits; between two inputs."""
    return explain(floor, call, NOBODY, OfferId(""), None)


# -- agents


def _agent(
    floor: Floor, call: Call, choice: Choice, agent_id: AgentId, ranks: dict[AgentId, int]
) -> AgentTerms:
    line, agent = call.line, floor.agents[agent_id]
    member = line.members[agent_id]
    why, because = _why(floor, call, choice, agent, ranks)
    return AgentTerms(
        agent_id=agent_id,
        why=why,
        because=because,
        state=agent.state,
        reason=agent.reason,
        call_id=agent.call_id,
        phone=agent.phone,
        paused=agent.pause is not None,
        skills={skill: member.skills.get(skill, 0) for skill, _ in call.need.skills},
        skill_sum=skill_sum(member.skills, call.need.skills),
        level=member.level,
        share=member.share,
        place=member.place + 1,
        answered=agent.answered.get(line.queue, 0),
        last_talk_ended_at=None if agent.last_end == NEVER else agent.last_end,
        tried_until=call.tried.get(agent_id),
        rank=ranks.get(agent_id),
    )


def _why(
    floor: Floor, call: Call, choice: Choice, agent: Agent, ranks: dict[AgentId, int]
) -> tuple[Why, str]:
    """The first reason that holds."""
    line, need, agent_id = call.line, call.need, agent.agent_id
    if agent_id in choice.agents:
        return Why.CHOSEN, _chosen_because(call, choice, ranks)
    match agent.state:
        case AgentState.LOGGED_OUT:
            return Why.LOGGED_OUT, "is logged out"
        case AgentState.NOT_READY:
            return Why.NOT_READY, f"is not ready: {agent.reason}"
        case AgentState.OFFERED | AgentState.TALKING | AgentState.WRAP_UP:
            return Why.BUSY, f"is busy ({agent.state.value}) with call {agent.call_id}"
        case AgentState.READY:
            pass
    if agent.phone is not PhoneState.IDLE:
        return Why.PHONE, f"its phone is {agent.phone.value}"
    if agent.pause is not None:
        return Why.PAUSED, "its phone could not be reached a moment ago"
    if need.only is not None:
        return Why.NOT_PREFERRED, f"the call waits for {need.only}, who knows its customer"
    member = line.members[agent_id]
    for skill, level in need.skills:
        if (had := member.skills.get(skill, 0)) < level:
            return Why.LACKS_SKILL, f"has {skill} {had}, needed is {level}"
    if need.level is not None and member.level > need.level:
        return Why.LEVEL_NOT_OPEN, f"is of level {member.level}, open is up to {need.level}"
    if (until := call.tried.get(agent_id)) is not None and agent_id not in ranks:
        if until > floor.now:
            rest = until - floor.now
            return Why.TRIED, f"was rung in vain for this call, not again for {rest:.1f} s"
        return Why.TRIED, "was rung in vain for this call, and there is somebody else"
    if not choice.agents:
        return Why.BEHIND, "could be rung, and is at the next input"
    lowest = line.members[choice.agents[0]].level
    if member.level > lowest:
        return Why.HIGHER_LEVEL, f"is of level {member.level}, somebody of level {lowest} is free"
    if choice.again:
        return Why.BEHIND, f"was rung for this call later than {choice.agents[0]}"
    return Why.BEHIND, why_ahead(line, call, choice.agents[0], agent_id, floor.now)


def _chosen_because(call: Call, choice: Choice, ranks: dict[AgentId, int]) -> str:
    line = call.line
    if call.need.only is not None:
        return "last served this customer, and is free"
    if choice.again:
        return "all who are free were rung in vain for this call; its pause is over"
    if choice.candidates == 1:
        return "is the only one who can be rung"
    if line.plan.rings_all:
        return f"all {len(choice.agents)} who are free are rung"
    return f"is first of {len(ranks)} by {line.rules.strategy.value}"


# -- calls


def _call(floor: Floor, call: Call, why: WhyBehind, because: str) -> CallTerms:
    place, need = call.place, call.need
    return CallTerms(
        call_id=call.call_id,
        queue=call.line.queue,
        why_behind=why,
        because=because,
        requires=need.words,
        levels_to=need.level,
        only=need.only,
        weight=call.line.rules.weight,
        head_start_s=call.head_start_s,
        ageing=place.ageing,
        waited_s=max(0.0, floor.now - call.queued_at),
        standing_s=standing_s(place, floor.now),
        queued_at=call.queued_at,
        entry=place.entry,
    )


def _competing(floor: Floor, winner: Call, freed: Agent) -> tuple[CallTerms, ...]:
    """The call it got and the head of all else that waits in its queues, in serving order."""
    calls = [winner]
    for line in freed.lines:
        for _, places in line.calls.kinds():
            call = next(
                (c for c in (floor.calls[p.call_id] for p in places) if c is not winner), None
            )
            if call is not None:
                calls.append(call)
    calls.sort(key=lambda c: (-c.line.rules.weight, turn_of(c.place, floor.now)))
    return tuple(_call(floor, call, *_why_behind(floor, winner, call, freed)) for call in calls)


def _why_behind(floor: Floor, winner: Call, call: Call, freed: Agent) -> tuple[WhyBehind, str]:
    if call is winner:
        return WhyBehind.CHOSEN, "is first in the order over all queues of the agent"
    if not call.line.suits(freed.agent_id, call.need):
        return WhyBehind.NEEDS_OTHER, f"needs {_needed(call)}"
    if call.tried.get(freed.agent_id, floor.now) > floor.now:
        return WhyBehind.TRIED, f"{freed.agent_id} was rung in vain for it"
    ours, theirs = _weight(winner.line), _weight(call.line)
    if theirs < ours:
        return WhyBehind.WEIGHT, f"weight {theirs} is below {ours}"
    first, second = (standing_s(c.place, floor.now) for c in (winner, call))
    if second < first:
        return WhyBehind.STANDING, f"standing {second:.1f} s is below {first:.1f} s"
    return WhyBehind.CAME_LATER, "came later, with the same standing"


def _needed(call: Call) -> str:
    need = call.need
    if need.only is not None:
        return f"agent {need.only}"
    words = list(need.words)
    if need.level is not None:
        words.append(f"preference level up to {need.level}")
    return ", ".join(words)


def _weight(line: Line) -> int:
    return line.rules.weight
