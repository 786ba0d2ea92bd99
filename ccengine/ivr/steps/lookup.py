"""``lookup``: ask a system, a database, the customers, or who talked last; three ways on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from ccengine.ivr.answers import Answer, LookedUp, Played
from ccengine.ivr.frames import json_bytes, whole_text
from ccengine.ivr.model import (
    Branch,
    Leave,
    Memory,
    Name,
    NameUse,
    RecordingName,
    Scene,
    SiteName,
    Stay,
    Step,
    StepName,
    StepText,
    Texts,
    UnexpectedAnswerError,
)
from ccengine.ivr.questions import (
    CustomerQuestion,
    HttpQuestion,
    LastAgentQuestion,
    Question,
    SqlQuestion,
)
from ccengine.ivr.said import said
from ccengine.ivr.waits import LookupWait, PlayWait, Value
from ccengine.site.model import Word
from ccengine.site.outside import Deadline

AnswerPath = Annotated[str, StringConstraints(pattern=r"^[^\s.]+(\.[^\s.]+){0,7}$", max_length=200)]
"""Where in an answer a value stands: ``account.balance``, ``items.0.id``, ``items.count``."""
Into = Annotated[dict[Name, AnswerPath], Field(max_length=20)]
MOST_TEXT = 200
MOST_BYTES = 1_500
"""Of one answer, as JSON: what a flow learns must fit where a call's state is kept."""


class LookupStep(Step):
    """One of ``http``, ``sql``, ``customer`` and ``last_agent``."""

    type: Literal["lookup"]
    http: HttpQuestion | None = None
    sql: SqlQuestion | None = None
    customer: CustomerQuestion | None = None
    last_agent: LastAgentQuestion | None = None
    say: Texts | None = None
    """Heard before it is asked."""
    recording: RecordingName | Literal[""] = ""
    music: Word | Literal[""] = "default"
    """Heard when the answer takes more than a moment."""
    deadline: Deadline | None = None
    """Null: that of the system or query, which holds in any case."""
    cache: Annotated[float, Field(ge=0, le=3_600)] = 0.0
    """Seconds: an answer to the same question may be this old."""
    into: Into = Field(default_factory=dict)
    found: StepName
    nothing: StepName
    failed: StepName
    """Late, down, or with an answer that cannot be used."""

    @model_validator(mode="after")
    def _one_question(self) -> Self:
        asked = (self.http, self.sql, self.customer, self.last_agent)
        if sum(question is not None for question in asked) != 1:
            raise ValueError(
                "a lookup asks one thing; write one of `http:`, `sql:`, `customer:`, `last_agent:`"
            )
        return self

    @property
    def question(self) -> Question:
        question = self.http or self.sql or self.customer or self.last_agent
        if question is None:
            raise ValueError("a lookup without a question")
        return question

    def ways(self) -> tuple[Branch, ...]:
        spoken = self.say is not None
        return (
            Branch(to=self.found, at=("found",), waits=spoken),
            Branch(to=self.nothing, at=("nothing",), waits=spoken),
            Branch(to=self.failed, at=("failed",), waits=False),
        )

    def texts(self) -> tuple[StepText, ...]:
        if self.say is None:
            return ()
        return (StepText(texts=self.say, at=("say",), recording=self.recording),)

    def site_names(self) -> tuple[SiteName, ...]:
        return self.question.site_names()

    def reads(self) -> tuple[NameUse, ...]:
        return self.question.reads()

    def learns(self) -> tuple[NameUse, ...]:
        return tuple(NameUse(name=name, at=("into", name)) for name in self.into)

    def enter(self, scene: Scene) -> Stay | Leave:
        if not self.question.may_be_asked(scene.data):
            return self._left("failed", {})
        return Stay(memory={"saying": 1} if self.say is not None else {})

    def wait(self, scene: Scene, memory: Memory) -> LookupWait | PlayWait:
        if "saying" in memory:
            return PlayWait(prompts=said(self.say, scene, self.recording))
        used = {use.name for use in self.question.reads() if use.secret} & scene.secrets.keys()
        asked = replace(
            self.question.wait(scene.data, {**scene.data, **scene.secrets}),
            wants=tuple(dict.fromkeys(self.into.values())),
            secret=bool(used),
            deadline_s=self.deadline,
            cache_s=0.0 if used else self.cache,
            music=self.music,
            room=room_for(self.into, scene),
        )
        if any(not scene.secrets[name] for name in used):
            return replace(asked, values={}, secret_lost=True)
        return asked

    def answered(self, scene: Scene, memory: Memory, answer: Answer) -> Stay | Leave:
        match answer:
            case Played() if "saying" in memory:
                return Stay(memory={})
            case LookedUp() if "saying" not in memory:
                if answer.why:
                    return self._left("failed", {})
                if not answer.found:
                    return self._left("nothing", {})
                if json_bytes(picked(answer.values, self.into)) > room_for(self.into, scene):
                    return self._left("failed", {})
                return self._left("found", answer.values)
            case _:
                raise UnexpectedAnswerError(self.type, answer)

    def _left(
        self, result: Literal["found", "nothing", "failed"], values: Mapping[str, Value]
    ) -> Leave:
        """The names hold this answer or nothing: never one that was given before."""
        learnt = picked(values, self.into)
        way = {"found": self.found, "nothing": self.nothing, "failed": self.failed}[result]
        return Leave(result=result, to=way, learnt=learnt)


def picked(values: Mapping[str, Value], into: Mapping[str, str]) -> dict[str, Value]:
    """The answer under the flow's own names; a text is cut to what a flow keeps."""
    found = {name: values.get(path, "") for name, path in into.items()}
    return {
        name: whole_text(v)[:MOST_TEXT] if isinstance(v, str) else v for name, v in found.items()
    }


def room_for(names: Iterable[str], scene: Scene) -> int:
    """Bytes, as JSON, that may be kept of an answer under these names; one with more has failed.

    What the names hold already makes room.
    """
    before = {name: scene.data[name] for name in names if name in scene.data}
    return min(MOST_BYTES, scene.room + (json_bytes(before) if before else 0))
