"""The three hotlines in one centre, with business systems that answer as the cases say."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest_asyncio
import yaml

from ccengine.flowtest.flow_files import read_flow_files
from ccengine.ivr.prompts import flow_prompts
from ccengine.site.model import Site
from simphones.phones import Phone
from tests.kit.asterisk import PROJECT
from tests.kit.centre import Centre, running_centre
from tests.kit.told_systems import ToldSystems

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OPEN = {"week": {day: ["00:00-24:00"] for day in _DAYS}}
CLOSED: dict[str, dict[str, list[str]]] = {"week": {}}


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def systems() -> AsyncIterator[ToldSystems]:
    async with ToldSystems() as systems:
        yield systems


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def centre(systems: ToldSystems) -> AsyncIterator[Centre]:
    example = yaml.safe_load((PROJECT / "site.example.yaml").read_text("utf-8"))
    example["systems"] = {
        name: {"url": systems.url(name), "deadline": 2} for name in example["systems"]
    }
    example["hours"]["complaints"] = OPEN
    async with running_centre(
        queues={
            "ring_timeout": 15,
            "wrap_up": 1,
            "whisper": False,
            "join_when_empty": "logged_out",
        },
        site_as_written=example,
        recordings=_short(Site.model_validate(example)),
    ) as centre:
        yield centre


def _short(site: Site) -> dict[str, tuple[float, float]]:
    """A short tone of its own for each Mandarin prompt that has a name: long ones take long."""
    flows = read_flow_files(PROJECT / "ivr_flows", site).flows.values()
    prompts = [prompt for flow in flows for prompt in flow_prompts(flow, site.languages)]
    names = sorted({prompt.name for prompt in prompts if prompt.name and "." not in prompt.name})
    return {name: (400.0 + 11.0 * place, 0.5) for place, name in enumerate(names)}


async def hours_are(centre: Centre, complaints: dict[str, dict[str, list[str]]]) -> Site:
    """The site file says so from here on."""
    site = yaml.safe_load(centre.site_file.read_text("utf-8"))
    if site["hours"]["complaints"] != complaints:
        before = centre.log_text().count("site.reloaded")
        site["hours"]["complaints"] = complaints
        centre.site_file.write_text(yaml.safe_dump(site, allow_unicode=True), "utf-8")
        await centre.logs("site.reloaded", times=before + 1)
    return Site.model_validate(site)


class Crew:
    """Agents who take each call that comes; whoever called tells them when to hang up."""

    def __init__(self, phones: dict[str, Phone]) -> None:
        self.phones = phones

    @classmethod
    @contextlib.asynccontextmanager
    async def at_work(cls, centre: Centre) -> AsyncIterator[Crew]:
        crew = cls({})
        for extension in centre.asterisk.site.agents:
            _, crew.phones[extension] = await centre.agent(extension)
        work = [asyncio.create_task(_takes_calls(phone)) for phone in crew.phones.values()]
        try:
            yield crew
        finally:
            for task in work:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)
            await centre.send_home()


async def _takes_calls(phone: Phone) -> None:
    while True:
        await phone.rings(within=600)
        await phone.answer()
