"""The site file: one contact centre in one YAML file, as the engine understands it.

Shapes only; what must hold between the parts (a queue that names an unknown agent, a number that
names an unknown flow) is ``ccengine.site.check``. All times are seconds, all clock times are local
to ``time_zone``.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    model_validator,
)

from ccengine.acd.rules import (
    CallbackFirst,
    Empty,
    OverflowAction,
    OverflowMeasure,
    Strategy,
    WrapUpMode,
)
from ccengine.contacts.numbers import normalise_number
from ccengine.site.callback_times import MOST, PATTERN
from ccengine.site.outside import Query as Query
from ccengine.site.outside import System as System
from ccengine.site.part import Part as Part
from ccengine.site.part import Word as Word
from ccengine.site.transfers import Transfers

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


class NumberRoute(Part):
    """What a dialled number (DNIS) leads to."""

    flow: Word


Host = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.\-]{1,253}(:[0-9]{1,5})?$")]
SkillLevel = Annotated[int, Field(ge=1, le=10)]
PreferenceLevel = Annotated[int, Field(ge=0, le=9)]
Waited = Annotated[float, Field(gt=0, le=7_200)]
Key = Annotated[str, StringConstraints(pattern=r"^[0-9*#]$")]


class Member(Part):
    """An agent in a queue, when more is to be said than its extension."""

    agent: Extension
    level: PreferenceLevel = 0
    """Preference level: agents of lower level are rung first."""
    share: Annotated[int, Field(ge=1, le=100)] = 1
    """For weighted random: how many times as often as an agent of share 1."""


def _member(written: object) -> object:
    return {"agent": written} if isinstance(written, (str, int, float)) else written


class Relax(Part):
    """``{after: 20, skill: english, level: 2}``; level 0: the skill is no longer asked for."""

    after: Waited
    skill: Word
    level: Annotated[int, Field(ge=0, le=10)]


class Widen(Part):
    """``{after: 30, level: 1}``: from then on agents up to this preference level are rung too."""

    after: Waited
    level: PreferenceLevel


class OverflowWhen(Part):
    """One measure and its limit: ``{waited: 120}``. Agents: at or below it; others: at or above."""

    measure: OverflowMeasure
    limit: Annotated[float, Field(ge=0, le=86_400)]

    @model_validator(mode="before")
    @classmethod
    def _one_pair(cls, written: object) -> object:
        if isinstance(written, dict) and len(written) == 1:
            ((measure, limit),) = written.items()
            return {"measure": measure, "limit": limit}
        raise ValueError("one measure with its limit is wanted; write it like {waited: 120}")


class OverflowDo(Part):
    """One action, with its target where it has one: ``widen``, ``{queue: sales}``,
    ``{branch: sorry}``, ``voicemail``, ``callback``, ``{announce: busy_today}``."""

    action: OverflowAction
    target: str = ""

    @model_validator(mode="before")
    @classmethod
    def _one_pair(cls, written: object) -> object:
        if isinstance(written, str):
            return {"action": written}
        if isinstance(written, dict) and len(written) == 1:
            ((action, target),) = written.items()
            return {"action": action, "target": target}
        raise ValueError("one action is wanted; write it like `widen` or {queue: sales}")


class Overflow(Part):
    name: Word
    """As the journal, `why` and the pages call it."""
    when: OverflowWhen
    do: OverflowDo


class Callback(Part):
    """Callers of this queue may ask to be called back, keeping their place."""

    key: Key = "1"
    """Pressed while waiting, after it was offered."""
    first: CallbackFirst = CallbackFirst.AGENT
    attempts: Annotated[int, Field(ge=1, le=10)] = 3
    retry_after: Annotated[float, Field(ge=30, le=86_400)] = 600.0
    ring: Annotated[float, Field(ge=10, le=120)] = 30.0
    expires_after: Annotated[float, Field(ge=600, le=604_800)] = 86_400.0
    offer_every: Annotated[float, Field(ge=15, le=3_600)] | None = 60.0
    """Waiting callers are told of the key so often; null: only by an overflow rule."""
    trunk: Word
    """Over which the customer is called."""
    times: tuple[Annotated[str, StringConstraints(pattern=PATTERN)], ...] = Field(
        default=(), max_length=MOST
    )
    """What the caller may choose from instead of its turn: ``in 2h``, ``tomorrow 09:00``."""


class Message(Part):
    """A message that waiting callers hear again and again, or when a rule says so."""

    say: Texts
    recording: Word | None = None
    every: Annotated[float, Field(ge=15, le=3_600)] | None = None
    """Seconds; null: only by an overflow rule."""


class Load(Part):
    """Expected traffic of a queue's busiest hour."""

    calls_per_hour: Annotated[float, Field(gt=0, le=1_000_000)]
    handling: Annotated[float, Field(gt=0, le=7_200)]
    """Mean seconds of talk, hold and wrap-up."""
    agents: Annotated[float, Field(gt=0, le=100_000)] | None = None
    """At work on average; null: all of the queue's agents, shared ones by part."""
    vip: dict[Word, Annotated[float, Field(ge=0, le=1)]] = Field(default_factory=dict)
    """Level -> its part of the calls."""


class Queue(Part):
    title: Texts
    strategy: Strategy
    agents: tuple[Annotated[Member, BeforeValidator(_member)], ...] = ()
    """In order; an extension alone, or ``{agent: "1001", level: 1, share: 3}``."""
    ring_timeout: Annotated[float, Field(ge=3, le=120)] = 15.0
    wrap_up: Seconds = 20.0
    wrap_up_mode: WrapUpMode = WrapUpMode.FIXED
    wrap_up_extension: Annotated[float, Field(ge=0, le=600)] = 30.0
    wrap_up_extensions: Annotated[int, Field(ge=0, le=20)] = 2
    max_wait: Annotated[float, Field(ge=5, le=7_200)] | None = None
    missed_offers_to_not_ready: Annotated[int, Field(ge=0, le=20)] = 3
    retry_pause: Annotated[float, Field(ge=1, le=600)] = 10.0
    weight: Annotated[int, Field(ge=0, le=100)] = 0
    """Strict: calls of a higher weight go before all others. See `ccengine check`."""
    head_start: Seconds = 0.0
    skills: dict[Word, SkillLevel] = Field(default_factory=dict)
    relax: tuple[Relax, ...] = ()
    widen: tuple[Widen, ...] = ()
    sticky: Annotated[float, Field(ge=0, le=600)] = 0.0
    max_calls: Annotated[int, Field(ge=1, le=10_000)] | None = None
    hours: Word | None = None
    """Closed outside of these hours; null: always open."""
    when_closed: Literal["keep", "release"] = "keep"
    """What becomes of callers who wait at closing time."""
    join_when_empty: Empty = Empty.NEVER
    leave_when_empty: Empty = Empty.NEVER
    overflow: tuple[Overflow, ...] = ()
    callback: Callback | None = None
    messages: dict[Word, Message] = Field(default_factory=dict)
    announce_position: bool = True
    announce_wait: bool = True
    """The expected wait, whenever it can be trusted."""
    whisper: bool = False
    """The agent hears the queue's title before the caller is connected."""
    load: Load | None = None
    """What is expected; `ccengine check` computes the worst wait from it."""
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
    skills: dict[Word, SkillLevel] = Field(default_factory=dict)


class PersonalQueues(Part):
    """Calls for one agent: each agent has a queue of its own by these rules."""

    ring_timeout: Annotated[float, Field(ge=3, le=120)] = 20.0
    wrap_up: Seconds = 20.0
    max_wait: Annotated[float, Field(ge=5, le=7_200)] = 120.0
    head_start: Annotated[float, Field(ge=0, le=3_600)] = 0.0
    music: Word = "default"
    record: bool = True


class VipLevel(Part):
    title: Texts
    head_start: Seconds
    """The call is placed as if it had come so many seconds earlier."""
    ageing: Annotated[float, Field(ge=1, le=10)] = 1.0
    """Seconds of standing gained by each second of waiting."""


class Trunk(Part):
    """Where callers come from; matched by source address."""

    match: tuple[str, ...]
    trusted: bool = False
    """Caller ids from here may give VIP rights."""
    outbound: Host | None = None
    """Host (and port) that calls to customers go to; null: none go out here."""
    caller_id: Number | None = None
    """The number shown to customers who are called back."""
    allowed: tuple[Annotated[str, StringConstraints(pattern=r"^[0-9]{1,20}$")], ...] = ()
    """Prefixes that may be called. Empty: nothing may."""
    most_calls: Annotated[int, Field(ge=1, le=1_000)] = 10
    """Calls to customers that may be out over it at once."""


Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Hours(Part):
    """Weekly hours, with days on which others hold."""

    week: dict[Weekday, tuple[str, ...]]
    """``mon: ["09:00-12:00", "13:00-18:00"]``; a missing day is closed; ``24:00`` is midnight."""
    days: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """``"2026-10-01": []`` closed; ``"2026-10-10": ["09:00-18:00"]``. Wins over the holidays."""
    holidays: Literal["cn"] | None = None
    """``cn``: closed on the public holidays of China; make-up days are worked."""
    make_up: Weekday = "mon"
    """The weekday whose hours hold on make-up working days."""


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
    systems: dict[Word, System] = Field(default_factory=dict)
    """Business systems that flows may ask."""
    transfers: Transfers | None = None
    """Outside numbers that flows may connect callers with; null: none."""
    queries: dict[Word, Query] = Field(default_factory=dict)
    """Questions to databases that flows may ask."""
    not_ready_reasons: dict[Word, Texts] = Field(default_factory=dict)
    dispositions: dict[Word, Disposition] = Field(default_factory=dict)
    fallback: Fallback = Fallback()
    skills: dict[Word, Texts] = Field(default_factory=dict)
    """The skills that agents can have and queues can ask for."""
    personal_queues: PersonalQueues | None = None
    """null: no calls for one agent."""
    starvation: Literal["refuse", "accept"] = "refuse"
    """``accept``: a site whose ordinary callers could wait for ever is taken all the same, and
    `ccengine check` and the log say so at every load."""
