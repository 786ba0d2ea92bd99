"""``branch``: go on by what is known of the call; the first condition that holds decides."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ccengine.ivr.expressions import Expression
from ccengine.ivr.model import Branch, Leave, NameUse, Scene, Stay, Step, StepName, StepPart


class Condition(StepPart):
    """``{if: tries < 3, next: ask_again}``"""

    condition: Expression = Field(alias="if")
    next: StepName


class BranchStep(Step):
    type: Literal["branch"]
    when: Annotated[list[Condition], Field(min_length=1, max_length=20)]
    """Looked at in their order."""
    otherwise: StepName = Field(alias="else")

    def ways(self) -> tuple[Branch, ...]:
        return (
            *(
                Branch(to=condition.next, at=("when", place, "next"), waits=False)
                for place, condition in enumerate(self.when)
            ),
            Branch(to=self.otherwise, at=("else",), waits=False),
        )

    def reads(self) -> tuple[NameUse, ...]:
        return tuple(
            NameUse(name=name, at=("when", place, "if"))
            for place, condition in enumerate(self.when)
            for name in condition.condition.names
        )

    def enter(self, scene: Scene) -> Stay | Leave:
        for place, condition in enumerate(self.when, 1):
            if condition.condition.holds(scene.data):
                return Leave(result=f"when_{place}", to=condition.next)
        return Leave(result="else", to=self.otherwise)
