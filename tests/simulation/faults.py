"""What goes wrong, how often; and the wire on which Asterisk's events reach the engine, or do not.

Events are lost, doubled, delayed and overtake each other. What comes by AGI does not: a connection
either lives, in order, or is closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccengine.asterisk.events import PhoneEvent

if TYPE_CHECKING:
    from tests.simulation.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """Chances by event, and mean seconds between one fault and the next (0: never)."""

    lost: float = 0.0
    doubled: float = 0.0
    delayed: float = 0.0
    delay_s: float = 3.0
    """At most; a delayed event is overtaken by those that come after it."""
    slow_commands: float = 0.0
    link_down_every_s: float = 0.0
    link_down_s: float = 8.0
    """At most; and up to five more before the engine notices."""
    kill_every_s: float = 0.0
    dead_s: float = 12.0
    hang_every_s: float = 0.0
    hang_s: float = 15.0
    clock_step_every_s: float = 0.0
    site_every_s: float = 0.0
    races: float = 0.0
    """Chance that a caller or a timeout meets an answer to the hundredth of a second."""

    @property
    def none(self) -> bool:
        return self == CALM


CALM = Faults()
ROUGH = Faults(
    lost=0.01,
    doubled=0.01,
    delayed=0.02,
    slow_commands=0.02,
    link_down_every_s=1_800.0,
    kill_every_s=1_800.0,
    hang_every_s=3_600.0,
    clock_step_every_s=7_200.0,
    site_every_s=5_400.0,
    races=0.02,
)
WILD = Faults(
    lost=0.05,
    doubled=0.05,
    delayed=0.10,
    slow_commands=0.10,
    link_down_every_s=300.0,
    kill_every_s=300.0,
    hang_every_s=600.0,
    clock_step_every_s=1_200.0,
    site_every_s=600.0,
    races=0.10,
)
KINDS = {"calm": CALM, "rough": ROUGH, "wild": WILD}


class Wire:
    """From Asterisk to the engine's AMI link."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.broken = False
        """Nothing passes, whether the engine has noticed or not."""

    def tell(self, event: PhoneEvent) -> None:
        world, faults = self._world, self._world.faults
        if self.broken or world.engine is None:
            return
        roll = world.dice.random()
        if roll < faults.lost:
            world.checks.event_lost(event)
            return
        roll -= faults.lost
        if roll < faults.delayed:
            world.time.after(world.dice.uniform(0, faults.delay_s), self._arrives, event)
            return
        self._arrives(event)
        if roll - faults.delayed < faults.doubled:
            world.time.after(world.dice.uniform(0, 0.5), self._arrives, event)

    def _arrives(self, event: PhoneEvent) -> None:
        engine = self._world.engine
        if engine is not None and not self.broken:
            engine.hears(event)


class Trouble:
    """Kills, hangs, cuts and new site files, each at moments of its own."""

    def __init__(self, world: World) -> None:
        self._world = world
        faults = world.faults
        self._plan(faults.kill_every_s, world.kill)
        self._plan(faults.hang_every_s, world.hang)
        self._plan(faults.link_down_every_s, world.cut_link)
        self._plan(faults.clock_step_every_s, world.step_clock)
        self._plan(faults.site_every_s, world.next_site)

    def _plan(self, every_s: float, act: object) -> None:
        if every_s > 0:
            self._world.time.after(
                self._world.dice.expovariate(1 / every_s), self._strike, every_s, act
            )

    def _strike(self, every_s: float, act: object) -> None:
        if callable(act):
            act()
        self._plan(every_s, act)
