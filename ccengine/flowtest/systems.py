"""The outside in a case: what systems answer by themselves, and each answer as the flow gets it."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import TypeAdapter, ValidationError

from ccengine.flowtest.caller import NotAsWrittenError
from ccengine.flowtest.outside import (
    CallbackDoes,
    ConferenceDoes,
    LookupSays,
    QueueDoes,
    RecordDoes,
    RouteDoes,
    TransferDoes,
    callback_answer,
    conference_answer,
    knowledge_answer,
    lookup_answer,
    queue_answer,
    record_answer,
    route_answer,
    source_of,
    transfer_answer,
)
from ccengine.ivr.answers import Answer
from ccengine.ivr.waits import (
    CallbackWait,
    ConferenceWait,
    KnowledgeWait,
    LookupWait,
    QueueWait,
    RecordWait,
    RouteWait,
    TransferWait,
    Wait,
)

_QUEUE: TypeAdapter[QueueDoes] = TypeAdapter(QueueDoes)
_TRANSFER: TypeAdapter[TransferDoes] = TypeAdapter(TransferDoes)
_CONFERENCE: TypeAdapter[ConferenceDoes] = TypeAdapter(ConferenceDoes)
_CALLBACK: TypeAdapter[CallbackDoes] = TypeAdapter(CallbackDoes)
_RECORD: TypeAdapter[RecordDoes] = TypeAdapter(RecordDoes)
_LOOKUP: TypeAdapter[LookupSays] = TypeAdapter(LookupSays)
_ROUTE: TypeAdapter[RouteDoes] = TypeAdapter(RouteDoes)
_TEXT: TypeAdapter[str] = TypeAdapter(str)


class Systems:
    """``answers`` by source: what is said each time, or a list that is gone through."""

    def __init__(self, answers: Mapping[str, object]) -> None:
        self._answers = answers
        self._asked: dict[str, int] = {}

    def next_answer(self, wait: Wait) -> object:
        """As it is written; None: nobody has said what this system answers."""
        source = source_of(wait)
        given = self._answers.get(source)
        if not isinstance(given, list):
            return given
        place = self._asked.get(source, 0)
        self._asked[source] = place + 1
        return given[min(place, len(given) - 1)] if given else None


def outside_answer(wait: Wait, given: object) -> Answer:
    """What is written, as the answer to this wait. Raises NotAsWrittenError when it cannot be."""
    try:
        return _answer(wait, given)
    except ValidationError as error:
        why = error.errors(include_url=False)[0]["msg"]
        wanted = f"an answer that fits ({why})"
        raise NotAsWrittenError(wanted, shown(given)) from error


def _answer(wait: Wait, given: object) -> Answer:
    match wait:
        case QueueWait():
            left = queue_answer(_QUEUE.validate_python(given))
            if left.key not in wait.keys:
                keys = " ".join(wait.keys) or "none"
                raise NotAsWrittenError(f"the exit key {left.key}", f"the exit keys are {keys}")
            return left
        case TransferWait():
            return transfer_answer(_TRANSFER.validate_python(given))
        case ConferenceWait():
            return conference_answer(_CONFERENCE.validate_python(given))
        case CallbackWait():
            return callback_answer(_CALLBACK.validate_python(given))
        case RecordWait():
            return record_answer(_RECORD.validate_python(given))
        case KnowledgeWait():
            return knowledge_answer(_TEXT.validate_python(given))
        case LookupWait():
            return lookup_answer(_LOOKUP.validate_python(given), wait.wants)
        case RouteWait():
            return route_answer(_ROUTE.validate_python(given), wait.wants)
        case _:
            raise RuntimeError(f"nothing of the outside answers a {type(wait).__name__}")


def shown(given: object) -> str:
    """For the dialogue."""
    dumped = given.model_dump(exclude_defaults=True) if hasattr(given, "model_dump") else given
    if isinstance(dumped, dict):
        return ", ".join(f"{name}: {shown(value)}" for name, value in dumped.items()) or "{}"
    return str(dumped)
