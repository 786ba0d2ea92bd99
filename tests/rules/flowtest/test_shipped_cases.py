"""The cases beside the shipped flows: each passes, quickly, and nothing is left out."""

from __future__ import annotations

import time

from ccengine.flowtest.all_cases import run_cases
from ccengine.flowtest.case_file import case_files
from ccengine.flowtest.explore_report import walked
from ccengine.flowtest.flow_files import read_flow_files
from ccengine.flowtest.spoken_time import estimated
from ccengine.site.model import Site
from tests.rules.flowtest.conftest import ROOT

FLOWS = ROOT / "ivr_flows"


async def test_every_case_passes_and_every_way_is_taken(site: Site) -> None:
    files = read_flow_files(FLOWS, site)
    assert files.problems == ()

    done = await run_cases(case_files(FLOWS), files, site)

    assert done.problems == ()
    assert [str(outcome) for outcome in done.failed] == []
    assert done.coverage.missing_steps == []
    assert done.coverage.missing_ways == []
    assert len(done.outcomes) >= 24


async def test_no_path_through_them_is_wrong(site: Site) -> None:
    files = read_flow_files(FLOWS, site)
    began = time.process_time()
    for flow in files.flows.values():
        if flow.takes:
            continue  # entered by other flows only
        walk = await walked(flow, site, estimated)
        assert walk.explored.whole
        assert [finding.said for finding, _ in walk.findings] == []
    # of the processor, so that a busy machine is no slow walk
    assert time.process_time() - began < 2.0
