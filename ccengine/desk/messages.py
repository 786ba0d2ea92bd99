"""What is said on ``/ws/desk``, in both directions, as docs/API.md has it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from ccengine.desk.door import AgentView
from ccengine.desk.pop import PastCall, Pop
from ccengine.ids import CallId, OfferId
from ccengine.journal.facts import OfferResult
from ccengine.wire import PlainText, Said, dumps, iso

Id = Annotated[str, Field(min_length=1, max_length=64)]
OfferEnd = OfferResult | Literal["answered"]


class PopShown(Said):
    """The card is on the screen."""

    type: Literal["pop_shown"]
    offer_id: Id


class ReadyAsked(Said):
    type: Literal["ready"]


class NotReadyAsked(Said):
    type: Literal["not_ready"]
    reason: Annotated[str, Field(max_length=64)]


class MoreWrapUpAsked(Said):
    """A little longer, once more."""

    type: Literal["extend_wrap_up"]


class DispositionChosen(Said):
    type: Literal["disposition"]
    call_id: Id
    disposition: Annotated[str, Field(max_length=64)]
    note: Annotated[PlainText, Field(max_length=2_000)] = ""


class Ping(Said):
    type: Literal["ping"]


PageMessage = PopShown | ReadyAsked | NotReadyAsked | MoreWrapUpAsked | DispositionChosen | Ping

PAGE_MESSAGE: TypeAdapter[PageMessage] = TypeAdapter(
    Annotated[PageMessage, Field(discriminator="type")]
)

PONG = dumps({"type": "pong"})
TAKEN_OVER = dumps({"type": "taken_over"})


def state(view: AgentView) -> str:
    return dumps(
        {
            "type": "state",
            "state": view.state,
            "reason": view.reason,
            "since": iso(view.since),
            "phone": view.phone,
            "call_id": view.call_id,
            "wrap_up_until": iso(view.wrap_up_until),
            "extensions_left": view.extensions_left,
        }
    )


def pop(card: Pop) -> str:
    customer: dict[str, object] | None = None
    if card.customer is not None:
        customer = {
            "customer_id": card.customer.customer_id,
            "name": card.customer.name,
            "vip_level": card.customer.vip_level,
            "tags": list(card.customer.tags),
            "note": card.customer.note,
        }
    return dumps(
        {
            "type": "pop",
            "offer_id": card.offer_id,
            "call_id": card.call_id,
            "queue": card.queue,
            "ani": card.ani,
            "ani_verified": card.ani_verified,
            "dnis": card.dnis,
            "language": card.language,
            "vip_level": card.vip_level,
            "customer": customer,
            "path": [
                {
                    "step": step.step,
                    "result": step.result,
                    "title": dict(step.title),
                    "led_to": dict(step.led_to),
                }
                for step in card.path
            ],
            "question": card.question,
            "waited_s": card.waited_s,
            "history": [_past(call) for call in card.history],
            "articles": [
                {
                    "article_id": article.article_id,
                    "title": article.title,
                    "sentence": article.sentence,
                    "score": article.score,
                }
                for article in card.articles
            ],
        }
    )


def offer_ended(offer_id: OfferId, call_id: CallId, result: OfferEnd) -> str:
    return dumps(
        {"type": "offer_ended", "offer_id": offer_id, "call_id": call_id, "result": result}
    )


def call_ended(call_id: CallId, talk_s: float) -> str:
    return dumps({"type": "call_ended", "call_id": call_id, "talk_s": talk_s})


def refused(error_id: str, message: str, request: str) -> str:
    """A request of the page that could not be done; ``request`` is its type, if it had one."""
    return dumps({"type": "refused", "id": error_id, "message": message, "request": request})


def _past(call: PastCall) -> dict[str, object]:
    return {
        "call_id": call.call_id,
        "at": iso(call.at),
        "queue": call.queue,
        "agent_name": call.agent_name,
        "outcome": call.outcome,
        "disposition": call.disposition,
        "note": call.note,
    }
