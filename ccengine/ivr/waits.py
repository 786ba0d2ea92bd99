"""Where a flow stops for the world, and what the world can answer.

``FlowRun.start()`` and ``FlowRun.resume(answer)`` run to the next wait; the caller's session
carries the wait out (on the phone, or in the terminal) and comes back with an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ccengine.ids import ArticleId, QueueId


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One thing to be heard: a text in a language, or a recorded file by name.

    ``name`` names a recording that wins over speech when it exists in the recordings folder.
    """

    text: str
    language: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayWait:
    """Play the prompts in order; a key in ``keys`` cuts them and ends the wait.

    With ``timeout_s`` > 0 the wait goes on after the last prompt for so long. ``keys`` empty:
    nothing interrupts.
    """

    prompts: tuple[Prompt, ...]
    keys: str = ""
    timeout_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueWait:
    """Enter the queue and stay until an agent has talked, or the queue lets the call go."""

    queue: QueueId
    """Empty with ``last_agent``."""
    language: str
    skills: Mapping[str, int] = field(default_factory=dict)
    """Skill -> level that the flow asks for, beside the queue's own."""
    keys: str = ""
    """Keys that lead out of the queue; other keys do nothing."""
    last_agent: bool = False
    """Into the personal queue of the agent who last talked with this customer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeWait:
    """Find the article that answers ``question``; its spoken text is the answer."""

    question: str
    language: str
    deadline_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EndWait:
    """The flow is over: hang up, unless the caller already has, or leaves a message next."""

    result: str  # "finished" | "failed" | "hung_up" | "voicemail"


Wait = PlayWait | QueueWait | KnowledgeWait | EndWait


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """The prompts were heard; ``key`` is the key pressed, or empty when none came in time."""

    key: str = ""


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


Answer = Played | QueueLeft | KnowledgeFound | HungUp
