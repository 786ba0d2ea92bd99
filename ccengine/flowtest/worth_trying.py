"""What is worth trying at a wait: each answer that may lead elsewhere, and as a case writes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ccengine.flowtest.digits_worth import numbers_for
from ccengine.flowtest.outside import took_s
from ccengine.flowtest.recorder import Written
from ccengine.flowtest.spoken_time import SpokenTime, together
from ccengine.flowtest.systems import outside_answer
from ccengine.ivr.answers import (
    Answer,
    Collected,
    Listened,
    Played,
    WrittenDown,
)
from ccengine.ivr.model import ALL_KEYS, Step
from ccengine.ivr.steps.enqueue import EnqueueStep
from ccengine.ivr.waits import (
    CallbackWait,
    CollectWait,
    ConferenceWait,
    KnowledgeWait,
    ListenWait,
    LookupWait,
    PlayWait,
    QueueWait,
    RecordWait,
    RouteWait,
    SurveyWait,
    TransferWait,
    Value,
    Wait,
)

KEY_S = 1.0
"""Somebody who knows the way presses so soon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One answer. ``step`` None: nobody has to do anything for it."""

    answer: Answer
    step: Written | None
    seconds: float
    said_s: float = 0.0
    """Of ``seconds``: so long it takes to hear the question out."""
    silent: bool = False
    """Nobody does anything for it."""

    @property
    def chosen(self) -> bool:
        """The caller does something for it."""
        return self.step is not None and ("press" in self.step or "says" in self.step)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the flows themselves say that is worth trying."""

    literals: tuple[Value, ...]
    """Values that their conditions compare with."""
    queues: tuple[str, ...]
    flows: tuple[str, ...]
    now: float
    time_zone: str
    spoken_time: SpokenTime
    numbers: dict[int, tuple[str, ...]] = field(default_factory=dict)
    """By the collect step: found once."""


def worth_trying(wait: Wait, step: Step, known: Known) -> Iterator[Try]:
    """Hang-ups are left out: they end the call wherever it stands."""
    said_s = together(getattr(wait, "prompts", ()), known.spoken_time)
    match wait:
        case PlayWait() if wait.keys and wait.timeout_s:
            yield from _keys(wait.keys, step)
            silent_s = said_s + wait.timeout_s
            yield Try(
                answer=Played(),
                step={"silence": True},
                seconds=silent_s,
                said_s=said_s,
                silent=True,
            )
        case PlayWait():
            yield Try(answer=Played(), step=None, seconds=said_s, silent=True)
        case CollectWait():
            yield from _digits(wait, step, known)
            silent_s = said_s + wait.first_timeout_s
            nothing = Collected(digits="", by="timeout")
            yield Try(
                answer=nothing, step={"silence": True}, seconds=silent_s, said_s=said_s, silent=True
            )
        case ListenWait():
            for key in wait.keys:
                yield Try(answer=Listened(key=key), step={"press": key}, seconds=KEY_S)
            for said in (*wait.phrases, "…"):
                understood = Listened(text=said, spoke=True)
                yield Try(answer=understood, step={"says": said}, seconds=3.0)
            silent_s = said_s + wait.timeout_s
            yield Try(
                answer=Listened(),
                step={"silence": True},
                seconds=silent_s,
                said_s=said_s,
                silent=True,
            )
        case RecordWait():
            for kind, written in _outside(wait, step, known):
                answer = outside_answer(wait, written)
                yield Try(answer=answer, step={kind: written}, seconds=said_s + 5.0)
        case SurveyWait():
            yield Try(answer=WrittenDown(), step=None, seconds=0.0, silent=True)
        case _:
            for kind, written in _outside(wait, step, known):
                answer = outside_answer(wait, written)
                yield Try(answer=answer, step={kind: written}, seconds=took_s(wait, answer))


def _keys(keys: str, step: Step) -> Iterator[Try]:
    """Those that lead somewhere, and one that does not: the others are like it."""
    led = {str(way.at[1]) for way in step.ways() if way.at[0] == "keys" and len(way.at) > 1}
    if keys == ALL_KEYS and led:
        wrong = [key for key in keys if key not in led][:1]
        keys = "".join([*(key for key in keys if key in led), *wrong])
    for key in keys:
        yield Try(answer=Played(key=key), step={"press": key}, seconds=KEY_S)


def _digits(wait: CollectWait, step: Step, known: Known) -> Iterator[Try]:
    found = known.numbers.get(id(step))
    if found is None:
        found = numbers_for(wait, step, known.literals, known.now, known.time_zone)
        known.numbers[id(step)] = found
    for number in found:
        full = len(number) == wait.most
        digits = Collected(digits=number, by="length" if full else "terminator")
        typed = number if full else number + wait.terminator
        seconds = KEY_S + 0.4 * len(number)
        yield Try(answer=digits, step={"press": typed}, seconds=seconds)


def _outside(wait: Wait, step: Step, known: Known) -> Iterator[tuple[str, object]]:
    match wait:
        case QueueWait():
            for word in ("served", "timed_out", "no_agents", "full", "closed", "callback"):
                yield "queue", word
            if isinstance(step, EnqueueStep) and step.voicemail is not None:
                yield "queue", "voicemail"
            for branch in getattr(step, "branches", {}):
                yield "queue", {"branch": branch}
            for key in wait.keys:
                yield "queue", {"key": key}
        case TransferWait():
            for word in ("answered", "no_answer", "busy", "unreachable", "not_allowed"):
                yield "transfer", word
        case ConferenceWait():
            for word in ("left", "full", "closed", "failed"):
                yield "conference", word
        case RecordWait():
            yield "record", {"seconds": 5}
            yield "record", "nothing"
        case CallbackWait():
            yield from (("callback", word) for word in ("arranged", "refused"))
        case KnowledgeWait():
            yield from (("knowledge", word) for word in ("…", "nothing"))
        case LookupWait():
            yield from (("lookup", says) for says in _found(wait.wants, known.literals))
            yield from (("lookup", word) for word in ("nothing", "late"))
        case RouteWait():
            values = next(iter(_found(wait.wants, known.literals)), {})
            for action, targets in (
                ("queue", known.queues),
                ("agent", ("1001",)),
                ("flow", known.flows),
                ("play", ("",)),
                ("hangup", ("",)),
            ):
                for target in targets:
                    said = {"say": "…"} if action == "play" else {}
                    yield "route", {"action": action, "target": target, **said, "values": values}
            yield "route", "late"


def _found(wants: Sequence[str], literals: Sequence[Value]) -> Iterator[dict[str, object]]:
    """Everything wanted has one value; each that the flow compares with, and one that it does
    not."""
    if not wants:
        yield {}
        return
    for value in dict.fromkeys((1, *literals)):
        answer: dict[str, object] = {}
        for path in wants:
            _put(answer, path.split("."), value)
        yield answer


def _put(into: dict[str, object], path: Sequence[str], value: Value) -> None:
    *names, last = path
    for name in names:
        inner = into.setdefault(name, {})
        if not isinstance(inner, dict):
            return
        into = inner
    into.setdefault(last, value)
