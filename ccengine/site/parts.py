"""The parts of a site file that are well formed, whatever is wrong with the others.

Checks between parts look at these: what is misshapen is told by the shape itself, once.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from ccengine.site.model import Agent, Queue, Trunk, VipLevel
from ccengine.site.written import Written
from ccengine.yamlsource.model import KeyPath

P = TypeVar("P", bound=BaseModel)


class Parts:
    """The well-formed queues, agents, trunks and VIP levels; ``site`` takes the problems."""

    def __init__(self, site: Written) -> None:
        self.site = site

    @cached_property
    def queues(self) -> dict[str, Queue]:
        return self._read("queues", Queue)

    @cached_property
    def agents(self) -> dict[str, Agent]:
        return self._read("agents", Agent)

    @cached_property
    def trunks(self) -> dict[str, Trunk]:
        return self._read("trunks", Trunk)

    @cached_property
    def vip_levels(self) -> dict[str, VipLevel]:
        return self._read("vip_levels", VipLevel)

    def each_queue(self) -> Iterator[tuple[KeyPath, Queue]]:
        for name, queue in self.queues.items():
            yield ("queues", name), queue

    def _read(self, room: str, kind: type[P]) -> dict[str, P]:
        found = {}
        for name in self.site.keys(room):
            try:
                found[name] = kind.model_validate(self.site.value(room, name))
            except ValidationError:
                continue  # told with its place when the whole file is read
        return found
