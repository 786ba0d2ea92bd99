"""What the world can answer to a flow that waits for it (``ccengine.ivr.waits``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from ccengine.ids import ArticleId
from ccengine.ivr.waits import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """The prompts were heard; ``key`` is the key pressed, or empty when none came in time."""

    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """``digits`` without the terminator. ``by``: what ended it."""

    digits: str
    by: Literal["terminator", "length", "timeout"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listened:
    """A key, or what was understood; both empty: nothing was said, or nothing understood."""

    key: str = ""
    text: str = ""
    spoke: bool = False
    """Something was said, understood or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedUp:
    """``found`` False and ``why`` empty: the outside answered, and knows of nothing."""

    found: bool
    values: Mapping[str, Value] = field(default_factory=dict)
    """Flat: the answer's names, dotted where it is nested (``account.balance``, ``items.0.id``)."""
    why: str = ""
    """It failed: ``late``, ``unreachable``, ``refused``, ``unreadable``, ``secret_lost``,
    ``too_much`` (more than the flow can keep of its call), or ``skipped``: it was down a moment
    ago, and is given time to come back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """What a business system wants done. ``action`` empty: no usable answer, for ``why``."""

    action: Literal["queue", "agent", "flow", "play", "hangup", ""]
    target: str = ""
    """The queue, the agent's extension, or the flow."""
    head_start_s: float = 0.0
    skills: Mapping[str, int] = field(default_factory=dict)
    say: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    """What the system wants the agent or the flow to know."""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """``reference`` empty: nothing was recorded. A hang-up ends a recording without losing it."""

    reference: str
    seconds: float = 0.0


class TransferResult(StrEnum):
    ANSWERED = "answered"
    """They talked, and the other side hung up first."""
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    UNREACHABLE = "unreachable"
    NOT_ALLOWED = "not_allowed"
    """The number is not on the allow-list, or the day's limit is reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transferred:
    result: TransferResult


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceLeft:
    result: Literal["left", "full", "closed", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackSettled:
    """``arranged`` False: the caller gave no number that may be called, or the queue refuses."""

    arranged: bool
    time: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenDown:
    """The answer of a survey is in the journal."""


class QueueResult(StrEnum):
    SERVED = "served"
    TIMED_OUT = "timed_out"
    NO_AGENTS = "no_agents"
    FULL = "full"
    CLOSED = "closed"
    KEY = "key"
    """The caller pressed one of the exit keys."""
    BRANCH = "branch"
    """An overflow rule named a way on."""
    VOICEMAIL = "voicemail"
    CALLBACK = "callback"
    """The caller will be called back and may hang up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLeft:
    result: QueueResult
    key: str = ""
    branch: str = ""
    time: str = ""
    """Of a callback, when the caller chose one: as the site file has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeFound:
    """The best article, or ``article_id`` None: nothing fits, or the deadline passed."""

    article_id: ArticleId | None
    spoken: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HungUp:
    """The caller is gone; the flow ends where it stands."""


Answer = (
    Played
    | Collected
    | Listened
    | LookedUp
    | Routed
    | Recorded
    | Transferred
    | ConferenceLeft
    | CallbackSettled
    | WrittenDown
    | QueueLeft
    | KnowledgeFound
    | HungUp
)
