"""``goto``: go on at another step; gives a way a name of its own in the journal."""

from __future__ import annotations

from typing import Literal

from ccengine.ivr.model import Branch, Leave, Scene, Stay, Step, StepName


class GotoStep(Step):
    type: Literal["goto"]
    step: StepName

    def ways(self) -> tuple[Branch, ...]:
        return (Branch(to=self.step, at=("step",), waits=False),)

    def enter(self, scene: Scene) -> Stay | Leave:
        return Leave(result=self.step, to=self.step)
