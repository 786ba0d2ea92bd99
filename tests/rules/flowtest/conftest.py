"""Flows and cases written in a test, and lived through without a phone."""

from __future__ import annotations

import textwrap
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from ccengine.flowtest.all_cases import CasesRun, run_cases
from ccengine.flowtest.case_file import case_files
from ccengine.flowtest.flow_files import FlowFiles, read_flow_files
from ccengine.site.load import load_site
from ccengine.site.model import Site

ROOT = Path(__file__).parents[3]

WriteFlow = Callable[..., FlowFiles]
RunCases = Callable[[str], Awaitable[CasesRun]]


@pytest.fixture(scope="session")
def site() -> Site:
    """The demo's site file."""
    flows = [path.stem for path in (ROOT / "ivr_flows").glob("*.yaml")]
    return load_site(ROOT / "site.example.yaml", flows)


@pytest.fixture
def write_flow(tmp_path: Path) -> WriteFlow:
    """``write_flow(text)`` is the folder with that flow, ``main``; ``others`` by name."""

    def write(text: str, **others: str) -> FlowFiles:
        for name, said in {"main": text, **others}.items():
            (tmp_path / f"{name}.yaml").write_text(textwrap.dedent(said), "utf-8")
        files = read_flow_files(tmp_path, None)
        assert files.problems == ()
        return files

    return write


@pytest.fixture
def run_in(tmp_path: Path) -> RunCases:
    """``run_in(text)`` runs these cases of the flow ``main`` that was written before."""

    async def run(text: str) -> CasesRun:
        folder = tmp_path / "tests"
        folder.mkdir(exist_ok=True)
        (folder / "main.yaml").write_text(textwrap.dedent(text), "utf-8")
        return await run_cases(case_files(tmp_path), read_flow_files(tmp_path, None), None)

    return run
