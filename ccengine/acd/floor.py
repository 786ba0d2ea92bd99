"""All that the ACD knows, and the small changes that its rules are made of.

Rules call these in the order in which the outside must hear of them; ``said`` collects it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from random import Random

from ccengine.acd.commands import CancelTimer, Command, Ignored, SetTimer
from ccengine.acd.expectation import Expectation
from ccengine.acd.explanation import Explanation
from ccengine.acd.inputs import PhoneState
from ccengine.acd.line import Line
from ccengine.acd.rules import AcdRules
from ccengine.acd.state import Agent, Call, CallState, RunningOffer, Timer, TimerKind
from ccengine.ids import AgentId, CallId, OfferId, QueueId, TimerId
from ccengine.journal.facts import AgentState, AgentStateChanged, AgentWished, Fact

AT_WORK = frozenset({AgentState.READY, AgentState.OFFERED, AgentState.TALKING, AgentState.WRAP_UP})
HELD = frozenset({AgentState.OFFERED, AgentState.TALKING, AgentState.WRAP_UP})
"""A call holds the agent."""

Watch = Callable[[Explanation], None]


class Floor:
    """Calls, offers, agents, queues and timers, with ids that no other run of the engine gives."""

    def __init__(self, rules: AcdRules, boot: str) -> None:
        self.rules = rules
        self.boot = boot
        self.now = 0.0
        self.dice = Random(rules.seed)
        self.lines: dict[QueueId, Line] = {}
        self.calls: dict[CallId, Call] = {}
        self.offers: dict[OfferId, RunningOffer] = {}
        self.agents: dict[AgentId, Agent] = {}
        self.timers: dict[TimerId, Timer] = {}
        self.said: list[Command | Fact] = []
        self.freed: deque[Agent] = deque()
        """Agents who have just become free: a call is looked for them."""
        self.returned: list[Call] = []
        """Calls that have just begun to wait, or need less: an agent is looked for them."""
        self.left_work: list[Agent] = []
        """Agents who have just ceased to be at work: no call waits for them alone any more."""
        self.entered: list[Call] = []
        """Calls that this input has brought: their wait is estimated when it is settled."""
        self.arrived: list[Call] = []
        """Calls that have come to a queue, or back to its line: if nobody can be rung for them,

        the queue's overflow rules are looked at.
        """
        self.expectation = Expectation()
        self.thinned: dict[Line, None] = {}
        """Queues that have just lost agents, or closed, and have rules for it."""
        self.closed: set[QueueId] = set()
        self.watch: Watch | None = None
        """Told of each choice before anything changes by it; costs nothing when None."""
        self._numbers = dict.fromkeys(("entry", "offer", "timer"), 0)

    # -- words

    def say(self, *words: Command | Fact) -> None:
        self.said.extend(words)

    def ignore(self, what: str, why: str) -> None:
        self.said.append(Ignored(what=what, why=why))

    def number(self, of: str) -> int:
        self._numbers[of] += 1
        return self._numbers[of]

    # -- timers

    def set_timer(self, at: float, timer: Timer) -> TimerId:
        timer_id = TimerId(f"{self.boot}-t{self.number('timer')}")
        self.timers[timer_id] = timer
        self.said.append(SetTimer(timer_id=timer_id, at=at))
        return timer_id

    def cancel_timer(self, timer_id: TimerId | None) -> None:
        """A timer that has fired, or was never set, needs no cancelling."""
        if timer_id is not None and self.timers.pop(timer_id, None) is not None:
            self.said.append(CancelTimer(timer_id=timer_id))

    # -- calls

    def call_state(self, call_id: CallId) -> CallState:
        call = self.calls.get(call_id)
        return CallState.GONE if call is None else call.state

    def out_of_line(self, call: Call) -> None:
        """Answered or gone: it stands in no line and nothing is timed for it."""
        call.line.leave(call.place, call.need)
        self.cancel_timer(call.max_wait)
        self.cancel_timer(call.retry)
        self.cancel_timer(call.relax)
        self.cancel_timer(call.overflow)
        call.max_wait = call.retry = call.relax = call.overflow = None
        call.line.crowd.leave(call.call_id, call.queued_at)
        if call.callback is not None:
            self.cancel_timer(call.callback.wake)
            self.cancel_timer(call.callback.expiry)
            call.line.crowd.callbacks.pop(call.call_id, None)

    def set_retry(self, call: Call) -> None:
        """While it waits, look again when the next agent may be rung once more for it."""
        later = [at for at in call.tried.values() if at > self.now]
        if later and call.retry is None:
            call.retry = self.set_timer(
                min(later), Timer(kind=TimerKind.RETRY, subject=call.call_id)
            )

    def forget_call(self, call: Call) -> None:
        for offer_id in (call.offer_id, call.past_offer_id):
            if offer_id is not None:
                self.offers.pop(offer_id, None)
        del self.calls[call.call_id]

    # -- agents

    def agent(self, agent_id: AgentId) -> Agent:
        """Made at its first mention, so that a phone's state may come before the sign-in."""
        agent = self.agents.get(agent_id)
        if agent is None:
            agent = self.agents[agent_id] = Agent(agent_id=agent_id, since=self.now)
        return agent

    def enter(self, agent: Agent, state: AgentState, *, reason: str = "") -> None:
        """Change the agent's state; the fact carries the call that holds it."""
        self._count(agent, state)
        agent.state, agent.reason, agent.since = state, reason, self.now
        self.say(
            AgentStateChanged(
                at=self.now,
                agent_id=agent.agent_id,
                state=state,
                reason=reason,
                call_id=agent.call_id,
            )
        )
        if state in HELD and agent.wish is not AgentState.READY:
            self.say_wish(agent)
        self.refresh(agent)

    def say_wish(self, agent: Agent) -> None:
        """What the agent will be after the call that holds it, said after each state that is held

        if it is not ready: the journal's last word on an agent is the whole of it.
        """
        self.say(
            AgentWished(
                at=self.now, agent_id=agent.agent_id, state=agent.wish, reason=agent.wish_reason
            )
        )

    def _count(self, agent: Agent, state: AgentState) -> None:
        was = agent.state
        working = (state in AT_WORK) - (was in AT_WORK)
        logged_in = (was is AgentState.LOGGED_OUT) - (state is AgentState.LOGGED_OUT)
        ready = (state is AgentState.READY) - (was is AgentState.READY)
        if not (working or logged_in or ready):
            return
        fewer = working < 0 or logged_in < 0
        for line in agent.lines:
            crowd = line.crowd
            line.working += working
            crowd.logged_in += logged_in
            crowd.ready += ready
            if fewer and crowd.watched:
                self.thinned[line] = None
        if working < 0:
            self.left_work.append(agent)

    def rest(self, agent: Agent) -> None:
        """No call holds the agent any more: what it wishes takes effect."""
        agent.call_id = agent.offer_id = None
        self.enter(agent, agent.wish, reason=agent.wish_reason)

    def refresh(self, agent: Agent) -> None:
        """Notice whether the agent is free, after anything about it has changed.

        One that has become free is listed in its queues when the input is settled: mostly it has
        a call again by then.
        """
        free = (
            agent.state is AgentState.READY
            and agent.phone is PhoneState.IDLE
            and agent.pause is None
        )
        if free and not agent.free:
            agent.free = True
            self.freed.append(agent)
        elif agent.free and not free:
            self.unlist(agent)

    def list_free(self, agent: Agent, lines: Iterable[Line]) -> None:
        """Let these queues choose this agent, as far as they do not know it as free already."""
        if len(agent.listed) == len(agent.lines):
            return
        last_end = agent.last_end
        for line in lines:
            if line not in agent.listed:
                line.list_free(
                    agent.agent_id, answered=agent.answered.get(line.queue, 0), last_end=last_end
                )
                agent.listed.append(line)

    def unlist(self, agent: Agent) -> None:
        agent.free = False
        for line in agent.listed:
            line.unlist(agent.agent_id)
        agent.listed.clear()

    def seat(self, lines: Iterable[Line]) -> None:
        """Tell all agents the queues they serve. No agent may be listed free meanwhile."""
        for agent in self.agents.values():
            agent.lines = []
        for line in lines:
            line.working = line.crowd.logged_in = line.crowd.ready = 0
            line.crowd.follow(line.rules)
            for agent_id in line.members:
                agent = self.agent(agent_id)
                agent.lines.append(line)
                line.working += agent.state in AT_WORK
                line.crowd.logged_in += agent.state is not AgentState.LOGGED_OUT
                line.crowd.ready += agent.state is AgentState.READY
