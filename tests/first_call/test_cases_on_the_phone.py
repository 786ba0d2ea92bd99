"""The case files beside the demo's flows, on a real phone: simulator and phone agree."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from ccengine.flowtest.call import Call
from ccengine.flowtest.case import Case, CaseStep, WrittenCase
from ccengine.flowtest.case_file import case_files, read_cases
from ccengine.flowtest.flow_files import FlowFiles, read_flow_files
from ccengine.flowtest.play_case import play_case
from ccengine.flowtest.simulated import SimulatedCaller
from ccengine.ids import FlowId
from ccengine.ivr.prompts import flow_prompts
from ccengine.ivr.waits import QueueWait, Wait
from tests.kit.asterisk import PROJECT
from tests.kit.centre import Centre
from tests.kit.phone_caller import PhoneCaller

pytestmark = pytest.mark.asyncio(loop_scope="session")

FLOWS = PROJECT / "ivr_flows"
DEMO = ("main", "straight_to_support")
ON_ANY_PHONE = ("hears", "asks", "press", "silence", "hang_up", "queue")
_numbers = itertools.count(13_944_450_001)


def as_they_are(case: Case) -> bool:
    """A case for which neither the site file nor the knowledge base must be another, and that does
    not wait long: silence lasts as long on a phone as it lasts."""
    only_served = all(step.queue in (None, "served") for step in case.steps)
    asks_nothing = not case.answers and not case.hours and not case.customer
    asks_nothing &= all(step.does in ON_ANY_PHONE for step in case.steps)
    soon = sum(bool(step.silence) for step in case.steps) <= 2
    return only_served and asks_nothing and soon and case.language == "zh-CN"


CASES = [
    written
    for path in case_files(FLOWS)
    for written in read_cases(path)
    if written.flow in DEMO and as_they_are(written.case)
]


@pytest.mark.parametrize("written", CASES, ids=lambda written: written.case.name)
async def test_phone_and_simulator_agree(centre: Centre, written: WrittenCase) -> None:
    site = centre.asterisk.site
    files: FlowFiles = read_flow_files(FLOWS, site)
    flow = files.flows[FlowId(written.flow)]
    arrival = replace(written.case.arrival, ani=str(next(_numbers)))

    async def agents(wait: Wait, step: CaseStep) -> None:
        """An agent of the queue takes the call, and hangs up after a moment."""
        assert isinstance(wait, QueueWait)
        assert step.queue == "served"
        extension = site.queues[wait.queue].agents[0].agent
        page, phone = await centre.agent(extension)
        await page.pop(within=20)
        await phone.rings(within=10)
        await phone.answer()
        # Before it the agent may be hearing the queue's title.
        await centre.story(arrival.ani, lambda story: "call.answered" in story.kinds(), within=15)
        await phone.hang_up()

    simulated = SimulatedCaller(Call(flow, arrival, site))
    caller = await PhoneCaller.calls(
        centre, simulated, known=flow_prompts(flow, site.languages), world=agents
    )

    outcome = await play_case(written, caller)

    assert outcome.passed, str(outcome)
