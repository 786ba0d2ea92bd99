"""Where a flow stops for the world: what is to be done for the call now.

``FlowRun.start()`` and ``FlowRun.resume(answer)`` run to the next wait; the caller's session
carries the wait out (on the phone, or in the terminal) and comes back with an answer
(``ccengine.ivr.answers``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ccengine.ids import QueueId

Value = str | int | float | bool
"""What a call's data is made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One thing to be heard: a text in a language, or a recorded file by name.

    ``name`` names a recording that wins over speech when it exists in the recordings folder.
    """

    text: str
    language: str
    name: str = ""
    live: bool = False
    """Known only now (a customer's name, an outside system's words): spoken while the caller waits,
    within a deadline, or passed over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayWait:
    """Play the prompts in order; a key in ``keys`` cuts them and ends the wait.

    With ``timeout_s`` > 0 the wait goes on after the last prompt for so long. ``keys`` empty:
    nothing interrupts.
    """

    prompts: tuple[Prompt, ...]
    keys: str = ""
    timeout_s: float = 0.0
    fresh: bool = False
    """Keys pressed before it count for nothing: no typing ahead over this point."""
    message: str = ""
    """What the caller has recorded in this call, heard before the prompts: its path below the
    folder of messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectWait:
    """Play the prompts and take digits, until there are ``most``, the terminator, or a pause."""

    prompts: tuple[Prompt, ...]
    most: int
    terminator: str = "#"
    """One key, or empty: none ends it."""
    star: bool = False
    """The star is one of the digits, and not a key without meaning."""
    first_timeout_s: float = 5.0
    """From the end of the prompts to the first digit."""
    next_timeout_s: float = 3.0
    secret: bool = False
    """The digits go into no log, no journal, no recording and no saved state."""
    fresh: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenWait:
    """Play the prompts and take one key or one utterance, whichever is first."""

    prompts: tuple[Prompt, ...]
    keys: str
    language: str
    timeout_s: float
    """Of silence after the prompts; then nothing was said."""
    longest_s: float
    """Of the utterance."""
    deadline_s: float
    """For the recogniser; later it counts as nothing understood."""
    phrases: tuple[str, ...] = ()
    """What may be expected, for recognisers that take hints."""
    fresh: bool = False
    """As in ``PlayWait``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupWait:
    """Ask the outside. All that is needed stands here: names are of the site file, values whole."""

    kind: Literal["http", "sql", "customer", "last_agent"]
    source: str = ""
    """The system (http) or query (sql) of the site file."""
    method: Literal["GET", "POST"] = "GET"
    path: str = ""
    """Of the URL, placeholders filled and quoted."""
    values: Mapping[str, Value] = field(default_factory=dict, repr=False)
    """Parameters: of the query string, of the JSON body, or of the SQL query."""
    wants: tuple[str, ...] = ()
    """What of the answer matters: dotted paths; the answer's values have no others."""
    secret: bool = False
    """Some value is secret: nothing of the request goes into a log, nor the answer into a cache."""
    secret_lost: bool = False
    """A secret that it needs did not survive a restart: it is not asked at all."""
    deadline_s: float | None = None
    """None: that of the site file. It is never longer than that."""
    cache_s: float = 0.0
    """An answer to the same question may be this old."""
    music: str = ""
    """Heard when the answer takes longer than a moment; empty: nothing."""
    room: int = 1_500
    """Bytes, as JSON, that the flow can keep of the answer; one with more is ``too_much``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteWait:
    """Ask a business system what to do with this call; it is told who calls and what is known."""

    system: str
    path: str
    values: Mapping[str, Value] = field(default_factory=dict)
    """What it is told; a dotted name is a name within a name."""
    wants: tuple[str, ...] = ()
    """What of the answer's ``values`` matters: dotted paths."""
    deadline_s: float | None = None
    """None: that of the site file. It is never longer than that."""
    music: str = ""
    """Heard when the answer takes longer than a moment; empty: nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordWait:
    """Record what the caller says, from a tone to a key, a silence or the longest time."""

    kind: Literal["voicemail", "message", "reason"]
    longest_s: float
    silence_s: float
    keys: str = "#"
    """Keys that end it."""
    mailbox: str = ""
    """For whom it is: a queue or agent of the site file, or empty."""
    prompts: tuple[Prompt, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferWait:
    """Ring somebody who is no agent of the ACD, and connect."""

    kind: Literal["extension", "outside", "group"]
    targets: tuple[str, ...]
    """Extensions of the site file, or one outside number."""
    ring_s: float
    order: Literal["all", "in_order"] = "all"
    trunk: str = ""
    """Of the site file, for an outside number."""
    music: str = ""
    """Heard while it rings; empty: the ringing itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceWait:
    """Into a conference room, until the caller leaves it or it is closed."""

    room: str
    language: str
    role: Literal["member", "moderator"] = "member"
    longest_s: float = 7_200.0
    most: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackWait:
    """Arrange to be called back by a queue without having stood in it."""

    queue: QueueId
    language: str
    number: str = ""
    """Already known and confirmed; empty: the caller is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyWait:
    """One answer of a survey is to be written down; takes no time."""

    survey: str
    score: int
    of: int
    """Levels: 2 to 5; ``score`` counts from 1, the worst."""


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
    head_start_s: float = 0.0
    """Beside that of the caller's VIP level."""
    max_wait_s: float | None = None
    """Shorter than the queue's own, if given."""
    question: str = ""
    """What the caller wants, in words: for the pop and its articles."""


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


Wait = (
    PlayWait
    | CollectWait
    | ListenWait
    | LookupWait
    | RouteWait
    | RecordWait
    | TransferWait
    | ConferenceWait
    | CallbackWait
    | SurveyWait
    | QueueWait
    | KnowledgeWait
    | EndWait
)
