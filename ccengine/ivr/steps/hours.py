"""``hours``: are we open? Two ways on; takes no time."""

from __future__ import annotations

from typing import Literal

from ccengine.ivr.model import Branch, Leave, Scene, SiteName, Stay, Step, StepName


class HoursStep(Step):
    type: Literal["hours"]
    hours: StepName
    """A name under ``hours:`` of the site file."""
    open: StepName
    closed: StepName

    def ways(self) -> tuple[Branch, ...]:
        return (
            Branch(to=self.open, at=("open",), waits=False),
            Branch(to=self.closed, at=("closed",), waits=False),
        )

    def site_names(self) -> tuple[SiteName, ...]:
        return (SiteName(kind="hours", name=self.hours, at=("hours",)),)

    def enter(self, scene: Scene) -> Stay | Leave:
        if scene.context.is_open(self.hours, scene.now):
            return Leave(result="open", to=self.open)
        return Leave(result="closed", to=self.closed)
