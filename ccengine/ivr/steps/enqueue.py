"""``enqueue``: wait in a queue for an agent; one way on for each way out of the queue."""

from __future__ import annotations

from typing import Literal, assert_never

from ccengine.ids import QueueId
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
from ccengine.ivr.waits import Answer, QueueLeft, QueueResult, QueueWait


class EnqueueStep(Step):
    type: Literal["enqueue"]
    queue: StepName
    """A name under ``queues:`` of the site file."""
    served: StepName | None = None
    """After the talk; without it the flow ends there."""
    timed_out: StepName
    no_agents: StepName
    full: StepName

    def branches(self) -> tuple[Branch, ...]:
        ways = (
            # A full queue, or one without agents, lets the call go at once.
            Branch(to=self.timed_out, at=("timed_out",), waits=True),
            Branch(to=self.no_agents, at=("no_agents",), waits=False),
            Branch(to=self.full, at=("full",), waits=False),
        )
        if self.served is None:
            return ways
        return (Branch(to=self.served, at=("served",), waits=True), *ways)

    def site_names(self) -> tuple[SiteName, ...]:
        return (SiteName(kind="queue", name=self.queue, at=("queue",)),)

    def enter(self, scene: Scene) -> Stay | Leave:
        return Stay(memory={})

    def wait(self, language: str, memory: Memory) -> QueueWait:
        return QueueWait(queue=QueueId(self.queue), language=language)

    def answered(self, scene: Scene, memory: Memory, answer: Answer) -> Stay | Leave:
        if not isinstance(answer, QueueLeft):
            raise UnexpectedAnswerError(self.type, answer)
        return Leave(result=answer.result.value, to=self._way(answer.result))

    def _way(self, result: QueueResult) -> str | None:
        match result:
            case QueueResult.SERVED:
                return self.served
            case QueueResult.TIMED_OUT:
                return self.timed_out
            case QueueResult.NO_AGENTS | QueueResult.CLOSED:
                return self.no_agents
            case QueueResult.FULL:
                return self.full
            case (
                QueueResult.KEY | QueueResult.BRANCH | QueueResult.VOICEMAIL | QueueResult.CALLBACK
            ):
                return self.timed_out
        assert_never(result)
