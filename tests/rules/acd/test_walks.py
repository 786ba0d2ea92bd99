"""Random walks with late, doubled and impossible inputs: what must hold whatever happens."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ccengine.acd.commands import Ignored, Offer, Release, SetTimer, Withdraw
from ccengine.acd.inputs import (
    AdoptAgent,
    AdoptCallback,
    AdoptQueue,
    AdoptTalk,
    Answered,
    AskCallback,
    CallbackTried,
    CancelCallback,
    ExtendWrapUp,
    Input,
    Join,
    Leave,
    LegEnded,
    NotReady,
    OfferClosed,
    PhoneChanged,
    PhoneState,
    QueueHours,
    Ready,
    SignIn,
    SignOut,
    TalkOver,
    TimerFired,
)
from ccengine.acd.line import Line
from ccengine.acd.needs import has_skills
from ccengine.acd.order import Place, standing_s
from ccengine.acd.rules import (
    CallbackRules,
    Empty,
    OverflowAction,
    OverflowMeasure,
    OverflowRule,
    QueueRules,
    Relaxation,
    Strategy,
    Widening,
    WrapUpMode,
)
from ccengine.acd.state import Call, CallState
from ccengine.ids import AgentId, CallId, OfferId, QueueId, TimerId
from ccengine.journal.facts import (
    AbandonReason,
    AgentState,
    AgentStateChanged,
    CallAbandoned,
    CallAnswered,
    CallbackAsked,
    CallbackAttempted,
    CallbackEnd,
    CallbackEnded,
    CallbackResult,
    CallOverflowed,
    CallQueued,
    HangupBy,
    OfferEnded,
    OfferMade,
    OfferResult,
    TalkEnded,
    WrapUpEnded,
)
from ccengine.reports.queues import Period, queue_report
from ccengine.reports.stays import STAY_FACTS
from tests.rules.acd.floor_driver import Centre, needs, queue

AGENTS = ["ann", "bob", "cid", "dan", "eve"]
HELD = (AgentState.OFFERED, AgentState.TALKING, AgentState.WRAP_UP)
QUEUES = (
    ("sales", "ann bob cid"),
    ("support", "cid bob dan"),
    ("operator", "eve dan ann"),
)
SKILLS = ("", "english:3", "english:5 billing:2", "billing:1")
QUICKLY = CallbackRules(retry_after_s=12.0, expires_after_s=60.0)
WALK = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


class Walk:
    """A centre that is told random things, and checked after each."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.skills = {agent: dice.choice(SKILLS) for agent in AGENTS}
        self.centre = Centre(*self.some_queues(), seed=dice.randrange(9), skills=self.skills)
        self.calls = 0
        self.said: list[Input] = []

    def some_queues(self) -> list[QueueRules]:
        dice = self.dice
        kept = [q for q in QUEUES if dice.random() < 0.85] or [QUEUES[0]]
        return [
            queue(
                name,
                " ".join(a for a in agents.split() if dice.random() < 0.9),
                dice.choice(list(Strategy)),
                wrap_up=dice.choice([0.0, 7.0]),
                max_wait=dice.choice([None, 40.0]),
                missed=dice.choice([0, 2]),
                **self.some_needs(agents),
                **self.some_life(),
            )
            for name, agents in kept
        ]

    def some_needs(self, agents: str) -> dict[str, Any]:
        """What a queue may ask of its agents; half of them ask nothing."""
        dice = self.dice
        if dice.random() < 0.5:
            return {}
        return {
            "skills": needs(dice.choice(["", "english:2", "english:4 billing:1"])),
            "relax": (
                Relaxation(after_s=10.0, skill="english", level=2),
                Relaxation(after_s=20.0, skill="english", level=0),
            ),
            "levels": {AgentId(agent): dice.randrange(3) for agent in agents.split()},
            "widen": dice.choice(
                [(), (Widening(after_s=5.0, level=1), Widening(after_s=20.0, level=2))]
            ),
            "shares": {AgentId(agent): dice.randint(1, 3) for agent in agents.split()},
            "sticky_s": dice.choice([0.0, 15.0]),
            "weight": dice.randrange(2),
            "head_start_s": dice.choice([0.0, 5.0]),
            "retry_pause_s": dice.choice([2.0, 10.0]),
        }

    def some_life(self) -> dict[str, Any]:
        """Gates, overflow, callbacks and wrap-up; half of the queues have none of it."""
        dice = self.dice
        if dice.random() < 0.5:
            return {}
        return {
            "max_calls": dice.choice([None, 3]),
            "join_when_empty": dice.choice(list(Empty)),
            "leave_when_empty": dice.choice(list(Empty)),
            "leave_when_closed": dice.random() < 0.5,
            "overflow": tuple(self.some_rule(number) for number in range(dice.randrange(4))),
            "callback": dice.choice(
                [None, CallbackRules(retry_after_s=12.0, expires_after_s=60.0)]
            ),
            "wrap_up_mode": dice.choice(list(WrapUpMode)),
            "wrap_up_extension_s": 5.0,
            "wrap_up_extensions": 2,
        }

    def some_rule(self, number: int) -> OverflowRule:
        dice = self.dice
        action = dice.choice([*OverflowAction, OverflowAction.QUEUE])
        return OverflowRule(
            name=f"rule{number}",
            measure=dice.choice(list(OverflowMeasure)),
            limit=dice.choice([0.0, 1.0, 8.0, 30.0]),
            action=action,
            target=dice.choice(QUEUES)[0] if action is OverflowAction.QUEUE else "sorry",
        )

    def some_of(self, *, callbacks: bool) -> CallId:
        """One that is there, callback or caller; mostly."""
        calls = self.centre.acd._floor.calls.values()
        there = [c.call_id for c in calls if (c.callback is not None) is callbacks]
        name = self.some_call()
        return self.dice.choice([*there, CallId(f"cb-{name}") if callbacks else name])

    def of_a_queues_life(self, agent: AgentId) -> Input:
        dice, now = self.dice, self.centre.now
        call, callback = self.some_of(callbacks=False), self.some_of(callbacks=True)
        name = QueueId(dice.choice(QUEUES)[0])
        return self.one_of(
            AskCallback(
                call_id=call,
                callback_id=CallId(f"cb-{call}"),
                number="1",
                at=dice.choice([None, None, now + 15.0]),
            ),
            AskCallback(call_id=call, callback_id=CallId(f"cb-{call}"), number="1"),
            CallbackTried(callback_id=callback, result=dice.choice(list(CallbackResult))),
            CallbackTried(callback_id=callback, result=dice.choice(list(CallbackResult))),
            CancelCallback(callback_id=callback),
            QueueHours(queue=name, open=dice.random() < 0.7),
            AdoptQueue(queue=name, rang_last=agent, answered_last=agent),
            ExtendWrapUp(agent_id=agent),
            AdoptCallback(
                callback_id=CallId(f"adopted-{dice.randrange(5)}"),
                queue=name,
                number="1",
                queued_at=now - 20,
                head_start_s=0.0,
                ageing=1.0,
                requires=(),
                not_before=now + dice.choice([-5.0, 5.0]),
                attempts=1,
                asked_at=now - 20,
            ),
        )

    def step(self) -> None:
        dice, centre = self.dice, self.centre
        if dice.random() < 0.15:
            centre.pass_time(dice.choice([0.0, 0.5, 3.0, 11.0, 25.0]))
        elif dice.random() < 0.02:
            centre.new_rules(*self.some_queues(), seed=dice.randrange(3), skills=self.skills)
        elif self.said and dice.random() < 0.08:
            self.tell(dice.choice(self.said[-40:]))  # doubled, or late
        else:
            self.tell(self.something())
        self.check()

    def tell(self, said: Input) -> None:
        if isinstance(said, TimerFired):
            self.centre.timers.pop(said.timer_id, None)
        self.said.append(said)
        self.centre.say(said)

    def some_offer(self) -> Offer | None:
        made = self.centre.heard(Offer, self.centre.all[-80:])
        return self.dice.choice(made[-6:]) if made else None

    def one_of(self, *inputs: Input) -> Input:
        return self.dice.choice(inputs)

    def some_call(self) -> CallId:
        return CallId(f"c{max(0, self.calls - self.dice.randrange(8))}")

    def something(self) -> Input:
        dice, agent = self.dice, AgentId(self.dice.choice(AGENTS))
        offer = self.some_offer()
        if offer is not None and dice.random() < 0.4:
            agent = dice.choice(offer.agents)
            results = dice.choice(list(OfferResult))
            return self.one_of(
                Answered(offer_id=offer.offer_id, agent_id=agent),
                Answered(offer_id=offer.offer_id, agent_id=agent),
                LegEnded(offer_id=offer.offer_id, agent_id=agent, result=results),
                OfferClosed(offer_id=offer.offer_id, result=results),
            )
        if dice.random() < 0.15:
            return self.of_a_queues_life(agent)
        kind = dice.randrange(12)
        if kind <= 2:
            self.calls += 1
            back = dice.choice([0.0, 0.0, 20.0])
            return Join(
                call_id=CallId(f"c{self.calls}"),
                queue=QueueId(dice.choice(QUEUES)[0]),
                queued_at=self.centre.now - back,
                head_start_s=dice.choice([0.0, 0.0, 30.0]),
                ageing=dice.choice([1.0, 1.0, 2.5]),
                requires=needs(dice.choice(["", "", "billing:1"])),
                prefers=dice.choice([None, None, agent]),
            )
        if kind == 3:
            return Leave(call_id=self.some_call(), reason=AbandonReason.HUNG_UP)
        if kind == 4:
            by = dice.choice(list(HangupBy))
            return TalkOver(call_id=self.some_call(), by=by, hold_s=dice.choice([0.0, 2.0]))
        if kind == 5:
            phones = [PhoneState.IDLE] * 5 + list(PhoneState)
            return PhoneChanged(agent_id=agent, phone=dice.choice(phones))
        if kind == 6:
            return SignIn(agent_id=agent)
        if kind <= 8:
            return Ready(agent_id=agent)
        if kind == 9:
            return self.one_of(SignOut(agent_id=agent), NotReady(agent_id=agent, reason="meal"))
        if kind == 10:
            return self.one_of(
                TimerFired(timer_id=TimerId(f"b-t{dice.randrange(1, 60)}")),
                AdoptTalk(
                    call_id=self.some_call(),
                    queue=QueueId(dice.choice(QUEUES)[0]),
                    agent_id=agent,
                    offer_id=OfferId(f"old-{dice.randrange(5)}"),
                    queued_at=self.centre.now - 50,
                    answered_at=self.centre.now - 10,
                ),
            )
        return AdoptAgent(
            agent_id=agent,
            signed_in=dice.random() < 0.8,
            ready=dice.random() < 0.8,
            reason="break",
            wrap_up_until=dice.choice([None, None, self.centre.now + 5]),
            wrap_up_call=CallId("earlier"),
            wrap_up_queue=QueueId("sales"),
            wrap_up_since=self.centre.now - 3,
            calls_answered={QueueId("sales"): dice.randrange(4)},
            last_call_ended_at={QueueId("sales"): self.centre.now - dice.randrange(30)},
        )

    # -- what must hold after each input

    def check(self) -> None:
        self.one_call_per_agent_and_one_agent_per_call()
        self.lists_are_true()
        self.nobody_idles_while_a_call_waits_for_it()
        self.timers_are_those_of_the_floor()

    def one_call_per_agent_and_one_agent_per_call(self) -> None:
        floor = self.centre.acd._floor
        talking: Counter[CallId | None] = Counter()
        for agent in floor.agents.values():
            held = agent.state in HELD
            assert held or agent.call_id is None
            assert (agent.state is AgentState.OFFERED) == (agent.offer_id is not None)
            if agent.state is AgentState.OFFERED:
                assert agent.offer_id is not None
                offer = floor.offers[agent.offer_id]
                assert offer.call_id == agent.call_id
                assert agent.agent_id in offer.ringing
                assert floor.calls[offer.call_id].offer_id == offer.offer_id
            if agent.state is AgentState.TALKING:
                talking[agent.call_id] += 1
                assert agent.call_id is not None
                assert floor.calls[agent.call_id].agent_id == agent.agent_id
            assert agent.wrap_up_until is None or agent.state is AgentState.WRAP_UP
        assert set(talking.values()) <= {1}
        in_talk = [c.call_id for c in floor.calls.values() if c.state is CallState.TALKING]
        assert set(talking) == set(in_talk)

    def lists_are_true(self) -> None:
        floor = self.centre.acd._floor
        for line in floor.lines.values():
            inside = [c for c in floor.calls.values() if c.line is line]
            queued = [c for c in inside if c.state in IN_LINE]
            callers = [c for c in queued if c.callback is None]
            assert set(line.crowd.caller_ids()) == {c.call_id for c in callers}
            assert line.crowd.callers == len(callers)
            waits = [floor.now - c.queued_at for c in callers]
            assert line.crowd.longest_wait_s(floor.now) == max(waits, default=0.0)
            back = [c for c in inside if c.callback and c.state is not CallState.TALKING]
            assert set(line.crowd.callbacks) == {c.call_id for c in back}
            assert line.calls.in_order(floor.now) == by_turn(queued, floor.now)
            waiting = [
                (need, place) for need, places in line.calls.kinds() for place in sorted(places)
            ]
            assert sorted(waiting, key=lambda w: w[1].entry) == sorted(
                ((c.need, c.place) for c in queued if c.state is CallState.WAITING),
                key=lambda w: w[1].entry,
            )
            at_work = (AgentState.READY, *HELD)
            states = [floor.agents[a].state for a in line.rules.agents]
            assert line.working == sum(s in at_work for s in states)
            assert line.crowd.ready == states.count(AgentState.READY)
            assert line.crowd.logged_in == len(states) - states.count(AgentState.LOGGED_OUT)
            free = [a for a in line.rules.agents if floor.agents[a].free]
            assert line.free == frozenset(free)
            for skills, pool in line._pools.items():
                able = [a for a in free if has_skills(line.members[a].skills, skills)]
                assert sorted(pool._rank_of) == sorted(able)
                assert sorted(pool._rank_of.values()) == pool._ranks
        remembered = {c.offer_id for c in floor.calls.values()}
        remembered |= {c.past_offer_id for c in floor.calls.values()}
        assert set(floor.offers) <= remembered

    def nobody_idles_while_a_call_waits_for_it(self) -> None:
        """Except in the pauses: of one agent for one call, of a phone just unreachable."""
        floor = self.centre.acd._floor
        for agent in floor.agents.values():
            idle = agent.state is AgentState.READY and agent.phone is PhoneState.IDLE
            if not idle or agent.pause is not None:
                continue
            for line in agent.lines:
                for call in floor.calls.values():
                    if call.line is not line or call.state is not CallState.WAITING:
                        continue
                    if not could_serve(line, agent.agent_id, call):
                        continue
                    assert call.tried.get(agent.agent_id, 0.0) > self.centre.now
                    assert call.retry is not None

    def timers_are_those_of_the_floor(self) -> None:
        assert set(self.centre.timers) == set(self.centre.acd._floor.timers)


def by_turn(calls: list[Call], now: float) -> list[Place]:
    places = [call.place for call in calls]
    return sorted(places, key=lambda p: (-standing_s(p, now), p.queued_at, p.entry))


def could_serve(line: Line, agent: AgentId, call: Call) -> bool:
    """The plain meaning of what a call needs."""
    member, need = line.members[agent], call.need
    if need.only is not None:
        return need.only == agent
    able = all(member.skills.get(skill, 0) >= level for skill, level in need.skills)
    return able and (need.level is None or member.level <= need.level)


def ends_of_calls(walk: Walk) -> None:
    """Facts told in an order that makes sense: each queued call ends once, talks are answered."""
    open_calls: set[CallId] = set()
    talks: dict[CallId, AgentId] = {}
    ringing: set[tuple[OfferId, AgentId]] = set()
    commanded: dict[OfferId, tuple[AgentId, ...]] = {}
    for word in walk.centre.all:
        match word:
            case CallQueued():
                assert word.call_id not in open_calls
                open_calls.add(word.call_id)
            case CallOverflowed(to_queue=to_queue) if to_queue is not None:
                open_calls.remove(word.call_id)  # its next stay follows
            case CallbackAsked():
                open_calls.remove(word.call_id)
            case CallbackAttempted():
                assert word.call_id in open_calls or adopted(word.call_id)
            case CallbackEnded(result=CallbackEnd.CONNECTED):
                assert word.call_id in talks
            case CallbackEnded() if not adopted(word.call_id):
                open_calls.remove(word.call_id)
            case CallAbandoned():
                open_calls.remove(word.call_id)
                assert word.waited_s >= 0
            case CallAnswered():
                assert word.call_id in open_calls or adopted(word.call_id)
                open_calls.discard(word.call_id)
                assert word.call_id not in talks
                talks[word.call_id] = word.agent_id
                ringing.discard((word.offer_id, word.agent_id))
            case AgentStateChanged(state=AgentState.TALKING, call_id=call_id, agent_id=agent):
                assert call_id is not None
                assert talks.setdefault(call_id, agent) == agent  # or adopted without an answer
            case TalkEnded():
                assert talks.pop(word.call_id) == word.agent_id
                assert word.talk_s >= 0
            case OfferMade():
                assert word.call_id in open_calls or adopted(word.call_id)
                new = {(word.offer_id, agent) for agent in word.agents}
                assert not {a for _, a in new} & {a for _, a in ringing}
                ringing |= new
                commanded[word.offer_id] = word.agents
            case Offer():
                assert commanded[word.offer_id] == word.agents
            case OfferEnded():
                ringing.remove((word.offer_id, word.agent_id))
            case Withdraw():
                assert word.offer_id in commanded
            case Release():
                assert word.call_id not in open_calls
            case WrapUpEnded():
                assert word.wrap_up_s >= 0
            case SetTimer() | Ignored() | AgentStateChanged():
                pass
    floor = walk.centre.acd._floor
    calls = floor.calls.values()
    talking = {c.call_id for c in calls if c.state is CallState.TALKING}
    assert open_calls == {c.call_id for c in calls if not adopted(c.call_id)} - talking
    assert set(talks) == talking


def the_report_balances(walk: Walk) -> None:
    """Each stay is in one column, and no end is without a stay."""
    facts = [
        word
        for word in walk.centre.all
        if isinstance(word, STAY_FACTS) and not adopted(getattr(word, "call_id", CallId("")))
    ]
    now = walk.centre.now
    report = queue_report(facts, [], Period(start=0.0, end=now + 1), now)
    assert report.balanced
    moved = [fact for fact in facts if isinstance(fact, CallOverflowed) and fact.to_queue]
    asked = [fact for fact in facts if isinstance(fact, CallbackAsked)]
    assert (report.total.overflowed, report.total.called_back) == (len(moved), len(asked))
    assert report.total.callbacks == len(asked)


def adopted(call_id: CallId) -> bool:
    """A callback of which an earlier journal has the beginning."""
    return call_id.startswith("adopted")


IN_LINE = (CallState.WAITING, CallState.OFFERED)


@WALK
@given(st.integers(0, 2**32))
def test_whatever_is_said_the_floor_stays_sound(seed: int) -> None:
    walk = Walk(random.Random(seed))
    walk.centre.at_work(*walk.dice.sample(AGENTS, 3))
    for _ in range(150):
        walk.step()
    ends_of_calls(walk)
    the_report_balances(walk)


@settings(WALK, max_examples=25)
@given(st.integers(0, 2**32))
def test_when_all_is_answered_all_is_served_and_nothing_is_remembered(seed: int) -> None:
    """After any walk: agents that work and answer empty the lines of the queues they serve."""
    walk = Walk(random.Random(seed))
    for _ in range(60):
        walk.step()
    centre = walk.centre
    floor = centre.acd._floor
    able = dict.fromkeys(AGENTS, "english:9 billing:9")
    centre.new_rules(*(queue(name, agents) for name, agents in QUEUES), skills=able)
    while floor.calls:
        for name in AGENTS:
            centre.sign_in(name)
            centre.phone(name, PhoneState.IDLE)
            centre.ready(name)
        for call in [c.call_id for c in floor.calls.values() if c.state is CallState.TALKING]:
            centre.talk_ends(call)
        for name in AGENTS:
            if centre.state(name) is AgentState.OFFERED:
                centre.answers(name)
        centre.pass_time(5)
        walk.check()
        ends_of_calls(walk)
    assert floor.offers == {}
    centre.pass_time(30)
    assert floor.timers == {}


@settings(WALK, max_examples=10)
@given(st.integers(0, 2**32))
def test_the_same_inputs_lead_to_the_same_words(seed: int) -> None:
    first, second = Walk(random.Random(seed)), Walk(random.Random(seed))
    for _ in range(120):
        first.step()
        second.step()
    assert first.centre.all == second.centre.all
