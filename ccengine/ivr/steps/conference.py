"""``conference``: the caller meets others in a room."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ccengine.ivr.answers import Answer, ConferenceLeft
from ccengine.ivr.model import (
    Branch,
    Leave,
    Memory,
    NameUse,
    Scene,
    Stay,
    Step,
    StepName,
    Text,
    UnexpectedAnswerError,
)
from ccengine.ivr.templates import Template
from ccengine.ivr.waits import ConferenceWait


class ConferenceStep(Step):
    """``*`` leads out of the room; it closes when its last moderator has left."""

    type: Literal["conference"]
    room: Text
    """Small letters, digits and ``_``; may be made of what the flow knows."""
    role: Literal["member", "moderator"] = "member"
    most: Annotated[int, Field(ge=2, le=500)] = 50
    """Who would be one more is told so by the way ``full``."""
    longest: Annotated[float, Field(ge=60, le=86_400)] = 7_200.0
    """Seconds in the room."""
    left: StepName | None = None
    """The caller pressed ``*``. Without it the flow ends; so it does with the next."""
    closed: StepName | None = None
    """The last moderator has left, or the longest time is over."""
    full: StepName
    failed: StepName
    """The room's name is none, or Asterisk could not make it."""

    def ways(self) -> tuple[Branch, ...]:
        ways = [
            Branch(to=self.full, at=("full",), waits=False),
            Branch(to=self.failed, at=("failed",), waits=False),
        ]
        for name, to in (("left", self.left), ("closed", self.closed)):
            if to is not None:
                ways.append(Branch(to=to, at=(name,), waits=True))
        return tuple(ways)

    def reads(self) -> tuple[NameUse, ...]:
        names = Template.parse(self.room).names
        return tuple(NameUse(name=name, at=("room",)) for name in names)

    def enter(self, scene: Scene) -> Stay | Leave:
        return Stay(memory={})

    def wait(self, scene: Scene, memory: Memory) -> ConferenceWait:
        return ConferenceWait(
            room=Template.parse(self.room).filled(scene.data),
            language=scene.language,
            role=self.role,
            longest_s=self.longest,
            most=self.most,
        )

    def answered(self, scene: Scene, memory: Memory, answer: Answer) -> Stay | Leave:
        if not isinstance(answer, ConferenceLeft):
            raise UnexpectedAnswerError(self.type, answer)
        ways = {
            "left": self.left,
            "closed": self.closed,
            "full": self.full,
            "failed": self.failed,
        }
        return Leave(result=answer.result, to=ways[answer.result])
