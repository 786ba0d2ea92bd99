"""What a step is made of: the words all step types share.

A step is a pydantic model of its YAML mapping plus three pure answers: what happens when a call
enters it, what the world is to do for it, and what the world's answer means.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from ccengine.ids import ArticleId, CallId, FlowId
from ccengine.ivr.answers import Answer
from ccengine.ivr.templates import Template, template_text
from ccengine.ivr.waits import Prompt, Value, Wait
from ccengine.site.model import Language
from ccengine.yamlsource.model import KeyPath
from ccengine.yamlsource.written import WrittenModel

ALL_KEYS = "0123456789*#"

StepName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,47}$")]
RecordingName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Key = Annotated[str, StringConstraints(pattern=r"^[0-9*#]$")]
"""One key of a telephone."""
Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=Template.MOST_CHARACTERS),
    AfterValidator(template_text),
]
"""Words with places for what is known of the call (``ccengine.ivr.templates``)."""


def _in_languages(value: object) -> object:
    if isinstance(value, str):
        raise ValueError("a text is written in each language; write {zh-CN: …, en: …}")
    return value


Texts = Annotated[dict[Language, Text], Field(min_length=1), BeforeValidator(_in_languages)]
"""One text in each of the site's languages."""
Timeout = Annotated[float, Field(ge=1, le=60)]
"""Seconds to wait for a key after the last prompt."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
"""A name that a flow gives to something it learns of its call: ``order_no``."""

FlowName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Result = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
"""With which a flow returns to the step that entered it."""

Memory = Mapping[str, str | int]
"""What a step remembers between two of its own waits; goes into the saved run as JSON."""

Data = Mapping[str, Value]
"""What is known of a call, by name. A name without a value reads as an empty text."""

KNOWN_NAMES = (
    "caller.number",
    "caller.verified",
    "call.id",
    "call.number",
    "call.vip_level",
    "call.language",
    "customer.id",
    "customer.name",
    "customer.known",
    "customer.last_agent",
)
"""What a flow may read of every call without having learnt it; all other names are its own.
``call.number`` is the number dialled (DNIS), ``caller.number`` the one that calls (ANI)."""

IsOpen = Callable[[str, float], bool]
"""``is_open(hours name, now)``: whether these hours of the site file hold at that clock reading."""


def no_holiday(_hours: str, _now: float) -> bool:
    """For whoever knows of no calendar."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowContext:
    """What a flow may know of its call. ``language`` is the one the call begins in."""

    call_id: CallId
    ani: str
    dnis: str
    vip_level: str
    language: str
    is_open: IsOpen
    is_holiday: IsOpen = no_holiday
    """Whether a public holiday of these hours' calendar is on."""
    time_zone: str = "UTC"
    """Of the site: where its days begin."""
    ani_verified: bool = False
    customer: Data = field(default_factory=dict)
    """``customer.*`` of ``KNOWN_NAMES``, as far as the caller is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The moment at which a step is entered or answered."""

    context: FlowContext
    language: str
    now: float
    data: Data = field(default_factory=dict)
    """``KNOWN_NAMES`` and what the flow has learnt; secrets are not among it."""
    secrets: Mapping[str, str] = field(default_factory=dict)
    """Digits that only a lookup may hand on. An empty one was lost in a restart."""
    room: int = 3_000
    """Bytes, as JSON, that the flow may still learn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """The step goes on; ``step.wait(scene, memory)`` says what for."""

    memory: Memory
    learnt: Data = field(default_factory=dict)
    """Known from here on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enter:
    """Into another flow; ``comes_back``: the step hears of its end (``came_back``)."""

    result: str
    flow: FlowId
    data: Data = field(default_factory=dict)
    """What the other flow is given; it sees nothing else of this one's, but ``KNOWN_NAMES``."""
    comes_back: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """The step is done by branch ``result``; ``to`` None ends the flow as the flow meant it."""

    result: str
    to: str | None
    language: str | None = None
    """The language from here on, when the step changes it."""
    end: Literal["finished", "voicemail"] = "finished"
    """How the flow ends when ``to`` is None; ``voicemail``: the caller leaves a message next."""
    learnt: Data = field(default_factory=dict)
    """Known from here on."""
    secrets: Mapping[str, str] = field(default_factory=dict)
    """Known from here on, and never written anywhere."""
    returns: str | None = None
    """With ``to`` None, in a flow that was entered by another: back there, with this result."""
    no_input: int = 0
    """How often the caller pressed nothing in this step."""
    invalid: int = 0
    """How often what it pressed or said meant nothing."""
    forgets_keys: bool = False
    """What was typed ahead counts for nothing: the caller is not where it thought it was."""
    article_id: ArticleId | None = None
    """Of the knowledge base, read to the caller in this step."""
    helped: bool | None = None
    """What the caller said of it, if it was asked."""


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
    file: str = ""
    """A recording without words, such as a jingle; there are no texts then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteName:
    """A name of the site file that a step relies on."""

    kind: Literal[
        "queue", "hours", "language", "agent", "skill", "system", "query", "trunk", "vip_level"
    ]
    name: str
    at: KeyPath


@dataclass(frozen=True, slots=True, kw_only=True)
class NameUse:
    """A name of the call's data where a step reads or gives it."""

    name: str
    at: KeyPath
    secret: bool = False
    """Given: as a secret. Read: where a secret may stand (a lookup's request)."""
    form: str = ""
    """Read: how it is spoken (``digits``, ``money``, …), if it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowUse:
    """Another flow that a step leads to."""

    flow: FlowId
    at: KeyPath
    comes_back: bool
    gives: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    """The results for which the step has a way."""
    every_result: bool = False
    """It has a way for all the others too."""


class UnexpectedAnswerError(Exception):
    """A wait was answered with something it did not ask for: the engine's own mistake."""

    def __init__(self, step_type: str, answer: object) -> None:
        super().__init__(f"a {step_type} step cannot be answered with {answer!r}")


class StepPart(WrittenModel):
    """A part of a step as it is written in the file."""


class Step(StepPart, ABC):
    """One node of a flow."""

    type: str
    title: Texts | None = None
    """For people, such as the agent who sees the caller's way; never spoken."""

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
    def enter(self, scene: Scene) -> Stay | Leave | Enter:
        """The call arrives at this step."""

    def wait(self, scene: Scene, memory: Memory) -> Wait:
        """What the caller's session is to carry out. The same for the same arguments, always."""
        raise NotImplementedError(f"a {self.type} step never waits")

    def kept(self, memory: Memory) -> Memory:
        """What of the memory is saved with the run: all of it, where it is small."""
        return memory

    def reading(self, memory: Memory) -> ArticleId | None:
        """The article that is being read to the caller, or was just read to it."""
        return None

    def answered(self, scene: Scene, memory: Memory, answer: Answer) -> Stay | Leave:
        """The wait is over; a hang-up never gets here."""
        raise UnexpectedAnswerError(self.type, answer)

    def came_back(self, scene: Scene, result: str, data: Data) -> Stay | Leave:
        """The flow that this step entered has returned; ``data`` is all that it knew."""
        raise UnexpectedAnswerError(self.type, result)

    def reads(self) -> tuple[NameUse, ...]:
        """All names that the step's texts and expressions read, for the check."""
        return ()

    def learns(self) -> tuple[NameUse, ...]:
        """All names to which the step gives a value, for the check."""
        return ()

    def flows(self) -> tuple[FlowUse, ...]:
        """Other flows that it leads to."""
        return ()

    def returns(self) -> str | None:
        """The result with which it goes back to the flow that entered this one; None: it stays."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A checked flow. ``version`` is a hash of what the file says, comments left out, and of what
    all flows say that a call can get to from it."""

    id: FlowId
    version: str
    start: str
    steps: Mapping[str, Step]
    title: Mapping[Language, str] = field(default_factory=dict)
    """For people; never spoken."""
    takes: tuple[str, ...] = ()
    """Names that whoever enters it must give."""
    others: Mapping[FlowId, Flow] = field(default_factory=dict, compare=False, repr=False)
    """The flows that it leads to, as they were when it was loaded; itself may be among them."""


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
