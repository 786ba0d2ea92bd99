"""What ccengine is to reach beside app_queue and Dial, compared with what was measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """``measured`` is to be at least, or at most, ``wanted``; the same unit in both."""

    name: str
    measured: float
    wanted: float
    at_least: bool

    @property
    def reached(self) -> bool:
        if self.at_least:
            return self.measured >= self.wanted
        return self.measured <= self.wanted


def of(result: dict[str, Any]) -> list[Aim]:
    """The aims that this run can say something about."""
    aims: list[Aim] = []

    def ratio(name: str, upper: Any, lower: Any, wanted: float, *, at_least: bool = True) -> None:
        if upper and lower:
            measured = round(upper / lower, 2)
            aims.append(Aim(name=name, measured=measured, wanted=wanted, at_least=at_least))

    if waits := result.get("waiting_callers"):
        ours, theirs = waits["ccengine"], waits["app_queue"]
        for share, wanted in (("p50", 100.0), ("p99", 50.0)):
            name = f"agent free to ring, {share}: times quicker than app_queue"
            ratio(name, theirs[f"{share}_ms"], ours[f"{share}_ms"], wanted)
    if free := result.get("free_agents"):
        ours, theirs = (free[name]["from_invite"]["p50_ms"] for name in ("ccengine", "app_queue"))
        if ours and theirs:
            name = "join to ring, p50: ms more than app_queue"
            aims.append(
                Aim(name=name, measured=round(ours - theirs, 2), wanted=2.0, at_least=False)
            )
    if most := result.get("capacity"):
        ours = most["ccengine"]["most_per_s"]
        for name, wanted in (("app_queue", 1.25), ("Dial", 0.8)):
            if not most[name]["was_all"]:  # else nobody knows what it could have carried
                ratio(f"calls/s: of {name}'s", ours, most[name]["most_per_s"], wanted)
    if steady := result.get("steady_rate"):
        ours, theirs = (
            steady[name]["cpu_ms_per_call"]["all"] for name in ("ccengine", "app_queue")
        )
        ratio("processor time a call: of app_queue's", ours, theirs, 0.7, at_least=False)
    return aims
