"""The site file: one contact centre in one YAML file, as the engine understands it.

Shapes only; what must hold between the parts (a queue that names an unknown agent, a number that
names an unknown flow) is ``ccengine.site.check``. All times are seconds, all clock times are local
to ``time_zone``.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from ccengine.acd.rules import Strategy
from ccengine.contacts.numbers import normalise_number

Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
"""A name that goes into dialplan, table and URL alike."""
Extension = Annotated[str, StringConstraints(pattern=r"^[0-9]{2,8}$")]
Number = Annotated[str, StringConstraints(pattern=r"^\+?[0-9]{2,20}$")]
Language = Literal["zh-CN", "en"]
Texts = dict[Language, str]
VipNumbers = Annotated[
    dict[Number, Word],
    AfterValidator(lambda numbers: {normalise_number(n) or n: v for n, v in numbers.items()}),
]
"""Number -> level, the numbers in their one spelling (``ccengine.contacts.numbers``)."""
Seconds = Annotated[float, Field(ge=0, le=86_400)]


class Part(BaseModel):
    """No unknown keys, no changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class NumberRoute(Part):
    """What a dialled number (DNIS) leads to."""

    flow: Word


class Queue(Part):
    title: Texts
    strategy: Strategy
    agents: tuple[Extension, ...] = ()
    ring_timeout: Annotated[float, Field(ge=3, le=120)] = 15.0
    wrap_up: Seconds = 20.0
    max_wait: Annotated[float, Field(ge=5, le=7_200)] | None = None
    missed_offers_to_not_ready: Annotated[int, Field(ge=0, le=20)] = 3
    service_level: Annotated[float, Field(ge=1, le=600)] = 20.0
    """Answered within so many seconds counts for the service level."""
    short_abandon: Annotated[float, Field(ge=0, le=60)] = 5.0
    """A caller who leaves sooner is shown apart."""
    announce_every: Annotated[float, Field(ge=10, le=600)] | None = 30.0
    """Position and expected wait are told at entry and then so often; null: never."""
    music: Word = "default"
    record: bool = True


class Agent(Part):
    """Keyed by its extension, which is also its phone's SIP user."""

    name: str = Field(min_length=1, max_length=64)
    username: Word
    """For the login on the page."""
    languages: tuple[Language, ...] = ("zh-CN",)


class VipLevel(Part):
    title: Texts
    head_start: Seconds
    """The call is placed as if it had come so many seconds earlier."""


class Trunk(Part):
    """Where callers come from; matched by source address."""

    match: tuple[str, ...]
    trusted: bool = False
    """Caller ids from here may give VIP rights."""


class Hours(Part):
    """Weekly hours, with days on which others hold."""

    week: dict[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], tuple[str, ...]]
    """``mon: ["09:00-12:00", "13:00-18:00"]``; a missing day is closed; ``24:00`` is midnight."""
    days: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """``"2026-10-01": []`` closed; ``"2026-10-10": ["09:00-18:00"]`` a make-up working day."""


class Fallback(Part):
    """What Asterisk does by itself when the engine cannot be reached."""

    agents: tuple[Extension, ...] = ()
    """Phones rung all together by the static queue."""
    ring: Annotated[float, Field(ge=5, le=600)] = 60.0
    """Seconds in the static queue before voicemail."""


class Disposition(Part):
    title: Texts


class Site(Part):
    schema_version: Literal[1] = Field(alias="schema")
    name: Texts
    time_zone: str
    languages: tuple[Language, ...] = ("zh-CN", "en")
    numbers: dict[Number, NumberRoute]
    default_flow: Word
    queues: dict[Word, Queue]
    agents: dict[Extension, Agent]
    vip_levels: dict[Word, VipLevel] = Field(default_factory=dict)
    vip_numbers: VipNumbers = Field(default_factory=dict)
    trunks: dict[Word, Trunk] = Field(default_factory=dict)
    hours: dict[Word, Hours] = Field(default_factory=dict)
    not_ready_reasons: dict[Word, Texts] = Field(default_factory=dict)
    dispositions: dict[Word, Disposition] = Field(default_factory=dict)
    fallback: Fallback = Fallback()
