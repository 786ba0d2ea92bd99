"""``hours``: are we open? Two ways on, or three; takes no time."""

from __future__ import annotations

from typing import Literal

from ccengine.ivr.model import Branch, Leave, Scene, SiteName, Stay, Step, StepName


class HoursStep(Step):
    type: Literal["hours"]
    hours: StepName
    """A name under ``hours:`` of the site file."""
    open: StepName
    closed: StepName
    holiday: StepName | None = None
    """Closed on a public holiday. Without it: as ``closed``."""

    def ways(self) -> tuple[Branch, ...]:
        ways = [
            Branch(to=self.open, at=("open",), waits=False),
            Branch(to=self.closed, at=("closed",), waits=False),
        ]
        if self.holiday is not None:
            ways.append(Branch(to=self.holiday, at=("holiday",), waits=False))
        return tuple(ways)

    def site_names(self) -> tuple[SiteName, ...]:
        return (SiteName(kind="hours", name=self.hours, at=("hours",)),)

    def enter(self, scene: Scene) -> Stay | Leave:
        if scene.context.is_open(self.hours, scene.now):
            return Leave(result="open", to=self.open)
        if self.holiday is not None and scene.context.is_holiday(self.hours, scene.now):
            return Leave(result="holiday", to=self.holiday)
        return Leave(result="closed", to=self.closed)
