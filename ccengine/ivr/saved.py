"""A run laid down as JSON at a wait, so that a restarted engine can take the call up again."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError


class Phase(StrEnum):
    """Where a run stands."""

    NEW = "new"  # not started
    WAITING = "waiting"  # a step waits for the world
    APOLOGISING = "apologising"  # our mistake: the caller hears the last words
    OVER = "over"


class SavedFrame(BaseModel):
    """One flow on the way. ``secrets``: the names of those it knew; what they were is lost."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    flow: str
    step: str
    data: dict[str, bool | int | float | str]
    secrets: list[str] = []
    since: float = 0.0
    """When its step was entered, by the engine's clock."""


class SavedRun(BaseModel):
    """The saved form; ``format`` grows when a field changes its meaning."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[2] = 2
    flow: str
    version: str
    phase: Phase
    frames: list[SavedFrame]
    memory: dict[str, str | int]
    language: str
    end: str
    steps_taken: int
    path: list[tuple[str, str]]
    call_id: str
    ani: str
    ani_verified: bool
    dnis: str
    vip_level: str
    customer: dict[str, bool | int | float | str]
    first_language: str


class SavedRunError(Exception):
    """A saved run cannot be taken up; the caller's session begins the flow anew."""


class FlowChangedError(SavedRunError):
    """The flow file changed since the run was saved, so that its place in it is not certain."""

    def __init__(self, *, flow: str, saved: str, now: str) -> None:
        super().__init__(f"flow {flow} was {saved} when the run was saved and is {now} now")


def read_saved(saved: object) -> SavedRun:
    """Checked before use: it comes from a database.

    Raises SavedRunError when it is not a saved run of this format.
    """
    try:
        return SavedRun.model_validate(saved)
    except ValidationError as error:
        raise SavedRunError(f"not a saved run: {error}") from error
