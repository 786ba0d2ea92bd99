"""Calls, agents and time moved by hand: what a test of the ACD says and asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from ccengine.acd.commands import CancelTimer, Command, Ignored, Offer, SetTimer
from ccengine.acd.core import Acd
from ccengine.acd.explanation import Explanation
from ccengine.acd.inputs import (
    Answered,
    Input,
    Join,
    Leave,
    LegEnded,
    NotReady,
    OfferClosed,
    PhoneChanged,
    PhoneState,
    Ready,
    RulesReplaced,
    SignIn,
    SignOut,
    TalkOver,
    TimerFired,
)
from ccengine.acd.rules import AcdRules, QueueRules, SkillRequirement, Strategy
from ccengine.ids import AgentId, CallId, OfferId, QueueId, TimerId
from ccengine.journal.facts import AbandonReason, AgentState, Fact, HangupBy, OfferResult

W = TypeVar("W")

START = 1_000.0


def queue(
    name: str = "sales",
    agents: str = "ann bob cid",
    strategy: Strategy = Strategy.ROUND_ROBIN_MEMORY,
    *,
    ring: float = 15.0,
    wrap_up: float = 0.0,
    max_wait: float | None = None,
    missed: int = 3,
    **more: Any,
) -> QueueRules:
    """``more``: any other field of the queue's rules."""
    plain = QueueRules(
        queue=QueueId(name),
        strategy=strategy,
        agents=tuple(AgentId(a) for a in agents.split()),
        ring_timeout_s=ring,
        wrap_up_s=wrap_up,
        max_wait_s=max_wait,
        missed_offers_to_not_ready=missed,
    )
    return changed(plain, **more)


def skills_of(words: str) -> dict[str, int]:
    """``english:5 billing:1`` as skills with their levels."""
    pairs = (word.split(":") for word in words.split())
    return {skill: int(level) for skill, level in pairs}


def needs(words: str) -> tuple[SkillRequirement, ...]:
    return tuple(SkillRequirement(skill=s, level=level) for s, level in skills_of(words).items())


def rules(*queues: QueueRules, seed: int = 0, skills: Mapping[str, str] | None = None) -> AcdRules:
    return AcdRules(
        queues={q.queue: q for q in queues},
        skills={AgentId(a): skills_of(words) for a, words in (skills or {}).items()},
        seed=seed,
        version="v1",
    )


class Centre:
    """One contact centre under test. ``last`` is what the last input led to, ``all`` everything."""

    def __init__(
        self,
        *queues: QueueRules,
        seed: int = 0,
        boot: str = "b",
        skills: Mapping[str, str] | None = None,
    ) -> None:
        self.rules = rules(*(queues or (queue(),)), seed=seed, skills=skills)
        self.acd = Acd(self.rules, boot=boot)
        self.inputs: list[tuple[Input, float]] = []
        self.explained: list[Explanation] = []
        self.now = START
        self.last: list[Command | Fact] = []
        self.all: list[Command | Fact] = []
        self.timers: dict[TimerId, float] = {}

    # -- given / when

    def say(self, said: Input) -> list[Command | Fact]:
        self.inputs.append((said, self.now))
        self.last = self.acd.handle(said, self.now, self.explained.append)
        self.all.extend(self.last)
        for word in self.last:
            match word:
                case SetTimer():
                    assert word.timer_id not in self.timers, "a timer id was given twice"
                    self.timers[word.timer_id] = word.at
                case CancelTimer():
                    del self.timers[word.timer_id]
        return self.last

    def pass_time(self, seconds: float) -> list[Command | Fact]:
        """Time goes on; each timer that is due fires at its moment. All that came of it."""
        until, came = self.now + seconds, []
        while due := [(at, timer) for timer, at in self.timers.items() if at <= until]:
            at, timer = min(due)
            self.now = max(self.now, at)
            del self.timers[timer]
            came.extend(self.say(TimerFired(timer_id=timer)))
        self.now = until
        return came

    def at_work(self, *agents: str) -> None:
        """Signed in, phone idle, ready, in this order."""
        for name in agents:
            agent = AgentId(name)
            self.say(PhoneChanged(agent_id=agent, phone=PhoneState.IDLE))
            self.say(SignIn(agent_id=agent))
            self.say(Ready(agent_id=agent))

    def sign_in(self, agent: str) -> None:
        self.say(SignIn(agent_id=AgentId(agent)))

    def sign_out(self, agent: str) -> None:
        self.say(SignOut(agent_id=AgentId(agent)))

    def ready(self, agent: str) -> None:
        self.say(Ready(agent_id=AgentId(agent)))

    def not_ready(self, agent: str, reason: str = "break") -> None:
        self.say(NotReady(agent_id=AgentId(agent), reason=reason))

    def phone(self, agent: str, phone: PhoneState) -> None:
        self.say(PhoneChanged(agent_id=AgentId(agent), phone=phone))

    def call(
        self,
        call: str,
        to: str = "sales",
        *,
        vip: float = 0.0,
        queued_at: float | None = None,
        adopted: bool = False,
        ageing: float = 1.0,
        requires: str = "",
        prefers: str | None = None,
        max_wait: float | None = None,
    ) -> None:
        self.say(
            Join(
                call_id=CallId(call),
                queue=QueueId(to),
                queued_at=self.now if queued_at is None else queued_at,
                head_start_s=vip,
                adopted=adopted,
                ageing=ageing,
                max_wait_s=max_wait,
                requires=needs(requires),
                prefers=None if prefers is None else AgentId(prefers),
            )
        )

    def leaves(self, call: str, reason: AbandonReason = AbandonReason.HUNG_UP) -> None:
        self.say(Leave(call_id=CallId(call), reason=reason))

    def answers(self, agent: str, offer: OfferId | None = None) -> OfferId:
        offer = offer or self.offer_of(agent)
        self.say(Answered(offer_id=offer, agent_id=AgentId(agent)))
        return offer

    def leg_ends(self, agent: str, result: OfferResult, offer: OfferId | None = None) -> OfferId:
        offer = offer or self.offer_of(agent)
        self.say(LegEnded(offer_id=offer, agent_id=AgentId(agent), result=result))
        return offer

    def misses(self, agent: str) -> OfferId:
        return self.leg_ends(agent, OfferResult.MISSED)

    def refuses(self, agent: str) -> OfferId:
        return self.leg_ends(agent, OfferResult.REFUSED)

    def closes(self, offer: OfferId, result: OfferResult = OfferResult.MISSED) -> None:
        self.say(OfferClosed(offer_id=offer, result=result))

    def talk_ends(self, call: str, by: HangupBy = HangupBy.CALLER, hold: float = 0.0) -> None:
        self.say(TalkOver(call_id=CallId(call), by=by, hold_s=hold))

    def talks(self, agent: str, call: str, seconds: float = 60.0, to: str = "sales") -> None:
        """A whole call with the agent it is offered to."""
        self.call(call, to)
        self.answers(agent)
        self.pass_time(seconds)
        self.talk_ends(call)

    def new_rules(
        self, *queues: QueueRules, seed: int = 0, skills: Mapping[str, str] | None = None
    ) -> None:
        self.say(RulesReplaced(rules=rules(*queues, seed=seed, skills=skills)))

    # -- then

    def heard(self, kind: type[W], words: Sequence[object] | None = None) -> list[W]:
        """The words of this kind in what the last input led to."""
        return [w for w in (self.last if words is None else words) if isinstance(w, kind)]

    def ever(self, kind: type[W]) -> list[W]:
        return self.heard(kind, self.all)

    def one(self, kind: type[W]) -> W:
        (word,) = self.heard(kind)
        return word

    def offered_to(self) -> tuple[str, ...]:
        """Whom the last input led to ring; empty: nobody."""
        return tuple(a for offer in self.heard(Offer) for a in offer.agents)

    def offer_of(self, agent: str) -> OfferId:
        """The newest offer to this agent."""
        return next(o.offer_id for o in reversed(self.ever(Offer)) if agent in o.agents)

    def state(self, agent: str) -> AgentState:
        return self.acd.agent(AgentId(agent)).state

    def waiting(self, name: str = "sales") -> str:
        return " ".join(self.acd.waiting(QueueId(name)))

    def ignored(self) -> str:
        """Why the last input was dropped; it led to nothing else."""
        (word,) = self.last
        assert isinstance(word, Ignored)
        return f"{word.what}: {word.why}"


def changed(q: QueueRules, **what: object) -> QueueRules:
    return replace(q, **what)  # type: ignore[arg-type]
