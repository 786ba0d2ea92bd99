"""How long the declared load lets callers wait, and the longest an ordinary one can be passed over.

The order is that of the ACD (docs/acd.md): the queue's weight, then standing = head start + ageing
x seconds waited. A caller without VIP level who has waited t is passed by calls that came after it:

- of a higher weight: all of them, those of t seconds;
- of the same weight, head start h more than its own and ageing a: those that came up to
  (h + (a - 1) t) / a after it, at least none and at most those of t seconds.

With r the part of the agents' time that such calls take, the caller's turn comes at the first t
with ``t = base + sum of r x seconds of calls that pass it by then``. ``base`` is what was there
before it: the wait that 99 of 100 callers do not exceed where nobody passes anybody (Erlang C,
call lengths spread as exponential ones are).
Example: base 40 s, gold callers with a head start of 120 s and a quarter of the agents' time:
t = 40 + t / 4, so 53 s. Base 200 s: t = 200 + 120 / 4 = 230 s. A queue of higher weight with half
of the agents' time: t = 200 + t / 2 = 400 s, and with all of it there is no such t.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, exp, inf, log

_RARE = 0.01
"""One of so many callers may find more before it than the base tells."""
_ENOUGH_ROUNDS = 3_000
_STILL_S = 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Calls that stand alike in line, and the part of the agents' time that they take."""

    weight: int
    head_start_s: float
    ageing: float
    part: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What competes for some agents in the busiest hour."""

    agents: float
    """At work on average."""
    handling_s: float
    """Mean seconds that a call keeps an agent, by work: of 10 calls of 60 s and 10 of 300 s those
    of 300 s are five sixths of what a caller finds the agents busy with, so 260."""
    kinds: tuple[Kind, ...]

    @property
    def used(self) -> float:
        """The part of the agents' time that is taken; 1 and more: calls pile up."""
        return sum(kind.part for kind in self.kinds)


def erlang_c(agents: int, work: float) -> float:
    """The chance that a call finds all agents busy. ``work`` in agents. 2 agents, 1: 1/3."""
    if work >= agents:
        return 1.0
    blocked = 1.0  # Erlang B, built up agent by agent
    for count in range(1, agents + 1):
        blocked = work * blocked / (count + work * blocked)
    return blocked / (1 - work / agents * (1 - blocked))


def passing(group: Group, caller: Kind) -> float:
    """The part of the agents' time taken by calls that pass this caller however long it waits."""
    return sum(
        kind.part if kind.weight > caller.weight else kind.part * (1 - 1 / kind.ageing)
        for kind in group.kinds
        if kind.weight >= caller.weight
    )


def worst_wait_s(group: Group, caller: Kind) -> float:
    """The bound of this module's text; ``inf`` when there is none."""
    rivals = [kind for kind in group.kinds if kind.weight >= caller.weight]
    left = 1 - sum(kind.part for kind in rivals)
    if left <= 0:
        return inf
    busy = erlang_c(max(1, int(group.agents)), group.used * group.agents)
    base = 0.0
    if busy > _RARE:
        base = group.handling_s / (group.agents * left) * log(busy / _RARE)
    return float(ceil(passed_over_s(group, caller, base)))


def passed_over_s(group: Group, caller: Kind, base_s: float) -> float:
    """The wait of a caller before whom there is so much to do, with all that passes it.

    The rivals of a caller must leave the agents some time, else this has no end.
    """
    rivals = [kind for kind in group.kinds if kind.weight >= caller.weight]
    wait = base_s
    while True:
        longer = base_s + sum(kind.part * _passes_s(kind, caller, wait) for kind in rivals)
        if longer - wait < _STILL_S:
            return longer
        wait = longer


def expected_waits_s(group: Group) -> dict[Kind, float] | None:
    """The mean wait of each kind; None when calls pile up.

    The mean of all (Erlang C) stays, whoever goes first: what one call gains another one loses.
    For two weights this is Cobham's formula of priorities.
    """
    if group.used >= 1:
        return None
    busy = erlang_c(max(1, int(group.agents)), group.used * group.agents)
    mean = busy * group.handling_s / (group.agents * (1 - group.used))
    waits = dict.fromkeys(group.kinds, mean)
    for _ in range(_ENOUGH_ROUNDS):
        new = {
            kind: max(0.0, mean + _lost_s(group.kinds, kind, waits, busy)) for kind in group.kinds
        }
        still = all(abs(new[kind] - waits[kind]) < _STILL_S for kind in group.kinds)
        waits = new
        if still:
            break
    return waits


def _lost_s(kinds: Sequence[Kind], caller: Kind, waits: dict[Kind, float], busy: float) -> float:
    """What those who pass this caller cost it, less what it gains by passing others."""
    return sum(
        other.part
        * (
            _mean_passes_s(other, caller, waits[caller], busy)
            - _mean_passes_s(caller, other, waits[other], busy)
        )
        for other in kinds
    )


def _mean_passes_s(rival: Kind, caller: Kind, mean_s: float, busy: float) -> float:
    """``_passes_s`` over waits of this mean: ``busy`` of the callers wait, exponential times."""
    if rival.weight != caller.weight or mean_s <= 0:
        return mean_s if rival.weight > caller.weight else 0.0

    def beyond(seconds: float) -> float:
        """The mean of what waits have beyond so many seconds."""
        return mean_s * exp(-seconds * busy / mean_s)

    ahead = rival.head_start_s - caller.head_start_s
    slope = 1 - caller.ageing / rival.ageing
    if ahead < 0:
        # At first none go before it, then those of a growing part of its wait.
        return slope * beyond(-ahead / (rival.ageing - caller.ageing)) if slope > 0 else 0.0
    # At first all do; beyond that point a part of them, or fewer and fewer until none does.
    all_until = ahead / caller.ageing
    none_from = inf if slope >= 0 else all_until - all_until / slope
    left = 0.0 if none_from == inf else beyond(none_from)
    return mean_s - beyond(all_until) + slope * (beyond(all_until) - left)


def _passes_s(rival: Kind, caller: Kind, waited_s: float) -> float:
    """Rivals that come in so many seconds after the caller go before it, when it waits so long."""
    if rival.weight != caller.weight:
        return waited_s if rival.weight > caller.weight else 0.0
    ahead = rival.head_start_s - caller.head_start_s
    seconds = (ahead + (rival.ageing - caller.ageing) * waited_s) / rival.ageing
    return min(max(0.0, seconds), waited_s)
