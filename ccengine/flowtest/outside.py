"""What queues, phones and other systems do in a case, as it is written there, and as answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, get_args

from pydantic import Field

from ccengine.ids import ArticleId
from ccengine.ivr.answers import (
    Answer,
    CallbackSettled,
    ConferenceLeft,
    KnowledgeFound,
    LookedUp,
    QueueLeft,
    QueueResult,
    Recorded,
    Routed,
    Transferred,
    TransferResult,
)
from ccengine.ivr.model import Key, StepPart
from ccengine.ivr.waits import (
    CallbackWait,
    ConferenceWait,
    KnowledgeWait,
    LookupWait,
    QueueWait,
    RecordWait,
    RouteWait,
    TransferWait,
    Value,
    Wait,
)

Failure = Literal["late", "unreachable", "refused", "unreadable", "skipped"]
"""How an outside system can fail."""
NOTHING = "nothing"

Json = str | int | float | bool | None | dict[str, object] | list[object]


class QueueKey(StepPart):
    """``queue: {key: "9"}``: the caller presses an exit key."""

    key: Key


class QueueBranch(StepPart):
    """``queue: {branch: at_night}``: an overflow rule leads out."""

    branch: str


class CallbackAt(StepPart):
    """``{time: today 15:00}``: arranged for a time of the site file."""

    time: str


class Recording(StepPart):
    """``record: {seconds: 8}``"""

    seconds: Annotated[float, Field(gt=0, le=3_600)]


QueueWord = Literal["served", "timed_out", "no_agents", "full", "closed", "voicemail", "callback"]
QueueDoes = QueueWord | QueueKey | QueueBranch
TransferDoes = Literal["answered", "no_answer", "busy", "unreachable", "not_allowed"]
ConferenceDoes = Literal["left", "full", "closed", "failed"]
CallbackDoes = Literal["arranged", "refused"] | CallbackAt
RecordDoes = Literal["nothing"] | Recording


class RouteSays(StepPart):
    """What a business system answers to ``route``."""

    action: Literal["queue", "agent", "flow", "play", "hangup"]
    target: str = ""
    head_start: float = 0.0
    skills: dict[str, int] = Field(default_factory=dict)
    say: str = ""
    values: dict[str, object] = Field(default_factory=dict)


LookupSays = Failure | Literal["nothing"] | dict[str, object]
RouteDoes = Failure | RouteSays

FAILURES: tuple[str, ...] = get_args(Failure)


def queue_answer(does: QueueDoes) -> QueueLeft:
    match does:
        case QueueKey():
            return QueueLeft(result=QueueResult.KEY, key=does.key)
        case QueueBranch():
            return QueueLeft(result=QueueResult.BRANCH, branch=does.branch)
        case _:
            return QueueLeft(result=QueueResult(does))


def transfer_answer(does: TransferDoes) -> Transferred:
    return Transferred(result=TransferResult(does))


def conference_answer(does: ConferenceDoes) -> ConferenceLeft:
    return ConferenceLeft(result=does)


def callback_answer(does: CallbackDoes) -> CallbackSettled:
    if isinstance(does, CallbackAt):
        return CallbackSettled(arranged=True, time=does.time)
    return CallbackSettled(arranged=does == "arranged")


def record_answer(does: RecordDoes) -> Recorded:
    if isinstance(does, Recording):
        return Recorded(reference="recording", seconds=does.seconds)
    return Recorded(reference="")


def knowledge_answer(says: str) -> KnowledgeFound:
    """The spoken answer, or ``nothing``, or ``late``."""
    if says in (NOTHING, "late"):
        return KnowledgeFound(article_id=None)
    return KnowledgeFound(article_id=ArticleId("article"), spoken=says)


def lookup_answer(says: LookupSays, wants: tuple[str, ...]) -> LookedUp:
    if isinstance(says, str):
        return LookedUp(found=False, why="" if says == NOTHING else says)
    values = flat(says)
    return LookedUp(found=True, values={name: values[name] for name in wants if name in values})


def route_answer(says: RouteDoes, wants: tuple[str, ...]) -> Routed:
    if isinstance(says, str):
        return Routed(action="", why=says)
    values = flat(says.values)
    return Routed(
        action=says.action,
        target=says.target,
        head_start_s=says.head_start,
        skills=says.skills,
        say=says.say,
        values={name: values[name] for name in wants if name in values},
    )


def flat(said: object, under: str = "") -> dict[str, Value]:
    """``{"a": {"b": [1]}}`` as ``{"a.b.0": 1}``; null is left out."""
    if isinstance(said, Mapping):
        items = [(str(name), value) for name, value in said.items()]
    elif isinstance(said, list):
        items = [(str(place), value) for place, value in enumerate(said)]
    elif isinstance(said, str | int | float | bool):
        return {under: said}
    else:
        return {}
    found: dict[str, Value] = {}
    for name, value in items:
        found.update(flat(value, f"{under}.{name}" if under else name))
    return found


OutsideKind = Literal[
    "queue", "transfer", "conference", "callback", "record", "knowledge", "lookup", "route"
]
"""The keys of a case's steps that answer for the outside."""


def kind_of(wait: Wait) -> OutsideKind | None:
    """Which of them answers this wait; None: the caller does, or nobody needs to."""
    match wait:
        case QueueWait():
            return "queue"
        case TransferWait():
            return "transfer"
        case ConferenceWait():
            return "conference"
        case CallbackWait():
            return "callback"
        case RecordWait():
            return "record"
        case KnowledgeWait():
            return "knowledge"
        case LookupWait():
            return "lookup"
        case RouteWait():
            return "route"
        case _:
            return None


def source_of(wait: Wait) -> str:
    """The name under which a case keeps answers to all questions of this kind."""
    match wait:
        case LookupWait():
            return wait.source or wait.kind
        case RouteWait():
            return wait.system
        case KnowledgeWait():
            return "knowledge"
        case _:
            return ""


def question_of(wait: Wait) -> str:
    """The wait in words, for the dialogue; nothing secret is in it."""
    match wait:
        case QueueWait():
            who = "of the last agent" if wait.last_agent else wait.queue
            return f"waits in the queue {who}"
        case TransferWait():
            return f"rings {', '.join(wait.targets)}"
        case ConferenceWait():
            return f"in the conference {wait.room}"
        case CallbackWait():
            return f"asks for a callback of {wait.queue}"
        case RecordWait():
            return f"records a {wait.kind}" + (f" for {wait.mailbox}" if wait.mailbox else "")
        case KnowledgeWait():
            return f"asks the knowledge base: {wait.question}"
        case LookupWait():
            return f"asks {_asked(wait)}"
        case RouteWait():
            return f"asks {wait.system} {wait.path} what to do".replace("  ", " ")
        case _:
            return ""


def _asked(wait: LookupWait) -> str:
    if wait.kind == "customer":
        return "who the customer is"
    if wait.kind == "last_agent":
        return "who talked with the customer last"
    request = f"{wait.method} {wait.path}" if wait.kind == "http" else ""
    values = ", ".join(f"{name}={value}" for name, value in wait.values.items())
    if wait.secret:
        request, values = (wait.method if wait.kind == "http" else ""), "(secret)"
    return " ".join(part for part in (wait.source, request, values) if part)


def took_s(wait: Wait, answer: Answer) -> float:
    """How long such a wait is taken to last, for the clock of the call."""
    match wait, answer:
        case QueueWait(), QueueLeft(result=QueueResult.SERVED):
            return 150.0
        case QueueWait(), QueueLeft(result=QueueResult.TIMED_OUT):
            return wait.max_wait_s or 300.0
        case QueueWait(), QueueLeft(result=QueueResult.KEY | QueueResult.BRANCH):
            return 30.0
        case TransferWait(), Transferred(result=TransferResult.ANSWERED):
            return 120.0
        case TransferWait(), Transferred(result=TransferResult.NO_ANSWER):
            return wait.ring_s
        case RecordWait(), Recorded():
            return answer.seconds or wait.silence_s
        case ((LookupWait() | RouteWait() | KnowledgeWait()), _):
            late = getattr(answer, "why", "") == "late"
            return (wait.deadline_s or 2.0) if late else 0.2
        case _:
            return 1.0
