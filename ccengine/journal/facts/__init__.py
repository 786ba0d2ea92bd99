"""The closed list of facts: what can be said about a call or an agent, once and for ever.

A fact is appended to the journal and never changed; call records, wallboard and reports are sums
over facts. ``at`` is in seconds of the engine's clock (``ccengine.clock``); all durations are
seconds. The ACD and the flow engine make facts as plain values; storing them is the journal's
work.
"""

from __future__ import annotations

from ccengine.journal.facts.fact import (
    CallFact,
    Fact,
)
from ccengine.journal.facts.of_agents import (
    AgentStateChanged,
    AgentWished,
    WrapUpExtended,
)
from ccengine.journal.facts.of_calls import (
    CallAdopted,
    CallAnswered,
    CallArrived,
    CallEnded,
    DispositionSet,
    PopDelivered,
    RecordingMissing,
    RecordingStored,
    TalkEnded,
    WrapUpEnded,
)
from ccengine.journal.facts.of_flows import (
    ArticleRead,
    CallTransferred,
    FlowEnded,
    FlowEntered,
    FlowStepped,
    MessageLeft,
    OutsideAsked,
    SurveyAnswered,
    TransferBegan,
)
from ccengine.journal.facts.of_queues import (
    CallAbandoned,
    CallbackAsked,
    CallbackAttempted,
    CallbackEnded,
    CallOverflowed,
    CallQueued,
    NeedRelaxed,
    OfferEnded,
    OfferMade,
    WaitExpected,
)
from ccengine.journal.facts.words import (
    AbandonReason,
    AgentState,
    CallbackEnd,
    CallbackResult,
    HangupBy,
    OfferResult,
    Outcome,
)

__all__ = (
    "FACT_TYPES",
    "AbandonReason",
    "AgentState",
    "AgentStateChanged",
    "AgentWished",
    "ArticleRead",
    "CallAbandoned",
    "CallAdopted",
    "CallAnswered",
    "CallArrived",
    "CallEnded",
    "CallFact",
    "CallOverflowed",
    "CallQueued",
    "CallTransferred",
    "CallbackAsked",
    "CallbackAttempted",
    "CallbackEnd",
    "CallbackEnded",
    "CallbackResult",
    "DispositionSet",
    "Fact",
    "FlowEnded",
    "FlowEntered",
    "FlowStepped",
    "HangupBy",
    "MessageLeft",
    "NeedRelaxed",
    "OfferEnded",
    "OfferMade",
    "OfferResult",
    "Outcome",
    "OutsideAsked",
    "PopDelivered",
    "RecordingMissing",
    "RecordingStored",
    "SurveyAnswered",
    "TalkEnded",
    "TransferBegan",
    "WaitExpected",
    "WrapUpEnded",
    "WrapUpExtended",
)

FACT_TYPES: tuple[type[Fact], ...] = (
    CallArrived,
    CallAdopted,
    FlowEntered,
    FlowStepped,
    FlowEnded,
    CallQueued,
    CallAbandoned,
    CallOverflowed,
    NeedRelaxed,
    WaitExpected,
    CallbackAsked,
    CallbackAttempted,
    CallbackEnded,
    OfferMade,
    PopDelivered,
    OfferEnded,
    CallAnswered,
    TalkEnded,
    WrapUpEnded,
    DispositionSet,
    RecordingStored,
    RecordingMissing,
    OutsideAsked,
    ArticleRead,
    MessageLeft,
    SurveyAnswered,
    TransferBegan,
    CallTransferred,
    CallEnded,
    AgentStateChanged,
    AgentWished,
    WrapUpExtended,
)
