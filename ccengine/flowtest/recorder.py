"""A call that is written down as a case while it goes on."""

from __future__ import annotations

from collections.abc import Sequence

import yaml

from ccengine.flowtest.arrival import Arrival
from ccengine.flowtest.call import Call
from ccengine.flowtest.case import CaseStep
from ccengine.flowtest.play_case import happens
from ccengine.flowtest.simulated import SimulatedCaller
from ccengine.ivr.model import Flow
from ccengine.site.model import Site

Written = dict[str, object]
"""A step as it stands in a case file."""
_SHOWN = 60
"""So much of a prompt is enough to know it by."""


class Recorder:
    """The inputs that are given to it, each after what was heard before it."""

    def __init__(
        self,
        flow: Flow,
        arrival: Arrival,
        site: Site | None,
        answers: dict[str, object] | None = None,
    ) -> None:
        self.arrival = arrival
        self.answers = answers or {}
        self.call = Call(flow, arrival, site)
        self.caller = SimulatedCaller(self.call, self.answers)
        self.inputs: list[Written] = []
        self._steps: list[Written] = []
        self._noted = 0

    async def do(self, step: Written) -> None:
        """Raises NotAsWrittenError when it cannot be done here; the call is then as it was."""
        read = CaseStep.model_validate(step)
        before = len(self._steps)
        if read.does not in ("hang_up", "at"):
            self.caller.runs_on()
        self._note_heard()
        try:
            await happens(read, self.caller)
        except Exception:
            del self._steps[before:]
            raise
        self.inputs.append(step)
        if "hears" not in step:
            self._steps.append(step)

    def listen_on(self) -> None:
        """To the end of what is said now."""
        before = len(self.caller.lines)
        self.caller.listens_on()
        said = [line.text for line in self.caller.lines[before:] if line.who == "flow"]
        if said:
            self.inputs.append({"hears": said[0]})

    def _note_heard(self) -> None:
        lines = self.caller.lines[self._noted :]
        self._steps += [{"hears": _cut(line.text)} for line in lines if line.who == "flow"]
        self._noted = len(self.caller.lines)

    async def case(self, name: str) -> Written:
        """The case so far; a call that still goes on is hung up."""
        self.caller.runs_on()
        if not self.call.over:
            await self.do({"hang_up": True})
        self._note_heard()
        end = await self.caller.ending()
        return {
            "name": name,
            **_beginning(self.arrival, self.answers),
            "steps": [_short(step) for step in self._steps],
            "ends": end.result,
            "at_step": end.step,
            **({"data": dict(end.data)} if end.data else {}),
            "way": [{step: result} for step, result in end.way],
        }


def _beginning(arrival: Arrival, answers: dict[str, object]) -> Written:
    """What differs from any other call."""
    usual = Arrival()
    differs: Written = {
        name: getattr(arrival, name)
        for name in ("ani", "dnis", "language", "vip", "verified")
        if getattr(arrival, name) != getattr(usual, name)
    }
    if arrival.at != usual.at:
        differs["at"] = f"{arrival.at:%Y-%m-%dT%H:%M}"
    for name, known in (
        ("customer", {name: value for name, value in arrival.customer.items() if value}),
        ("hours", dict(arrival.hours)),
        ("answers", answers),
    ):
        if known:
            differs[name] = known
    return differs


def _cut(text: str) -> str:
    """A ~ in front would be read as a regular expression."""
    return text[:_SHOWN].strip().lstrip("~")


def _short(step: Written) -> object:
    word = next(iter(step))
    return word if word in ("silence", "hang_up") else step


def as_yaml(cases: Sequence[Written]) -> str:
    """As they stand below ``cases:``."""
    return yaml.safe_dump(
        list(cases), allow_unicode=True, sort_keys=False, width=1_000, default_flow_style=None
    )
