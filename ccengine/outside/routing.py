"""What a business system wants done with a call: believed only as far as the site file bears it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ccengine.ivr.answers import Routed
from ccengine.ivr.waits import Value
from ccengine.outside.errors import NoAnswerError
from ccengine.outside.picking import picked
from ccengine.site.model import Site

MOST_WORDS = 300
"""Characters that are spoken of what a system says."""
Words = Annotated[str, Field(max_length=MOST_WORDS)]


class RouteAnswer(BaseModel):
    """As the system writes it; other keys are of no matter."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)

    action: Literal["queue", "agent", "flow", "play", "hangup"]
    queue: str = ""
    agent: str = ""
    flow: str = ""
    head_start: float = Field(default=0.0, ge=0, le=3_600, allow_inf_nan=False)
    skills: dict[str, Annotated[int, Field(ge=1, le=10)]] = Field(default_factory=dict)
    say: Words | dict[str, Words] = ""
    values: dict[str, Any] = Field(default_factory=dict)


def routed(answer: object, site: Site, language: str, wants: Iterable[str]) -> Routed:
    """Raises NoAnswerError (``unreadable``) with what is wrong in it."""
    try:
        said = RouteAnswer.model_validate(answer)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"][:2])
        raise _wrong(f"{where or 'answer'}: {first['msg']}") from None
    target = {"queue": said.queue, "agent": said.agent, "flow": said.flow}.get(said.action, "")
    if said.action == "queue" and target not in site.queues:
        raise _wrong("there is no such queue")
    if said.action == "agent" and (target not in site.agents or site.personal_queues is None):
        raise _wrong("there is no such agent, or there are no personal queues")
    if said.action == "flow" and not target:
        raise _wrong("no flow is named")
    unknown = [skill for skill in said.skills if skill not in site.skills]
    if unknown:
        raise _wrong("there is no such skill")
    words = said.say if isinstance(said.say, str) else _in(said.say, language, site)
    if said.action == "play" and not words:
        raise _wrong("there is nothing to say")
    return Routed(
        action=said.action,
        target=target,
        head_start_s=said.head_start,
        skills=said.skills,
        say=words,
        values=picked(said.values, wants),
    )


def _in(texts: Mapping[str, str], language: str, site: Site) -> str:
    """In the caller's language, or in the first of the site's that there is."""
    for one in (language, *site.languages):
        if texts.get(one):
            return texts[one]
    return ""


def _wrong(detail: str) -> NoAnswerError:
    return NoAnswerError("unreadable", detail, fault=False)


def nested(values: Mapping[str, Value]) -> dict[str, object]:
    """``caller.number`` as a name within ``caller``."""
    whole: dict[str, object] = {}
    for name, value in values.items():
        first, _, rest = name.partition(".")
        if rest:
            inner = whole.setdefault(first, {})
            if isinstance(inner, dict):
                inner[rest] = value
        else:
            whole[first] = value
    return whole
