"""``transfer`` and ``ring_group``: the caller is connected with people who are not in a queue."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ccengine.ivr.answers import Answer, Transferred, TransferResult
from ccengine.ivr.model import (
    Branch,
    Leave,
    Memory,
    NameUse,
    Scene,
    SiteName,
    Stay,
    Step,
    StepName,
    Text,
    UnexpectedAnswerError,
)
from ccengine.ivr.templates import Template
from ccengine.ivr.waits import TransferWait
from ccengine.site.model import Extension, Word

Ring = Annotated[float, Field(ge=5, le=120)]
"""Seconds that a phone rings."""


class RingsPeople(Step):
    """What both have: what is heard meanwhile, and the ways on."""

    ring: Ring = 25.0
    music: Word | None = None
    """A class of music while it rings; null: the ringing itself."""
    answered_: StepName | None = Field(alias="answered", default=None)
    """After the talk, when the other side hung up. Without it the flow ends with the talk."""
    no_answer: StepName
    busy: StepName | None = None
    """Without it: as ``no_answer``; so it is with the next."""
    unreachable: StepName | None = None

    def ways(self) -> tuple[Branch, ...]:
        ways = [Branch(to=self.no_answer, at=("no_answer",), waits=True)]
        for name, to, waits in (
            ("answered", self.answered_, True),
            ("busy", self.busy, False),
            ("unreachable", self.unreachable, False),
        ):
            if to is not None:
                ways.append(Branch(to=to, at=(name,), waits=waits))
        return tuple(ways)

    def enter(self, scene: Scene) -> Stay | Leave:
        return Stay(memory={})

    def answered(self, scene: Scene, memory: Memory, answer: Answer) -> Stay | Leave:
        if not isinstance(answer, Transferred):
            raise UnexpectedAnswerError(self.type, answer)
        return Leave(result=answer.result.value, to=self._way(answer.result))

    def _way(self, result: TransferResult) -> str | None:
        match result:
            case TransferResult.ANSWERED:
                return self.answered_
            case TransferResult.BUSY:
                return self.busy or self.no_answer
            case TransferResult.UNREACHABLE:
                return self.unreachable or self.no_answer
            case _:
                return self.no_answer


class TransferStep(RingsPeople):
    """To ``extension`` or ``number``; the number only as far as the site file's ``transfers``."""

    type: Literal["transfer"]
    extension: Extension | None = None
    number: Text | None = None
    not_allowed: StepName | None = None
    """The number is not on the site's list, or a limit is reached."""

    @model_validator(mode="after")
    def _one_goal(self) -> Self:
        if (self.extension is None) == (self.number is None):
            raise ValueError(
                "an extension or an outside number, one of the two; "
                'write `extension: "1001"` or `number: "…"`'
            )
        if self.number is not None and self.not_allowed is None:
            raise ValueError("a number may be refused; write `not_allowed: …` with a step")
        return self

    def ways(self) -> tuple[Branch, ...]:
        if self.not_allowed is None:
            return super().ways()
        refused = Branch(to=self.not_allowed, at=("not_allowed",), waits=False)
        return (*super().ways(), refused)

    def site_names(self) -> tuple[SiteName, ...]:
        if self.extension is None:
            return ()
        return (SiteName(kind="agent", name=self.extension, at=("extension",)),)

    def reads(self) -> tuple[NameUse, ...]:
        if self.number is None:
            return ()
        names = Template.parse(self.number).names
        return tuple(NameUse(name=name, at=("number",)) for name in names)

    def wait(self, scene: Scene, memory: Memory) -> TransferWait:
        if self.number is None:
            to, kind = self.extension or "", "extension"
        else:
            to, kind = Template.parse(self.number).filled(scene.data), "outside"
        return TransferWait(
            kind="outside" if kind == "outside" else "extension",
            targets=(to,),
            ring_s=self.ring,
            music=self.music or "",
        )

    def _way(self, result: TransferResult) -> str | None:
        if result is TransferResult.NOT_ALLOWED:
            return self.not_allowed or self.no_answer
        return super()._way(result)


class RingGroupStep(RingsPeople):
    """Several phones: all together, the first to answer has the caller, or one after the other."""

    type: Literal["ring_group"]
    extensions: Annotated[tuple[Extension, ...], Field(min_length=1, max_length=20)]
    order: Literal["all", "in_order"] = "all"

    def site_names(self) -> tuple[SiteName, ...]:
        return tuple(
            SiteName(kind="agent", name=one, at=("extensions", place))
            for place, one in enumerate(self.extensions)
        )

    def wait(self, scene: Scene, memory: Memory) -> TransferWait:
        return TransferWait(
            kind="group",
            targets=self.extensions,
            ring_s=self.ring,
            order=self.order,
            music=self.music or "",
        )
