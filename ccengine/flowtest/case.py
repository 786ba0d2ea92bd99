"""A case: one call as it should go, written beside its flow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from ccengine.flowtest.arrival import MORNING, Arrival, Opening, believable
from ccengine.flowtest.outside import (
    CallbackDoes,
    ConferenceDoes,
    LookupSays,
    QueueDoes,
    RecordDoes,
    RouteDoes,
    TransferDoes,
)
from ccengine.ivr.model import StepName, StepPart
from ccengine.ivr.waits import Value
from ccengine.site.model import Language
from ccengine.yamlsource.model import Position

Moment = Annotated[datetime, AfterValidator(believable)]
Keys = Annotated[str, StringConstraints(pattern=r"^[0-9*#]{1,64}$")]
Heard = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
"""A part of what is heard; with ``~`` in front a regular expression."""

_WORDS = ("silence", "hang_up")


def _word(value: object) -> object:
    """``silence`` is short for ``silence: true``."""
    return {value: True} if isinstance(value, str) and value in _WORDS else value


class CaseStep(StepPart):
    """One thing that happens; exactly one key."""

    hears: Heard | None = None
    asks: Heard | None = None
    """What the flow asks of the outside, as the dialogue shows it."""
    press: Keys | None = None
    """Keys, one quickly after the other."""
    silence: Literal[True] | None = None
    says: Heard | None = None
    hang_up: Literal[True] | None = None
    at: Moment | None = None
    """The clock jumps to this moment."""
    queue: QueueDoes | None = None
    transfer: TransferDoes | None = None
    conference: ConferenceDoes | None = None
    callback: CallbackDoes | None = None
    record: RecordDoes | None = None
    knowledge: Heard | None = None
    """The spoken text of the article, or ``nothing``."""
    lookup: LookupSays | None = None
    route: RouteDoes | None = None

    @model_validator(mode="after")
    def _one(self) -> CaseStep:
        if len(self.model_fields_set) != 1:
            raise ValueError("a step of a case has one key; write each on a line of its own")
        return self

    @property
    def does(self) -> str:
        """Its key."""
        return next(iter(self.model_fields_set))


Step = Annotated[CaseStep, BeforeValidator(_word)]


class Customer(StepPart):
    """Who the caller is known as."""

    name: str = ""
    id: str = ""
    last_agent: str = ""


Ends = Literal["finished", "hung_up", "voicemail", "failed"]
WayStep = Annotated[dict[StepName, str], Field(min_length=1, max_length=1)]


class Case(StepPart):
    """How the call begins, what happens, and where it ends."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    ani: str = Arrival().ani
    dnis: str = Arrival().dnis
    at: Moment = MORNING
    """Without a zone: the site's local time."""
    language: Language = "zh-CN"
    vip: str = ""
    verified: bool = True
    customer: Customer | None = None
    hours: dict[str, Opening] = Field(default_factory=dict)
    """Hours of the site file that are taken to be so, whatever the clock says."""
    answers: dict[str, object] = Field(default_factory=dict)
    """By system, query, ``customer``, ``last_agent`` or ``knowledge``: what it answers each time; a
    list: one after the other, the last one again and again."""
    steps: list[Step] = Field(default_factory=list, max_length=500)
    ends: Ends
    at_step: StepName | None = None
    """The step at which it ends."""
    data: dict[str, Value] = Field(default_factory=dict)
    """Part of what the flow has learnt by then."""
    way: list[WayStep] | None = None
    """All finished steps with their results."""

    @property
    def arrival(self) -> Arrival:
        known = self.customer.model_dump() if self.customer else {}
        return Arrival(
            ani=self.ani,
            dnis=self.dnis,
            at=self.at,
            language=self.language,
            vip=self.vip,
            verified=self.verified,
            customer=known,
            hours=self.hours,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenCase:
    """A case and where it stands."""

    case: Case
    flow: str
    file: str
    positions: tuple[Position, ...]
    """Of the case itself, then of each of its steps."""

    def place(self, step: int | None = None) -> str:
        at = self.positions[0 if step is None else step + 1]
        return f"{self.file}:{at.line}:{at.column}"
