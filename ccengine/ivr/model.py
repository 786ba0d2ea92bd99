"""What a step is made of: the words all step types share.

A step is a pydantic model of its YAML mapping plus three pure answers: what happens when a call
enters it, what the world is to do for it, and what the world's answer means.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ccengine.ids import CallId, FlowId
from ccengine.ivr.waits import Answer, Prompt, Wait
from ccengine.site.model import Language
from ccengine.yamlsource.model import KeyPath

ALL_KEYS = "0123456789*#"

StepName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,47}$")]
RecordingName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Key = Annotated[str, StringConstraints(pattern=r"^[0-9*#]$")]
"""One key of a telephone."""
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]
Texts = Annotated[dict[Language, Text], Field(min_length=1)]
"""One text in each of the site's languages."""
Timeout = Annotated[float, Field(ge=1, le=60)]
"""Seconds to wait for a key after the last prompt."""

Memory = Mapping[str, str | int]
"""What a step remembers between two of its own waits; goes into the saved run as JSON."""

IsOpen = Callable[[str, float], bool]
"""``is_open(hours name, now)``: whether these hours of the site file hold at that clock reading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowContext:
    """What a flow may know of its call. ``language`` is the one the call begins in."""

    call_id: CallId
    ani: str
    dnis: str
    vip_level: str
    language: str
    is_open: IsOpen


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The moment at which a step is entered or answered."""

    context: FlowContext
    language: str
    now: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """The step goes on; ``step.wait(language, memory)`` says what for."""

    memory: Memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """The step is done by branch ``result``; ``to`` None ends the flow as the flow meant it."""

    result: str
    to: str | None
    language: str | None = None
    """The language from here on, when the step changes it."""
    end: Literal["finished", "voicemail"] = "finished"
    """How the flow ends when ``to`` is None; ``voicemail``: the caller leaves a message next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One way out of a step. ``waits``: the caller spends time in the step before taking it."""

    to: str
    at: KeyPath
    waits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StepText:
    """A text of a step, for the check and for rendering."""

    texts: Mapping[Language, str]
    at: KeyPath
    recording: str = ""
    heard: bool = True
    """False: never spoken, only searched for."""
    every_language: bool = True
    """False: is said in its own language only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteName:
    """A name of the site file that a step relies on."""

    kind: Literal["queue", "hours", "language", "agent", "skill"]
    name: str
    at: KeyPath


class UnexpectedAnswerError(Exception):
    """A wait was answered with something it did not ask for: the engine's own mistake."""

    def __init__(self, step_type: str, answer: object) -> None:
        super().__init__(f"a {step_type} step cannot be answered with {answer!r}")


class StepPart(BaseModel):
    """No unknown keys, no changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Step(StepPart, ABC):
    """One node of a flow."""

    type: str

    @abstractmethod
    def ways(self) -> tuple[Branch, ...]:
        """All ways out, as written in the file."""

    def texts(self) -> tuple[StepText, ...]:
        """All texts, for the check of languages and for rendering."""
        return ()

    def site_names(self) -> tuple[SiteName, ...]:
        """Queues, hours and languages that the site file must have."""
        return ()

    @abstractmethod
    def enter(self, scene: Scene) -> Stay | Leave:
        """The call arrives at this step."""

    def wait(self, language: str, memory: Memory) -> Wait:
        """What the caller's session is to carry out. The same for the same memory, always."""
        raise NotImplementedError(f"a {self.type} step never waits")

    def kept(self, memory: Memory) -> Memory:
        """What of the memory is saved with the run: all of it, where it is small."""
        return memory

    def answered(self, scene: Scene, memory: Memory, answer: Answer) -> Stay | Leave:
        """The wait is over; a hang-up never gets here."""
        raise UnexpectedAnswerError(self.type, answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A checked flow. ``version`` is a hash of what the file says, comments left out."""

    id: FlowId
    version: str
    start: str
    steps: Mapping[str, Step]


def prompt_of(texts: Mapping[Language, str], language: str, recording: str) -> Prompt:
    """The prompt in the caller's language, or in the first language there is.

    The check refuses a flow without all languages of the site; a run restored after the site
    dropped a language still says something.
    """
    for candidate, text in texts.items():
        if candidate == language:
            return Prompt(text=text, language=candidate, name=recording)
    candidate, text = next(iter(texts.items()))
    return Prompt(text=text, language=candidate, name=recording)
