"""The hotlines' case files on real phones: simulator and phone agree in each."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace

import pytest

from ccengine.flowtest.call import Call
from ccengine.flowtest.case import Case, CaseStep, WrittenCase
from ccengine.flowtest.case_file import case_files, read_cases
from ccengine.flowtest.flow_files import read_flow_files
from ccengine.flowtest.outside import Recording
from ccengine.flowtest.play_case import Outcome, play_case
from ccengine.flowtest.simulated import SimulatedCaller
from ccengine.ids import FlowId
from ccengine.ivr.prompts import flow_prompts
from ccengine.ivr.waits import Wait
from ccengine.site.model import Site
from tests.flows_on_the_phone.conftest import CLOSED, OPEN, Crew, hours_are
from tests.kit.asterisk import PROJECT
from tests.kit.centre import Centre
from tests.kit.phone_caller import PhoneCaller
from tests.kit.told_systems import ToldSystems

pytestmark = pytest.mark.asyncio(loop_scope="session")

FLOWS = PROJECT / "ivr_flows"
DIALLED = {"bank_hotline": "4003", "parcel_hotline": "4004", "citizens_hotline": "4005"}
AT_ONCE = 6
LONGEST_SILENCES = 3
"""Silence lasts as long on a phone as it lasts: cases with more of it are left to the simulator."""
_numbers = itertools.count(13_944_460_001)

CASES = [
    written for path in case_files(FLOWS) for written in read_cases(path) if written.flow in DIALLED
]


def possible(case: Case, queue: str, complaints: str) -> bool:
    """Whether a centre whose queues all end so, and whose hours are so, can live it through."""
    return (
        all(step.queue in (None, queue) for step in case.steps)
        and all(step.knowledge is None and step.callback is None for step in case.steps)
        and "at" not in case.model_fields_set
        and case.hours.get("complaints", complaints) == complaints
        and sum(bool(step.silence) for step in case.steps) <= LONGEST_SILENCES
    )


SERVED = [one for one in CASES if possible(one.case, "served", "open")]
NOBODY = [one for one in CASES if one not in SERVED and possible(one.case, "no_agents", "closed")]


class Phones:
    """Lives through cases, some at once. ``crew`` None: nobody is at work."""

    def __init__(self, centre: Centre, site: Site, systems: ToldSystems, crew: Crew | None) -> None:
        self._centre = centre
        self._site = site
        self._systems = systems
        self._crew = crew
        self._files = read_flow_files(FLOWS, site)
        self._at_once = asyncio.Semaphore(AT_ONCE)

    async def live_through(self, cases: list[WrittenCase]) -> None:
        outcomes = await asyncio.gather(*map(self._one, cases))
        failed = [str(outcome) for outcome in outcomes if not outcome.passed]
        assert not failed, "\n\n".join(failed)

    async def _one(self, written: WrittenCase) -> Outcome:
        async with self._at_once:
            flow = self._files.flows[FlowId(written.flow)]
            ani = str(next(_numbers))
            dnis = DIALLED[written.flow]
            arrival = replace(written.case.arrival, ani=ani, dnis=dnis, language="zh-CN")
            self._systems.tell(ani, written.case.answers)
            speaks = any(isinstance(step.record, Recording) for step in written.case.steps)
            simulated = SimulatedCaller(Call(flow, arrival, self._site), written.case.answers)
            known = {
                prompt
                for one in (flow, *flow.others.values())
                for prompt in flow_prompts(one, self._site.languages)
            }
            caller: PhoneCaller

            async def world(wait: Wait, step: CaseStep) -> None:
                if step.queue == "served":
                    await self._served(ani)
                elif isinstance(step.record, Recording):
                    await self._spoken(ani)
                    await caller.call.press("#")

            caller = await PhoneCaller.calls(
                self._centre, simulated, known=known, world=world, hz=440.0 if speaks else 0.0
            )
            outcome = await play_case(written, caller)
            # What it was told came to its ear.
            assert max(map(abs, caller.call.heard()), default=0) > 1_000, written.case.name
            if not caller.call.is_over:
                await caller.call.hang_up()
            return outcome

    async def _served(self, ani: str) -> None:
        assert self._crew is not None
        story = await self._centre.story(
            ani, lambda story: "call.answered" in story.kinds(), within=60
        )
        agent = str(story.all("call.answered")[-1]["agent_id"])
        await self._crew.phones[agent].hang_up()

    async def _spoken(self, ani: str) -> None:
        """So long that it is a message."""
        story = await self._centre.story(ani, lambda story: True)
        call_id = story.record["call_id"]

        def size() -> int:
            files = self._centre.settings.messages.glob(f"*/{call_id}*.sln")
            return sum(file.stat().st_size for file in files)

        async with asyncio.timeout(30):
            while size() < 8_000 * 2:  # noqa: ASYNC110 - Asterisk tells nobody of its files
                await asyncio.sleep(0.05)


async def test_cases_with_agents_at_work(centre: Centre, systems: ToldSystems) -> None:
    site = await hours_are(centre, OPEN)
    async with Crew.at_work(centre) as crew:
        await Phones(centre, site, systems, crew).live_through(SERVED)


async def test_cases_with_nobody_at_work(centre: Centre, systems: ToldSystems) -> None:
    site = await hours_are(centre, CLOSED)
    await Phones(centre, site, systems, None).live_through(NOBODY)
