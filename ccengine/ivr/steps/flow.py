"""``flow``: into another flow and back, as into a step of its own; its result says the way on."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ccengine.ids import FlowId
from ccengine.ivr.model import (
    Branch,
    Data,
    Enter,
    FlowName,
    FlowUse,
    Leave,
    Name,
    NameUse,
    Result,
    Scene,
    Stay,
    Step,
    StepName,
    UnexpectedAnswerError,
)
from ccengine.ivr.sources import Source, reads_of, values_of


class FlowStep(Step):
    type: Literal["flow"]
    flow: FlowName
    give: Annotated[dict[Name, Source], Field(max_length=20)] = Field(default_factory=dict)
    """What the other flow knows from the start, by the names that it uses (its ``takes``)."""
    take: Annotated[dict[Name, Name], Field(max_length=20)] = Field(default_factory=dict)
    """What is kept of what it learnt: the name here, and the name there."""
    ways_on: Annotated[dict[Result, StepName], Field(max_length=20)] = Field(
        alias="ways", default_factory=dict
    )
    """By the result with which it returns."""
    otherwise: StepName | None = Field(alias="else", default=None)
    """For every other result."""

    def ways(self) -> tuple[Branch, ...]:
        # The other flow may return at once.
        ways = tuple(
            Branch(to=step, at=("ways", result), waits=False)
            for result, step in self.ways_on.items()
        )
        if self.otherwise is None:
            return ways
        return (*ways, Branch(to=self.otherwise, at=("else",), waits=False))

    def flows(self) -> tuple[FlowUse, ...]:
        return (
            FlowUse(
                flow=FlowId(self.flow),
                at=("flow",),
                comes_back=True,
                gives=tuple(self.give),
                takes=tuple(self.take.values()),
                results=tuple(self.ways_on),
                every_result=self.otherwise is not None,
            ),
        )

    def reads(self) -> tuple[NameUse, ...]:
        return reads_of(self.give, "give")

    def learns(self) -> tuple[NameUse, ...]:
        return tuple(NameUse(name=name, at=("take", name)) for name in self.take)

    def enter(self, scene: Scene) -> Stay | Leave | Enter:
        given = values_of(self.give, scene.data)
        return Enter(result=self.flow, flow=FlowId(self.flow), data=given, comes_back=True)

    def came_back(self, scene: Scene, result: str, data: Data) -> Stay | Leave:
        way = self.ways_on.get(result, self.otherwise)
        if way is None:
            # The check has seen to it that every result has a way.
            raise UnexpectedAnswerError(self.type, result)
        taken = {here: data.get(there, "") for here, there in self.take.items()}
        return Leave(result=result, to=way, learnt=taken)
