"""``goto``: go on at another step, or in another flow for good."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ccengine.ids import FlowId
from ccengine.ivr.model import (
    Branch,
    Enter,
    FlowName,
    FlowUse,
    Leave,
    Name,
    NameUse,
    Scene,
    Stay,
    Step,
    StepName,
)
from ccengine.ivr.sources import Source, reads_of, values_of


class GotoStep(Step):
    """``step`` or ``flow``. Another flow takes the place of this one: where this one would have
    returned to, the other returns to."""

    type: Literal["goto"]
    step: StepName | None = None
    flow: FlowName | None = None
    give: Annotated[dict[Name, Source], Field(max_length=20)] = Field(default_factory=dict)
    """What the other flow knows from the start (its ``takes``)."""

    @model_validator(mode="after")
    def _one_goal(self) -> Self:
        if (self.step is None) == (self.flow is None):
            raise ValueError("a step or a flow, one of the two; write `step: …` or `flow: …`")
        if self.step is not None and self.give:
            raise ValueError("a step of this flow knows all that it knows; remove `give`")
        return self

    def ways(self) -> tuple[Branch, ...]:
        if self.step is None:
            return ()
        return (Branch(to=self.step, at=("step",), waits=False),)

    def flows(self) -> tuple[FlowUse, ...]:
        if self.flow is None:
            return ()
        flow = FlowId(self.flow)
        return (FlowUse(flow=flow, at=("flow",), comes_back=False, gives=tuple(self.give)),)

    def reads(self) -> tuple[NameUse, ...]:
        return reads_of(self.give, "give")

    def enter(self, scene: Scene) -> Stay | Leave | Enter:
        if self.flow is not None:
            given = values_of(self.give, scene.data)
            return Enter(result=self.flow, flow=FlowId(self.flow), data=given, comes_back=False)
        return Leave(result=self.step or "", to=self.step)
