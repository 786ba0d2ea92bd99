"""The site file and the flows in force, and how newer ones take their place.

A reload is whole or not at all: everything is read, checked and spoken first, then swapped in one
step. A call goes on in the version of the flow in which it began.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from ccengine.clock import moment
from ccengine.flows.folder import FolderChangesError, read_texts
from ccengine.ids import FlowId
from ccengine.ivr.load import check_flows, read_flows
from ccengine.ivr.model import Flow
from ccengine.site.holidays import is_known
from ccengine.site.hours import is_holiday, is_open
from ccengine.site.load import read_site_file
from ccengine.site.model import Hours, Site
from ccengine.yamlsource.model import BadFileError, Problem

log = structlog.get_logger(__name__)

MOST_VERSIONS = 200
"""Versions of flows that are remembered for calls which began in them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A site file and its flows that fit together."""

    site: Site
    flows: dict[FlowId, Flow]
    version: str
    """Which site file this is: a digest of what it says."""
    warnings: tuple[Problem, ...] = ()
    """Of the site file and the flows: what is to be said aloud at each load."""
    texts: Mapping[FlowId, str] = field(default_factory=dict)
    """The flows' files, as they were read."""
    publication: int = 0
    """Which publication says the same; 0: not known yet."""


def load(site_file: Path, flows_folder: Path) -> Loaded:
    """Read and check everything.

    Raises:
        BadFileError: with all that is wrong in the site file and in the flows together.
        OSError, TooLargeError: the folder cannot be read, or is larger than may be.
    """
    texts = read_texts(flows_folder)
    names = [path.stem for path in flows_folder.glob("*.y*ml")]
    try:
        read = read_site_file(site_file, names)
    except BadFileError as error:
        _, problems = check_flows(flows_folder, None)
        raise BadFileError((*error.problems, *problems)) from None
    in_flows = read_flows(flows_folder, read.site)
    if in_flows.problems:
        raise BadFileError(in_flows.problems)
    if read_texts(flows_folder) != texts:
        raise FolderChangesError(flows_folder)
    return Loaded(
        site=read.site,
        flows=in_flows.flows,
        version=read.version,
        warnings=(*read.warnings, *in_flows.warnings),
        texts=texts,
    )


class InForce:
    """What calls are served by now. Nothing here ever changes under a call."""

    def __init__(self, loaded: Loaded) -> None:
        self._versions: OrderedDict[tuple[str, str], Flow] = OrderedDict()
        self._unknown_said: date | None = None
        self.replace(loaded)

    def _remember(self, loaded: Loaded) -> None:
        for flow in loaded.flows.values():
            self._versions[flow.id, flow.version] = flow
            self._versions.move_to_end((flow.id, flow.version))
        while len(self._versions) > MOST_VERSIONS:
            self._versions.popitem(last=False)

    def remember(self, flow: Flow) -> None:
        """For a call that began in it, before this engine did."""
        self._versions[flow.id, flow.version] = flow

    @property
    def loaded(self) -> Loaded:
        return self._loaded

    @property
    def site(self) -> Site:
        return self._loaded.site

    @property
    def site_version(self) -> str:
        return self._loaded.version

    @property
    def flows(self) -> dict[FlowId, Flow]:
        return self._loaded.flows

    def flow_for(self, dnis: str) -> Flow:
        route = self.site.numbers.get(dnis)
        return self.flows[FlowId(route.flow if route else self.site.default_flow)]

    def flow_of_version(self, flow: str, version: str) -> Flow | None:
        return self._versions.get((flow, version))

    def is_open(self, hours: str, now: float) -> bool:
        """Hours that the site file no longer has are open: a caller is rather heard than lost."""
        found = self.site.hours.get(hours)
        if found is None:
            return True
        self._say_unknown_year(found, now)
        return is_open(found, self.site.time_zone, moment(now))

    def is_holiday(self, hours: str, now: float) -> bool:
        found = self.site.hours.get(hours)
        if found is None:
            return False
        self._say_unknown_year(found, now)
        return is_holiday(found, self.site.time_zone, moment(now))

    def _say_unknown_year(self, hours: Hours, now: float) -> None:
        """Once a day, as long as hours with holidays are asked in a year that is not known."""
        today = moment(now).astimezone(ZoneInfo(self.site.time_zone)).date()
        if hours.holidays is None or is_known(today.year) or self._unknown_said == today:
            return
        self._unknown_said = today
        log.warning(
            "holidays.unknown",
            year=today.year,
            cure="bring ccengine up to date, or write the holidays as `days`; they go by the week",
        )

    def replace(self, loaded: Loaded) -> None:
        """From now on these; what should be known of them is said in the log."""
        self._loaded = loaded
        self._remember(loaded)
        for warning in loaded.warnings:
            place = f"{Path(warning.file).name}:{warning.at.line}"
            log.warning("file.warning", at=place, warning=warning.message, cure=warning.cure)


def stamp(site_file: Path, flows_folder: Path | None) -> tuple[tuple[str, int, int], ...]:
    """Changes when any of the files does; without a folder: when the site file does."""
    seen = []
    flows = [] if flows_folder is None else sorted(flows_folder.glob("*.y*ml"))
    for path in (site_file, *flows):
        try:
            found = path.stat()
        except OSError:
            continue  # gone, or not to be read: ``load`` says so when its turn comes
        seen.append((path.name, found.st_mtime_ns, found.st_size))
    return tuple(seen)


async def watch(
    site_file: Path,
    flows_folder: Path | None,
    changed: Callable[[], Awaitable[None]],
    every_s: float,
) -> None:
    """Call ``changed`` when the files have changed and then stayed the same for one look."""
    known = await asyncio.to_thread(stamp, site_file, flows_folder)
    settling: object = None
    while True:
        await asyncio.sleep(every_s)
        seen = await asyncio.to_thread(stamp, site_file, flows_folder)
        if seen == known:
            settling = None
        elif seen == settling:
            known, settling = seen, None
            await changed()
        else:
            settling = seen
