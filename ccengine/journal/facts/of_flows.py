"""Facts of a call in its flow."""

from __future__ import annotations

from typing import ClassVar

from ccengine.ids import AgentId, ArticleId, FlowId, QueueId
from ccengine.journal.facts.fact import CallFact


class FlowEntered(CallFact, frozen=True, kw_only=True):
    kind: ClassVar[str] = "flow.entered"
    flow: FlowId
    version: str
    language: str


class FlowStepped(CallFact, frozen=True, kw_only=True):
    """One step done: ``step`` its name, ``step_type`` its type, ``result`` the branch taken."""

    kind: ClassVar[str] = "flow.stepped"
    flow: FlowId
    step: str
    step_type: str
    result: str
    no_input: int = 0
    """How often the caller pressed nothing in it."""
    invalid: int = 0
    """How often what it pressed or said meant nothing."""
    version: str = ""
    """Of the flow; empty in facts of old."""
    took_s: float = 0.0
    """From entering the step to leaving it; with a flow entered by it, that one's time too."""


class FlowEnded(CallFact, frozen=True, kw_only=True):
    kind: ClassVar[str] = "flow.ended"
    flow: FlowId
    step: str
    result: str  # "hung_up" | "finished" | "failed" | "voicemail"
    version: str = ""
    """Of the flow in which it ended."""
    took_s: float = 0.0
    """Since the last step was entered."""


class OutsideAsked(CallFact, frozen=True, kw_only=True):
    """A flow asked an outside system. Neither the question nor the answer stands here."""

    kind: ClassVar[str] = "outside.asked"
    flow: FlowId
    step: str
    source: str
    """The system or query of the site file, ``customer`` or ``last_agent``."""
    result: str  # "found" | "nothing" | "late" | "unreachable" | "refused" | "unreadable" | …
    took_ms: float
    cached: bool = False


class ArticleRead(CallFact, frozen=True, kw_only=True):
    """A flow read an article of the knowledge base to the caller."""

    kind: ClassVar[str] = "article.read"
    flow: FlowId
    step: str
    article_id: ArticleId
    helped: bool | None = None
    """What the caller said of it; None: it was not asked, said nothing, or hung up meanwhile."""


class MessageLeft(CallFact, frozen=True, kw_only=True):
    """The caller spoke a message: for a mailbox, or as part of a flow or a survey."""

    kind: ClassVar[str] = "message.left"
    purpose: str  # "voicemail" | "message" | "reason"
    mailbox: str
    path: str  # relative to the folder of messages
    duration_s: float
    sha256: str = ""
    bytes: int = 0


class SurveyAnswered(CallFact, frozen=True, kw_only=True):
    """What the caller thinks of the talk it had. A reason that it speaks is a message of the call
    (``message.left`` for the purpose ``reason``): a hang-up in it loses neither."""

    kind: ClassVar[str] = "survey.answered"
    survey: str
    score: int
    of: int
    queue: QueueId | None
    agent_id: AgentId | None


class TransferBegan(CallFact, frozen=True, kw_only=True):
    """A flow rings somebody who is no agent of the ACD. With it the day's limits are kept."""

    kind: ClassVar[str] = "transfer.began"
    to: str
    outside: bool


class CallTransferred(CallFact, frozen=True, kw_only=True):
    """A flow rang somebody who is no agent of the ACD. ``result`` as in ``TransferResult``."""

    kind: ClassVar[str] = "call.transferred"
    to: str
    result: str
    rang_s: float
    talk_s: float
    why: str = ""
    """Of ``not_allowed``: what the number is refused for."""
