"""How a strategy ranked those who could be rung, in numbers and words: for explanations only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ccengine.acd.line import Choice, Line
from ccengine.acd.rules import Strategy
from ccengine.acd.state import Call
from ccengine.acd.strategies.plan import LAST_TALK, NEVER, PLACE
from ccengine.ids import AgentId

UNRANKED = frozenset({Strategy.RING_ALL, Strategy.RANDOM, Strategy.WEIGHTED_RANDOM})


def ranked(line: Line, call: Call, choice: Choice, now: float) -> dict[AgentId, int]:
    """From 1, those who could be rung, over all open levels; the dice rank nobody."""
    agents, need = line.rules.agents, call.need
    if need.only is not None:
        return {}
    if choice.candidates == 1:
        return _numbered(choice.agents)
    pool = line.pool(need.skills)
    if choice.again:
        return _numbered(agents[place] for place in pool.again(need.level, call.tried, now))
    if line.rules.strategy in UNRANKED:
        return {}
    could = [
        agents[place]
        for place in pool.places()
        if agents[place] not in call.tried
        and (need.level is None or line.members[agents[place]].level <= need.level)
    ]
    turns = {
        Strategy.ROUND_ROBIN: line.answered_last,
        Strategy.ROUND_ROBIN_MEMORY: line.rang_last,
    }.get(line.rules.strategy)
    if turns is not None:
        could.sort(key=lambda agent: _after(line, agent, turns))
    return _numbered(could)


def _numbered(agents: Iterable[AgentId]) -> dict[AgentId, int]:
    return {agent: number for number, agent in enumerate(agents, 1)}


def _after(line: Line, agent_id: AgentId, turns: Mapping[int, int]) -> tuple[int, bool, int]:
    """By level; in it those behind the last one first, then round from the beginning."""
    member = line.members[agent_id]
    return (member.level, member.place <= turns.get(member.level, -1), member.place)


def why_ahead(line: Line, call: Call, first: AgentId, agent_id: AgentId, now: float) -> str:
    """Why the strategy put ``first`` before this agent: the first term in which they differ."""
    plan = line.plan
    if plan.ahead:
        return plan.ahead.format(first=first)
    pool = line.pool(call.need.skills)
    for name, ours, theirs in zip(plan.terms, pool.rank(agent_id), pool.rank(first), strict=True):
        if ours != theirs:
            return f"{name}: {_said(name, ours, now)} against {_said(name, theirs, now)} of {first}"
    raise AssertionError("no two agents have the same place in a queue")


def _said(name: str, value: float, now: float) -> str:
    if name == LAST_TALK:
        return "never" if value == NEVER else f"{now - value:.1f} s ago"
    if name == PLACE:
        value += 1
    return f"{abs(value):g}"
