"""``callback``: the caller is called back by a queue, and does not wait for it."""

from __future__ import annotations

from typing import Literal

from ccengine.ids import QueueId
from ccengine.ivr.answers import Answer, CallbackSettled
from ccengine.ivr.model import (
    Branch,
    Leave,
    Memory,
    Scene,
    SiteName,
    Stay,
    Step,
    StepName,
    UnexpectedAnswerError,
)
from ccengine.ivr.waits import CallbackWait


class CallbackStep(Step):
    """Asks for the number, and the time where the queue offers some."""

    type: Literal["callback"]
    queue: StepName
    """It must take callbacks; its agents may all be away."""
    arranged: StepName
    not_arranged: StepName
    """No number that may be called was confirmed, or the queue takes no more callbacks."""

    def ways(self) -> tuple[Branch, ...]:
        return (
            Branch(to=self.arranged, at=("arranged",), waits=True),
            Branch(to=self.not_arranged, at=("not_arranged",), waits=False),
        )

    def site_names(self) -> tuple[SiteName, ...]:
        return (SiteName(kind="queue", name=self.queue, at=("queue",)),)

    def enter(self, scene: Scene) -> Stay | Leave:
        return Stay(memory={})

    def wait(self, scene: Scene, memory: Memory) -> CallbackWait:
        return CallbackWait(queue=QueueId(self.queue), language=scene.language)

    def answered(self, scene: Scene, memory: Memory, answer: Answer) -> Stay | Leave:
        if not isinstance(answer, CallbackSettled):
            raise UnexpectedAnswerError(self.type, answer)
        if answer.arranged:
            return Leave(result="arranged", to=self.arranged)
        return Leave(result="not_arranged", to=self.not_arranged)
