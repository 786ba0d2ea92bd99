"""``set``: give names a value, for the steps that follow."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ccengine.ivr.model import Branch, Leave, Name, NameUse, Scene, Stay, Step, StepName
from ccengine.ivr.sources import Source, reads_of, values_of


class SetStep(Step):
    type: Literal["set"]
    values: Annotated[dict[Name, Source], Field(min_length=1, max_length=20)]
    """Each is worked out from what was known before the step, whatever their order."""
    next: StepName

    def ways(self) -> tuple[Branch, ...]:
        return (Branch(to=self.next, at=("next",), waits=False),)

    def reads(self) -> tuple[NameUse, ...]:
        return reads_of(self.values, "values")

    def learns(self) -> tuple[NameUse, ...]:
        return tuple(NameUse(name=name, at=("values", name)) for name in self.values)

    def enter(self, scene: Scene) -> Stay | Leave:
        return Leave(result="set", to=self.next, learnt=values_of(self.values, scene.data))
