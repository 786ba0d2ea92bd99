"""A case is lived through, step by step, and where the call goes another way is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ccengine.flowtest.call import RestartDiffersError
from ccengine.flowtest.caller import Caller, Ending, NotAsWrittenError
from ccengine.flowtest.case import Case, CaseStep, WrittenCase
from ccengine.flowtest.heard import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a case. ``why`` empty: all as written."""

    written: WrittenCase
    why: str
    place: str
    """File, line and column of the case, or of its step that failed."""
    lines: tuple[Line, ...]

    @property
    def passed(self) -> bool:
        return not self.why

    def __str__(self) -> str:
        if self.passed:
            return f"ok     {self.written.case.name}"
        told = [f"FAILED {self.written.case.name}", f"  {self.place}"]
        told += [f"  {line}" for line in self.lines]
        told += [f"  {line}" for line in self.why.splitlines()]
        return "\n".join(told)


async def play_case(written: WrittenCase, caller: Caller) -> Outcome:
    """From the call's arrival to its end, or to the first step that is not as written."""
    case = written.case
    at: int | None = None
    why = ""
    try:
        for at, step in enumerate(case.steps):  # noqa: B007 - also tells where it failed
            await happens(step, caller)
        at = None
        _compare(case, await caller.ending())
    except (NotAsWrittenError, RestartDiffersError) as error:
        why = str(error)
    return Outcome(written=written, why=why, place=written.place(at), lines=tuple(caller.lines))


async def happens(step: CaseStep, caller: Caller) -> None:
    """One step of a case. Raises NotAsWrittenError."""
    if step.hears is not None:
        await caller.hears(step.hears)
    elif step.asks is not None:
        await caller.asks(step.asks)
    elif step.press is not None:
        await caller.presses(step.press)
    elif step.silence:
        await caller.is_silent()
    elif step.says is not None:
        await caller.says(step.says)
    elif step.hang_up:
        await caller.hangs_up()
    elif step.at is not None:
        await caller.waits_until(step.at)
    else:
        await caller.outside(step)


def _compare(case: Case, ending: Ending) -> None:
    """Raises NotAsWrittenError."""
    if (case.ends, case.at_step or ending.step) != (ending.result, ending.step):
        wanted = f"ends {case.ends}" + (f" at {case.at_step}" if case.at_step else "")
        raise NotAsWrittenError(wanted, f"it ends {ending.result} at {ending.step}")
    for name, value in case.data.items() if ending.data is not None else ():
        known = (ending.data or {}).get(name)
        if known != value or isinstance(known, bool) != isinstance(value, bool):
            raise NotAsWrittenError(f"{name} = {value!r}", f"{name} = {known!r}")
    if case.way is not None:
        wanted_way = [pair for step in case.way for pair in step.items()]
        if wanted_way != list(ending.way):
            raise NotAsWrittenError(f"the way {_shown(wanted_way)}", _shown(ending.way))


def _shown(way: Sequence[tuple[str, str]]) -> str:
    return " → ".join(f"{step} ({result})" for step, result in way)
